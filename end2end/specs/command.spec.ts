// The grammar, typed on the command page and sent through REST.
import type { Page } from "@playwright/test";
import { expect, sandbox, test } from "../house";

const house = sandbox({ speed: 10 });

async function say(page: Page, line: string): Promise<void> {
  await page.goto(house.url("/command"));
  await page.getByLabel("Command").fill(line);
  await page.getByRole("button", { name: "Run" }).click();
}

test("cluster-health answers in words", async ({ page }) => {
  await house.signIn(page);
  await say(page, "Cluster-Health  PROD");
  const answer = page.locator("#answer");
  await expect(answer).toContainText(/prod healthy, seen \d+ s ago/);
  await expect(answer).toContainText("nodes 12/12");
  await expect(answer).toContainText(/pods 43\/44/);
  await expect(answer).toContainText(/report-\S+: CrashLoopBackOff/);
  await expect(page.getByLabel("Command")).toBeVisible();
});

test("startup of a healthy node starts nothing and says why", async ({ page }) => {
  await house.signIn(page);
  await say(page, "10.0.0.12 startup");
  await expect(page.getByRole("alert")).toContainText(/node-12 is Ready, machine running since \d\d:\d\d; nothing started/);
  await expect(page.getByLabel("Command"), "the line is kept to be mended").toHaveValue("10.0.0.12 startup");
  const told = await house.api("POST", "commands", { text: "10.0.0.12 startup" });
  expect(told.status).toBe(409);
  expect(told.body.type).toBe("/problems/already-healthy");
  expect(await house.starts("node-12")).toEqual([]);
});

test("startup of a node whose machine is off starts it after the grace", async ({ page }) => {
  await house.rule({ mode: "observe" });
  await house.happen("node-15", "power-off");
  await expect.poll(async () => (await house.node("node-15")).ready, { timeout: 30_000 }).toBe(false);
  await house.signIn(page);
  await say(page, "10.0.0.15 startup");
  await expect(page.locator("#answer")).toContainText(/Starting node-15 \(10\.0\.0\.15\) in prod/);
  await page.locator("#answer").getByRole("link", { name: /recovery/i }).click();
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  const { id } = await house.begun("node-15");
  const recovery = await house.ended(id);
  expect(recovery).toMatchObject({ state: "recovered", trigger: { kind: "page" } });
  expect(recovery.events.map((one: any) => one.kind)).toContain("grace_started");
  const { status } = (await house.api("GET", `alarms/${recovery.trigger.alarm_id}`)).body;
  expect(status, "the alarm that was only observed is closed with it").toBe("closed");
  expect(await house.starts("node-15")).toHaveLength(1);
});

test("an unknown word is refused with the nearest call", async ({ page }) => {
  await house.signIn(page);
  await say(page, "clster-health prod");
  await expect(page.getByRole("alert")).toContainText("cluster-health prod");
  const told = await house.api("POST", "commands", { text: "node-12 strtup" });
  expect(told.status).toBe(422);
  expect(told.body.detail).toContain("node-12 startup");
  expect(told.body.errors[0]).toMatchObject({ field: "text", position: 8 });
});

test("REST runs the grammar", async () => {
  for (const [text, words] of [
    ["cluster-health prod", /prod healthy/], ["health prod", /nodes 12\/12/], ["nodes prod", /node-12/], ["status", /./],
    ["alarms", /./], ["who", /admin/], ["help", /startup/], ["STATUS ", /./],
  ] as const) {
    const told = await house.api("POST", "commands", { text });
    expect(told.status, text).toBe(200);
    expect(told.body.reply, text).toMatch(words);
  }
  await house.happen("node-16", "power-off");
  await expect.poll(async () => (await house.node("node-16")).ready, { timeout: 30_000 }).toBe(false);
  const started = await house.api("POST", "commands", { text: "start prod/node-16" });
  expect(started.status).toBeLessThan(300);
  expect(await house.ended(started.body.recovery_id)).toMatchObject({ state: "recovered", trigger: { kind: "api" } });
});

test("pause holds automatic starts back and resume lifts it with a reason", async ({ page }) => {
  await house.rule({ mode: "auto" });
  expect((await house.api("POST", "commands", { text: "pause storage work" })).status).toBe(200);
  expect((await house.api("GET", "switch")).body).toMatchObject({ mode: "pause" });
  await house.signIn(page);
  await expect(page.locator("#switches")).toContainText("storage work");
  const alarm = await house.alarm("HOST 10.0.0.17 down, IP: 10.0.0.17 Cluster prod");
  await expect.poll(async () => (await house.api("GET", `alarms/${alarm.body.alarms[0].id}`)).body.disposition).toBe("suppressed");
  expect((await house.api("POST", "commands", { text: "resume" })).status, "lifting needs a reason").toBe(422);
  expect((await house.api("POST", "commands", { text: "resume work is done" })).status).toBe(200);
  expect((await house.api("GET", "switch")).body).toMatchObject({ mode: "run" });
});
