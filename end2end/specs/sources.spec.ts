// Alarm sources of a real installation: Grafana, any JSON, heartbeats, and a cluster that raises its own alarms.
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../house";
import { Mortal } from "../killed";

const SECRET = "a secret of a test";
const SOURCES = `
[[alarm_source]]
name = "grafana"
kind = "grafana"
signature_file = "grafana-secret"
[alarm_source.heartbeat]
pattern = "^Watchdog$"
silent_s = 300

[[alarm_source]]
name = "events"
kind = "json"
token_file = "hook-token"
[alarm_source.fields]
items = "/events"
text = "HOST {/host} down, IP: {/ip} Cluster prod"
fingerprint = "{/id}"
status = "/state"
firing = ["PROBLEM"]
resolved = ["OK"]

[guards]
`;

const mortal = new Mortal();
const { house } = mortal;

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  await mortal.open(10, { alarm_ttl_s: 1800 }, (toml, folder) => {
    writeFileSync(join(folder, "grafana-secret"), SECRET);
    return toml.replace("[guards]\n", SOURCES).replace("cloud = \"sandbox\"\n", "cloud = \"sandbox\"\nnode_watch_s = 60\n");
  });
  await expect.poll(async () => (await house.api("GET", "clusters/prod/health")).body.verdict, { timeout: 30_000 }).toBe("healthy");
});
test.afterAll(() => mortal.close());
test.afterEach(async ({}, info) => {
  if (info.status === info.expectedStatus) return;
  await info.attach("serve", { body: mortal.said.slice(-200).join("\n"), contentType: "text/plain" });
});

function grafana(alerts: object[], secret = SECRET) {
  const body = JSON.stringify({ version: "1", receiver: "uncordon", status: "firing", alerts });
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  return house.call("POST", "/hooks/grafana", body, { "content-type": "application/json", "x-grafana-alerting-signature": signature });
}

const alarms = async (source: string) =>
  (await house.api("GET", "alarms?limit=500")).body.items.filter((one: any) => one.source === source);

test("a cluster raises its own alarm when a node stays silent, and takes it back", async () => {
  // The world's own monitoring tells of the node too: it is not heard here.
  await house.rule({ mode: "ask", labels: { alertname: "NodeNotReady" } });
  await house.happen("node-13", "power-off");
  const { id } = await house.begun("node-13");
  const recovery = (await house.api("GET", `recoveries/${id}`)).body;
  expect(recovery.trigger.kind).toBe("node_watch");
  expect((await alarms("node-watch"))[0].text).toContain("HOST node-13 down, IP: 10.0.0.13 Cluster prod");
  await house.happen("node-13", "heal");
  expect((await house.ended(id)).outcome).toBe("self_healed");
});

test("Grafana's signed webhook starts a recovery; a body signed with another secret does not count", async () => {
  await house.rule({ labels: { alertname: "HostDown" } });
  const alert = (ip: string) => ({
    status: "firing", labels: { alertname: "HostDown" }, annotations: { summary: `HOST ${ip} down, IP: ${ip} Cluster prod` },
    startsAt: new Date().toISOString(), fingerprint: `f-${ip}`,
  });
  expect((await grafana([alert("10.0.0.14")], "another")).status).toBe(401);
  expect(await alarms("grafana")).toHaveLength(0);
  const answer = await grafana([alert("10.0.0.14")]);
  expect(answer.status).toBe(202);
  // The node is well: the recovery finds that out by itself.
  expect((await house.ended((await house.begun("node-14")).id)).outcome).toBe("false_alarm");
});

test("JSON of any shape is read by its mapping, and what does not fit is refused with its place", async () => {
  await house.rule({ labels: {} });
  const { token } = house.facts.hooks.sandbox;
  const send = (events: object[]) => house.call("POST", "/hooks/events", { events }, { authorization: `Bearer ${token}` });
  const event = { id: 7, host: "node-16", ip: "10.0.0.16", state: "PROBLEM" };
  expect((await send([event])).status).toBe(202);
  expect((await house.ended((await house.begun("node-16")).id)).outcome).toBe("false_alarm");
  const refused = await send([{ id: 8, state: "PROBLEM" }]);
  expect(refused.status).toBe(400);
  expect(refused.body.detail).toContain("/host");
});

test("a heartbeat that stays away is shown on Now until it is back", async ({ page }) => {
  const beat = () => grafana([{ status: "firing", labels: { alertname: "Watchdog" }, annotations: {}, startsAt: "2026-11-25T00:00:00Z", fingerprint: "w" }]);
  await expect.poll(() => alarms("heartbeat"), { timeout: 60_000 }).toHaveLength(1);
  await house.signIn(page);
  const missed = page.getByText("No heartbeat from alarm source grafana");
  await expect(missed).toBeVisible();
  expect((await beat()).status).toBe(202);
  await expect(missed).toHaveCount(0);
});
