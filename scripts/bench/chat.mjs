// chat BINARY: how soon a chat is answered while 50 recoveries run, from the signed request to the words at the other side. A
// stand-in on loopback takes what is said to Slack. One line each, OVER beyond the budget, and the run then ends with 1.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const binary = process.argv[2];
const LINES = Number(process.env.BENCH_LINES ?? 300);
const [CLUSTERS, DOWN] = [5, 10];
const SIGNING = "of-no-worth";
const folder = mkdtempSync(join(tmpdir(), "uncordon-chat-"));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const children = [];
let over = 0;

// What is said to Slack: whoever waits for words gets the moment they came.
let wait;
const slack = http.createServer((request, answer) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    if (request.url.includes("chat.post")) wait?.([performance.now(), JSON.parse(body).text]);
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ ok: true, ts: `${Date.now()}.000001`, user_id: "UBOT", user: "uncordon", team: "bench" }));
  });
});
await new Promise((open) => slack.listen(0, "127.0.0.1", open));

function start(args, first) {
  const child = spawn(binary, args, { stdio: ["ignore", first ? "pipe" : "ignore", "inherit"], env: { ...process.env, RUST_LOG: "off" } });
  children.push(child);
  return first && new Promise((done) => createInterface({ input: child.stdout }).once("line", done));
}

const config = join(folder, "serve.toml");
const secret = (name, text) => (writeFileSync(join(folder, name), text), JSON.stringify(join(folder, name)));
const facts = JSON.parse(await start(["sandbox", "--world-only", "--config-out", config, "--addr", "127.0.0.1:0", "--data", folder, "--print-json", "--clusters", `${CLUSTERS}`, "--nodes", "50", "--pods", "400"], true));
const free = http.createServer();
await new Promise((open) => free.listen(0, "127.0.0.1", open));
const { port } = free.address();
await new Promise((closed) => free.close(closed));
const url = `http://127.0.0.1:${port}`;
const text = readFileSync(config, "utf8").replace(/^listen = .*$/m, `listen = "127.0.0.1:${port}"`).replace(/^public_url = .*$/m, `public_url = "${url}"`);
writeFileSync(config, `${text}
[[chat]]
name = "bench"
kind = "slack"
api_url = "http://127.0.0.1:${slack.address().port}"
token_file = ${secret("token", "of-no-worth")}
signing_file = ${secret("signing", SIGNING)}
`);
start(["serve", "--config", config]);

const api = async (method, path, body) => {
  const headers = { authorization: `Bearer ${facts.admin_token}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: await answer.json().catch(() => undefined) };
};

let number = 0;
function say(words) {
  number += 1;
  const now = Date.now() / 1000;
  const ts = `${Math.floor(now)}.${String(number).padStart(6, "0")}`;
  const body = JSON.stringify({
    type: "event_callback", team_id: "T1", event_id: `Ev${number}`, authorizations: [{ user_id: "UBOT" }],
    event: { type: "message", channel: "C1", channel_type: "channel", user: "U1", text: words, ts },
  });
  const stamp = `${Math.floor(now)}`;
  const signature = `v0=${createHmac("sha256", SIGNING).update(`v0:${stamp}:${body}`).digest("hex")}`;
  const heard = new Promise((done) => (wait = done));
  const begin = performance.now();
  const headers = { "content-type": "application/json", "x-slack-signature": signature, "x-slack-request-timestamp": stamp };
  const sent = fetch(`${url}/hooks/chat/bench`, { method: "POST", headers, body });
  return Promise.all([heard, sent]).then(([[at, said]]) => ({ took: at - begin, said }));
}

// Signed in as a browser would be, for the code that links a chat.
async function link() {
  const given = new URL(facts.sign_in, url);
  const page = new URL(given.pathname + given.search, url);
  const form = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(await (await fetch(page)).text())[0];
  const action = /action="([^"]*)"/.exec(form)?.[1]?.replaceAll("&amp;", "&") ?? page.pathname;
  const fields = [...form.matchAll(/<input[^>]*>/g)].map(([one]) => [/name="([^"]*)"/.exec(one)?.[1], /value="([^"]*)"/.exec(one)?.[1] ?? ""]).filter(([name]) => name);
  const browser = { "content-type": "application/x-www-form-urlencoded", origin: url, "sec-fetch-site": "same-origin", accept: "text/html" };
  const jar = new Map();
  const go = async (path, body) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(new URL(path, url), { method: body === undefined ? "GET" : "POST", redirect: "manual", headers: { ...browser, cookie }, body });
    for (const one of answer.headers.getSetCookie()) jar.set(one.split("=")[0], one.split(";")[0].split("=").slice(1).join("="));
    return answer.text();
  };
  await go(action, new URLSearchParams(fields).toString());
  await go("/do/show_link_code", "");
  const code = /link (\d{8})/.exec(await go("/settings"))[1];
  const { said } = await say(`link ${code}`);
  if (!said.startsWith("From now on")) throw new Error(said);
}

async function recoveries() {
  const { body } = await api("GET", "clusters");
  for (const { name } of body.items) {
    const nodes = (await api("GET", `clusters/${name}/nodes?limit=100`)).body.items.filter((one) => !/control|cp|master/.test(`${one.name} ${one.roles ?? ""}`));
    for (const { name: node } of nodes.slice(-DOWN)) {
      await fetch(new URL(`/sandbox/clusters/${name}/nodes/${node}/power-off`, facts.world), { method: "POST" });
      const began = await api("POST", `clusters/${name}/nodes/${node}/start`, { confirm: node });
      if (began.status >= 300) console.log(`  ${node} in ${name}: ${began.status} ${began.body?.detail ?? ""}`);
    }
  }
  return (await api("GET", "recoveries?limit=100")).body.items.filter((one) => !one.ended_at).length;
}

try {
  for (let left = 600; (await fetch(`${url}/readyz`).catch(() => undefined))?.status !== 200 || (await api("GET", "clusters")).body.items.some((one) => one.verdict === "blind"); left -= 1) {
    if (left === 0) throw new Error("serve was not ready within 60 s");
    await pause(100);
  }
  await link();
  const running = await recoveries();
  const took = [];
  for (let n = 0; n < LINES; n += 1) {
    took.push((await say(["status", "who", "cluster-health prod", "nodes prod", "alarms"][n % 5])).took);
    await pause(20);
  }
  took.sort((a, b) => a - b);
  for (const [name, part] of [["p50", 0.5], ["p99", 0.99]]) {
    const value = took[Math.ceil(took.length * part) - 1];
    const bad = value > 1000;
    if (bad) over += 1;
    console.log(`chat answer with ${running} recoveries, ${name} of ${took.length}`.padEnd(44), value.toFixed(1).padStart(9), `ms  (budget at most 1000)${bad ? "  OVER" : ""}`);
  }
} finally {
  for (const child of children.reverse()) {
    child.kill("SIGTERM");
    await new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.once("exit", done) : done()));
  }
  slack.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = over > 0 ? 1 : 0;
