// The worker, third part: messages. Every push shows something, and what it shows opens a screen of ours and does
// nothing else. The object is that of Declarative Web Push, so that a system that needs no worker reads the same.
{
  const RECEIPTS = "/api/v1/devices/receipts";
  const DEVICES = "/api/v1/devices";
  const SEEN = "/api/v1/devices/seen";
  const DAY = 86_400_000; // ms
  const TYPING = /^\/(rules|command)|\/start$/; // screens on which something may be half typed
  let pinged = 0;

  self.addEventListener("push", (event) => event.waitUntil(show(read(event))));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    const { data } = event.notification;
    event.waitUntil(Promise.allSettled([open(data), report(data?.id, "clicked")]));
  });
  self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
  // A device that is used is not forgotten: said once a day at most.
  self.addEventListener("fetch", (event) => {
    if (event.request.mode !== "navigate" || Date.now() - pinged < DAY) return;
    pinged = Date.now();
    event.waitUntil(ping().catch(() => {}));
  });

  function read(event) {
    try {
      const said = event.data.json();
      if (said.web_push === 8030 && said.notification.title) return said;
    } catch {
      // Shown all the same: a push that shows nothing costs the permission.
    }
    return { notification: { title: "Uncordon has news", body: "Open it to see what happened.", navigate: "/", tag: "unread" } };
  }

  async function show({ notification, app_badge: badge }) {
    const { title, body, navigate, tag, lang, dir, silent, data } = notification;
    const important = data?.channel === "important";
    await self.registration.showNotification(title, {
      body, tag, lang, dir, silent,
      // The same tag takes the place of the last one; only what calls for a person rings again.
      renotify: important && Boolean(tag),
      requireInteraction: important,
      icon: "/icons/192.png",
      badge: "/icons/badge-96.png",
      actions: [{ action: "open", title: "Open" }],
      data: { ...data, navigate },
    });
    if (Number.isInteger(badge)) await count(badge);
    await report(data?.id, "received");
    for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage("delivered");
  }

  async function count(badge) {
    try {
      await (badge > 0 ? navigator.setAppBadge?.(badge) : navigator.clearAppBadge?.());
    } catch {
      // Not every system has a number on the icon.
    }
  }

  function ours(address) {
    try {
      const url = new URL(address, self.location.origin);
      if (url.origin === self.location.origin) return url.href;
    } catch {
      // Not an address.
    }
    return new URL("/", self.location.origin).href;
  }

  async function open(data) {
    const url = ours(data?.navigate ?? "/");
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = pages.find((page) => page.url === url);
    if (there) return there.focus();
    const idle = pages.find((page) => !TYPING.test(new URL(page.url).pathname));
    await idle?.focus().catch(() => {});
    // A page of another worker cannot be led.
    const led = await idle?.navigate(url).catch(() => undefined);
    if (led) return led;
    return self.clients.openWindow(url);
  }

  async function renew({ oldSubscription: before, newSubscription }) {
    const fresh = newSubscription ?? (before && (await self.registration.pushManager.subscribe(before.options)));
    if (fresh) await send(DEVICES, { ...fresh.toJSON(), before: before?.endpoint });
  }

  async function ping() {
    const subscription = await self.registration.pushManager?.getSubscription();
    if (subscription) await send(SEEN, { endpoint: subscription.endpoint });
  }

  async function report(id, what) {
    if (id) await send(RECEIPTS, { id, what }).catch(() => {});
  }

  function send(path, body) {
    const headers = { "content-type": "application/json" };
    return fetch(path, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin", keepalive: true });
  }
}
