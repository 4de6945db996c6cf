// What every browser test builds on: a real `uncordon sandbox` per file, signing in, and a page that must stay quiet.
//
//   import { expect, sandbox, test } from "../house";
//   const house = sandbox({ speed: 10 });
//   test("a sentence", async ({ page }) => { await house.signIn(page); .. });
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export { expect };

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
export const BINARY = process.env.UNCORDON ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug/uncordon");

/** The first line of `uncordon sandbox --print-json`. */
export interface Printed {
  url: string;
  sign_in: string;
  admin_token: string;
  hooks: { sandbox: { path: string; token: string } };
  clusters: { name: string; api: string }[];
  cloud: string;
  world: string;
}

/** A running `uncordon`, started by the test that needs it and stopped by its own process id. */
export class Process {
  readonly said: string[] = [];
  private constructor(private readonly child: ChildProcess) {}

  /** Starts the binary without waiting for a word of it. */
  static launch(args: string[], env: Record<string, string> = {}): Process {
    if (!existsSync(BINARY)) throw new Error(`no binary at ${BINARY}: run \`make binary\``);
    const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, RUST_BACKTRACE: "1", ...env } });
    const self = new Process(child);
    for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on("line", (line) => self.said.push(line));
    return self;
  }

  /** Starts the binary; resolves with its first stdout line once it is there. */
  static async start(args: string[], patience = 60_000): Promise<{ process: Process; line: string }> {
    const self = Process.launch(args);
    const child = self.child;
    const lines = createInterface({ input: child.stdout! });
    const line = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => fail(`said nothing within ${patience} ms`), patience);
      const fail = (why: string) => {
        clearTimeout(timer);
        child.kill("SIGKILL");
        reject(new Error(`uncordon ${args.join(" ")} ${why}\n${self.said.slice(-30).join("\n")}`));
      };
      child.once("error", (error) => fail(error.message));
      child.once("exit", (code) => fail(`ended with ${code}`));
      lines.once("line", (first) => {
        clearTimeout(timer);
        child.removeAllListeners("exit");
        resolve(first);
      });
    });
    return { process: self, line };
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it: politely by default, `SIGKILL` for tests of a crash. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
  }
}

/** One line of the world's ledger. */
export interface Entry {
  n: number;
  at: string;
  face: "kubernetes" | "cloud" | "monitoring";
  verb: string;
  node: string | null;
  user: string;
  path: string;
  status: number;
  accepted: boolean;
  body: any;
}

/** Any answer, its body read as JSON where it is JSON. */
export interface Answer {
  status: number;
  body: any;
  headers: Headers;
}

/** One sandbox with the product in it, shared by the tests of a file. */
export class House {
  private running?: Process;
  private printed?: Printed;
  private folder?: string;
  /** Has the product read another config, where it has one of its own. */
  rewrite?: (change: (toml: string) => string) => Promise<void>;

