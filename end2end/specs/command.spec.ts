// The grammar, typed on the command page and sent through REST.
import type { Page } from "@playwright/test";
import { accessible, awake, expect, fits, sandbox, tappable, test } from "../house";

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
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: house.facts.url });
  await answer.getByRole("button", { name: "Copy as text" }).click();
  await expect(answer.locator("[data-said]")).toHaveText("Copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("nodes 12/12");
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
  await expect(page.locator("#answer").getByRole("button", { name: "Cancel" }), "5 s to take it back, right here").toBeVisible();
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
  // The second tap of a double one on Pause meets Freeze in its place, and is none.
  const hasty = await page.context().newPage();
  const posts: string[] = [];
  hasty.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  await hasty.addInitScript(() => addEventListener("DOMContentLoaded", () => document.querySelector<HTMLElement>("#throw button")!.click()));
  await hasty.goto(house.url("/settings"));
  await expect(hasty.locator("#throw").getByRole("button", { name: "Freeze" })).toBeVisible();
  expect(posts).toEqual([]);
  expect((await house.api("GET", "switch")).body).toMatchObject({ mode: "pause" });
  await hasty.close();
  const alarm = await house.alarm("HOST 10.0.0.17 down, IP: 10.0.0.17 Cluster prod");
  await expect.poll(async () => (await house.api("GET", `alarms/${alarm.body.alarms[0].id}`)).body.disposition).toBe("suppressed");
  expect((await house.api("POST", "commands", { text: "resume" })).status, "lifting needs a reason").toBe(422);
  expect((await house.api("POST", "commands", { text: "resume work is done" })).status).toBe(200);
  expect((await house.api("GET", "switch")).body).toMatchObject({ mode: "run" });
});

test("the reading is shown before Run, and a wrong word is marked with what is near", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/command"));
  await awake(page);
  const field = page.getByLabel("Command");
  const reading = page.locator("#reading");
  await field.fill("10.0.0.12 startup");
  await expect(reading).toContainText("node-12 in prod: Ready, and its machine runs. Nothing to start.");
  await field.fill("cluster-health prd");
  await expect(reading).toContainText("No cluster is called prd.");
  await field.fill("clster-health prod");
  await expect(reading.locator("mark")).toHaveText("clster-health");
  await reading.getByRole("link", { name: "cluster-health prod" }).click();
  await expect(field).toHaveValue("cluster-health prod");
  await expect(page.locator("#answer"), "a tap on an offer runs nothing").toHaveCount(0);
  await field.fill("10.0.0.0 startup");
  await expect(reading).toContainText("No node has the name or address 10.0.0.0.");
  await expect(reading.getByRole("link").first()).toContainText("10.0.0.1 startup");
  expect(await house.starts("node-12")).toEqual([]);
});

test("the field is a combobox that the keyboard alone can use", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/command"));
  await awake(page);
  const field = page.getByRole("combobox", { name: "Command" });
  await field.focus();
  await expect(field).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.type("health");
  await expect(field).toHaveAttribute("aria-expanded", "true");
  const options = page.getByRole("listbox", { name: "Calls" }).getByRole("option");
  await expect(options.first()).toContainText("cluster-health prod");
  expect(await options.count()).toBeLessThanOrEqual(6);
  await page.keyboard.press("ArrowDown");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await expect(field).toHaveAttribute("aria-activedescendant", (await options.first().getAttribute("id"))!);
  await page.keyboard.press("Enter");
  await expect(field, "Enter takes the option and runs nothing").toHaveValue("cluster-health prod");
  await expect(field).toHaveAttribute("aria-expanded", "false");
  await expect(page.locator("#reading")).toContainText("Reads the health of prod.");
  await page.keyboard.press("Enter");
  await expect(page.locator("#answer")).toContainText("prod healthy");
  await awake(page);
  await field.fill("nod");
  await page.keyboard.press("Escape");
  await expect(field).toHaveAttribute("aria-expanded", "false");
  await expect(field).toHaveValue("nod");
});

test("the strip of keys writes signs, verbs and nodes", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/command"));
  await awake(page);
  const field = page.getByLabel("Command");
  await field.fill("10.0.0");
  await page.getByRole("button", { name: "dot" }).click();
  await page.keyboard.type("12");
  await page.getByRole("button", { name: "startup" }).click();
  await expect(field).toHaveValue("10.0.0.12 startup ");
  await expect(field).toBeFocused();
});

test("a shared text fills the field and is never run", async ({ page }) => {
  await house.signIn(page);
  const shared = encodeURIComponent("FIRING host down (10.0.0.14), see the runbook");
  await page.goto(house.url(`/command?q=${shared}&t=PagerDuty`));
  await expect(page.getByLabel("Command")).toHaveValue("10.0.0.14 startup");
  await expect(page.locator("#shared")).toContainText("It names node-14 in prod. Nothing was run.");
  await page.goto(house.url("/command?q=lunch+at+noon"));
  await expect(page.locator("#shared")).toContainText("names no node");
  expect(await house.starts("node-14")).toEqual([]);
});

test("a line that needs a name typed leads to the page that asks for it", async ({ page }) => {
  await house.api("PUT", "switch", { mode: "pause" });
  await house.happen("node-18", "power-off");
  await expect.poll(async () => (await house.node("node-18")).ready, { timeout: 30_000 }).toBe(false);
  await house.signIn(page);
  await page.goto(house.url("/command?text=10.0.0.18+startup"));
  await expect(page.locator("#reading")).toContainText("Needs confirmation");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page).toHaveURL(house.url("/clusters/prod/nodes/node-18/start"));
  expect(await house.starts("node-18")).toEqual([]);
  await house.api("PUT", "switch", { mode: "run", reason: "done" });
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("the history is on every device, runs reads again and never an act", async ({ page }) => {
      await house.signIn(page);
      await say(page, "who");
      await expect(page.locator("#answer")).toContainText("You are");
      await say(page, "10.0.0.12 startup");
      await expect(page.getByRole("alert")).toContainText("nothing started");
      await page.goto(house.url("/command"));
      const history = page.locator("#history li");
      await expect(history.first()).toContainText("10.0.0.12 startup");
      await expect(history.first()).toContainText("Refused");
      await expect(history.first().getByRole("button", { name: "Repeat" })).toHaveCount(0);
      await history.first().getByRole("link", { name: "Put in the field" }).click();
      await expect(page.getByLabel("Command")).toHaveValue("10.0.0.12 startup");
      await page.locator("#history li").filter({ hasText: "You are" }).first().getByRole("button", { name: "Repeat" }).click();
      await expect(page.locator("#answer")).toContainText("You are");
    });
  });
}

test("the command page with calls, an answer and a history fits a small phone @both", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 568 });
  await house.signIn(page);
  await say(page, "nodes prod");
  await expect(page.locator("#answer")).toContainText("node-12");
  await say(page, "cluster-health prod");
  await expect(page.locator("#answer")).toContainText("nodes ");
  await awake(page);
  await fits(page);
  await tappable(page);
  await accessible(page);
  await page.getByLabel("Command").fill("node");
  await expect(page.getByRole("option").first()).toBeVisible();
  const low = await page.getByRole("option").evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 48).length);
  expect(low, "calls lower than 48 px").toBe(0);
  await fits(page);
  await accessible(page);
});
