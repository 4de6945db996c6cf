// phone BINARY: how a phone lives with it, measured here with Debian's Chromium against the sandbox. Lighthouse on the four
// pages people open most; largest paint over three bad lines, cold, median of RUNS; the slowest answer to a tap at a
// quarter of the speed, over every control of every page; how far things jump. One line each, OVER where a budget is
// missed, and the run then ends with 1. ONLY=taps (lines, scores) measures a part. Packages lie in target/tools/bench, put there by `scripts/setup bench`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [binary, tools] = process.argv.slice(2);
const runs = Number(process.env.RUNS ?? 3);
const require = createRequire(join(resolve(tools), "package.json"));
const lighthouse = (await import(pathToFileURL(join(resolve(tools), "node_modules/lighthouse/core/index.js")).href)).default;
const puppeteer = require("puppeteer-core");
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync"];
const PAGES = { Now: "/", Clusters: "/clusters", Timeline: "/timeline", Rules: "/rules" };
const MORE = { Health: "/clusters/prod", Node: "/clusters/prod/nodes/node-12", Recovery: "/recoveries/1", Rule: "/rules/1", Command: "/command", Settings: "/settings" };
// Round trip in ms and kbit/s as the DevTools protocol needs them to make a real line of that name.
const LINES = {
  "slow 4G": { latency: 150 * 3.75, kbps: 1638.4 * 0.9, budget: 1.5 },
  "3G": { latency: 300 * 3.75, kbps: 700 * 0.9, budget: 2.5 },
  "slow 3G": { latency: 400 * 5, kbps: 400 * 0.8, budget: 3.5 },
};

let over = 0;
const report = (what, value, unit, budget, atLeast = false) => {
  const bad = atLeast ? value < budget : value > budget;
  if (bad) over += 1;
  console.log(`${what.padEnd(44)} ${value.toFixed(unit === "" ? 3 : unit === "s" ? 2 : 0).padStart(9)} ${unit}  (budget ${atLeast ? "at least" : "at most"} ${budget})${bad ? "  OVER" : ""}`);
};
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

const folder = mkdtempSync(join(tmpdir(), "uncordon-phone-"));
const child = spawn(binary, ["sandbox", "--print-json", "--addr", "127.0.0.1:0", "--speed", "20", "--data", folder], {
  stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, RUST_LOG: "off" },
});
const facts = JSON.parse(await new Promise((done) => createInterface({ input: child.stdout }).once("line", done)));
const browser = await puppeteer.launch({ executablePath: chromium, args: FLAGS, headless: true });

async function phone() {
  const page = await browser.newPage();
  await page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  return page;
}

// Something to show on every page: one recovery that ended.
async function history() {
  const page = await phone();
  await page.goto(new URL(facts.sign_in, facts.url).href);
  await Promise.all([page.waitForNavigation(), page.click("button")]);
  const token = { authorization: `Bearer ${facts.admin_token}` };
  await fetch(new URL("/sandbox/clusters/prod/nodes/node-12/power-off", facts.world), { method: "POST" });
  for (let left = 240; left > 0; left -= 1) {
    const { items } = await (await fetch(new URL("/api/v1/recoveries", facts.url), { headers: token })).json();
    if (items[0]?.ended_at) break;
    await new Promise((done) => setTimeout(done, 250));
  }
  const cookies = await page.cookies();
  await page.close();
  return cookies.map((one) => `${one.name}=${one.value}`).join("; ");
}

async function scores(cookie) {
  const port = Number(new URL(browser.wsEndpoint()).port);
  for (const [name, path] of Object.entries(PAGES)) {
    const { lhr } = await lighthouse(new URL(path, facts.url).href, {
      port, output: "json", logLevel: "error", extraHeaders: { Cookie: cookie }, onlyCategories: ["performance", "accessibility", "best-practices"], disableStorageReset: true,
    });
    const of = (category) => Math.round(lhr.categories[category].score * 100);
    report(`${name}, Lighthouse performance`, of("performance"), "of 100", 95, true);
    report(`${name}, Lighthouse accessibility`, of("accessibility"), "of 100", 100, true);
    report(`${name}, Lighthouse best practices`, of("best-practices"), "of 100", 100, true);
    for (const category of ["accessibility", "best-practices"]) {
      for (const { id } of lhr.categories[category].auditRefs) {
        const audit = lhr.audits[id];
        if (audit.score !== null && audit.score < 1) console.log(`  ${id}: ${audit.title} ${JSON.stringify(audit.details?.items?.slice(0, 2) ?? "").slice(0, 300)}`);
      }
    }
    report(`${name}, jumps (CLS)`, lhr.audits["cumulative-layout-shift"].numericValue, "", 0.02);
  }
}

