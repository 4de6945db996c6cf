// An app that can be installed: its manifest, its icons, what its worker keeps, and how a newer worker takes over.
import { chromium, type Page } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser, phone } from "../browser";
import { awake, expect, type House, sandbox, test } from "../house";

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
