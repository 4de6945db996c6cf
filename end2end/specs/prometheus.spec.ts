// Debian's real Prometheus and Alertmanager before a real `serve`: a rule fires, the node is recovered, the alert is over.
import { expect, test } from "../house";
import { freePort, Mortal } from "../killed";
import { missing, Monitoring } from "../monitoring";

const mortal = new Mortal();
const monitoring = new Monitoring();
const { house } = mortal;
const why = missing();

test.beforeAll(async () => {
  if (why) return;
  const alertmanager = await freePort();
  // The clock of the world runs as that of the wall: Alertmanager knows no other.
  await mortal.open(1, {}, (toml) => toml.replace(/^(name = "sandbox"\nkind = "alertmanager"[^[]*?api_url = )"[^"]*"/m, `$1"http://127.0.0.1:${alertmanager}"`));
  await expect.poll(async () => (await house.api("GET", "clusters/prod/health")).body.verdict, { timeout: 30_000 }).toBe("healthy");
  const { path, token } = house.facts.hooks.sandbox;
  await monitoring.open(house.url(path), token, async () => {
    const ready = (one: any) => one.status.conditions.some((of: any) => of.type === "Ready" && of.status === "True");
    return { "10.0.0.15": ready(await mortal.object("node-15")) };
  }, alertmanager);
});
test.afterAll(async () => {
  await monitoring.close();
  await mortal.close();
});
test.afterEach(async ({}, info) => {
  if (info.status === info.expectedStatus) return;
  await info.attach("serve", { body: mortal.said.slice(-200).join("\n"), contentType: "text/plain" });
  await info.attach("monitoring", { body: monitoring.said.slice(-100).join(""), contentType: "text/plain" });
});

test("a rule of the real Prometheus fires, the node is recovered, and the alert is over at the real Alertmanager", async () => {
  test.skip(why !== undefined, why);
  test.setTimeout(300_000);
  // The world's own monitoring tells of the node too: it is not heard here.
  await house.rule({ mode: "auto", labels: { alertname: "ScrapedHostDown" } });
  await house.happen("node-15", "power-off");
  await expect.poll(async () => (await monitoring.firing()).length, { timeout: 90_000 }).toBe(1);
  const { id } = await house.begun("node-15");
  const recovery = await house.ended(id);
  expect(recovery.outcome).toBe("recovered");
  expect(recovery.trigger.kind).toBe("alarm");
  expect(await house.starts("node-15")).toHaveLength(1);
  await expect.poll(() => monitoring.firing(), { timeout: 60_000 }).toEqual([]);
  const alarm = (await house.api("GET", `alarms/${recovery.trigger.alarm_id}`)).body;
  expect(["closed", "resolved"]).toContain(alarm.status);
});