  async open(speed: number, more: string[]): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), "uncordon-e2e-"));
    const { process, line } = await Process.start([
      "sandbox", "--print-json", "--addr", "127.0.0.1:0", "--data", this.folder, "--speed", String(speed), ...more,
    ]);
    this.running = process;
    this.printed = JSON.parse(line) as Printed;
    // Recoveries are compared with what was before: that must have been seen first.
    await expect.poll(async () => (await this.api("GET", "clusters/prod/health")).body.verdict, { timeout: 30_000 }).toBe("healthy");
  }

  /** Speaks to a product that was started elsewhere. */
  adopt(printed: Printed): void {
    this.printed = printed;
  }

  async close(): Promise<void> {
    await this.running?.stop();
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** Another verb of the binary on the same data: `token create`, `user invite`. Answers what it printed. */
  async run(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(BINARY, [...args, "--config", join(this.folder!, "sandbox.toml")]);
    return stdout.trim();
  }

  get facts(): Printed {
    if (!this.printed) throw new Error("the sandbox is not open yet");
    return this.printed;
  }

  /** What the process printed so far, for a failing test. */
  get log(): string[] {
    return this.running?.said ?? [];
  }

  url(path: string): string {
    return new URL(path, this.facts.url).href;
  }

  /** Goes through the sign-in link as a person does: the page, its button, and on to Now. */
  async signIn(page: Page): Promise<void> {
    await page.goto(new URL(this.facts.sign_in, this.facts.url).href);
    await page.getByRole("button", { name: /sign in/i }).click();
    await expect(page).toHaveURL(this.url("/"));
  }

  /** REST, with the admin token unless another is given. */
  async api(method: string, path: string, body?: unknown, token = this.facts.admin_token): Promise<Answer> {
    return this.call(method, `/api/v1/${path}`, body, { authorization: `Bearer ${token}` });
  }

  /** Sends an alarm text through the sandbox's own hook. */
  async alarm(text: string): Promise<Answer> {
    const { path, token } = this.facts.hooks.sandbox;
    return this.call("POST", path, { text }, { authorization: `Bearer ${token}` });
  }

  /** Breaks or heals a node of the make-believe world. */
  async happen(node: string, what: "power-off" | "hang" | "host-down" | "heal", cluster = "prod"): Promise<void> {
    const answer = await fetch(new URL(`/sandbox/clusters/${cluster}/nodes/${node}/${what}`, this.facts.world), { method: "POST" });
    expect(answer.status, `${what} of ${node}`).toBeLessThan(300);
  }

  /** Puts faults between the product and the world; none takes them away. */
  async faults(faults: Record<string, unknown>[] = []): Promise<void> {
    const answer = await fetch(new URL("/sandbox/faults", this.facts.world), {
      method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ faults }),
    });
    expect(answer.status, await answer.text()).toBeLessThan(300);
  }

  /** Accepted Kubernetes and cloud calls, in order. */
  async ledger(): Promise<Entry[]> {
    const answer = await fetch(new URL("/sandbox/ledger", this.facts.world));
    return ((await answer.json()) as { items: Entry[] }).items;
  }

  /** Accepted starts of a machine. */
  async starts(node: string): Promise<Entry[]> {
    return (await this.ledger()).filter((one) => one.accepted && one.verb === "os-start" && one.node === node);
  }

  /** One node as REST tells it. */
  async node(name: string): Promise<any> {
    return (await this.api("GET", "clusters/prod/nodes")).body.items.find((one: any) => one.name === name);
  }

  /** Changes the shipped rule; `auto` is reached as everybody reaches it, by a look at its hits and a reason. */
  async rule({ mode, ...change }: Record<string, unknown>): Promise<void> {
    const { body } = await this.api("GET", "rules/1");
    const plain = mode === undefined || mode === "auto" ? body.mode : mode;
    if (Object.keys(change).length > 0 || plain !== body.mode) {
      expect((await this.api("PUT", "rules/1", { ...body, ...change, mode: plain })).status).toBe(200);
    }
    if (mode === "auto" && body.mode !== "auto") await this.arm();
  }

  /** Arms the shipped rule; one that has no past alarm to show for it gets a pinned text. */
  async arm(order: Record<string, unknown> = {}): Promise<any> {
    const seen = (await this.api("GET", "rules/1/hits")).body;
    if (seen.matched === 0) {
      await this.rule({ pins: [{ must: "match", text: "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod", labels: seen.rule.labels }] });
    }
    const { look, rule } = (await this.api("GET", "rules/1/hits")).body;
    const answer = await this.api("POST", "rules/1/arm", { version: rule.version, look, reason: "a test needs it", ...order });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  }

  /** The newest recovery of a node, once there is one above `above`. */
  async begun(node: string, above = 0): Promise<any> {
    let found: any;
    await expect.poll(async () => {
      found = (await this.api("GET", `recoveries?node=${node}`)).body.items.find((one: any) => one.id > above);
      return found?.id;
    }, { message: `a recovery of ${node} begins`, timeout: 60_000 }).toBeTruthy();
    return found;
  }

  /** A recovery, once it has ended. */
  async ended(id: number): Promise<any> {
    let found: any;
    const ends = expect.poll(async () => {
      found = (await this.api("GET", `recoveries/${id}`)).body;
      return found.ended_at;
    }, { message: `recovery ${id} ends`, timeout: 90_000 }).toBeTruthy();
    await ends.catch((error: Error) => {
      throw new Error(`recovery ${id} is ${found.state} and waits for ${found.waits_for ?? found.headline}: ${error.message}`);
    });
    return found;
  }

  /** Any request as it stands: a string goes out raw, anything else as JSON. */
  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const raw = typeof body === "string" || body === undefined ? (body as string | undefined) : JSON.stringify(body);
    const answer = await fetch(this.url(path), {
      method,
      redirect: "manual",
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      body: raw,
    });
    const text = await answer.text();
    const json = answer.headers.get("content-type")?.includes("json") && text !== "";
    return { status: answer.status, body: json ? JSON.parse(text) : text, headers: answer.headers };
  }
}

