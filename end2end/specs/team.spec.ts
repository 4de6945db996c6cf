// Checks of the team and the impact: what a phone shows of them, what REST says, and that a failed one stops before the alarm is closed.
import { accessible, expect, fits, sandbox, tappable, test } from "../house";
import type { Page } from "@playwright/test";

const house = sandbox({ speed: 10 });
test.describe.configure({ mode: "serial" });
test.use({ viewport: { width: 390, height: 844 } });

async function reads(page: Page): Promise<void> {
  for (const size of [{ width: 390, height: 844 }, { width: 320, height: 568 }]) {
    await page.setViewportSize(size);
    await fits(page);
    await tappable(page);
  }
  await accessible(page);
}

let id = 0;

test("each check is a step with what it saw, and the impact is a line with the same in words", async ({ page }) => {
  await house.happen("node-12", "power-off");
  id = (await house.begun("node-12")).id;
  const ended = await house.ended(id);
  expect(ended.state).toBe("recovered");
  await house.signIn(page);
  await page.goto(house.url(`/recoveries/${id}`));
  await page.locator("#all-steps > summary").click();
  const shop = page.locator('[data-step="check_http:shop-answers"]');
  await expect(shop).toContainText(/GET http.*\/shop: 200 in \d+ ms/);
  await expect(page.locator('[data-step="check_promql:shop-success"]')).toContainText("shop_success_ratio: 1, expected at least 1");
  const felt = page.locator("#impact");
  // The database lives on node-12: without it every other request failed.
  await expect(felt.getByRole("img")).toHaveAttribute("aria-label", /share of the shop's requests that succeed: .* lowest 0\.5 at \d\d:\d\d.* 1 at last/);
  await expect(felt.locator("figcaption")).toContainText("lowest 0.5");
  await page.locator("#impact-all > summary").click();
  await expect(page.locator("#impact-all")).toContainText("Start the machine: 0.5");
  const out = await page.evaluate(() => [...document.querySelectorAll<SVGElement>("#impact svg circle")].filter((one) => {
    const [inner, outer] = [one.getBoundingClientRect(), one.ownerSVGElement!.getBoundingClientRect()];
    return inner.left < outer.left - 3 || inner.right > outer.right + 3;
  }).length);
  expect(out).toBe(0);
  await reads(page);
});

test("REST, the report and the cluster's page tell the same", async ({ page }) => {
  const { body } = await house.api("GET", `recoveries/${id}`);
  const least = Math.min(...body.impact.map((one: { value: number }) => one.value));
  expect(least).toBe(0.5);
  expect(body.events.some((one: { step: string; kind: string }) => one.step === "check_http:shop-answers" && one.kind === "step_succeeded")).toBe(true);
  const report = await fetch(house.url(`/api/v1/recoveries/${id}/report.md`), { headers: { authorization: `Bearer ${house.facts.admin_token}` } });
  expect(await report.text()).toMatch(/Felt by people: share of the shop's requests that succeed: .*lowest 0\.5/);
  const checks = (await house.api("GET", "clusters/prod/checks")).body.items;
  expect(checks.map((one: { name: string }) => one.name)).toEqual(["shop-answers", "shop-success"]);
  expect(checks[0].last).toMatchObject({ recovery_id: id, passed: true });
  await house.signIn(page);
  await page.goto(house.url("/clusters/prod"));
  const row = page.locator('#team-checks [data-check="shop-answers"]');
  await expect(row).toContainText("Passed");
  await expect(row).toContainText("after the uncordon");
  await reads(page);
});

test("a check that does not pass asks a person, keeps the alarm open and shows what the counterpart said", async ({ page }) => {
  await house.faults([{ match: "GET /shop", do: "503" }]);
  await house.happen("node-13", "power-off");
  const failed = (await house.begun("node-13")).id;
  await expect.poll(async () => (await house.api("GET", `recoveries/${failed}`)).body.state, { timeout: 90_000 }).toBe("needs_human");
  await house.faults();
  const { body } = await house.api("GET", `recoveries/${failed}`);
  expect(body.needs).toContain("expected 2xx");
  expect(body.events.some((one: { step: string }) => one.step === "close_alarm")).toBe(false);
  const [rule] = (await house.api("GET", "rules")).body.items;
  expect(rule.mode).toBe("ask");
  await house.signIn(page);
  await page.goto(house.url(`/recoveries/${failed}`));
  await expect(page.locator('[data-step="check_http:shop-answers"]').first()).toContainText("expected 2xx");
  await page.goto(house.url("/clusters/prod"));
  await expect(page.locator('#team-checks [data-check="shop-answers"]')).toContainText("Failed");
  await reads(page);
});
