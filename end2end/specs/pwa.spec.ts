// An app that can be installed: its manifest, its icons, what its worker keeps, and how a newer worker takes over.
import { chromium, type Page } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, phone } from "../browser";
import { awake, expect, type House, sandbox, test } from "../house";
import { Line } from "../line";

const house = sandbox({ speed: 10 });

/** Signs in and waits until the worker is in charge of the page. */
export async function installed(page: Page, at: House): Promise<void> {
  await at.signIn(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

/** Width and height of a PNG, and whether it has an alpha channel. */
async function png(page: Page, path: string): Promise<{ size: string; alpha: boolean }> {
  const bytes = await (await page.request.get(house.url(path))).body();
  expect(bytes.subarray(1, 4).toString(), path).toBe("PNG");
  return { size: `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, alpha: bytes[25] === 6 };
}

test("the browser has nothing against installing the app, under a name that never changes", async () => {
  // A private window installs nothing, and every other page of these tests is in one.
  const folder = mkdtempSync(join(tmpdir(), "uncordon-profile-"));
  const context = await chromium.launchPersistentContext(folder, { ...browser.launchOptions, ...phone });
  const page = context.pages()[0];
  await installed(page, house);
  const devtools = await context.newCDPSession(page);
  expect((await devtools.send("Page.getInstallabilityErrors")).installabilityErrors).toEqual([]);
  const { appId } = await devtools.send("Page.getAppId");
  expect(appId).toBe(house.url("/"));
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the manifest is read without a complaint and every picture has the size it names", async ({ page }) => {
  await house.signIn(page);
  const devtools = await page.context().newCDPSession(page);
  const { data, errors, url } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(url).toBe(house.url("/manifest.webmanifest"));
  const manifest = JSON.parse(data!);
  expect(manifest).toMatchObject({ id: "/", scope: "/", display: "standalone", prefer_related_applications: false });
  expect(manifest.shortcuts).toHaveLength(3);
  for (const { url: path } of manifest.shortcuts) expect((await page.request.get(house.url(path))).status(), path).toBe(200);
  const pictures = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap((one: any) => one.icons)];
  for (const { src, sizes } of pictures) expect((await png(page, src)).size, src).toBe(sizes);
  expect(manifest.icons.map((one: any) => one.purpose ?? "any")).toEqual(["any", "any", "maskable", "monochrome"]);
  expect(manifest.share_target).toMatchObject({ action: "/command", method: "GET" });
});

test("iOS finds an opaque icon, a title and a status bar that follows the theme", async ({ page }) => {
  await house.signIn(page);
  const icon = await page.locator("link[rel=apple-touch-icon]").getAttribute("href");
  expect(await png(page, icon!)).toEqual({ size: "180x180", alpha: false });
  await expect(page.locator("meta[name=apple-mobile-web-app-status-bar-style]")).toHaveAttribute("content", "default");
  await expect(page.locator("meta[name=apple-mobile-web-app-title]")).toHaveAttribute("content", "Uncordon");
  const colour = (scheme: string) => page.locator(`meta[name=theme-color][media*=${scheme}]`).getAttribute("content");
  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const [r, g, b] = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)!.map(Number));
    expect((await colour(scheme))!.toLowerCase(), scheme).toBe(`#${[r, g, b].map((one) => one.toString(16).padStart(2, "0")).join("")}`);
  }
});

test("the worker keeps exactly what its build names, and looks ahead on every page", async ({ page }) => {
  await installed(page, house);
  const script = await (await page.request.get(house.url("/sw.js"))).text();
  const build = await page.locator("html").getAttribute("data-build");
  const list: string[] = JSON.parse(/SHELL = (\[.*?\])/.exec(script)![1]);
  expect(list).toContain("/offline");
  const { kept, ahead } = await page.evaluate(async (name) => ({
    kept: (await (await caches.open(name)).keys()).map((key) => new URL(key.url).pathname),
    ahead: await (await navigator.serviceWorker.ready).navigationPreload.getState(),
  }), `shell-${build}`);
  expect(list).toContain("/unconfirmed");
  expect(kept.sort()).toEqual(list.sort());
  expect(ahead.enabled).toBe(true);
});

test("a page needs no more than five requests to be awake", async ({ page }) => {
  await house.signIn(page);
  for (const path of ["/", "/rules/1", "/clusters/prod"]) {
    await page.goto(house.url(path));
    await awake(page);
    const needed = await page.evaluate(() => performance.getEntriesByType("resource")
      .map((one) => one as PerformanceResourceTiming)
      .filter((one) => one.initiatorType !== "early-hints" && !/\/(live|sw\.js|icons|favicon|manifest|do)/.test(new URL(one.name).pathname))
      .map((one) => new URL(one.name).pathname));
    expect(needed.length + 1, needed.join(" ")).toBeLessThanOrEqual(5);
  }
});

test("a newer worker waits while something is typed, and takes over when it is asked to", async ({ page }) => {
  const line = await Line.lay(() => house.facts.url);
  const { pathname, search } = new URL(house.facts.sign_in, house.facts.url);
  await page.goto(line.url(pathname + search));
  await page.getByRole("button", { name: /sign in/i }).click();
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
  await page.goto(line.url("/command"));
  await page.evaluate(() => Object.assign(window, { same: true }));
  line.rewrite.set("/sw.js", (text) => text.replace(/BUILD = "[^"]+"/, 'BUILD = "the-next-one"'));
  await page.getByLabel("Command").fill("10.0.0.12 sta");
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).waiting?.state)).toBe("installed");
  await expect(page.locator("[data-notice=update]")).toHaveCount(0);
  await expect(page.getByLabel("Command")).toHaveValue("10.0.0.12 sta");
  expect(await page.evaluate(() => "same" in window), "the page was not loaded anew").toBe(true);
  await page.getByLabel("Command").fill("");
  await page.getByLabel("Command").blur();
  await expect(page.locator("[data-notice=update]")).toContainText("Update ready");
  await page.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => page.evaluate(() => "same" in window).catch(() => true)).toBe(false);
  await expect(page.locator("[data-notice=update]")).toHaveCount(0);
  expect(await page.evaluate(() => caches.has("shell-the-next-one"))).toBe(true);
  await line.close();
});

