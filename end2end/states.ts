// The catalogue: every screen, every state it can be in, and how that state is reached in the sandbox.
// specs/looks/*.spec.ts examine each line, `make shots` takes a picture of each, and specs/looks/catalogue.spec.ts
// fails when a screen has no line for a state it must have. A new screen or state is a line here.
import type { Page } from "@playwright/test";
import { expect, type House } from "./house";

/** What a state is an example of. */
export type Mood = "plain" | "empty" | "loading" | "offline" | "error" | "unconfirmed" | "refused" | "success";

export interface State {
  /** Name of its picture. */
  name: string;
  screen: string;
  mood: Mood;
  /** Where it is; `reach` may go on from there. */
  path?: string | ((house: House) => string | Promise<string>);
  /** What a person does to reach it. */
  reach?: (page: Page, house: House) => Promise<unknown>;
  /** Puts back what `reach` changed about the browser. */
  leave?: (page: Page, house: House) => Promise<unknown>;
  /** Nobody is signed in. */
  open?: true;
  /** It does not last: it is examined quickly, in one theme. */
  brief?: true;
  /** It needs script: without, another line of the catalogue stands for it. */
  scripted?: true;
  /** Console errors that belong to it. */
  noise?: RegExp;
}

export interface Scene {
  speed?: number;
  /** Guards in the place of the sandbox's own; the product then runs beside the world. */
  guards?: Record<string, unknown>;
  prepare?: (house: House) => Promise<unknown>;
  states: State[];
}

const missing = /status of 40\d/;
const cut = /ERR_INTERNET_DISCONNECTED|Failed to fetch|ViewTransition/;
/** Keys that no tap ever had. */
const KEY = "AAAAAAAAAAAAAAAAAAAAAA";
const VOIDED = "BBBBBBBBBBBBBBBBBBBBBB";
const command = (line: string) => async (page: Page) => {
  await page.getByLabel("Command", { exact: true }).fill(line);
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.locator("#answer, [role=alert]").first()).toBeVisible();
};
const newest = async (house: House, node: string) => `/recoveries/${(await house.begun(node)).id}`;
const state = async (house: House, node: string, wanted: string) => {
  const { id } = await house.begun(node);
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state, { timeout: 90_000 }).toBe(wanted);
  return id as number;
};

/** The key of the tap that met changed facts. */
let changed = "";

