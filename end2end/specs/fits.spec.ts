// Every page and main state fits two phones in both themes, is easy to tap and easy to read.
import type { Page } from "@playwright/test";
import { accessible, awake, expect, fits, sandbox, tappable, test } from "../house";

const house = sandbox({ speed: 10 });
const PHONES = { "390x844": { width: 390, height: 844 }, "320x568": { width: 320, height: 568 } };

async function holds(page: Page, name: string): Promise<void> {
  for (const [phone, size] of Object.entries(PHONES)) {
    await test.step(`${name} at ${phone}`, async () => {
      await page.setViewportSize(size);
      await fits(page);
      await tappable(page);
    });
  }
  await test.step(`${name} for axe`, () => accessible(page));
}

async function visit(page: Page, name: string, path: string): Promise<void> {
  await page.goto(house.url(path));
  await awake(page);
  await holds(page, name);
}

test.beforeAll(async () => {
  // One recovery that ended, one that waits, an alarm nobody understands: every page has something to show.
  await house.alarm("a line without any node in it that is long enough to need more than one row on a small phone");
  await house.happen("node-13", "power-off");
  await house.ended((await house.begun("node-13")).id);
  await house.rule({ mode: "ask" });
  await house.happen("node-12", "power-off");
  const { id } = await house.begun("node-12");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state).toBe("waiting");
});

for (const [name, path] of Object.entries({
  "Now with a waiting recovery": "/", "the clusters": "/clusters", "a cluster's health": "/clusters/prod", "a node that is down": "/clusters/prod/nodes/node-12",
  "a healthy node": "/clusters/prod/nodes/node-14", "the start sheet": "/clusters/prod/nodes/node-12/start", "the command page": "/command",
  "the timeline": "/timeline", "a filtered timeline": "/timeline?node=node-13", "a recovery that ended": "/recoveries/1", "a recovery that waits": "/recoveries/2",
  "the rules": "/rules", "a rule": "/rules/1", "a new rule": "/rules/new", "arming a rule": "/rules/1/arm", "the storms": "/storms", "the cordons": "/cordons", "Settings": "/settings", "a code for another device": "/sign-in/new-code",
})) {
  test(`${name} fits and reads well @both`, async ({ page }) => {
    await house.signIn(page);
    // Pages of signing in have no islands and no script.
    if (path.startsWith("/sign-in")) await page.goto(house.url(path)).then(() => holds(page, name));
    else await visit(page, name, path);
  });
}

test("pages that refuse fit and read well @both", async ({ page, noise }) => {
  noise.expect(/status of 40\d/);
  await page.goto(house.url("/sign-in"));
  await holds(page, "nobody signed in");
  await page.goto(house.facts.sign_in);
  await holds(page, "an invite");
  await house.signIn(page);
  await visit(page, "a recovery that is not there", "/recoveries/4711");
  await visit(page, "a page that is not there", "/nowhere");
  await page.goto(house.url("/command"));
  await page.getByLabel("Command").fill("make everything well again");
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await holds(page, "a refused command");
  await visit(page, "a pattern with a fault", "/rules/1?mode=auto&pattern=HOST+(%3FP%3Cip%3E%5B0-9.%5D%2B&sample=HOST");
});

test("the switch's banner fits and reads well @both", async ({ page }) => {
  await house.signIn(page);
  await house.api("PUT", "switch", { mode: "pause", reason: "storage work of the whole evening" });
  await visit(page, "Now while paused", "/");
  await visit(page, "Settings while paused", "/settings");
  await house.api("PUT", "switch", { mode: "run", reason: "done" });
});
