// Arming: a look at the hits, a reason, a veto window with STOP and GO NOW, and the evidence kept before power is used.
import { breakNode, expect, sandbox, test } from "../house";

const house = sandbox({ speed: 10 });

/** The shipped rule, armed with a veto window. */
async function armed(veto_s: number): Promise<void> {
  await house.rule({ mode: "ask" });
  await house.arm({ veto_s });
}

test("a rule is armed on its page after a look at its hits, with a reason and a veto window", async ({ page }) => {
  await house.signIn(page);
  await house.rule({ mode: "ask" });
  const refused = await house.api("PUT", "rules/1", { ...(await house.api("GET", "rules/1")).body, mode: "auto" });
  expect(refused.status).toBe(422);
  expect(refused.body.errors[0].field).toBe("mode");
  await house.alarm("HOST 10.0.0.99 down, IP: 10.0.0.99 Cluster prod");
  await expect.poll(async () => (await house.api("GET", "rules/1/hits")).body.matched).toBe(1);
  await page.goto(house.url("/rules/1"));
  await page.getByRole("link", { name: /^Arm/ }).click();
  await expect(page).toHaveURL(house.url("/rules/1/arm"));
  await expect(page.getByText("10.0.0.99").first()).toBeVisible();
  await page.getByLabel(/reason|why/i).fill("tested on the test cluster");
  await page.getByLabel(/veto|stop it/i).first().fill("300");
  await page.getByRole("button", { name: "Arm this rule" }).click();
  await expect(page.getByText("tested on the test cluster").first()).toBeVisible();
  expect((await house.api("GET", "rules/1")).body).toMatchObject({ mode: "auto", veto_s: 300, silence: "act" });
});

test("within the veto window GO NOW starts it at once, and what a start destroys was kept", async ({ page }) => {
  await house.signIn(page);
  await armed(300);
  await breakNode(page, house, "node-12");
  const { id } = await house.begun("node-12");
  await page.goto(house.url(`/recoveries/${id}`));
  const go = page.getByRole("button", { name: "GO NOW", exact: true });
  await expect(go).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "STOP", exact: true })).toBeVisible();
  expect((await house.node("node-12")).cordoned).toBe(true);
  expect(await house.starts("node-12")).toEqual([]);
  await go.click();
  const recovery = await house.ended(id);
  expect(recovery).toMatchObject({ outcome: "recovered" });
  const kinds = recovery.events.map((one: any) => one.kind);
  const kept = recovery.events.find((one: any) => one.kind === "evidence_saved");
  expect(kinds.indexOf("veto_started")).toBeGreaterThan(0);
  expect(recovery.events.indexOf(kept)).toBeLessThan(
    recovery.events.findIndex((one: any) => one.kind === "step_started" && one.step === "start_machine"),
  );
  expect(kept.evidence.node.conditions.map((one: any) => one.kind)).toContain("Ready");
  expect(kept.evidence.node.pods.join(" ")).toContain("mysql-0");
  expect(kept.evidence.console).toBeTruthy();
  await page.goto(house.url(`/recoveries/${id}`));
  await page.getByText("Kept before power was used").click();
  await expect(page.locator("#evidence").getByText(/mysql-0/).first()).toBeVisible();
});

test("STOP within the veto window ends it, and the kept cordon is an open item that comes off by hand", async ({ page }) => {
  await house.signIn(page);
  await armed(300);
  await breakNode(page, house, "node-13");
  const { id } = await house.begun("node-13");
  await page.goto(house.url(`/recoveries/${id}`));
  await page.getByRole("button", { name: "STOP", exact: true }).click({ timeout: 30_000 });
  expect(await house.ended(id)).toMatchObject({ outcome: "aborted" });
  expect(await house.starts("node-13")).toEqual([]);
  const ledger = async () => (await house.api("GET", "cordons")).body;
  expect((await ledger()).items).toEqual([expect.objectContaining({ node: "node-13", owner: "recovery", recovery_id: id })]);
  await page.goto(house.url("/"));
  await expect(page.getByText("node-13").first()).toBeVisible();
  await page.goto(house.url("/cordons"));
  await page.locator("[data-cordon]").filter({ hasText: "node-13" }).getByRole("button", { name: "Uncordon" }).click();
  await expect.poll(async () => (await house.node("node-13")).cordoned).toBe(false);
  expect((await ledger()).items).toEqual([]);
  expect((await ledger()).acts[0]).toMatchObject({ act: "lift", node: "node-13", outcome: "node-13 takes pods again" });
});

test("the switch says per cluster when it stopped and what was in flight", async ({ page }) => {
  await house.signIn(page);
  const thrown = await house.api("PUT", "switch", { mode: "freeze" });
  expect(thrown.status).toBe(200);
  expect(thrown.body.receipts).toEqual([expect.objectContaining({ cluster: "prod", mode: "freeze", in_flight: [] })]);
  expect(thrown.body.receipts[0].text).toMatch(/^prod stopped at \d\d:\d\d:\d\d, no call was in flight\.$/);
  for (const path of ["/", "/clusters/prod", "/rules/1", "/storms", "/cordons", "/settings", "/timeline", "/command"]) {
    await page.goto(house.url(path));
    await expect(page.getByText(/Frozen/).first(), path).toBeVisible();
  }
  const refused = await house.api("POST", "clusters/prod/nodes/node-14/start", {});
  expect([409, 423]).toContain(refused.status);
  expect((await house.api("PUT", "switch", { mode: "run", reason: "tested" })).status).toBe(200);
});