test("signing out leaves nothing behind on the device", async ({ page }) => {
  await installed(page, house);
  await page.goto(house.url("/clusters"));
  await expect.poll(() => page.evaluate(() => caches.keys())).toContain("pages");
  await page.evaluate(() => localStorage.setItem("uncordon-kept", JSON.stringify({ drafts: [{ id: "1", what: "x", review: "/", made: Date.now(), at: new Date().toISOString() }] })));
  await page.goto(house.url("/settings"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(house.url("/sign-in"));
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length + localStorage.length)).toBe(0);
});

test("copies made for one person are gone when another one looks", async ({ page }) => {
  await installed(page, house);
  await page.goto(house.url("/rules"));
  const copies = () => page.evaluate(async () => (await (await caches.open("pages")).keys()).map((key) => new URL(key.url).pathname));
  await expect.poll(copies).toContain("/rules");
  // Another person's page arrives without a sign-in in between, as when a session is handed over.
  await page.evaluate(async () => {
    const cache = await caches.open("pages");
    for (const key of await cache.keys()) {
      const old = (await cache.match(key))!;
      const headers = new Headers(old.headers);
      headers.set("uncordon-for", "somebody else");
      await cache.put(key, new Response(await old.blob(), { headers }));
    }
  });
  await page.goto(house.url("/clusters"));
  await expect.poll(copies).toEqual(["/clusters"]);
});

