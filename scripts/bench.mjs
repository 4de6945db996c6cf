// bench BINARY: what the release binary needs and how quick it is, measured on this machine against the sandbox:
// alarm accepted -> cordon patch received, durable ingest, idle memory, start-up, bytes of Now, and how it carries one
// cluster of 5,000 nodes and 50,000 pods, and 20 clusters of 250 and 2,500. Prints one line each; a figure beyond its
// budget ends in OVER, and the run then ends with 1. BENCH_SAMPLES, BENCH_SPEED change the first; BENCH_ONLY=scale
// measures only the last, BENCH_SCALE_S is how long those clusters are watched before memory is read.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const binary = process.argv[2];
const samples = Number(process.env.BENCH_SAMPLES ?? 200);
const speed = Number(process.env.BENCH_SPEED ?? 20);
const folder = mkdtempSync(join(tmpdir(), "uncordon-bench-"));
const children = [];
let over = 0;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const report = (what, value, unit, budget, atLeast = false) => {
  const bad = budget !== undefined && (atLeast ? value < budget : value > budget);
  if (bad) over += 1;
  const limit = budget === undefined ? "" : `  (budget ${atLeast ? "at least" : "at most"} ${budget})${bad ? "  OVER" : ""}`;
  console.log(`${what.padEnd(44)} ${value.toFixed(1).padStart(9)} ${unit}${limit}`);
};
const share = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)];

function start(args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, RUST_LOG: "off" } });
  children.push(child);
  const first = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`uncordon ${args.join(" ")} ended with ${code}`)));
  });
  return { child, first };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(timer);
}