export const scenes: Record<string, Scene> = {
  // Nothing has happened yet.
  quiet: {
    states: [
      { name: "sign-in", screen: "sign-in", mood: "empty", path: "/sign-in", open: true },
      { name: "sign-in-invite", screen: "sign-in", mood: "plain", path: (house) => new URL(house.facts.sign_in, house.facts.url).href, open: true },
      { name: "sign-in-old-link", screen: "sign-in", mood: "refused", path: "/sign-in?token=old", open: true, noise: missing },
      { name: "sign-in-code", screen: "sign-in", mood: "success", path: "/sign-in/new-code", reach: (page) => page.getByRole("button", { name: "Show a code" }).click() },
      { name: "now", screen: "now", mood: "empty", path: "/" },
      { name: "clusters", screen: "clusters", mood: "plain", path: "/clusters" },
      { name: "cluster", screen: "health", mood: "success", path: "/clusters/prod" },
      { name: "node", screen: "node", mood: "plain", path: "/clusters/prod/nodes/node-14" },
      { name: "start-healthy", screen: "start", mood: "refused", path: "/clusters/prod/nodes/node-14/start" },
      { name: "command", screen: "command", mood: "empty", path: "/command" },
      { name: "command-health", screen: "command", mood: "success", path: "/command", reach: command("cluster-health prod") },
      { name: "command-suggestions", screen: "command", mood: "plain", path: "/command", reach: async (page) => {
        await page.getByLabel("Command", { exact: true }).pressSequentially("node-1");
        await expect(page.getByRole("option").first()).toBeVisible();
      } },
      { name: "command-refused", screen: "command", mood: "refused", path: "/command", reach: command("10.0.0.12 strtup") },
      { name: "timeline", screen: "timeline", mood: "empty", path: "/timeline" },
      { name: "rules", screen: "rules", mood: "plain", path: "/rules" },
      { name: "rule", screen: "rule", mood: "plain", path: "/rules/1" },
      { name: "rule-new", screen: "rule", mood: "empty", path: "/rules/new" },
      { name: "rule-fault", screen: "rule", mood: "refused", path: "/rules/1?mode=auto&pattern=HOST+(%3FP%3Cip%3E%5B0-9.%5D%2B&sample=HOST" },
      { name: "rule-arm", screen: "arm", mood: "empty", path: "/rules/1/arm" },
      { name: "storms", screen: "storms", mood: "empty", path: "/storms" },
      { name: "cordons", screen: "cordons", mood: "empty", path: "/cordons" },
      { name: "settings", screen: "settings", mood: "plain", path: "/settings" },
      { name: "settings-theme", screen: "settings", mood: "success", path: "/settings", reach: async (page) => {
        await page.getByRole("button", { name: "More contrast" }).click();
        await expect(page.locator("html")).toHaveAttribute("data-theme", "more");
      }, leave: (page) => page.getByRole("button", { name: "System" }).click() },
      { name: "missing", screen: "missing", mood: "error", path: "/nowhere", noise: missing },
      { name: "devices", screen: "devices", mood: "empty", path: "/settings/devices" },
      { name: "unconfirmed", screen: "unconfirmed", mood: "unconfirmed", path: `/unconfirmed?intent=${KEY}`, noise: missing, leave: emptied },
      { name: "intent-never", screen: "intent", mood: "unconfirmed", path: `/intents/${KEY}`, noise: missing },
      { name: "intent-void", screen: "intent", mood: "success", path: `/intents/${VOIDED}`, noise: missing, leave: emptied, reach: async (page) => {
        await page.getByRole("button", { name: /take it back/ }).click();
        await expect(page.getByText("Taken back", { exact: true })).toBeVisible();
      } },
      { name: "now-offline", screen: "now", mood: "offline", path: "/", scripted: true, noise: cut, reach: copied, leave: online },
      { name: "cluster-offline", screen: "health", mood: "offline", path: "/clusters/prod", scripted: true, noise: cut, reach: copied, leave: online },
      { name: "offline", screen: "offline", mood: "offline", path: "/", scripted: true, noise: cut, reach: async (page, house) => {
        await worker(page);
        await page.context().setOffline(true);
        await page.goto(house.url("/clusters/prod/nodes/node-19"));
      }, leave: online },
      { name: "missing-recovery", screen: "recovery", mood: "error", path: "/recoveries/4711", noise: missing },
    ],
  },

  // A node is off and a yes is waited for; an alarm nobody understands; one that fires with no rule.
  waiting: {
    prepare: async (house) => {
      await house.rule({ mode: "ask" });
      await house.alarm("HOST 10.0.0.77 down, IP: 10.0.0.77 Cluster prod");
      await house.alarm("a line without any node in it that is long enough to need more than one row on a small phone");
      await house.happen("node-12", "power-off");
      await state(house, "node-12", "waiting");
    },
    states: [
      { name: "now-waiting", screen: "now", mood: "plain", path: "/" },
      { name: "clusters-degraded", screen: "clusters", mood: "plain", path: "/clusters" },
      { name: "cluster-degraded", screen: "health", mood: "plain", path: "/clusters/prod" },
      { name: "cluster-unfolded", screen: "health", mood: "plain", path: "/clusters/prod", reach: unfold },
      { name: "node-off", screen: "node", mood: "plain", path: "/clusters/prod/nodes/node-12" },
      { name: "start", screen: "start", mood: "plain", path: "/clusters/prod/nodes/node-12/start" },
      { name: "start-warned", screen: "start", mood: "plain", path: async (house) => {
        await house.happen("node-1", "power-off");
        await house.begun("node-1");
        return "/clusters/prod/nodes/node-1/start";
      } },
      { name: "now-warned", screen: "now", mood: "plain", path: "/" },
      { name: "recovery-waiting", screen: "recovery", mood: "plain", path: (house) => newest(house, "node-12") },
      { name: "now-hold", screen: "now", mood: "plain", path: "/settings", reach: async (page, house) => {
        await page.getByLabel("Start button").selectOption("0.8");
        await page.getByRole("button", { name: "Save how I confirm" }).click();
        await page.goto(house.url("/"));
        await expect(page.getByRole("button", { name: /^Hold to start/ }).first()).toBeVisible();
      }, leave: async (page, house) => {
        await page.goto(house.url("/settings"));
        await page.getByLabel("Start button").selectOption("off");
        await page.getByRole("button", { name: "Save how I confirm" }).click();
        await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
      } },
      { name: "now-draft", screen: "now", mood: "offline", path: "/", noise: cut, reach: drafted, leave: emptied },
      { name: "now-draft-expired", screen: "now", mood: "offline", path: "/", noise: cut, reach: async (page) => {
        await drafted(page);
        await page.evaluate(() => {
          const all = JSON.parse(localStorage.getItem("uncordon-kept")!);
          all.drafts[0].made -= 600_000;
          localStorage.setItem("uncordon-kept", JSON.stringify(all));
        });
        await page.reload();
        await expect(page.locator("[data-draft-state=expired]")).toBeVisible();
      }, leave: emptied },
      { name: "command-draft", screen: "command", mood: "offline", path: "/command", noise: cut, reach: async (page) => {
        await worker(page);
        await page.context().setOffline(true);
        await page.getByLabel("Command", { exact: true }).fill("node-12 startup");
        await page.getByRole("button", { name: "Run" }).click();
        await expect(page.locator("form.say .told")).toBeVisible();
      }, leave: emptied },
      { name: "recovery-note-waits", screen: "recovery", mood: "offline", path: (house) => newest(house, "node-12"), noise: cut, reach: noted, leave: emptied },
      { name: "now-waits", screen: "now", mood: "offline", path: "/", noise: cut, reach: async (page, house) => {
        await worker(page);
        await kept(page);
        await page.goto(house.url(await newest(house, "node-12")));
        await noted(page);
        await page.goto(house.url("/"));
        await page.locator("[data-alarm]").first().getByRole("button", { name: "Acknowledge" }).click();
        await expect(page.locator("[data-waits]")).toHaveCount(2);
      }, leave: emptied },
      { name: "rule-pins", screen: "rule", mood: "plain", path: pinned("match") },
      { name: "rule-pins-failing", screen: "rule", mood: "refused", path: pinned("not_match") },
      { name: "start-late", screen: "start", mood: "refused", reach: async (page, house) => {
        const tap = await formOf(page, house, "node-12");
        await tap({ not_after: "2020-01-01T00:00:00Z" });
        await page.goto(house.url("/clusters/prod/nodes/node-12/start"));
        await expect(page.getByRole("alert")).toContainText("Nothing was started.");
      } },
      { name: "start-changed", screen: "start", mood: "refused", reach: async (page, house) => {
        await house.happen("node-17", "power-off");
        await state(house, "node-17", "waiting");
        const tap = await formOf(page, house, "node-17");
        await house.happen("node-17", "heal");
        await expect.poll(async () => (await house.api("GET", "clusters/prod/nodes/node-17")).body.offer, { timeout: 60_000 }).toBe("nothing");
        changed = await tap();
        await page.goto(house.url("/clusters/prod/nodes/node-17/start"));
        await expect(page.getByRole("alert")).toContainText("Nothing was started.");
      } },
      { name: "intent-refused", screen: "intent", mood: "refused", path: () => `/intents/${changed}` },
      { name: "rule-from-alarm", screen: "rule", mood: "plain", path: "/rules/new?from=1" },
      { name: "cordons-filled", screen: "cordons", mood: "plain", path: "/cordons" },
      { name: "now-paused", screen: "now", mood: "plain", path: "/", reach: async (page) => {
        await page.getByRole("button", { name: "Pause", exact: true }).click();
        await expect(page.locator("#switches")).toContainText("Paused");
      } },
      { name: "settings-paused", screen: "settings", mood: "plain", path: "/settings" },
      { name: "now-acknowledged", screen: "now", mood: "success", path: "/", reach: async (page) => {
        await page.locator("[data-alarm]").first().getByRole("button", { name: "Acknowledge" }).click();
        await page.waitForLoadState();
      } },
    ],
  },

  // A start that was tapped: the grace, the run, the end.
  running: {
    speed: 2,
    prepare: async (house) => {
      await house.rule({ mode: "ask" });
      for (const node of ["node-12", "node-13"]) await house.happen(node, "power-off");
      for (const node of ["node-12", "node-13"]) await state(house, node, "waiting");
    },
    states: [
      { name: "recovery-joined", screen: "recovery", mood: "success", brief: true, reach: async (page, house) => {
        const tap = await formOf(page, house, "node-13");
        const { id } = await house.begun("node-13");
        expect((await house.api("POST", `recoveries/${id}/approve`, {})).status).toBe(202);
        await tap();
        await page.goto(house.url(`/recoveries/${id}`));
        await expect(page.getByText(/Your tap joins it/)).toBeVisible();
      } },
      { name: "recovery-grace", screen: "recovery", mood: "loading", brief: true, path: (house) => newest(house, "node-12"), reach: async (page) => {
        await page.getByRole("button", { name: "Start node" }).first().click();
        await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
      } },
      { name: "now-running", screen: "now", mood: "loading", brief: true, path: "/" },
      { name: "recovery-running", screen: "recovery", mood: "loading", brief: true, path: (house) => newest(house, "node-12") },
      { name: "recovery-ended", screen: "recovery", mood: "success", path: async (house) => {
        const { id } = await house.begun("node-12");
        await house.ended(id);
        return `/recoveries/${id}`;
      } },
      { name: "recovery-story", screen: "recovery", mood: "success", path: async (house) => `${await newest(house, "node-12")}?view=story` },
      { name: "recovery-everything", screen: "recovery", mood: "success", path: async (house) => `${await newest(house, "node-12")}?view=everything` },
      { name: "recovery-unfolded", screen: "recovery", mood: "success", path: (house) => newest(house, "node-12"), reach: unfold },
      { name: "now-recovered", screen: "now", mood: "success", path: async (house) => {
        await house.ended((await house.begun("node-13")).id);
        return "/";
      } },
      { name: "timeline-filled", screen: "timeline", mood: "plain", path: "/timeline" },
      { name: "timeline-unfolded", screen: "timeline", mood: "plain", path: "/timeline", reach: unfold },
      { name: "timeline-filtered", screen: "timeline", mood: "empty", path: "/timeline?node=node-19" },
      { name: "rules-filled", screen: "rules", mood: "plain", path: "/rules" },
      { name: "arm-filled", screen: "arm", mood: "plain", path: "/rules/1/arm" },
    ],
  },

  // A start cannot help, and the cluster falls silent.
  trouble: {
    prepare: async (house) => {
      await house.arm();
      await house.happen("node-14", "hang");
      await state(house, "node-14", "needs_human");
    },
    states: [
      { name: "now-needs-human", screen: "now", mood: "plain", path: "/" },
      { name: "recovery-needs-human", screen: "recovery", mood: "refused", path: (house) => newest(house, "node-14") },
      { name: "node-hung", screen: "node", mood: "refused", path: "/clusters/prod/nodes/node-14" },
      { name: "now-blind", screen: "now", mood: "error", path: async (house) => {
        await blind(house);
        return "/";
      } },
      { name: "clusters-blind", screen: "clusters", mood: "error", path: "/clusters" },
      { name: "cluster-blind", screen: "health", mood: "error", path: "/clusters/prod" },
      { name: "node-blind", screen: "node", mood: "error", path: "/clusters/prod/nodes/node-14" },
    ],
  },

  // An armed rule is about to act, and may still be stopped.
  veto: {
    speed: 8,
    prepare: async (house) => {
      await house.alarm("HOST 10.0.0.99 down, IP: 10.0.0.99 Cluster prod");
      await house.rule({ mode: "ask" });
      await house.arm({ veto_s: 3600, silence: "ask", reason: "tested on the test cluster" });
      await house.happen("node-12", "power-off");
      await house.begun("node-12");
    },
    states: [
      { name: "now-veto", screen: "now", mood: "plain", path: "/", reach: (page) => expect(page.getByRole("button", { name: "GO NOW", exact: true })).toBeVisible({ timeout: 60_000 }) },
      { name: "recovery-veto", screen: "recovery", mood: "plain", path: (house) => newest(house, "node-12") },
      { name: "rule-armed", screen: "rule", mood: "plain", path: "/rules/1" },
      { name: "recovery-stopped", screen: "recovery", mood: "success", path: (house) => newest(house, "node-12"), reach: async (page, house) => {
        await page.getByRole("button", { name: "STOP", exact: true }).first().click();
        await house.ended((await house.begun("node-12")).id);
        await page.reload();
      } },
      { name: "now-kept-cordon", screen: "now", mood: "plain", path: "/" },
    ],
  },

  // A physical host with four machines fails.
  host: {
    speed: 20,
    prepare: async (house) => {
      await house.rule({ mode: "ask" });
      await house.happen("node-12", "host-down");
      const members = async () => (await house.api("GET", "incidents")).body.items?.[0]?.members?.length ?? 0;
      await expect.poll(members, { timeout: 90_000 }).toBe(4);
    },
    states: [
      { name: "now-host-down", screen: "now", mood: "refused", path: "/" },
      { name: "incident-open", screen: "incident", mood: "plain", path: "/incidents/1" },
      { name: "timeline-incident", screen: "timeline", mood: "plain", path: "/timeline" },
    ],
  },

  // Many nodes at once under the guards of a real cluster.
  storm: {
    speed: 20,
    guards: { storm_nodes: 3, storm_calm_s: 60, cordon_max: 10, cordon_percent: 50 },
    prepare: async (house) => {
      await house.rule({ mode: "auto" });
      for (const node of ["node-13", "node-14", "node-17"]) await house.happen(node, "power-off");
      const held = async () => (await house.api("GET", "storms")).body.items[0]?.held.length;
      await expect.poll(held, { timeout: 90_000 }).toBe(3);
    },
    states: [
      { name: "now-storm", screen: "now", mood: "refused", path: "/" },
      { name: "storms-open", screen: "storms", mood: "plain", path: "/storms" },
      { name: "recovery-held", screen: "recovery", mood: "refused", path: (house) => newest(house, "node-17") },
      { name: "config", screen: "config", mood: "plain", path: "/settings/config" },
      { name: "config-refused", screen: "config", mood: "error", path: "/settings/config", reach: async (page, house) => {
        if ((await house.api("GET", "config")).body.error === null) await house.rewrite!((toml) => toml.replace("[guards]\n", "[guards]\nstorm_nodse = 4\n"));
        await page.reload();
        await expect(page.locator("#config-state")).toContainText("storm_nodse");
      }, leave: (_page, house) => house.rewrite!((toml) => toml.replace("storm_nodse = 4\n", "")) },
      { name: "settings-guards", screen: "settings", mood: "plain", path: "/settings", reach: unfold },
    ],
  },
};

