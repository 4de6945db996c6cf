// A world that lives on while the product on it is killed and started again.
import { expect } from "@playwright/test";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BINARY, House, type Printed, Process } from "./house";

/** Numbers that look random and are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((open) => server.listen(0, "127.0.0.1", open));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The world, and a `serve` that dies and comes back. */
export class Mortal {
  readonly house = new House();
  readonly said: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "uncordon-kill-"));
  private world?: Process;
  private product?: Process;
  lives = 0;

  /** `guards` replace those of the sandbox, which knows no storms and no hourly limits; `change` has the last word on the config. */
  async open(speed: number, guards: Record<string, unknown> = {}, change = (toml: string, _folder: string) => toml): Promise<void> {
    const { process, line } = await Process.start([
      "sandbox", "--world-only", "--config-out", this.config, "--addr", `127.0.0.1:${await freePort()}`,
      "--data", this.folder, "--speed", String(speed), "--print-json",
    ]);
    this.world = process;
    this.house.adopt(JSON.parse(line) as Printed);
    let text = readFileSync(this.config, "utf8");
    for (const [key, value] of Object.entries(guards)) {
      const own = new RegExp(`^${key} = .*\n`, "m");
      text = text.replace(own, "").replace("[guards]\n", `[guards]\n${key} = ${JSON.stringify(value)}\n`);
    }
    writeFileSync(this.config, change(text, this.folder));
    this.house.rewrite = (change) => this.rewrite(change);
    await this.rise();
  }

  /** Writes another config and has the product read it; answers once it has. */
  private async rewrite(change: (toml: string) => string): Promise<void> {
    const seen = async () => {
      const { loaded_at, error } = (await this.house.api("GET", "config")).body;
      return JSON.stringify([loaded_at, error?.at]);
    };
    const before = await seen();
    writeFileSync(this.config, change(readFileSync(this.config, "utf8")));
    this.product!.signal("SIGHUP");
    await expect.poll(seen).not.toBe(before);
  }

  private get config(): string {
    return join(this.folder, "serve.toml");
  }

  /** Another verb of the binary on the config that is served: what it printed, however it ended. */
  async run(...args: string[]): Promise<string> {
    const outcome = await promisify(execFile)(BINARY, [...args, "--config", this.config]).catch((error) => error);
    return `${outcome.stdout}${outcome.stderr}`;
  }

  /** Starts the product and waits until it answers. */
  async rise(): Promise<void> {
    this.lives += 1;
    this.product = Process.launch(["serve", "--config", this.config], { RUST_LOG: "warn" });
    const ready = async () => (await this.house.call("GET", "/readyz").catch(() => undefined))?.status;
    await expect.poll(ready, { timeout: 60_000, intervals: [50, 100, 200] }).toBe(200);
  }

  /** `kill -9`, and back again; `meanwhile` happens in between. */
  async die(meanwhile = async () => {}): Promise<void> {
    await this.product!.stop("SIGKILL");
    this.said.push(...this.product!.said, `--- killed, life ${this.lives}`);
    await meanwhile();
    await this.rise();
  }

  /** Sets `spec.unschedulable` as a person with kubectl does. */
  async kubectlCordon(node: string): Promise<void> {
    const answer = await this.kubernetes("PATCH", `/api/v1/nodes/${node}`, { spec: { unschedulable: true } });
    expect(answer.status).toBe(200);
  }

  /** A node as Kubernetes has it. */
  async object(node: string): Promise<any> {
    return (await this.kubernetes("GET", `/api/v1/nodes/${node}`)).json();
  }

  private async kubernetes(method: string, path: string, body?: unknown): Promise<Response> {
    const token = /token: (\S+)/.exec(readFileSync(join(this.folder, "kubeconfig.yaml"), "utf8"))![1];
    return fetch(new URL(path, this.house.facts.clusters[0].api), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/merge-patch+json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async close(): Promise<void> {
    await this.product?.stop();
    await this.world?.stop();
    this.said.push(...(this.product?.said ?? []));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
