// The main way: a node goes down, comes back by itself, and a person watches it on a phone.
import { breakNode, expect, sandbox, STEPS, test } from "../house";

const house = sandbox({ speed: 10 });
test.describe.configure({ mode: "serial" });

test("a broken node recovers live on the page and ends in a receipt", async ({ page }) => {
  await house.signIn(page);
  await breakNode(page, house, "node-12");
  await expect(page.locator("html")).toHaveAttribute("data-stream", "open");
  await page.evaluate(() => ((window as any).sameDocument = true));
  const shown = page.locator("#running, #recent").getByRole("link", { name: /node-12/ }).first();
  await expect(shown, "the recovery appears without a reload").toBeVisible({ timeout: 40_000 });
  expect(await page.evaluate(() => (window as any).sameDocument), "the page was not loaded again").toBe(true);
  const { id } = await house.begun("node-12");
  await page.goto(house.url(`/recoveries/${id}`));
  const receipt = page.locator("section.receipt");
  await expect(receipt).toContainText("Boot ID", { timeout: 60_000 });
  await expect(receipt).toContainText("changed: the machine was really started anew");
  await expect(receipt).toContainText(/1\d\s+s without a break/);
  await expect(receipt).toContainText("5 of 5 pods back");
  // On a busy machine the source may notice before we close its alarm.
  const ended = (step: string) => (step === "close_alarm" ? /done|already resolved/i : /done/i);
  for (const step of STEPS) await expect(page.locator(`#steps [data-step=${step}]`)).toContainText(ended(step));
});

test("the page of a running recovery follows it to the end without a reload", async ({ page }) => {
  await house.signIn(page);
  await house.happen("node-13", "power-off");
  const { id } = await house.begun("node-13");
  await page.goto(house.url(`/recoveries/${id}`));
  await page.evaluate(() => ((window as any).sameDocument = true));
  await expect(page.locator("[data-recovery][data-state=recovered]")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("section.receipt")).toBeVisible();
  expect(await page.evaluate(() => (window as any).sameDocument), "the page was not loaded again").toBe(true);
});

test("REST tells the steps in the order of the contract, the receipt, and the alarm closed", async () => {
  const { id } = await house.begun("node-12");
  const recovery = await house.ended(id);
  expect(recovery).toMatchObject({ cluster: "prod", node: "node-12", state: "recovered", outcome: "recovered" });
  expect(recovery.trigger).toMatchObject({ kind: "alarm", rule_id: 1 });
  const done = recovery.events.filter((one: any) => one.kind === "step_succeeded").map((one: any) => one.step);
  // The sandbox's own checks of the team stand between them.
  expect(done.filter((step: string) => !step.includes(":"))).toEqual(STEPS);
  expect(recovery.events.map((one: any) => one.n)).toEqual(recovery.events.map((_: unknown, at: number) => at + 1));
  expect(recovery.events.at(0).kind).toBe("planned");
  // The source's own word that the alarm is over may come before the end or after it.
  const own = recovery.events.filter((one: any) => one.kind !== "alarm_resolved");
  expect(own.at(-1)).toMatchObject({ kind: "finished" });
  expect(recovery.receipt).toMatchObject({ boot_id_changed: true, pods_back: 5, pods_before: 5 });
  expect(recovery.receipt.ready_held_s).toBeGreaterThanOrEqual(10);
  for (const one of recovery.events) expect(one.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  await expect.poll(async () => (await house.api("GET", `alarms/${recovery.trigger.alarm_id}`)).body.status).toBe("closed");
});

test("the world's ledger shows one cordon, one start, one uncordon, one close", async () => {
  const ledger = (await house.ledger()).filter((one) => one.node === "node-12" && one.accepted);
  const told = ledger.map((one) => {
    if (one.face !== "kubernetes") return one.verb;
    return one.body.spec.unschedulable ? "cordon" : "uncordon";
  });
  expect(told.filter((verb) => verb !== "resolve")).toEqual(["fire", "cordon", "os-start", "uncordon", "close"]);
  expect(ledger.find((one) => one.face === "kubernetes")!.body.metadata.annotations["uncordon.dev/owner"]).toContain("recovery=1");
});

test("the timeline lists it, takes a note, and gives the report", async ({ page }) => {
  await house.signIn(page);
  await page.getByRole("link", { name: "Timeline" }).click();
  await page.locator("#recoveries").getByRole("link", { name: /node-12/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("node-12");
  await page.getByLabel("Note", { exact: true }).fill("Fan of the host was loud <b>&\nsecond line");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.locator("#story")).toContainText("Fan of the host was loud <b>&");
  await expect(page.locator("#story li").last()).toContainText("you");
  const href = await page.getByRole("link", { name: /Report/ }).getAttribute("href");
  const report = await page.request.get(house.url(href!));
  expect(report.status()).toBe(200);
  expect(report.headers()["content-type"]).toContain("text/markdown");
  const text = await report.text();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: house.facts.url });
  await page.locator("#export").getByRole("button", { name: "Copy as text" }).click();
  await expect(page.locator("#export [data-said]")).toHaveText("Copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText()), "the copy is the report").toContain(text.split("\n")[0]);
  expect(text).toContain("# node-12 down in prod (recovery #1)");
  for (const part of ["## Summary", "## Trigger", "## Timeline (UTC)", "Fan of the host was loud"]) expect(text).toContain(part);
  expect((await house.api("GET", "recoveries/1/report.md")).body).toContain("Fan of the host was loud");
});

test("Cluster health gives a verdict, what is not well, and the age of what is shown", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url("/clusters"));
  await page.getByRole("link", { name: "Check health" }).click();
  await expect(page).toHaveURL(house.url("/clusters/prod"));
  await expect(page.locator("#headline")).toContainText(/Nodes Ready\s*12\s*of 12/);
  await expect(page.getByText(/report-.*/).first(), "the Deployment that is broken for days").toBeVisible();
  await expect(page.getByRole("link", { name: /node-1\d/ })).toHaveCount(9);
});