async function lines() {
  for (const [line, { latency, kbps, budget }] of Object.entries(LINES)) {
    for (const [name, path] of Object.entries(PAGES)) {
      const seen = [];
      for (let n = 0; n < runs; n += 1) {
        const page = await phone();
        const devtools = await page.createCDPSession();
        await devtools.send("Network.enable");
        await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
        await devtools.send("Network.setBypassServiceWorker", { bypass: true });
        await devtools.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: (kbps * 1024) / 8, uploadThroughput: (kbps * 1024) / 8 });
        await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
        await page.evaluateOnNewDocument(() => {
          window.largest = 0;
          new PerformanceObserver((list) => { for (const one of list.getEntries()) window.largest = one.startTime; }).observe({ type: "largest-contentful-paint", buffered: true });
        });
        await page.goto(new URL(path, facts.url).href, { waitUntil: "load", timeout: 60_000 });
        await new Promise((done) => setTimeout(done, 500));
        seen.push((await page.evaluate(() => window.largest)) / 1000);
        await page.close();
      }
      report(`${name}, largest paint on ${line}, median of ${runs}`, median(seen), "s", budget);
    }
  }
}

// Every control is really tapped; what would lead away is held back after all handlers have run.
async function taps() {
  for (const [name, path] of Object.entries({ ...PAGES, ...MORE })) {
    const page = await phone();
    const devtools = await page.createCDPSession();
    await page.goto(new URL(path, facts.url).href, { waitUntil: "load" });
    await page.waitForFunction(() => document.documentElement.dataset.islands !== undefined).catch(() => {});
    await page.evaluate(() => {
      window.slowest = { took: 0 };
      for (const [kind, away] of [["click", "a[href]"], ["submit", "form"]]) addEventListener(kind, (event) => {
        if (event.target.closest?.(away)) event.preventDefault();
      });
      // What changes nothing on the screen is never painted, and would seem to answer as late as the next painting: every
      // event turns a mark in the corner, so that what is measured is how soon the page can paint.
      const mark = document.body.appendChild(document.createElement("i"));
      mark.style.cssText = "position:fixed;inset:0 auto auto 0;width:4px;height:4px;z-index:9;pointer-events:none";
      for (const kind of ["pointerdown", "pointerup", "click"]) addEventListener(kind, () => { mark.style.background = `rgb(0 0 ${mark.turn = ((mark.turn ?? 0) + 40) % 250})`; });
      new PerformanceObserver((list) => {
        for (const one of list.getEntries()) if (one.interactionId && one.duration > window.slowest.took) window.slowest = { took: one.duration, what: one.target?.outerHTML?.slice(0, 80) ?? one.name };
      }).observe({ type: "event", durationThreshold: 16, buffered: true });
    });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    for (const control of await page.$$("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      if (!(await control.isVisible())) continue;
      // What opens a window of the system's own (a list, a calendar, the browser's word on an empty field) is not ours to measure.
      if (await control.evaluate((one) => one.matches("select, input[type=date], .skip, [data-app=install]"))) continue;
      await control.evaluate((one) => { for (const field of one.form?.querySelectorAll(":invalid:is(input, textarea)") ?? []) field.value ||= "1"; });
      // Nor is the way to the control: a thumb taps after it has scrolled, and not two boxes within one painting.
      await control.scrollIntoView().catch(() => {});
      await new Promise((done) => setTimeout(done, 300));
      await control.tap().catch(() => {});
    }
    await new Promise((done) => setTimeout(done, 300));
    const { took, what } = await page.evaluate(() => window.slowest);
    report(`${name}, slowest answer to a tap at a quarter`, took, "ms", 100);
    if (took > 100) console.log(`  ${what}`);
    await page.close();
  }
}

try {
  const cookie = await history();
  for (const [name, part] of Object.entries({ lines, taps, scores })) if (!process.env.ONLY || process.env.ONLY === name) await part(cookie);
} finally {
  await browser.close();
  child.kill("SIGTERM");
  await new Promise((done) => child.once("exit", done));
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = over > 0 ? 1 : 0;