/** Opens a sandbox before the tests of the calling file and closes it after them. */
export function sandbox({ speed = 10, args = [] as string[] } = {}): House {
  const house = new House();
  test.beforeAll(() => house.open(speed, args));
  test.afterAll(() => house.close());
  test.afterEach(async ({}, info) => {
    if (info.status !== info.expectedStatus) await info.attach("uncordon", { body: house.log.slice(-200).join("\n"), contentType: "text/plain" });
  });
  return house;
}

/** Console errors and refused content a test expects; everything else fails it. */
export class Noise {
  readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  get unexpected(): string[] {
    return this.heard.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}

export const test = base.extend<{ noise: Noise }>({
  noise: [
    async ({ context }, use) => {
      const noise = new Noise();
      context.on("weberror", (error) => noise.heard.push(`uncaught: ${error.error().message}`));
      context.on("console", (message) => {
        // A page that is no HTML (a report, JSON) makes Chromium ask for an icon under its default name.
        if (message.location().url.endsWith("/favicon.ico")) return;
        if (message.type() === "error") noise.heard.push(`console: ${message.text()} (${message.location().url})`);
      });
      context.on("request", (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (/^https?:$/.test(protocol) && !["127.0.0.1", "localhost"].includes(hostname)) noise.heard.push(`foreign: ${request.url()}`);
      });
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) =>
          console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
      });
      await use(noise);
      expect(noise.unexpected, "the browser complained").toEqual([]);
    },
    { auto: true },
  ],
});

/** Waits until every island of the page is awake; a page without islands is ready at once. */
export async function awake(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-islands", "ready");
  const sleeping = page.locator("leptos-island:not([data-awake])");
  await expect(sleeping, "islands that did not wake").toHaveCount(0);
}

/** WCAG 2.2 AA with target sizes, as axe sees it. */
export async function accessible(page: Page): Promise<void> {
  // As tall as the page: what floats covers one control or another at every place of scrolling, and nothing at its own.
  const size = page.viewportSize()!;
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, tall) });
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .options({ rules: { "target-size": { enabled: true } } })
    .analyze();
  await page.setViewportSize(size);
  const told = violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
  expect(told, "axe found").toEqual([]);
}

/** Nothing is wider than the phone. */
export async function fits(page: Page): Promise<void> {
  const { wide, out } = await page.evaluate((room) => {
    const beyond = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room);
    return { wide: document.documentElement.scrollWidth - room, out: beyond.slice(-4).map((one) => one.outerHTML.slice(0, 120)) };
  }, page.viewportSize()!.width);
  expect(wide, `page scrolls sideways:\n${out.join("\n")}`).toBeLessThanOrEqual(0);
}

/** Every control is at least 48 px high and wide; links within a sentence are text. */
export async function tappable(page: Page): Promise<void> {
  const small = await page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>("button, a[href], input:not([type=hidden]), select, textarea, summary");
    const seen: string[] = [];
    for (const one of controls) {
      if (!one.checkVisibility() || one.matches(".skip")) continue;
      const alone = one.matches("a") && getComputedStyle(one).display === "inline";
      if (alone && one.parentElement!.textContent!.trim() !== one.textContent!.trim()) continue;
      // A check box is tapped by its label.
      const box = (one.closest("label") ?? one).getBoundingClientRect();
      if (Math.round(box.height) < 48 || Math.round(box.width) < 48) {
        seen.push(`${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 120)}`);
      }
    }
    return seen;
  });
  expect(small, "controls under 48 px").toEqual([]);
}

/** Presses the sandbox's own button on Now. */
export async function breakNode(page: Page, house: House, node: string): Promise<void> {
  await page.goto(house.url("/"));
  await page.getByLabel("Node").selectOption(`prod/${node}`);
  await page.getByRole("button", { name: "Break a node" }).click();
  await expect(page.getByText(`The machine of ${node} was turned off`)).toBeVisible();
}

/** The steps of a recovery, in the order of the contract. */
export const STEPS = [
  "cordon", "confirm_down", "start_machine", "wait_ready", "check_node", "uncordon", "check_workload", "close_alarm",
];