test("at most 40 pages are kept, the oldest go first, and none is shown after seven days", async ({ page, context }) => {
  await installed(page, house);
  const copies = () => page.evaluate(async () => (await (await caches.open("pages")).keys()).map((key) => new URL(key.url)).map((url) => url.pathname + url.search));
  await page.goto(house.url("/clusters"));
  await expect.poll(copies).toContain("/clusters");
  // As many more as there is room for, each a copy of a real answer.
  await page.evaluate(async () => {
    const cache = await caches.open("pages");
    const old = (await cache.match("/clusters"))!;
    const [headers, body] = [new Headers(old.headers), await old.blob()];
    for (let n = 0; (await cache.keys()).length < 40; n += 1) await cache.put(`/timeline?text=${n}`, new Response(body, { headers }));
  });
  const before = await copies();
  await page.goto(house.url("/rules"));
  await expect.poll(copies).toEqual([...before.slice(1), "/rules"]);
  await page.goto(house.url("/settings"));
  await expect.poll(copies).toEqual([...before.slice(2), "/rules", "/settings"]);
  const age = (path: string, by: number) => page.evaluate(async ([path, by]) => {
    const cache = await caches.open("pages");
    const old = (await cache.match(path))!;
    const headers = new Headers(old.headers);
    headers.set("uncordon-saved", String(Date.now() - by));
    await cache.put(path, new Response(await old.blob(), { headers }));
  }, [path, by] as const);
  const week = 7 * 86_400_000;
  await age("/rules", week + 1000);
  await age("/settings", week - 60_000);
  await context.setOffline(true);
  await page.goto(house.url("/rules"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No connection");
  await page.goto(house.url("/settings"));
  await expect(page.locator("[data-notice=offline]")).toContainText("6 days old");
  await context.setOffline(false);
  // The next page that is kept takes the stale one with it.
  await page.goto(house.url("/cordons"));
  await expect.poll(copies).toContain("/cordons");
  await expect.poll(copies).not.toContain("/rules");
});

test("a device without room keeps no copies, and the worker goes on", async ({ page, context }) => {
  await installed(page, house);
  const kept = (path: string) => page.evaluate(async (path) => (await caches.has("pages")) && Boolean(await (await caches.open("pages")).match(path)), path);
  await page.goto(house.url("/clusters"));
  await expect.poll(() => kept("/clusters")).toBe(true);
  const devtools = await context.newCDPSession(page);
  const room = (quotaSize?: number) => devtools.send("Storage.overrideQuotaForOrigin", { origin: house.facts.url.replace(/\/$/, ""), quotaSize });
  await room(1);
  expect(await page.evaluate(() => caches.open("probe").then((cache) => cache.put("/probe", new Response("x".repeat(4096)))).then(() => "kept", (error) => error.name)), "there is no room").toBe("QuotaExceededError");
  const shown = await page.goto(house.url("/rules"));
  expect([shown!.status(), shown!.fromServiceWorker()], "the page is shown all the same").toEqual([200, true]);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Rules");
  await expect.poll(() => page.evaluate(() => caches.has("pages")), { message: "old copies that cannot be replaced are gone" }).toBe(false);
  await context.setOffline(true);
  await page.goto(house.url("/rules"));
  await expect(page.getByRole("heading", { level: 1 }), "the shell is still there").toHaveText("No connection");
  await context.setOffline(false);
  await room();
  await page.goto(house.url("/rules"));
  await expect.poll(() => kept("/rules"), { message: "with room there are copies again" }).toBe(true);
});

test("the worker sees no event stream, and no POST but that of a form", async ({ page, context }) => {
  const behind: string[] = [];
  context.on("request", (request) => {
    if (request.serviceWorker()) behind.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  await installed(page, house);
  await page.goto(house.url("/"));
  const stream = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/live");
  await page.reload();
  expect((await stream).fromServiceWorker()).toBe(false);
  await page.goto(house.url("/rules/1"));
  await awake(page);
  await page.getByLabel("Text to test on").fill("HOST 10.0.0.14 down");
  await expect(page.locator("[data-awake]").first()).toBeVisible();
  expect(behind.filter((one) => one.startsWith("POST") || one.includes("/live") || one.includes("/api/"))).toEqual([]);
});

test("the icon carries the number of alarms nobody has acknowledged, and the screen stays on while a recovery runs", async ({ page }) => {
  await page.addInitScript(() => {
    const calls: unknown[] = [];
    Object.assign(window, { calls });
    navigator.setAppBadge = async (count) => void calls.push(`badge ${count}`);
    navigator.clearAppBadge = async () => void calls.push("badge 0");
    const lock = Object.assign(new EventTarget(), { released: false, type: "screen", onrelease: null, release: async () => void calls.push("dark") });
    Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind: string) => (calls.push(`light ${kind}`), lock) } });
  });
  const calls = () => page.evaluate(() => (window as unknown as { calls: string[] }).calls);
  await house.signIn(page);
  await expect.poll(calls).toContain("badge 0");
  await house.happen("node-15", "power-off");
  const { id } = await house.begun("node-15");
  await expect.poll(calls).toContain("badge 1");
  await expect.poll(calls).toContain("light screen");
  await house.ended(id);
  await expect.poll(calls).toContain("dark");
  await expect.poll(async () => (await calls()).at(-1)).not.toBe("light screen");
  await expect(page.locator("body")).toHaveAttribute("data-badge", "0");
});