async function unfold(page: Page): Promise<void> {
  // At once: a live page redraws its parts, and what was counted a moment ago is another one then.
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
}

/** The worker is at the wheel, and has kept the page that is open. */
async function worker(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.reload();
}

/** The worker has a copy of the page that is open. */
async function kept(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(async () => {
    for (const name of await caches.keys()) if (await (await caches.open(name)).match(location.href)) return true;
    return false;
  })).toBe(true);
}

/** The page as its saved copy. */
async function copied(page: Page): Promise<void> {
  await worker(page);
  await kept(page);
  await page.context().setOffline(true);
  await page.reload();
  await expect(page.locator("[data-notice=offline]")).toContainText(/Saved copy from \d\d:\d\d UTC, \d+ (s|min) old/);
}

/** A start that was tapped without a connection. */
async function drafted(page: Page): Promise<void> {
  await worker(page);
  await kept(page);
  await page.context().setOffline(true);
  await page.locator("#needs").getByRole("button", { name: "Start node" }).first().click();
  await expect(page.locator("[data-draft-state=waits]")).toBeVisible();
}

/** A note that was written without a connection. */
async function noted(page: Page): Promise<void> {
  await worker(page);
  await kept(page);
  await page.context().setOffline(true);
  await page.getByLabel("Note", { exact: true }).fill("The fan of this rack is loud.");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.locator(".told")).toBeVisible();
}

