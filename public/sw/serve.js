// The worker, second part: what it answers. Pages from the network, else from a copy that says its age; an act goes
// through once and never again; event streams, REST, alarms and signing in are none of its business.
const COPY_AFTER = 3000; // ms: a tunnel hangs rather than fails
const GIVE_UP = 10_000; // ms: for acts, and for pages of which there is no copy

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === "/sign-in") event.waitUntil(caches.delete(PAGES));
    if (pathname.startsWith("/sign-") || pathname.startsWith("/api/")) return;
    if (request.method === "POST") event.respondWith(act(request));
    if (request.method === "GET") event.respondWith(page(event, pathname));
  } else if (request.method === "GET") {
    if (pathname.startsWith("/pkg/") || SHELL.includes(pathname)) event.respondWith(file(request));
    // A live page that reads itself anew: the copy becomes as new as what is on the screen.
    else if (request.headers.get("accept") === "text/html" && known(request.url) === known(request.referrer)) event.respondWith(seen(request));
  }
});

const late = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error("no answer in time")), ms));

async function page(event, pathname) {
  const kept = pathname === "/unconfirmed" && (await caches.match(pathname));
  if (kept) return kept;
  const network = fresh(event);
  event.waitUntil(network.catch(() => {}));
  const soon = await Promise.race([network, late(COPY_AFTER)]).catch(() => undefined);
  const offline = async () => (await caches.match("/offline")) ?? Response.error();
  return soon ?? (await saved(event.request)) ?? Promise.race([network, late(GIVE_UP)]).catch(offline);
}

async function fresh(event) {
  const answer = (await event.preloadResponse) ?? (await fetch(event.request));
  // What stands in front of the server speaks: the server itself was not reached.
  if (answer.status > 501 && !answer.headers.has(OURS)) throw new Error("the server is away");
  event.waitUntil(keep(event.request.url, answer.clone()));
  return answer;
}

async function seen(request) {
  const answer = await fetch(request);
  keep(request.url, answer.clone()).catch(() => {});
  return answer;
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// The request itself is handed on and not repeated, whatever comes of it. What is answered in its place is a redirect:
// a page in answer to a POST would be posted again by a reload.
async function act(request) {
  try {
    const answer = await Promise.race([fetch(request), late(GIVE_UP)]);
    // Our own answer to a form is a redirect, which shows nothing of itself here.
    if (answer.type === "opaqueredirect" || answer.headers.has(OURS)) return answer;
    throw new Error("somebody else answered");
  } catch {
    const intent = new URL(request.url).searchParams.get("intent");
    return Response.redirect(intent ? `/unconfirmed?intent=${encodeURIComponent(intent)}` : "/unconfirmed", 303);
  }
}

// The copy of a page, with its age written into it: it is read without its script, too.
async function saved(request) {
  const cache = await caches.open(PAGES);
  const old = await cache.match(known(request.url));
  const made = Number(old?.headers.get(MADE));
  if (!old || Date.now() - made > OLDEST) return undefined;
  const text = `Saved copy, ${aged(Date.now() - made)} old.`;
  const html = (await old.text())
    .replace("<html ", `<html data-saved="${made}" `)
    .replace(/(<div id="notice"[^>]*>)/, `$1<div class="notice" data-notice="offline"><p>${text}</p></div>`);
  return new Response(html, { status: 200, headers: old.headers });
}

function aged(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;
}
