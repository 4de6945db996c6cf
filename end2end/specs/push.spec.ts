// Messages to phones: what is sent can be read by the device alone, once per state; it is shown, and its tap opens a
// screen and does nothing else.
import { type BrowserContext, chromium, type Page, type Worker } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, phone } from "../browser";
import { accessible, expect, fits, sandbox, tappable, test } from "../house";
import { ChromiumPush, Decrypting, type Pretended } from "../push";

const house = sandbox({ speed: 10 });
let service: Decrypting;
test.beforeAll(async () => {
  service = await Decrypting.open();
});
test.afterAll(() => service.close());

/** Adds a device whose push service is the one on loopback. */
async function added(key?: string): Promise<{ id: number; device: Pretended }> {
  const mine = (await house.api("GET", "devices")).body.key as string;
  const device = await service.subscribe(key ?? mine);
  const answer = await house.api("POST", "devices", { endpoint: device.endpoint, keys: device.keys, platform: "Phone of a test" });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return { id: answer.body.id, device };
}

const row = async (id: number) => (await house.api("GET", "devices")).body.items.find((one: any) => one.id === id);

test("a device reads one message per state of a recovery, each opening its screen", async () => {
  const { id, device } = await added();
  await house.happen("node-13", "power-off");
  const recovery = await house.begun("node-13");
  await house.ended(recovery.id);
  await expect.poll(async () => (await service.read(device)).length, { timeout: 30_000 }).toBe(2);
  const [began, back] = await service.read(device);
  expect(began).toMatchObject({ web_push: 8030, notification: { title: "Recovery of node-13 began", lang: "en" } });
  expect(back.notification).toMatchObject({
    title: "node-13 is back",
    navigate: house.url(`/recoveries/${recovery.id}`),
    tag: `recovery-${recovery.id}`,
  });
  expect(began.notification.tag).toBe(back.notification.tag);
  expect(Number.isInteger(back.app_badge)).toBe(true);
  expect(back.notification.data.id).toMatch(/^[0-9a-f]{32}$/);
  const before = (await row(id)).last_seen;
  const receipt = { id: back.notification.data.id, what: "clicked" };
  expect((await house.call("POST", "/api/v1/devices/receipts", receipt)).status).toBe(204);
  expect((await row(id)).last_seen > before).toBe(true);
  await house.api("DELETE", `devices/${id}`);
});

test("a wrong key is shown on the device's row, and a subscription that has ended is dropped", async ({ page }) => {
  const strange = await service.subscribe((await house.api("GET", "devices")).body.key);
  const other = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM";
  const wrong = await added(other);
  await house.api("POST", `devices/${wrong.id}/test`, { channel: "default" });
  await expect.poll(async () => (await row(wrong.id)).failure).toContain("answered 400");
  await house.signIn(page);
  await page.goto(house.url("/settings/devices"));
  // The test's devices belong to the program that added them; an admin sees all.
  await expect(page.getByText("Not delivered")).toBeVisible();
  await expect(page.getByText(/answered 400/)).toBeVisible();
  const ends = await added();
  await service.expire(ends.device);
  await house.api("POST", `devices/${ends.id}/test`, { channel: "important" });
  await expect.poll(async () => await row(ends.id)).toBeUndefined();
  expect(strange.endpoint).toContain("127.0.0.1");
  await house.api("DELETE", `devices/${wrong.id}`);
});

test("the page is whole without a script, and a foreign push address is refused @both", async ({ browser: one }) => {
  const { id } = await added();
  const context = await one.newContext({ ...phone, javaScriptEnabled: false });
  const page = await context.newPage();
  await house.signIn(page);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Devices and notifications" }).click();
  await expect(page.getByText("needs JavaScript")).toBeVisible();
  await expect(page.getByText("A web app cannot break through Do Not Disturb")).toBeVisible();
  await expect(page.getByText("No second channel")).toBeVisible();
  await page.getByRole("button", { name: /Remove Phone of a test/ }).click();
  await expect(page.getByText("Removed. That device hears nothing more from here.")).toBeVisible();
  expect(await row(id)).toBeUndefined();
  await context.close();
  const keys = { p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", auth: "_ordMnz7uTCmrpBTeUV4Bw" };
  const foreign = await house.api("POST", "devices", { endpoint: "https://evil.test/push", keys });
  expect(foreign.status).toBe(422);
  expect(foreign.body.detail).toContain("evil.test is not a known push service");
});

test("the page fits a phone and is accessible @both", async ({ page }) => {
  const { id } = await added();
  await house.signIn(page);
  await page.goto(house.url("/settings/devices"));
  await expect(page.locator("#here")).toHaveAttribute("data-now", /.+/);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await fits(page);
    await tappable(page);
  }
  await accessible(page);
  await house.api("DELETE", `devices/${id}`);
});

/** The worker of a page, once it is active. */
async function worker(context: BrowserContext, page: Page): Promise<Worker> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => context.serviceWorkers().length).toBeGreaterThan(0);
  return context.serviceWorkers()[0];
}

const shown = (page: Page) => page.evaluate(async () => {
  const { getNotifications } = ServiceWorkerRegistration.prototype;
  const all = await getNotifications.call(await navigator.serviceWorker.ready);
  return all.map((one) => {
    const { title, body, tag, data, renotify, requireInteraction } = one as Notification & { renotify: boolean };
    return { title, body, tag, navigate: data?.navigate as string, rings: renotify, stays: requireInteraction };
  });
});

