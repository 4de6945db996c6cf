// Debian's real Prometheus and Alertmanager on loopback, watching nodes of the make-believe world.
import { expect } from "@playwright/test";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./killed";

/** Why it cannot run here, or nothing. */
export function missing(): string | undefined {
  const absent = ["prometheus", "prometheus-alertmanager"].filter((one) => spawnSync(one, ["--version"]).error);
  return absent.length > 0 ? `not installed: ${absent.join(", ")}` : undefined;
}

export class Monitoring {
  private readonly folder = mkdtempSync(join(tmpdir(), "uncordon-monitoring-"));
  private readonly running: ChildProcess[] = [];
  private alerting: string[] = [];
  private exporter?: Server;
  readonly said: string[] = [];
  alertmanager = "";

  /** `up` tells for each address whether its host is up; alerts go to `hook` with this bearer token; Alertmanager listens on `port`. */
  async open(hook: string, token: string, up: () => Promise<Record<string, boolean>>, port: number): Promise<void> {
    const ports = [port, await freePort()];
    this.alertmanager = `http://127.0.0.1:${ports[0]}`;
    const exporter = createServer(async (_, answer) => {
      const hosts = Object.entries(await up().catch(() => ({})));
      answer.setHeader("content-type", "text/plain; version=0.0.4");
      answer.end(hosts.map(([ip, well]) => `host_up{ip="${ip}",cluster="prod"} ${well ? 1 : 0}\n`).join(""));
    });
    this.exporter = exporter;
    await new Promise<void>((open) => exporter.listen(0, "127.0.0.1", open));
    const scraped = (exporter.address() as AddressInfo).port;
    this.write("alertmanager.yml", `
route: { receiver: uncordon, group_by: [alertname], group_wait: 1s, group_interval: 2s, repeat_interval: 1h }
receivers:
  - name: uncordon
    webhook_configs: [{ url: "${hook}", send_resolved: true, http_config: { authorization: { type: Bearer, credentials: "${token}" } } }]
`);
    this.write("rules.yml", `
groups:
  - name: hosts
    rules:
      - alert: ScrapedHostDown
        expr: host_up == 0
        annotations: { summary: "HOST {{ $labels.ip }} down, IP: {{ $labels.ip }} Cluster {{ $labels.cluster }}" }
`);
    this.write("prometheus.yml", `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
alerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:${ports[0]}"] }] }] }
scrape_configs: [{ job_name: hosts, static_configs: [{ targets: ["127.0.0.1:${scraped}"] }] }]
`);
    mkdirSync(join(this.folder, "a"));
    mkdirSync(join(this.folder, "p"));
    // Without the empty cluster address it would listen on the whole network and wait for peers.
    this.alerting = [
      `--config.file=${this.at("alertmanager.yml")}`, `--storage.path=${this.at("a")}`, `--web.listen-address=127.0.0.1:${ports[0]}`,
      "--cluster.listen-address=",
    ];
    this.start("prometheus-alertmanager", this.alerting);
    this.start("prometheus", [
      `--config.file=${this.at("prometheus.yml")}`, `--storage.tsdb.path=${this.at("p")}`, `--web.listen-address=127.0.0.1:${ports[1]}`,
      "--rules.alert.resend-delay=2s",
    ]);
    await this.ready();
  }

  private async ready(): Promise<void> {
    const ready = () => fetch(`${this.alertmanager}/-/ready`).then((answer) => answer.status, () => 0);
    await expect.poll(ready, { message: "Alertmanager is ready", timeout: 30_000 }).toBe(200);
  }

  /** Alertmanager ends and begins again: it keeps what it has sent, not what fires. */
  async restart(): Promise<void> {
    const one = this.running.shift()!;
    const ended = new Promise((resolve) => one.once("exit", resolve));
    one.kill("SIGTERM");
    await ended;
    this.start("prometheus-alertmanager", this.alerting);
    this.running.unshift(this.running.pop()!);
    await this.ready();
  }

  /** Alerts that fire at Alertmanager now. */
  async firing(): Promise<any[]> {
    return (await fetch(`${this.alertmanager}/api/v2/alerts?active=true`)).json() as Promise<any[]>;
  }

  async close(): Promise<void> {
    for (const one of this.running) {
      const ended = new Promise((resolve) => one.once("exit", resolve));
      if (one.exitCode === null && one.kill("SIGTERM")) await ended;
    }
    this.exporter?.closeAllConnections();
    await new Promise((closed) => this.exporter?.close(closed) ?? closed(undefined));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private at(name: string): string {
    return join(this.folder, name);
  }

  private write(name: string, text: string): void {
    writeFileSync(this.at(name), text.trimStart());
  }

  private start(program: string, args: string[]): void {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => this.said.push(`${program}: ${data}`));
    this.running.push(child);
  }
}
