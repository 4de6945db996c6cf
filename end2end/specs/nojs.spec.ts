// Everything works with JavaScript off: pages, forms, and Refresh instead of news.
import { expect, sandbox, test } from "../house";

const house = sandbox({ speed: 10 });
test.use({ javaScriptEnabled: false });

test("without JavaScript a person signs in, breaks a node, watches it recover and leaves a note", async ({ page }) => {
  await house.signIn(page);
  await page.getByLabel("Node").selectOption("prod/node-12");
  await page.getByRole("button", { name: "Break a node" }).click();
  await expect(page.getByText("The machine of node-12 was turned off")).toBeVisible();
  const shown = page.locator("#running, #recent").locator("a[href='/recoveries/1']").first();
  await expect(async () => {
    await page.getByRole("link", { name: "Refresh" }).click();
    await expect(shown).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await shown.click();
  await expect(page).toHaveURL(/\/recoveries\/1$/);
  await expect(async () => {
    await page.getByRole("link", { name: "Refresh" }).click();
    await expect(page.locator("section.receipt")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await expect(page.locator("[data-state=recovered]")).toBeVisible();
  await page.getByLabel("Note", { exact: true }).fill("seen from the train");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.locator("#story")).toContainText("seen from the train");
});

test("without JavaScript a rule is tried, a command is run and the switch is thrown and lifted", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/rules/1"));
  await page.getByLabel("Text to test on").fill("HOST 10.0.0.14 down, IP: 10.0.0.14 Cluster prod");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("prod/node-14")).toBeVisible();
  await page.getByLabel("Pattern").fill("(");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.locator("#pattern-fault")).toContainText("unclosed group");
  await page.goto(house.url("/command"));
  await page.getByLabel("Command").fill("nodes prod");
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.locator("#answer")).toContainText("node-14");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.locator("#switches")).toContainText("Nothing automatic begins");
  await page.goto(house.url("/timeline"));
  await page.getByRole("button", { name: "Freeze", exact: true }).click();
  await expect(page.locator("#switches")).toContainText("Reads only");
  await expect(page.locator("header").getByRole("button")).toHaveCount(0);
  await page.goto(house.url("/settings"));
  await page.locator("#reason-all-run").fill("all is well");
  await page.getByRole("button", { name: /^Resume/ }).first().click();
  await expect(page.locator("#switches")).toBeEmpty();
});