/** Taps the notification that is shown, as far as a worker can be made to believe it. */
const tap = (worker: Worker) => worker.evaluate(async () => {
  const scope = self as any;
  const [notification] = await scope.registration.getNotifications();
  const event = new scope.NotificationEvent("notificationclick", { notification });
  const done: Promise<unknown>[] = [];
  Object.defineProperty(event, "waitUntil", { value: (one: Promise<unknown>) => done.push(one) });
  scope.dispatchEvent(event);
  await Promise.all(done);
});

test("a push is shown by the worker whatever it holds, and a tap opens the screen without any act", async ({ page, context }) => {
  await house.signIn(page);
  await context.grantPermissions(["notifications"], { origin: house.facts.url });
  const here = await worker(context, page);
  const posts: string[] = [];
  context.on("request", (request) => {
    if (request.method() === "POST") posts.push(new URL(request.url()).pathname);
  });
  const cdp = await context.newCDPSession(page);
  let registrationId = "";
  cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    registrationId = registrations.at(-1)?.registrationId ?? registrationId;
  });
  await cdp.send("ServiceWorker.enable");
  await expect.poll(() => registrationId).not.toBe("");
  const deliver = (data: string) => cdp.send("ServiceWorker.deliverPushMessage", { origin: house.facts.url, registrationId, data });
  const said = (navigate: string, tag: string, channel = "important") => JSON.stringify({
    web_push: 8030, app_badge: 2, notification: { title: "node-12 needs you", body: "prod: why", navigate, tag, lang: "en", data: { channel } },
  });
  await test.step("an unreadable push shows something too", async () => {
    await deliver("not json");
    await expect.poll(() => shown(page)).toMatchObject([{ title: "Uncordon has news", tag: "unread" }]);
    await tap(here);
    await expect.poll(() => shown(page)).toEqual([]);
  });
  await test.step("the newest message of a recovery takes the place of the one before", async () => {
    const message = { title: "node-12 needs you", body: "prod: why", tag: "recovery-1" };
    // Only what calls for a person rings again and stays until it is seen.
    await deliver(said(house.url("/timeline"), "recovery-1", "default"));
    await expect.poll(() => shown(page)).toEqual([{ ...message, navigate: house.url("/timeline"), rings: false, stays: false }]);
    await deliver(said(house.url("/cordons"), "recovery-1"));
    await expect.poll(() => shown(page)).toEqual([{ ...message, navigate: house.url("/cordons"), rings: true, stays: true }]);
  });
  await test.step("a tap leads to its screen", async () => {
    await page.goto(house.url("/clusters"));
    await tap(here);
    await expect(page).toHaveURL(house.url("/cordons"));
  });
  await test.step("another site is never opened", async () => {
    await page.goto(house.url("/clusters"));
    await deliver(said("https://evil.test/", "recovery-2"));
    await expect.poll(() => shown(page)).toHaveLength(1);
    await tap(here);
    await expect(page).toHaveURL(house.url("/"));
  });
  expect(posts.filter((path) => path.startsWith("/do/"))).toEqual([]);
});

test("a real browser subscribes after a tap, decrypts a test itself, and the page shows how long it took", async ({}, info) => {
  const push = await ChromiumPush.open().catch((trouble: Error) => trouble);
  test.skip(push instanceof Error, `no stand-in for the browser's push service: ${(push as Error).message}`);
  const there = push as ChromiumPush;
  const profile = mkdtempSync(join(tmpdir(), "uncordon-browser-"));
  const args = browser.launchOptions.args.filter((one) => one !== "--disable-background-networking");
  const context = await chromium.launchPersistentContext(profile, {
    ...phone, ...browser.launchOptions, args: [...args, ...there.switches], headless: true, ignoreDefaultArgs: ["--disable-background-networking"],
  });
  try {
    await context.grantPermissions(["notifications"], { origin: house.facts.url });
    // A subscription names the real service; the product is told of the one on loopback.
    await context.addInitScript((origin) => {
      const moved = (address: string) => address.replace(/^https:\/\/[^/]+/, origin);
      const { prototype } = PushSubscription;
      const endpoint = Object.getOwnPropertyDescriptor(prototype, "endpoint")!.get!;
      const { toJSON } = prototype;
      Object.defineProperty(prototype, "endpoint", { get() { return moved(endpoint.call(this)); } });
      prototype.toJSON = function () {
        return { ...toJSON.call(this), endpoint: moved(endpoint.call(this)) };
      };
    }, there.origin);
    const page = await context.newPage();
    await house.signIn(page);
    await page.goto(house.url("/settings/devices"));
    const card = page.locator("#here");
    await expect(card).toHaveAttribute("data-now", "off");
    await card.getByRole("button", { name: "Turn on notifications" }).click();
    await expect(card).toHaveAttribute("data-now", /^(on|failed)$/, { timeout: 40_000 });
    const state = await card.getAttribute("data-now");
    const why = await card.locator("[data-why]").textContent();
    test.skip(state === "failed", `this Chromium does not subscribe at the stand-in: ${why}`);
    const mine = page.locator(".device", { hasText: "This device" });
    await mine.getByRole("button", { name: "Test important" }).click();
    await expect(async () => {
      await page.reload();
      await expect(mine.getByText(/Last important test: arrived after \d/)).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    expect(await shown(page)).toMatchObject([{ title: "Test of an important message", tag: "test" }]);
    const { headers, status } = there.handed.at(-1)!;
    expect(status).toBe(201);
    expect(headers).toMatchObject({ urgency: "high", topic: "test", "content-encoding": "aes128gcm" });
    await card.getByRole("button", { name: "Turn off here" }).click();
    await expect(card).toHaveAttribute("data-now", "off");
    await expect(page.getByText("No device of yours is told yet.")).toBeVisible();
  } finally {
    await info.attach("push service", { body: JSON.stringify(there.handed, null, 1), contentType: "application/json" });
    await context.close();
    await there.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
