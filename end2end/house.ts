// What every browser test builds on: a real `uncordon sandbox` per file, signing in, and a page that must stay quiet.
//
//   import { expect, sandbox, test } from "../house";
//   const house = sandbox({ speed: 10 });
//   test("a sentence", async ({ page }) => { await house.signIn(page); .. });
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

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

  /** Starts the binary; resolves with its first stdout line once it is there. */
  static async start(args: string[], patience = 30_000): Promise<{ process: Process; line: string }> {
    if (!existsSync(BINARY)) throw new Error(`no binary at ${BINARY}: run \`make binary\``);
    const child = spawn(BINARY, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, RUST_BACKTRACE: "1" } });
    const self = new Process(child);
    const lines = createInterface({ input: child.stdout! });
    createInterface({ input: child.stderr! }).on("line", (line) => self.said.push(line));
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
    lines.on("line", (more) => self.said.push(more));
    return { process: self, line };
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

/** One sandbox with the product in it, shared by the tests of a file. */
export class House {
  private running?: Process;
  private printed?: Printed;

  async open(speed: number, more: string[]): Promise<void> {
    const { process, line } = await Process.start([
      "sandbox", "--print-json", "--addr", "127.0.0.1:0", "--speed", String(speed), ...more,
    ]);
    this.running = process;
    this.printed = JSON.parse(line) as Printed;
  }

  async close(): Promise<void> {
    await this.running?.stop();
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

  /** REST with the admin token; answers status and body. */
  async api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
    return this.call(method, `/api/v1/${path}`, body, { authorization: `Bearer ${this.facts.admin_token}` });
  }

  /** Sends an alarm text through the sandbox's own hook. */
  async alarm(text: string): Promise<{ status: number; body: any }> {
    const { path, token } = this.facts.hooks.sandbox;
    return this.call("POST", path, { text }, { authorization: `Bearer ${token}` });
  }

  /** Breaks or heals a node of the make-believe world. */
  async happen(node: string, what: "power-off" | "hang" | "host-down" | "heal", cluster = "prod"): Promise<void> {
    const { status } = await this.call("POST", `/sandbox/clusters/${cluster}/nodes/${node}/${what}`);
    expect(status, `${what} of ${node}`).toBeLessThan(300);
  }

  /** Accepted Kubernetes and cloud calls, in order. */
  async ledger(): Promise<any> {
    return (await this.call("GET", "/sandbox/ledger")).body;
  }

  private async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(this.url(path), {
      method,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const json = answer.headers.get("content-type")?.includes("json") && text !== "";
    return { status: answer.status, body: json ? JSON.parse(text) : text };
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
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .options({ rules: { "target-size": { enabled: true } } })
    .analyze();
  const told = violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
  expect(told, "axe found").toEqual([]);
}

/** Nothing is wider than the phone. */
export async function fits(page: Page): Promise<void> {
  const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide, "page scrolls sideways").toBeLessThanOrEqual(view);
}
