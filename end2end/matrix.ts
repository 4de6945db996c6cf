// Examines every state of a scene: how it reads, how it is tapped, how it looks to those who see differently, what it weighs.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { get } from "node:http";
import { accessible, awake, expect, fits, House, sandbox, tappable, test } from "./house";
import { Mortal } from "./killed";
import { type Scene, scenes, type State } from "./states";

/** For what a scene waits for, in ms; every state has its own share of time beside it. */
const A_WHILE = 60_000;
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
/** HTML with the style sheet in it, packed with Brotli, in bytes. */
export const WEIGHT = 14 * 1024;

/** Opens the house of a scene before the tests of the calling file and closes it after them. */
export function stage(scene: Scene): House {
  if (!scene.guards) {
    const house = sandbox({ speed: scene.speed ?? 10 });
    test.beforeAll(() => scene.prepare?.(house));
    return house;
  }
  const mortal = new Mortal();
  test.beforeAll(async () => {
    await mortal.open(scene.speed ?? 10, scene.guards);
    await scene.prepare?.(mortal.house);
  });
  test.afterAll(() => mortal.close());
  return mortal.house;
}

/** Goes to a state. */
export async function reach(page: Page, house: House, state: State): Promise<void> {
  const path = typeof state.path === "function" ? await state.path(house) : state.path;
  if (path !== undefined) {
    const to = new URL(path, house.facts.url).href;
    // The page before may lead on by itself just now, as that of a lost answer does.
    await page.goto(to).catch((error: Error) => {
      if (!error.message.includes("interrupted by another navigation")) throw error;
      return page.goto(to);
    });
  }
  await state.reach?.(page, house);
}

/** Examines every state of a scene. */
export function examine(name: string): void {
  const scene = scenes[name];
  const house = stage(scene);

  test(`every state of "${name}" reads well, is easy to tap and light`, async ({ page, noise }) => {
    test.setTimeout(A_WHILE + scene.states.length * 15_000);
    const bad: string[] = [];
    for (const [at, state] of scene.states.entries()) {
      if (state.noise) noise.expect(state.noise);
      if (!state.open && (at === 0 || scene.states[at - 1].open)) await house.signIn(page);
      await test.step(state.name, async () => {
        await page.setViewportSize(PHONE);
        await reach(page, house, state);
        if (!page.url().includes("/sign-in")) await awake(page);
        // A page that is opened again stands where it was left; a target under the header is no smaller for that.
        await page.evaluate(() => scrollTo(0, 0));
        for (const [what, check] of Object.entries(CHECKS)) {
          if (state.brief && !BRIEF.includes(what)) continue;
          await check(page).catch((error: Error) => bad.push(`${state.name}, ${what}: ${error.message}`));
        }
        await restored(page);
        await state.leave?.(page, house);
      });
    }
    // One run tells everything that is wrong, not only the first thing.
    expect(bad.map((one) => one.replace(/\u001b\[\d+m/g, "")).join("\n\n")).toBe("");
  });

  // What does not last has passed by then; nojs.spec.ts goes that way.
  if (scene.states.some((one) => one.brief)) return;
  test(`every state of "${name}" stands without JavaScript`, async ({ browser }, info) => {
    test.setTimeout(A_WHILE + scene.states.length * 3_000);
    const context = await browser.newContext({ ...info.project.use, javaScriptEnabled: false });
    const page = await context.newPage();
    await house.signIn(page);
    for (const state of scene.states.filter((one) => !one.open && !one.reach && !one.scripted)) {
      await test.step(state.name, async () => {
        await reach(page, house, state);
        await expect(page.locator("main h1, header h1")).toHaveCount(1);
        await fits(page);
        await tappable(page);
        await weighs(page, state);
      });
    }
    await context.close();
  });
}

type Check = (page: Page) => Promise<void>;
/** The checks that are quick enough for a state that does not last. */
const BRIEF = ["words", "legible", "width", "targets", "axe"];
const CHECKS: Record<string, Check> = {
  words: worded,
  legible,
  width: fits,
  targets: tappable,
  axe: accessible,
  "contrast in light": async (page) => {
    await page.emulateMedia({ colorScheme: "light" });
    await contrasts(page);
  },
  "more contrast": async (page) => {
    await page.emulateMedia({ colorScheme: "dark", contrast: "more" });
    await contrasts(page);
  },
  "forced colours": async (page) => {
    await page.emulateMedia({ colorScheme: null, contrast: null, forcedColors: "active", reducedMotion: "reduce" });
    await fits(page);
    await still(page);
    await page.emulateMedia({ forcedColors: null, reducedMotion: null });
  },
  "width at 320": async (page) => {
    await page.setViewportSize(SMALL);
    await fits(page);
  },
  "targets at 320": tappable,
  "focus in sight": unhidden,
  "letters of 200 % at 320": large,
  "letters of 200 %": async (page) => {
    await page.setViewportSize(PHONE);
    await large(page);
  },
};

async function restored(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: null, contrast: null, forcedColors: null, reducedMotion: null });
  await page.setViewportSize(PHONE);
}

