// A storm: three workers die at once under the guards of a real cluster. One card, nothing automatic, one let through by a tap.
import { expect, test } from "../house";
import { Mortal } from "../killed";

const mortal = new Mortal();
const house = mortal.house;

test.beforeAll(() => mortal.open(20, { storm_nodes: 3, storm_calm_s: 60, cordon_max: 10, cordon_percent: 50 }));
test.afterAll(() => mortal.close());

test("a storm trips the breaker once, a tap lets one node through, calm and a reason close it @both", async ({ page, noise }) => {
  noise.expect(/ERR_/); // the product is killed under the open page
  await house.signIn(page);
  await house.rule({ mode: "auto" });
  for (const node of ["node-13", "node-14", "node-17"]) await house.happen(node, "power-off");
  const open = async () => (await house.api("GET", "storms")).body.items.filter((one: any) => one.state === "open");
  await expect.poll(async () => (await open())[0]?.held.length, { timeout: 60_000 }).toBe(3);
  const [storm] = await open();
  expect(storm).toMatchObject({ cluster: "prod" });
  expect(storm.why).toMatch(/nodes|zone/);
  expect((await house.ledger()).filter((one) => one.accepted && one.face !== "monitoring" && one.verb !== "get")).toEqual([]);
  const held = storm.held.at(-1);

  await test.step("Now says so on one card, with every node it holds back", async () => {
    await page.goto(house.url("/"));
    const card = page.locator("[data-storm]");
    await expect(card).toHaveCount(1);
    await expect(card).toContainText(storm.why);
    await expect(card).toContainText("The storm is not over");
    await expect(card.getByRole("button", { name: /just this one/ })).toHaveCount((await open())[0].held.length);
    await expect(page.locator("#running [data-recovery]"), "once is enough").toHaveCount(0);
  });

  await test.step("it cannot be closed while it blows, and a restart does not close it", async () => {
    const refused = await house.api("POST", "clusters/prod/storm/close", { reason: "enough" });
    expect(refused.status).toBe(423);
    await mortal.die();
    expect((await open()).map((one: any) => one.id)).toEqual([storm.id]);
  });

  await test.step("a tap lets just that one through", async () => {
    await page.goto(house.url("/"));
    const row = page.locator("[data-storm]").locator("[data-held]").filter({ hasText: held.node });
    await row.getByRole("button", { name: /just this one/ }).click();
    await house.ended(held.recovery_id);
    expect(await house.starts(held.node)).toHaveLength(1);
    for (const other of storm.held.slice(0, -1)) expect(await house.starts(other.node), other.node).toEqual([]);
  });

  await test.step("after calm a person closes it with a reason, and old alarms start nothing", async () => {
    for (const node of storm.nodes) await house.happen(node, "heal");
    await expect.poll(async () => (await open())[0]?.closable_at, { timeout: 90_000 }).toBeTruthy();
    await expect.poll(async () => (await house.api("POST", "clusters/prod/storm/close", { reason: "the host is back" })).status, {
      timeout: 90_000,
    }).toBe(204);
    expect(await open()).toEqual([]);
    await page.goto(house.url("/storms"));
    await expect(page.getByText("the host is back")).toBeVisible();
    for (const other of storm.held.slice(0, -1)) expect(await house.starts(other.node), other.node).toEqual([]);
  });
});