test("the dock keeps clear of the phone's edges", async ({ page }) => {
  await house.signIn(page);
  const devtools = await page.context().newCDPSession(page);
  const foot = () => page.locator(".dock").evaluate((dock) => parseFloat(getComputedStyle(dock).paddingBottom));
  const before = await foot();
  await devtools.send("Emulation.setSafeAreaInsetsOverride" as any, { insets: { top: 47, bottom: 34 } });
  await expect.poll(foot).toBeGreaterThanOrEqual(34);
  expect(await foot() - before).toBeGreaterThan(20);
});

test("without a browser around it the app has its own way back and its own refresh", async ({ page }) => {
  // As iOS says it; Chromium's own word for it cannot be had together with these tests' way of driving it.
  await page.addInitScript(() => Object.defineProperty(navigator, "standalone", { value: true }));
  await house.signIn(page);
  await expect(page.locator("html")).toHaveAttribute("data-app", "alone");
  await expect(page.getByRole("link", { name: "Refresh" })).toBeVisible();
  await page.goto(house.url("/clusters"));
  await page.locator("main a[href='/clusters/prod']").first().click();
  await expect(page).toHaveURL(house.url("/clusters/prod"));
  await page.getByRole("link", { name: "Back" }).click();
  await expect(page).toHaveURL(house.url("/clusters"));
  await page.goto(house.url("/settings"));
  await expect(page.locator("#app")).toContainText("Installed: this is the app");
});

test("in a browser's tab there is no second way back", async ({ page }) => {
  await house.signIn(page);
  await expect(page.getByRole("link", { name: "Back" })).toBeHidden();
});

test("Settings shows how to install on this very phone, what is saved, and whether the line works", async ({ browser: chrome }) => {
  const agents = {
    ios: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
    firefox: "Mozilla/5.0 (Android 15; Mobile; rv:152.0) Gecko/152.0 Firefox/152.0",
  };
  for (const [name, userAgent] of Object.entries(agents)) {
    const context = await chrome.newContext({ ...phone, userAgent });
    const page = await context.newPage();
    await house.signIn(page);
    await page.goto(house.url("/settings#app"));
    const group = page.locator("#app");
    await expect(group).toHaveAttribute("data-platform", name);
    await expect(group.getByText(name === "ios" ? "Choose Add to Home Screen." : /Firefox on Android/)).toBeVisible();
    await expect(group.locator("[data-app=install]")).toBeHidden();
    if (name === "ios") {
      await group.getByRole("button", { name: "Test connection" }).click();
      await expect(group.locator("[data-app=result]")).toContainText(/Server answered in \d+ ms/);
      await expect(group.locator("[data-app=result]")).toContainText("Stream of news: open");
    }
    await context.close();
  }
});

test("a browser that offers to install gets a button for it", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/settings"));
  const button = page.getByRole("button", { name: "Install", exact: true });
  await expect(page.locator("[data-app=tools]")).toBeVisible();
  await expect(button).toBeHidden();
  await page.evaluate(() => dispatchEvent(Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt: async () => ({ outcome: "accepted" }) })));
  await button.click();
  await expect(page.getByText("Installed. Open it from your home screen.")).toBeVisible();
});

test("no field is small enough for iOS to zoom in on it", async ({ page }) => {
  await house.signIn(page);
  for (const path of ["/", "/command", "/rules/1", "/rules/new", "/settings", "/timeline"]) {
    await page.goto(house.url(path));
    const sizes = await page.locator("input:not([type=hidden]):not([type=checkbox]), select, textarea").evaluateAll((all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize)));
    for (const size of sizes) expect(size, path).toBeGreaterThanOrEqual(16);
  }
});
