// A rule that asks: the node is cordoned at once, and a person gives the word with one tap that can be taken back.
import { breakNode, expect, sandbox, test } from "../house";

const house = sandbox({ speed: 10 });

test("a rule on ask waits for a tap, which can be cancelled, and then recovers the node", async ({ page }) => {
  await house.signIn(page);
  await test.step("the rule is switched to ask on its page", async () => {
    await page.getByRole("link", { name: "Rules" }).click();
    await page.getByRole("link", { name: /host-down/ }).click();
    await page.getByLabel("Mode").selectOption("ask");
    await page.getByRole("button", { name: "Save rule" }).click();
    await expect(page.getByText("Saved as version 2")).toBeVisible();
    expect((await house.api("GET", "rules/1")).body).toMatchObject({ mode: "ask", version: 2 });
  });
  await breakNode(page, house, "node-12");
  const card = page.locator("[data-recovery]").filter({ hasText: "node-12" });
  await test.step("its card waits, with the node cordoned at once", async () => {
    await expect(card.getByRole("button", { name: "Start node" })).toBeVisible({ timeout: 40_000 });
    expect((await house.node("node-12")).cordoned).toBe(true);
  });
  const { id } = await house.begun("node-12");
  const grace = async () => {
    await page.getByRole("button", { name: "Start node" }).click();
    await expect(page).toHaveURL(house.url(`/recoveries/${id}`));
    return page.getByRole("button", { name: "Cancel" });
  };
  await test.step("a tap leaves time, and its Cancel is as wide as the page", async () => {
    const cancel = await grace();
    await expect(cancel).toBeVisible();
    const box = (await cancel.boundingBox())!;
    // The page, less its edge, the edge of the card and that of the warning around it.
    expect(box.width).toBeGreaterThanOrEqual(296);
    expect(box.height).toBeGreaterThanOrEqual(56);
    await cancel.click();
  });
  await test.step("after Cancel it asks again and nothing was started", async () => {
    await expect(page.getByRole("button", { name: "Start node" })).toBeVisible();
    expect((await house.api("GET", `recoveries/${id}`)).body.state).toBe("waiting");
    expect(await house.starts("node-12")).toEqual([]);
  });
  await test.step("the second tap starts it", async () => {
    await expect(await grace()).toBeVisible();
    await expect(page.locator("[data-recovery][data-state=recovered]")).toBeVisible({ timeout: 60_000 });
  });
  const recovery = await house.ended(id);
  expect(recovery).toMatchObject({ state: "recovered", outcome: "recovered" });
  const kinds = recovery.events.map((one: any) => one.kind);
  expect(kinds.filter((kind: string) => kind === "approval_asked").length).toBeGreaterThanOrEqual(1);
  expect(kinds.filter((kind: string) => kind === "grace_started")).toHaveLength(2);
  expect(recovery.events.find((one: any) => one.kind === "approved").actor).toContain("you");
  expect(await house.starts("node-12"), "one start in all").toHaveLength(1);
});

test("REST approves the same recovery, and a second start joins it instead of beginning another", async () => {
  await house.rule({ mode: "ask" });
  await house.happen("node-14", "power-off");
  const { id } = await house.begun("node-14");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state).toBe("waiting");
  const start = await house.api("POST", "clusters/prod/nodes/node-14/start");
  expect(start.status).toBe(202);
  expect(start.body.recovery_id).toBe(id);
  expect(await house.ended(id)).toMatchObject({ state: "recovered" });
  expect(await house.starts("node-14")).toHaveLength(1);
});
