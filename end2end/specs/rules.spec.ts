// Writing a rule: tried while it is typed, kept in versions, never lost in a conflict.
import type { Page } from "@playwright/test";
import { accessible, awake, expect, fits, sandbox, tappable, test } from "../house";

const house = sandbox({ speed: 10 });
const PATTERN = "lost contact to (?P<node>node-\\d+) in (?P<cluster>\\w+)";

/** An alarm that no rule takes. */
async function unmatched(text: string): Promise<void> {
  const { body } = await house.alarm(text);
  await expect.poll(async () => (await house.api("GET", `alarms/${body.alarms[0].id}`)).body.disposition).toMatch(/unmatched|duplicate/);
}

test("a pattern is tried on typed text and on past alarms, with captures and the node they name", async ({ page }) => {
  await unmatched("lost contact to node-13 in prod");
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await awake(page);
  const tested = page.locator("#test");
  await page.getByLabel("Text to test on").fill("lost contact to node-14 in prod, code 7");
  await expect(tested).toContainText("Does not match");
  await page.getByLabel("Pattern").fill(PATTERN);
  await expect(tested.locator("mark").first()).toHaveText("lost contact to node-14 in prod");
  const typed = tested.locator("li").first();
  await expect(typed).toContainText(/node\s*node-14/);
  await expect(typed).toContainText(/cluster\s*prod/);
  await expect(typed).toContainText(/resolves to\s*prod\/node-14/);
  await expect(tested).toContainText("Matches 1 of 1 alarms");
  await expect(tested.getByText("alarm #1").first()).toBeVisible();
  await expect(page.locator("#verdict-text"), "the bottom of the screen says it too").toContainText("Matches 1 of 1 alarms");
  await expect(tested).toContainText("Newly matched (1)");
});

test("a bad pattern is explained with its place, and is not saved", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await awake(page);
  const summary = await page.locator("#verdict-text").innerText();
  await page.getByLabel("Pattern").fill("HOST (?P<ip>[0-9.]+");
  await expect(page.locator("#last-good")).toContainText("Last good result");
  await expect(page.locator("#tried")).toContainText(summary);
  await expect(page.locator("#tried")).toHaveClass(/dim/);
  const fault = page.locator("#pattern-fault");
  await expect(fault).toContainText(/unclosed group/);
  await expect(fault.locator("mark")).toHaveText("(");
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was saved");
  await expect(page.getByRole("alert")).toContainText(/at character 6/);
  await expect(page.getByLabel("Pattern")).toHaveValue("HOST (?P<ip>[0-9.]+");
  const refused = await house.api("POST", "rules/try", { pattern: "HOST (?P<ip>[0-9.]+", text: "x" });
  expect(refused.status).toBe(422);
  expect(refused.body.errors[0]).toMatchObject({ field: "pattern", position: 5 });
  expect((await house.api("GET", "rules/1")).body.version).toBe(1);
});

test("saving makes version 2, and version 1 can be brought back", async ({ page }) => {
  const { pattern: before, version } = (await house.api("GET", "rules/1")).body;
  expect(version).toBe(1);
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await page.getByLabel("Pattern").fill(PATTERN);
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByText("Saved as version 2")).toBeVisible();
  // What an armed rule matches was changed: it asks until somebody has looked at its hits.
  await expect(page.getByText("It asks from now on")).toBeVisible();
  expect((await house.api("GET", "rules/1")).body).toMatchObject({ version: 2, pattern: PATTERN, mode: "ask" });
  await expect(page.locator("#live-version")).toContainText("Version 2 is live.");
  await page.locator("#versions summary").first().click();
  await expect(page.locator("#versions mark").first(), "what changed is marked").toBeVisible();
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await expect(page.getByText("Version 1 is back, as version 3")).toBeVisible();
  await expect(page.getByLabel("Pattern")).toHaveValue(before);
  expect((await house.api("GET", "rules/1")).body).toMatchObject({ version: 3, pattern: before });
  const versions = (await house.api("GET", "rules/1/versions")).body.items.map((one: any) => one.version);
  expect(versions).toEqual([3, 2, 1]);
  await page.goto(house.url("/rules/1"));
  await page.getByRole("button", { name: "Revert to 2" }).click();
  await expect(page.getByText("Version 2 is back, as version 4")).toBeVisible();
  await page.getByRole("button", { name: "Revert to 3" }).click();
  await expect(page.getByText("Version 3 is back, as version 5"), "the way back stays").toBeVisible();
});

