// Writing a rule: tried while it is typed, kept in versions, never lost in a conflict.
import { awake, expect, sandbox, test } from "../house";

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
  const tested = page.getByRole("status");
  await page.getByLabel("Text to test on").fill("lost contact to node-14 in prod, code 7");
  await expect(tested).toContainText("Does not match");
  await page.getByLabel("Pattern").fill(PATTERN);
  await expect(tested.locator("mark").first()).toHaveText("lost contact to node-14 in prod");
  const typed = tested.locator("li").first();
  await expect(typed).toContainText(/node\s*node-14/);
  await expect(typed).toContainText(/cluster\s*prod/);
  await expect(typed).toContainText(/resolves to\s*prod\/node-14/);
  await expect(tested).toContainText("Matches 1 of 1 alarms");
  await expect(tested.getByText("alarm #1")).toBeVisible();
});

test("a bad pattern is explained with its place, and is not saved", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await awake(page);
  await page.getByLabel("Pattern").fill("HOST (?P<ip>[0-9.]+");
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
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await expect(page.getByText("Version 1 is back, as version 3")).toBeVisible();
  await expect(page.getByLabel("Pattern")).toHaveValue(before);
  expect((await house.api("GET", "rules/1")).body).toMatchObject({ version: 3, pattern: before });
  const versions = (await house.api("GET", "rules/1/versions")).body.items.map((one: any) => one.version);
  expect(versions).toEqual([3, 2, 1]);
});

test("somebody else's save in between is told, and what was typed is kept", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await house.rule({ position: 7 });
  await page.getByLabel("Pattern").fill("typed (?P<ip>[0-9.]+) while another saved");
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByRole("alert")).toContainText("What you typed is kept below");
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
  await page.getByLabel("Pattern").fill(PATTERN);
  await page.getByLabel("Name", { exact: true }).fill("lost-contact");
  await page.getByRole("button", { name: "Save rule" }).click();
  await expect(page.getByText("Saved as version 1")).toBeVisible();
  const sent = await house.alarm("lost contact to node-16 in prod");
  const id = sent.body.alarms[0].id;
  await expect.poll(async () => (await house.api("GET", `alarms/${id}`)).body.rule_id).toBeGreaterThan(1);
  expect(await house.ledger().then((all) => all.filter((one) => one.node === "node-16")), "observe touches nothing").toEqual([]);
});
