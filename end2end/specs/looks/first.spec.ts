// The first visit on a bad line: what comes over it, what is there before any script, and what is said aloud.
import { brotliCompressSync, constants } from "node:zlib";
import type { BrowserContext, Page, Request } from "@playwright/test";
import { awake, expect, sandbox, test } from "../../house";

const house = sandbox({ speed: 10 });
const TABS = ["/", "/clusters", "/timeline", "/rules", "/rules/1", "/settings"];
const KB = 1024;

test.beforeAll(async () => {
  await house.rule({ mode: "ask" });
  await house.happen("node-12", "power-off");
  const { id } = await house.begun("node-12");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state, { timeout: 60_000 }).toBe("waiting");
});

/** A signed-in browser that has seen nothing yet. */
async function cold(from: BrowserContext, signed: Page): Promise<Page> {
  await house.signIn(signed);
  const context = await from.browser()!.newContext({ storageState: await from.storageState(), viewport: { width: 390, height: 844 }, serviceWorkers: "block" });
  return context.newPage();
}

test("a first load is at most 160 KB in at most 5 requests, the wasm at most 140 KB", async ({ context, page }) => {
  for (const tab of TABS) {
    await test.step(tab, async () => {
      const fresh = await cold(context, page);
      const asked: Request[] = [];
      // The stream of news stays open and carries nothing yet; the icon is the browser's own wish.
      fresh.on("requestfinished", (one) => { if (one.resourceType() !== "eventsource" && !/favicon|manifest|icons/.test(one.url())) asked.push(one); });
      await fresh.goto(house.url(tab));
      await awake(fresh);
      const told = await Promise.all(asked.map(async (one) => {
        const { responseBodySize, responseHeadersSize } = await one.sizes();
        return { path: new URL(one.url()).pathname, size: responseBodySize + responseHeadersSize };
      }));
      const all = told.reduce((sum, one) => sum + one.size, 0);
      const wasm = told.find((one) => one.path.endsWith(".wasm"))?.size ?? 0;
      console.log(`first load: ${tab.padEnd(10)} ${(all / KB).toFixed(1)} KB in ${told.length} requests, wasm ${(wasm / KB).toFixed(1)} KB${wasm > 120 * KB ? " (WARNING: over 120)" : ""}`);
      const list = told.map((one) => `${one.path} ${one.size}`);
      expect(told.length, list.join("\n")).toBeLessThanOrEqual(5);
      expect(all, list.join("\n")).toBeLessThanOrEqual(160 * KB);
      expect(wasm).toBeLessThanOrEqual(140 * KB);
      await fresh.context().close();
    });
  }
});

test("the style sheet is at most 6 KB packed, and stands in the page itself", async ({ page }) => {
  await house.signIn(page);
  const sheets = await page.locator("style").allTextContents();
  expect(sheets).toHaveLength(1);
  expect(await page.locator("link[rel=stylesheet]").count()).toBe(0);
  const bytes = brotliCompressSync(sheets[0], { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  console.log(`style sheet: ${(bytes / KB).toFixed(1)} KB`);
  expect(bytes).toBeLessThanOrEqual(6 * KB);
});

test("the dock keeps clear of the phone's own bar", async ({ page }) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setSafeAreaInsetsOverride" as any, { insets: { top: 47, bottom: 34 } });
  await house.signIn(page);
  await expect(page.locator(".dock")).toHaveCSS("padding-bottom", "34px");
});

test("on a slow line the page and its one tap are there before the script", async ({ context, page }) => {
  const fresh = await cold(context, page);
  const devtools = await fresh.context().newCDPSession(fresh);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 40_000, uploadThroughput: 40_000 });
  // The script never arrives: the line is worse than slow.
  await fresh.route("**/pkg/**", (route) => route.abort());
  await fresh.goto(house.url("/"), { waitUntil: "commit" });
  const button = fresh.locator("#needs").getByRole("button", { name: "Start node" });
  await expect(button).toBeVisible();
  expect(await button.evaluate((one: HTMLButtonElement) => [one.form!.method, new URL(one.form!.action).pathname])).toEqual(["post", expect.stringMatching(/^\/do\//)]);
  await fresh.context().close();
});

test("a run is announced at most once a step, and a clock that ticks is not", async ({ page }) => {
  await page.addInitScript(() => {
    const said: string[] = [];
    (window as any).said = said;
    const regions = "[role=status], [role=alert], [aria-live]:not([aria-live=off]), output";
    new MutationObserver((changes) => {
      const parts = new Set(changes.map((one) => (one.target instanceof Element ? one.target : one.target.parentElement)?.closest(regions)).filter(Boolean));
      for (const part of parts) if (part!.textContent!.trim()) said.push(part!.textContent!.trim());
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await house.signIn(page);
  const { id } = await house.begun("node-12");
  await page.goto(house.url(`/recoveries/${id}`));
  await awake(page);
  await page.evaluate(() => { (window as any).said.length = 0; });
  await house.api("POST", `recoveries/${id}/approve`);
  await house.ended(id);
  await expect(page.locator("[data-state=recovered]").first()).toBeVisible();
  const said: string[] = await page.evaluate(() => (window as any).said);
  console.log(`announced: ${said.length}`);
  // Eight steps, the yes, the end.
  expect(said.length, said.join("\n")).toBeLessThanOrEqual(10);
  expect(said.at(-1), "the end is said").toContain("is recovered");
  expect(said.length, `twice the same: ${said.join("\n")}`).toBe(new Set(said).size);
});
