// Pictures of what the guards show: arming, a veto window, kept evidence, a cordon kept here, a storm.
import { expect, test } from "../house";
import { Mortal } from "../killed";
import { camera } from "./camera";

const mortal = new Mortal();
const house = mortal.house;

test.beforeAll(() => mortal.open(8, { storm_nodes: 3, storm_calm_s: 60, cordon_max: 10, cordon_percent: 50 }));
test.afterAll(() => mortal.close());

test("guards at work", async ({ page }, info) => {
  const take = camera(house, page, info.project.name);
  await house.signIn(page);
  await house.alarm("HOST 10.0.0.99 down, IP: 10.0.0.99 Cluster prod");
  await house.rule({ mode: "ask" });
  await take("rule-arm", "/rules/1/arm");
  await house.arm({ veto_s: 300, silence: "ask", reason: "tested on the test cluster" });
  await take("rule-armed", "/rules/1");
  await house.happen("node-12", "power-off");
  const { id } = await house.begun("node-12");
  await page.goto(house.url("/"));
  await expect(page.getByRole("button", { name: "GO NOW", exact: true })).toBeVisible({ timeout: 30_000 });
  await take("now-veto", "/");
  await take("recovery-veto", `/recoveries/${id}`);
  await page.getByRole("button", { name: "STOP", exact: true }).first().click();
  await house.ended(id);
  await take("now-kept-cordon", "/");
  await take("cordons-filled", "/cordons");
  await house.happen("node-12", "heal");
  for (const node of ["node-13", "node-14", "node-17"]) await house.happen(node, "power-off");
  const held = async () => (await house.api("GET", "storms")).body.items[0]?.held.length;
  await expect.poll(held, { timeout: 90_000 }).toBe(3);
  await take("now-storm", "/");
  await take("storms-open", "/storms");
  await take("recovery-storm", `/recoveries/${(await house.begun("node-17")).id}`);
  await house.api("PUT", "switch", { mode: "freeze", reason: "a network failure, not one of nodes" });
  await take("now-frozen", "/");
});