test("somebody else's save in between is told, and what was typed is kept", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await house.rule({ position: 7 });
  await page.getByLabel("Pattern").fill("typed (?P<ip>[0-9.]+) while another saved");
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByRole("alert")).toContainText("What you typed is kept below");
  await expect(page.getByRole("alert")).toContainText(/\S+ saved version \d+ while you edited version \d+/);
  const three = page.locator("#newer");
  await expect(three).toContainText("Three versions");
  await expect(three.getByText("Yours").first()).toBeVisible();
  await expect(three.getByRole("heading", { name: "Position" }), "what they changed").toBeVisible();
  await expect(three.locator("mark").first(), "what you changed").toBeVisible();
  await expect(page.getByLabel("Pattern")).toHaveValue("typed (?P<ip>[0-9.]+) while another saved");
  expect((await house.api("GET", "rules/1")).body).toMatchObject({ position: 7 });
  const { body } = await house.api("GET", "rules/1");
  expect((await house.api("PUT", "rules/1", { ...body, version: body.version - 1 })).status).toBe(409);
});

test("a new rule made from an unmatched alarm observes only, and takes the next such alarm", async ({ page }) => {
  await unmatched("lost contact to node-13 in prod");
  await house.signIn(page);
  await page.goto(house.url("/rules"));
  await page.getByRole("link", { name: "Rule from this" }).first().click();
  await expect(page.getByLabel("Text to test on")).toHaveValue("lost contact to node-13 in prod");
  await expect(page.getByLabel("Mode")).toHaveValue("observe");
  await expect(page.getByLabel("Pattern"), "its pattern is begun").toHaveValue(
    "lost contact to (?P<node>[A-Za-z0-9.-]+) in (?P<cluster>[A-Za-z0-9._-]+)",
  );
  await expect(page.locator("#test")).toContainText(/resolves to\s*prod\/node-13/);
  await page.getByLabel("Name", { exact: true }).fill("lost-contact");
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  const sent = await house.alarm("lost contact to node-16 in prod");
  const id = sent.body.alarms[0].id;
  await expect.poll(async () => (await house.api("GET", `alarms/${id}`)).body.rule_id).toBeGreaterThan(1);
  expect(await house.ledger().then((all) => all.filter((one) => one.node === "node-16")), "observe touches nothing").toEqual([]);
});

/** Where the rules stand, as the editor of a new rule with a pattern. */
async function begin(page: Page, pattern: string): Promise<void> {
  await page.goto(house.url("/rules/new"));
  await page.getByLabel("Name", { exact: true }).fill(`rule-${Date.now()}`);
  await page.getByLabel("Pattern").fill(pattern);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a pinned alarm blocks a save that would lose it, and holds again when the pattern does", async ({ page }) => {
      await unmatched("disk full on node-14");
      await house.signIn(page);
      await begin(page, "disk full on (?P<node>\\S+)");
      if (javaScriptEnabled) await awake(page);
      else await page.getByRole("button", { name: "Test", exact: true }).click();
      await page.getByRole("button", { name: /^Must match: alarm/ }).first().click();
      await expect(page.locator("#pinned")).toContainText("1: Must match");
      await expect(page.locator("#pinned")).toContainText("holds");
      await expect(page.getByLabel("Pattern"), "what was typed is kept").toHaveValue("disk full on (?P<node>\\S+)");
      await page.getByLabel("Pattern").fill("disk (?P<node>\\S+) is full");
      await page.getByRole("button", { name: "Save rule" }).click();
      await expect(page.getByRole("alert")).toContainText('pin 1 must match and does not: "disk full on node-14"');
      await expect(page.locator("#pinned")).toContainText("fails: blocks saving");
      await page.getByLabel("Pattern").fill("disk full on (?P<node>.+)");
      await page.getByRole("button", { name: "Save rule" }).click();
      await expect(page.getByText("Saved as version 1")).toBeVisible();
      await expect(page.locator("#pinned")).toContainText("1: Must match");
      const id = Number(new URL(page.url()).pathname.split("/").pop());
      const { body } = await house.api("GET", `rules/${id}`);
      expect(body.pins).toEqual([{ must: "match", text: "disk full on node-14", labels: {} }]);
      const refused = await house.api("PUT", `rules/${id}`, { ...body, pattern: "nothing (?P<node>.+)" });
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0].field).toBe("pins");
      const { pins: _, ...without } = body;
      const kept = await house.api("PUT", `rules/${id}`, { ...without, position: 40 });
      expect(kept.body.pins, "a caller that knows no pins keeps them").toEqual(body.pins);
      await page.goto(house.url(`/rules/${id}`));
      await page.getByRole("button", { name: "Unpin 1" }).click();
      await expect(page.locator("#pinned")).toHaveCount(0);
      await house.api("DELETE", `rules/${id}`);
    });
  });
}

