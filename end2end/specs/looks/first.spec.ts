// The first visit on a bad line: what comes over it, what is there before any script, and what is said aloud.
import { brotliCompressSync, constants } from "node:zlib";
import { type BrowserContext, chromium, type Locator, type Page, type Request } from "@playwright/test";
import { browser, phone } from "../../browser";
import { awake, expect, fits, sandbox, test } from "../../house";

const house = sandbox({ speed: 10 });
const TABS = ["/", "/clusters", "/timeline", "/rules", "/rules/1", "/settings"];
const KB = 1024;

let waiting: number;

test.beforeAll(async () => {
  await house.rule({ mode: "ask" });
  for (const node of ["node-12", "node-13"]) await house.happen(node, "power-off");
  for (const node of ["node-13", "node-12"]) {
    waiting = (await house.begun(node)).id;
    await expect.poll(async () => (await house.api("GET", `recoveries/${waiting}`)).body.state, { timeout: 60_000 }).toBe("waiting");
  }
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

/** The main screens: what a person comes for, and what works there while no script has arrived. */
const SCREENS: Record<string, { path: () => string; holds: (page: Page) => Locator; works: (page: Page) => Promise<unknown> }> = {
  clusters: {
    path: () => "/clusters", holds: (page) => page.getByText(/1\d of 12 nodes Ready/).first(),
    works: (page) => leads(page, page.locator("main a[href='/clusters/prod']").first(), /\/clusters\/prod$/),
  },
  health: {
    path: () => "/clusters/prod", holds: (page) => page.locator("[data-check]").first(),
    works: (page) => leads(page, page.locator("main a[href$='/nodes/node-12']").first(), /\/nodes\/node-12$/),
  },
  node: {
    path: () => "/clusters/prod/nodes/node-12", holds: (page) => page.getByRole("button", { name: "Start node" }).first(),
    works: (page) => leads(page, page.getByRole("link", { name: "Back" }).or(page.locator(".tabs a").first()).last(), /\/(clusters)?$/),
  },
  command: {
    path: () => "/command", holds: (page) => page.getByRole("heading", { name: "Examples" }),
    works: async (page) => {
      await page.getByLabel("Command", { exact: true }).fill("status");
      await page.getByRole("button", { name: "Run" }).click();
      await expect(page.locator("#answer")).toContainText("node-12");
    },
  },
  timeline: {
    path: () => "/timeline", holds: (page) => page.locator("#recoveries .list li").first(),
    works: async (page) => {
      await page.locator("#filters summary").click();
      await page.getByLabel("Node", { exact: true }).fill("node-19");
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await expect(page.getByText("hidden by filters")).toBeVisible();
    },
  },
  recovery: {
    path: () => `/recoveries/${waiting}`, holds: (page) => page.locator("#steps li").first(),
    works: async (page) => {
      await page.getByLabel("Note", { exact: true }).fill("written on a slow line");
      await page.getByRole("button", { name: "Add note" }).click();
      await expect(page.locator("#story")).toContainText("written on a slow line");
    },
  },
  rules: {
    path: () => "/rules", holds: (page) => page.locator("main .list li, main article").first(),
    works: (page) => leads(page, page.locator("main a[href='/rules/1']").first(), /\/rules\/1$/),
  },
  rule: {
    path: () => "/rules/1", holds: (page) => page.getByRole("button", { name: "Save rule" }),
    works: async (page) => {
      await page.getByLabel("Text to test on").fill("HOST 10.0.0.14 down, IP: 10.0.0.14 Cluster prod");
      await page.getByRole("button", { name: "Test", exact: true }).click();
      await expect(page.getByText("prod/node-14")).toBeVisible();
    },
  },
  settings: {
    path: () => "/settings", holds: (page) => page.getByRole("heading", { name: "How I confirm" }),
    works: async (page) => {
      await page.getByRole("button", { name: "Save how I confirm" }).click();
      await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
    },
  },
  devices: {
    path: () => "/settings/devices", holds: (page) => page.getByText("A web app cannot break through Do Not Disturb"),
    works: (page) => leads(page, page.locator(".tabs a").first(), /\/$/),
  },
  // The one tap, last: after it the node is on its way back.
  start: {
    path: () => "/clusters/prod/nodes/node-13/start", holds: (page) => page.locator("#sheet").getByText("Will do"),
    works: async (page) => {
      await page.getByRole("button", { name: "Start node-13 in prod" }).click();
      await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
    },
  },
  now: {
    path: () => "/", holds: (page) => page.locator("#needs").getByRole("button", { name: "Start node" }).first(),
    works: async (page) => {
      const button = page.locator("#needs").getByRole("button", { name: "Start node" }).first();
      expect(await button.evaluate((one: HTMLButtonElement) => [one.form!.method, new URL(one.form!.action).pathname])).toEqual(["post", expect.stringMatching(/^\/do\//)]);
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      await expect(page.locator("#switches")).toContainText("Paused");
    },
  },
};

async function leads(page: Page, link: Locator, to: RegExp): Promise<void> {
  await link.click({ noWaitAfter: true });
  await expect(page).toHaveURL(to);
}

test("on a slow line every main screen is there and works before its script", async ({ context, page }) => {
  test.setTimeout(300_000);
  const fresh = await cold(context, page);
  const devtools = await fresh.context().newCDPSession(fresh);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 40_000, uploadThroughput: 40_000 });
  // Script and wasm are on their way for ever.
  const asked: string[] = [];
  await fresh.route("**/pkg/**", (route) => void asked.push(route.request().url()));
  for (const [name, { path, holds, works }] of Object.entries(SCREENS)) {
    await test.step(name, async () => {
      await fresh.goto(house.url(path()), { waitUntil: "commit" });
      await expect(holds(fresh)).toBeVisible();
      expect(await fresh.locator("html").getAttribute("data-islands"), "no script has run").toBeNull();
      await works(fresh);
    });
  }
  expect(asked.some((one) => one.includes("loader")), "the script was asked for").toBe(true);
  await house.api("PUT", "switch", { mode: "run", reason: "the test is over" });
  await fresh.context().close();
});

test("with the browser's letters at twice their size no word is broken and nothing is cut off", async ({ context, page }) => {
  test.setTimeout(240_000);
  await house.signIn(page);
  const state = await context.storageState();
  // As somebody sets it in the browser: media queries see it as well.
  const large = await chromium.launch({ ...browser.launchOptions, args: [...browser.launchOptions.args, "--blink-settings=defaultFontSize=32"] });
  const there = await large.newContext({ ...phone, storageState: state });
  const one = await there.newPage();
  const bad: string[] = [];
  for (const [name, { path }] of Object.entries(SCREENS)) {
    await one.goto(house.url(path()));
    expect(await one.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
    for (const width of [320, 390]) {
      await one.setViewportSize({ width, height: 568 });
      await fits(one).catch((error: Error) => bad.push(`${name} at ${width}: ${error.message}`));
      bad.push(...(await one.evaluate(cut)).map((what) => `${name} at ${width}: ${what}`));
    }
  }
  await large.close();
  expect(bad.join("\n")).toBe("");
});

/** Words of the title and the dock that are broken apart, and parts of the dock that are out of reach. */
function cut(): string[] {
  const seen: string[] = [];
  const room = document.documentElement.clientWidth;
  for (const part of document.querySelectorAll<HTMLElement>("h1, .dock a, header .button, main .button")) {
    const { paddingLeft, paddingRight } = getComputedStyle(part);
    const line = part.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const text = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (text.nextNode()) {
      for (const { 0: word, index } of text.currentNode.textContent!.matchAll(/[^\s-]+-?/g)) {
        const range = document.createRange();
        range.setStart(text.currentNode, index!);
        range.setEnd(text.currentNode, index! + word.length);
        const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
        const wide = boxes.reduce((sum, box) => sum + box.width, 0);
        // What is longer than a line may be broken.
        if (boxes.length > 1 && wide < line) seen.push(`"${word}" of "${part.textContent!.trim()}" is broken`);
        if (boxes.some((box) => box.left < 0 || box.right > room)) seen.push(`"${word}" is cut off`);
      }
    }
  }
  const dock = document.querySelector<HTMLElement>(".dock")!;
  const free = getComputedStyle(dock).position === "fixed" ? innerHeight - dock.offsetHeight : innerHeight;
  if (free < innerHeight / 2) seen.push(`the dock leaves ${free} of ${innerHeight}`);
  if (dock.scrollWidth > dock.clientWidth || dock.scrollHeight > dock.clientHeight) seen.push("the dock is cut");
  return seen;
}

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