/** Only contrast: the rest does not depend on colours. */
async function contrasts(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
  const told = violations.flatMap((one) => one.nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`));
  expect(told.slice(0, 3), "too little contrast").toEqual([]);
}

/** Every status has a word beside its shape, is no control, and every icon leaves the talking to its word. */
async function worded(page: Page): Promise<void> {
  const bad = await page.evaluate(() => {
    const seen: string[] = [];
    for (const one of document.querySelectorAll(".st")) {
      if (!one.textContent?.trim()) seen.push(`no word: ${one.outerHTML}`);
      if (one.closest("button")) seen.push(`in a control: ${one.outerHTML}`);
    }
    const talking = [...document.querySelectorAll("svg:not([role=img])")].filter((one) => !one.closest("[aria-hidden=true]"));
    for (const one of talking) seen.push(`an icon that talks: ${one.outerHTML.slice(0, 120)}`);
    for (const one of document.querySelectorAll("button[disabled]")) seen.push(`a disabled button gives no reason: ${one.textContent}`);
    return seen;
  });
  expect(bad).toEqual([]);
}

/** Fields do not make a phone zoom in, and a hint inside a field can be read. */
async function legible(page: Page): Promise<void> {
  const bad = await page.evaluate(() => {
    const lum = (css: string) => {
      const [r, g, b] = css.match(/[\d.]+/g)!.map(Number).map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const seen: string[] = [];
    for (const one of document.querySelectorAll<HTMLElement>("input:not([type=hidden], [type=checkbox], [type=radio]), textarea, select")) {
      if (parseFloat(getComputedStyle(one).fontSize) < 16) seen.push(`small letters: ${one.outerHTML}`);
      if (!one.getAttribute("placeholder")) continue;
      const hint = getComputedStyle(one, "::placeholder");
      const [above, below] = [lum(hint.color), lum(getComputedStyle(one).backgroundColor)];
      const ratio = (Math.max(above, below) + 0.05) / (Math.min(above, below) + 0.05);
      if (ratio < 4.5 || hint.opacity !== "1") seen.push(`faint hint ${ratio.toFixed(1)}: ${one.outerHTML}`);
    }
    return seen;
  });
  expect(bad).toEqual([]);
}

/** Nothing moves for those who asked for that. */
async function still(page: Page): Promise<void> {
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
    const { transitionDuration, transitionProperty, animationName } = getComputedStyle(one);
    return (transitionProperty !== "none" && parseFloat(transitionDuration) > 0) || animationName !== "none";
  }).map((one) => one.outerHTML.slice(0, 80)));
  expect(moving.slice(0, 3), "still moves").toEqual([]);
}

/** With a keyboard no focus ends up under the header or the dock. */
async function unhidden(page: Page): Promise<void> {
  await page.evaluate(() => { (document.activeElement as HTMLElement | null)?.blur(); scrollTo(0, 0); });
  for (let n = 0; n < 30; n += 1) {
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const one = document.activeElement as HTMLElement;
      if (!one || one === document.body) return "end";
      if (one.matches(".skip") || one.closest(".dock, .top")) return "";
      const box = one.getBoundingClientRect();
      const fixed = (name: string, side: "top" | "bottom", other: number) => {
        const part = document.querySelector(name);
        return part && /fixed|sticky/.test(getComputedStyle(part).position) ? part.getBoundingClientRect()[side] : other;
      };
      const [from, to] = [fixed(".top", "bottom", 0), fixed(".dock", "top", innerHeight)];
      // What is taller than the room must at least show its beginning or end.
      const seen = Math.min(box.bottom, to) - Math.max(box.top, from);
      return seen < Math.min(box.height, 24) ? `${one.outerHTML.slice(0, 120)} at ${box.top} to ${box.bottom}, room ${from} to ${to}` : "";
    });
    if (hidden === "end") return;
    expect(hidden, "focus is hidden").toBe("");
  }
}

/** Letters of twice the size. */
async function large(page: Page): Promise<void> {
  await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  const failed = await fits(page).catch((error: Error) => error);
  await page.evaluate(() => { document.documentElement.style.fontSize = ""; });
  if (failed) throw failed;
}

/** What the page weighs on its way, packed as a browser asks for it. */
async function weighs(page: Page, state: State): Promise<void> {
  const cookies = await page.context().cookies();
  const cookie = cookies.map((one) => `${one.name}=${one.value}`).join("; ");
  const bytes = await new Promise<number>((done, failed) => {
    get(page.url(), { headers: { cookie, "accept-encoding": "br", accept: "text/html" } }, (answer) => {
      let count = 0;
      if (answer.headers["content-encoding"] !== "br") failed(new Error(`${page.url()} is not packed with Brotli`));
      answer.on("data", (chunk: Buffer) => { count += chunk.length; });
      answer.on("end", () => done(count));
    }).on("error", failed);
  });
  console.log(`weight: ${state.name.padEnd(24)} ${(bytes / 1024).toFixed(1)} KB`);
  expect(bytes, `${state.name} weighs at most ${WEIGHT} bytes`).toBeLessThanOrEqual(WEIGHT);
}