test("the switches are kept inside the pattern, and the keys write at the cursor", async ({ page }) => {
  await house.signIn(page);
  await begin(page, "HOST (?P<ip>[0-9.]+)");
  await awake(page);
  await page.getByLabel("Ignore case").uncheck();
  await page.getByLabel("Multi-line").check();
  await page.getByLabel("Pattern").press("Control+Home");
  await page.getByRole("button", { name: "beginning" }).click();
  await expect(page.getByLabel("Pattern")).toHaveValue("^HOST (?P<ip>[0-9.]+)");
  await page.keyboard.type("A");
  await expect(page.getByLabel("Pattern"), "the cursor stands behind the sign").toHaveValue("^AHOST (?P<ip>[0-9.]+)");
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  const id = Number(new URL(page.url()).pathname.split("/").pop());
  expect((await house.api("GET", `rules/${id}`)).body.pattern).toBe("(?m-i)^AHOST (?P<ip>[0-9.]+)");
  await expect(page.getByLabel("Pattern")).toHaveValue("^AHOST (?P<ip>[0-9.]+)");
  await expect(page.getByLabel("Ignore case")).not.toBeChecked();
  await house.api("DELETE", `rules/${id}`);
});

test("a pattern that matches nothing shows how far the nearest alarms follow it", async ({ page }) => {
  await unmatched("lost contact to node-13 in prod");
  await house.signIn(page);
  await begin(page, "lost contact to (?P<node>\\S+) in test");
  await awake(page);
  await expect(page.locator("#test")).toContainText("Nearest alarms");
  await expect(page.locator("#test mark").first()).toContainText(/lost contact to node-1\d/);
  await expect(page.locator("#test")).toContainText("The pattern matches as far as lost contact to");
  const tried = await house.api("POST", "rules/try", { pattern: "lost contact to (?P<node>\\S+) in test" });
  expect(tried.body).toMatchObject({ matched: 0, newly_matched: 0, against: null });
  expect(tried.body.nearest[0].matches_up_to).toContain("lost contact to");
});

test("an earlier rule that takes the alarms is named", async ({ page }) => {
  await house.signIn(page);
  await house.alarm("HOST 10.0.0.77 down, IP: 10.0.0.77 Cluster prod");
  await begin(page, "HOST (?P<ip>10.0.0.77) down");
  await awake(page);
  await expect(page.locator("#test")).toContainText(/Also matched earlier by \S+: this rule never sees \d+ of these/);
});

test("a question that was overtaken is taken back, and offline the test says so", async ({ page, context, noise }) => {
  noise.expect(/ERR_INTERNET_DISCONNECTED|ERR_ABORTED/);
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await awake(page);
  const ended: string[] = [];
  page.on("requestfailed", (request) => ended.push(request.failure()?.errorText ?? ""));
  let held = 0;
  await page.route("**/do/try_rule", async (route) => {
    held += 1;
    // The first question stays unanswered: only a question that is taken back lets the next one count.
    if (held > 1) await route.continue();
  });
  await page.getByLabel("Pattern").fill("HOST (?P<ip>first)");
  await expect.poll(() => held).toBe(1);
  await expect(page.locator("#test").getByText("Testing")).toBeVisible();
  await page.getByLabel("Pattern").fill("HOST (?P<ip>second)");
  await expect.poll(() => held).toBe(2);
  await expect(page.locator("#test").getByText("Testing")).toBeHidden();
  expect(ended).toEqual(["net::ERR_ABORTED"]);
  await context.setOffline(true);
  await page.getByLabel("Pattern").fill("HOST (?P<ip>third)");
  await expect(page.locator("#verdict-text")).toContainText("needs a connection");
  await expect(page.getByLabel("Pattern")).toHaveValue("HOST (?P<ip>third)");
  await context.setOffline(false);
});

test("somebody who may not save is told so and may still try", async ({ page }) => {
  const link = await house.run("user", "invite", "--name", "Vera", "--role", "viewer");
  await page.goto(link.split(/\s+/).find((word) => word.startsWith("http"))!);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.goto(house.url("/rules/1"));
  await awake(page);
  await expect(page.locator("#read-only")).toContainText("needs the role admin");
  await expect(page.getByRole("button", { name: "Save rule" })).toHaveCount(0);
  await page.getByLabel("Pattern").fill("lost (?P<node>node-\\d+)");
  await expect(page.locator("#verdict-text")).toContainText(/Matches|no past alarms/);
});

test("the editor with pins and folds fits a small phone and reads well @both", async ({ page }) => {
  await unmatched("lost contact to node-13 in prod");
  await house.signIn(page);
  await page.setViewportSize({ width: 320, height: 568 });
  await page.goto(house.url("/rules/1?mode=ask&name=host-down&position=1&flags=on&pattern=lost+contact+to+(%3FP%3Cnode%3E%5CS%2B)&sample=lost&pin=not_match:1"));
  await awake(page);
  await expect(page.locator("#pinned")).toBeVisible();
  await fits(page);
  await tappable(page);
  await accessible(page);
});