// A plain request: status, headers and the body as it came over the wire, packed or not.
function ask(agent, method, url, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

const plain = new http.Agent({ keepAlive: true });
function door({ url, admin_token, hooks }) {
  const json = async (method, path, token, body) => {
    const answer = await ask(plain, method, new URL(path, url), {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = answer.bytes.toString();
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    api: (method, path, body) => json(method, `/api/v1/${path}`, admin_token, body),
    alarm: (body) => json("POST", hooks.sandbox.path, hooks.sandbox.token, body),
    ledger: () => json("GET", "/sandbox/ledger", admin_token),
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// Healthy nodes are named: each recovery cordons at once, finds a false alarm and takes the cordon back.
async function cordons(house) {
  const sent = [];
  for (let i = 0; i < samples; i += 1) {
    const worker = 11 + (i % 9);
    const answer = await house.alarm({
      text: `HOST 10.0.0.${worker} down, IP: 10.0.0.${worker} Cluster prod`,
      // No start of its own: the sandbox's clock runs ahead of ours, and an old alarm starts nothing.
      fingerprint: `bench-${process.pid}-${i}`,
    });
    sent.push({ id: answer.alarms[0].id, node: `node-${worker}` });
    for (let left = 200; ; left -= 1) {
      const { items } = await house.api("GET", "recoveries?limit=1");
      if (items[0]?.trigger.alarm_id === sent.at(-1).id && items[0].ended_at) break;
      if (items[0]?.state === "needs_human") {
        await house.api("POST", `recoveries/${items[0].id}/acknowledge`);
        break;
      }
      if (left === 0) throw new Error(`alarm ${sent.at(-1).id} for node-${worker} led to no finished recovery`);
      await pause(50);
    }
  }
  const { items } = await house.ledger();
  const patches = items.filter((one) => one.face === "kubernetes" && one.verb === "patch" && one.body?.spec?.unschedulable === true);
  const took = [];
  for (const { id, node } of sent) {
    const from = Date.parse((await house.api("GET", `alarms/${id}`)).received_at);
    const hit = patches.find((one) => one.path.endsWith(`/nodes/${node}`) && Date.parse(one.at) >= from);
    if (hit) took.push((Date.parse(hit.at) - from) / speed);
  }
  took.sort((a, b) => a - b);
  if (took.length < samples) console.log(`only ${took.length} of ${samples} alarms led to a cordon`);
  report(`alarm to cordon patch, p50 of ${took.length}`, share(took, 0.5), "ms");
  report(`alarm to cordon patch, p99 of ${took.length}`, share(took, 0.99), "ms", 25);
}

async function ingest(house, facts) {
  for (let i = 0; i < 20; i += 1) {
    await house.api("POST", "rules", {
      name: `bench ${i}`, position: 100 + i, enabled: true, mode: "observe", labels: {}, cluster: null,
      pattern: `bench-${i} (?<node>[a-z0-9.-]+) is (?:down|gone)`,
    });
  }
  const url = new URL(facts.hooks.sandbox.path, facts.url);
  for (const connections of [64, 256]) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
    const begin = performance.now();
    const until = begin + 5000;
    let good = 0;
    let bad = 0;
    const one = async (lane) => {
      for (let n = 0; performance.now() < until; n += 1) {
        const body = `disk nearly full on db-${connections}-${lane}-${n}`;
        const headers = { authorization: `Bearer ${facts.hooks.sandbox.token}`, "content-type": "text/plain", "content-length": body.length };
        const { status } = await ask(agent, "POST", url, { headers, body });
        if (status === 202) good += 1;
        else bad += 1;
      }
    };
    await Promise.all(Array.from({ length: connections }, (_, lane) => one(lane)));
    report(`durable ingest, ${connections} connections, 20 rules`, (good * 1000) / (performance.now() - begin), "/s", 1000, true);
    if (bad) console.log(`  ${bad} of them were not answered 202`);
    agent.destroy();
  }
}

// Through the sign-in page and its button, as a browser would.
async function now(facts) {
  const link = new URL(facts.sign_in, facts.url);
  const html = (await ask(plain, "GET", link)).bytes.toString();
  const form = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0] ?? "";
  const action = /action="([^"]*)"/.exec(form)?.[1]?.replaceAll("&amp;", "&") ?? link.pathname;
  const fields = [...form.matchAll(/<input[^>]*>/g)].map(([input]) => [
    /name="([^"]*)"/.exec(input)?.[1], /value="([^"]*)"/.exec(input)?.[1] ?? "",
  ]).filter(([name]) => name);
  const body = new URLSearchParams(fields).toString();
  const posted = await ask(plain, "POST", new URL(action, link), {
    headers: { "content-type": "application/x-www-form-urlencoded", origin: link.origin, "sec-fetch-site": "same-origin", accept: "text/html" },
    body,
  });
  const cookie = (posted.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
  const headers = { cookie, "accept-encoding": "br", accept: "text/html" };
  const page = await ask(plain, "GET", new URL("/", facts.url), { headers });
  if (page.status !== 200) throw new Error(`Now answered ${page.status}`);
  report(`Now, HTML with styles (${page.headers["content-encoding"] ?? "not packed"})`, page.bytes.length / 1024, "KB", 14);
  const site = Object.fromEntries(readFileSync(new URL("../site/manifest.txt", import.meta.url), "utf8").trim().split("\n").map((line) => line.split("=")));
  let scripts = 0;
  for (const name of ["loader", "js", "wasm"]) {
    const { bytes } = await ask(plain, "GET", new URL(site[name], facts.url), { headers: { "accept-encoding": "br" } });
    if (name === "wasm") report("wasm (br)", bytes.length / 1024, "KB", 140);
    else scripts += bytes.length;
  }
  report("scripts (br)", scripts / 1024, "KB", 12);
}

async function alone() {
  const port = await freePort();
  const config = join(folder, "serve.toml");
  const world = start(["sandbox", "--world-only", "--config-out", config, "--addr", `127.0.0.1:${port}`, "--data", join(folder, "world"), "--print-json"]);
  await world.first;
  const begin = performance.now();
  const serve = spawn(binary, ["serve", "--config", config], { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, RUST_LOG: "off" } });
  children.push(serve);
  for (;;) {
    const status = await ask(plain, "GET", `http://127.0.0.1:${port}/readyz`).then((one) => one.status, () => 0);
    if (status === 200) break;
    if (performance.now() - begin > 30000) throw new Error("serve was not ready within 30 s");
    await pause(5);
  }
  report("start-up of serve until ready", performance.now() - begin, "ms");
  await pause(15000);
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${serve.pid}/status`, "utf8"))[1]);
  report("idle memory of serve (RSS)", rss / 1024, "MB", 64);
  await stop(serve);
  await stop(world.child);
}

// The generated workers and their pods come on top of twelve nodes with 44 pods.
async function scale(clusters, nodes, pods) {
  const what = clusters === 1 ? `${nodes} nodes, ${pods} pods` : `${clusters} clusters of ${nodes} nodes, ${pods} pods`;
  const port = await freePort();
  const data = mkdtempSync(join(folder, "scale-"));
  const config = join(data, "serve.toml");
  const size = ["--clusters", clusters, "--nodes", nodes - 12, "--pods", pods - 44].map(String);
  const world = start(["sandbox", "--world-only", "--config-out", config, "--addr", `127.0.0.1:${port}`, "--data", data, "--print-json", ...size]);
  const facts = JSON.parse(await world.first);
  const begin = performance.now();
  const serve = spawn(binary, ["serve", "--config", config], { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, RUST_LOG: "off" } });
  children.push(serve);
  const headers = { authorization: `Bearer ${facts.admin_token}` };
  const look = async () => {
    const answer = await ask(plain, "GET", `http://127.0.0.1:${port}/api/v1/clusters`, { headers });
    return answer.status === 200 ? JSON.parse(answer.bytes.toString()).items : [];
  };
  for (let seen = []; ; seen = await look().catch(() => [])) {
    if (seen.length === clusters && seen.every((one) => one.verdict !== "blind")) {
      const count = (of) => seen.reduce((sum, one) => sum + of(one), 0);
      if (count((one) => one.nodes.total) !== clusters * nodes) throw new Error(`${count((one) => one.nodes.total)} nodes were seen`);
      if (count((one) => one.pods.total) !== clusters * pods) throw new Error(`${count((one) => one.pods.total)} pods were seen`);
      break;
    }
    if (performance.now() - begin > 120000) throw new Error(`${what}: the first sync took more than 120 s`);
    await pause(50);
  }
  report(`first sync, ${what}`, (performance.now() - begin) / 1000, "s");
  await pause(Number(process.env.BENCH_SCALE_S ?? 70) * 1000);
  const took = [];
  for (let i = 0; i < 100; i += 1) {
    const from = performance.now();
    await look();
    took.push(performance.now() - from);
    await pause(20);
  }
  took.sort((a, b) => a - b);
  report(`health of all from the cache, p50`, share(took, 0.5), "ms", 20);
  report(`health of all from the cache, p99`, share(took, 0.99), "ms");
  const status = readFileSync(`/proc/${serve.pid}/status`, "utf8");
  report("memory of serve (RSS)", Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024, "MB", 400);
  report("most memory of serve so far", Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024, "MB", 400);
  await stop(serve);
  await stop(world.child);
}

async function small() {
  await alone();
  const { child, first } = start(["sandbox", "--print-json", "--addr", "127.0.0.1:0", "--speed", String(speed), "--data", join(folder, "house")]);
  const facts = JSON.parse(await first);
  const house = door(facts);
  await now(facts);
  await cordons(house);
  await ingest(house, facts);
  await stop(child);
}

try {
  if (process.env.BENCH_ONLY !== "scale") await small();
  await scale(1, 5000, 50000);
  await scale(20, 250, 2500);
} finally {
  for (const child of children) await stop(child);
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = over > 0 ? 1 : 0;
