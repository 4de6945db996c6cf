// Nothing moves under a finger: a card that is there keeps its place, a new one waits behind a bar.
import { awake, expect, sandbox, test } from "../../house";

const house = sandbox({ speed: 10 });

test("a second node that fails waits behind a bar, and a tap shows it", async ({ page }) => {
  await house.rule({ mode: "ask" });
  await house.signIn(page);
  const cards = page.locator("#needs [data-recovery]");
  await house.happen("node-13", "power-off");
  await page.goto(house.url("/"));
  await awake(page);
  await expect(cards.getByRole("button", { name: "Start node" })).toHaveCount(1, { timeout: 60_000 });
  const top = async () => (await cards.first().boundingBox())?.y;
  // Where it stands once the page has come to rest: measured twice alike.
  let before = 0;
  await expect.poll(async () => {
    const [last, now] = [before, (await top()) ?? 0];
    before = now;
    return now > 0 && now === last;
  }).toBe(true);
  // node-12 carries a database that can run nowhere else: its card belongs above.
  await house.happen("node-12", "power-off");
  const bar = page.getByRole("button", { name: "1 new" });
  await expect(bar).toBeVisible({ timeout: 60_000 });
  await expect(cards, "the new one is not shown yet").toHaveCount(1);
  await expect(cards.first()).toContainText("node-13");
  // A part that is just being drawn anew has no place for a moment.
  await expect.poll(async () => Math.abs(((await top()) ?? 0) - before) < 1, { message: "nothing moved" }).toBe(true);
  await bar.click();
  await expect(cards).toHaveCount(2);
  await expect(cards.first(), "greater impact first").toContainText("node-12");
  await expect(cards.first()).toBeFocused();
  await expect(bar).toHaveCount(0);
});