/** Back in the network, with nothing waiting: what the next states show must not have been sent. */
async function emptied(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.removeItem("uncordon-kept"));
  await online(page);
}

/** The editor with a pin on the first alarm. */
function pinned(must: string): string {
  const typed = { mode: "ask", name: "host-down", position: "1", pattern: "HOST (?P<ip>\\S+) down", sample: "HOST 10.0.0.77 down" };
  return `/rules/1?${new URLSearchParams({ ...typed, pin: `${must}:1` })}`;
}

/** The start form of a node as it stands now; what is answered sends it, however late, and names its key. */
async function formOf(page: Page, house: House, node: string): Promise<(more?: Record<string, string>) => Promise<string>> {
  await page.goto(house.url(`/clusters/prod/nodes/${node}/start`));
  const { action, fields } = await page.locator("#power").evaluate((form: HTMLFormElement) => ({
    action: document.querySelector("#go button")!.getAttribute("formaction")!,
    fields: Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])),
  }));
  const headers = { accept: "text/html", origin: new URL(house.facts.url).origin, "sec-fetch-site": "same-origin" };
  return async (more = {}) => {
    const answer = await page.request.post(house.url(action), { form: { ...fields, ...more }, headers, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    return new URL(house.url(action)).searchParams.get("intent")!;
  };
}

async function online(page: Page): Promise<void> {
  await page.context().setOffline(false);
  // A page that hears of the network may read itself anew just then.
  await page.goto("about:blank");
}

async function blind(house: House): Promise<void> {
  await house.faults([{ match: "* /api*", do: "refuse" }, { match: "GET /apis*", do: "cut_watch" }, { match: "GET /api/*", do: "cut_watch" }]);
  const verdict = async () => (await house.api("GET", "clusters")).body.items?.[0]?.health?.verdict ?? (await house.api("GET", "clusters/prod/health")).body.verdict;
  await expect.poll(verdict, { timeout: 60_000 }).toBe("blind");
}

/** Which moods a screen must be examined in; offline and not confirmed have their own pages and specs as well. */
export const REQUIRED: Record<string, Mood[]> = {
  now: ["empty", "plain", "loading", "offline", "error", "success"],
  clusters: ["plain", "error"],
  health: ["plain", "offline", "error", "success"],
  node: ["plain", "error", "refused"],
  start: ["plain", "refused"],
  recovery: ["plain", "loading", "offline", "error", "refused", "success"],
  command: ["empty", "plain", "offline", "refused", "success"],
  timeline: ["empty", "plain"],
  rules: ["plain"],
  rule: ["empty", "plain", "refused"],
  arm: ["empty", "plain"],
  storms: ["empty", "plain"],
  incident: ["plain"],
  cordons: ["empty", "plain"],
  settings: ["plain", "success"],
  config: ["plain", "error"],
  "sign-in": ["empty", "plain", "refused", "success"],
  missing: ["error"],
  offline: ["offline"],
  devices: ["empty"],
  unconfirmed: ["unconfirmed"],
  intent: ["unconfirmed", "refused", "success"],
};

