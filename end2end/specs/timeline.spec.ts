// The past: a recovery with a failure and a retry, its list, its three views, its story and its exports, with and without JavaScript.
import { accessible, expect, fits, sandbox, tappable, test } from "../house";
import type { Page } from "@playwright/test";

const house = sandbox({ speed: 10 });
test.describe.configure({ mode: "serial" });

const PHONES = [{ width: 390, height: 844 }, { width: 320, height: 568 }];
const VIEWS = ["", "?view=waterfall&scale=recovery", "?view=story", "?view=story&zone=local", "?view=everything", "?view=everything&kind=noted"];

/** The number of the recovery that failed once and went well at the second try. */
let id = 0;

async function get(path: string): Promise<{ status: number; type: string; text: string }> {
  const answer = await fetch(house.url(path), { headers: { authorization: `Bearer ${house.facts.admin_token}` } });
  return { status: answer.status, type: answer.headers.get("content-type") ?? "", text: await answer.text() };
}

async function reads(page: Page): Promise<void> {
  for (const size of PHONES) {
    await page.setViewportSize(size);
    await fits(page);
    await tappable(page);
  }
  await accessible(page);
}

async function faults(all: unknown[]): Promise<void> {
  const answer = await fetch(new URL("/sandbox/faults", house.facts.world), { method: "PUT", body: JSON.stringify({ faults: all }) });
  expect(answer.status).toBe(200);
}

test.beforeAll(async () => {
  // The cloud asks for patience twice: the console log is left out of the evidence, and the start is tried again by itself.
  await faults([{ match: "POST /v2.1/servers/*/action", times: 2, do: "429", retry_after: 20 }]);
  await house.happen("node-12", "power-off");
  id = (await house.begun("node-12")).id;
  await house.ended(id);
  await faults([]);
});

test("every try is a row of its own, and the rows say what the bars draw", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url(`/recoveries/${id}`));
  const rows = page.locator("table.waterfall tbody tr:not(.bars)");
  await expect(rows.filter({ hasText: "Start the machine, try 1 failed" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "Start the machine, try 2" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "first look" })).toHaveCount(1);
  const drawn = page.locator("table.waterfall tbody tr.bars");
  expect(await drawn.count()).toBe(await rows.count());
  for (const one of await drawn.all()) await expect(one).toHaveAttribute("aria-hidden", "true");
  await page.getByRole("link", { name: "1 failure" }).click();
  const failed = page.locator("tr:target");
  await expect(failed).toContainText("try 1 failed");
  await failed.locator("summary").click();
  await expect(failed.locator(".more")).toBeVisible();
  // Nothing of the drawing lies outside of it.
  const out = await page.evaluate(() => [...document.querySelectorAll<SVGElement>("table.waterfall svg.bar rect, table.waterfall svg.ticks text")]
    .filter((one) => {
      const [inner, outer] = [one.getBoundingClientRect(), one.ownerSVGElement!.getBoundingClientRect()];
      return inner.left < outer.left - 1 || inner.right > outer.right + 1;
    }).length);
  expect(out).toBe(0);
  await page.getByRole("link", { name: "Recovery only" }).click();
  await expect(page).toHaveURL(/scale=recovery/);
  await expect(rows.filter({ hasText: "first look" })).toHaveCount(0);
});

test("the milestones stand in their order and the head says how long it was down", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url(`/recoveries/${id}`));
  const titles = await page.locator("#milestones li > span:first-child").allTextContents();
  expect(titles.map((one) => one.split(" ")[0])).toEqual(["Detected", "Acknowledged", "Decided", "Requested", "Powered", "Kubelet", "Workloads", "Alarm"]);
  await expect(page.locator("#summary")).toContainText(/node-12 was down \d+:\d\d on \d+ \w+ \d{4}\. Begun by rule #1; Ready \d+:\d\d later\./);
  await expect(page.locator("#summary")).toContainText(/node-12 is Ready\. Took \d+:\d\d/);
});

test("a star puts an event into the story and takes it out again, and a note is moved between two events", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url(`/recoveries/${id}?view=everything`));
  const saved = page.locator("#everything [data-kind=evidence_saved]");
  await saved.getByRole("button", { name: /Add to the story/ }).click();
  await expect(page.getByText(/Event \d+ is in the story\./)).toBeVisible();
  await page.getByRole("link", { name: "Story", exact: true }).click();
  const story = page.locator("#story");
  await expect(story.locator("[data-kind=evidence_saved]")).toHaveCount(1);
  await story.locator("[data-kind=evidence_saved]").getByRole("button").click();
  await expect(story.locator("[data-kind=evidence_saved]")).toHaveCount(0);
  await page.getByLabel("Note", { exact: true }).fill("the rack was dark");
  await page.getByRole("button", { name: "Add note" }).click();
  const note = page.locator("#story [data-kind=noted]");
  await expect(note).toContainText("the rack was dark");
  const second = page.locator("#story li").nth(1);
  const at = await second.locator("time").first().getAttribute("datetime");
  await note.getByText("Change when it happened").click();
  await note.getByLabel(/When it happened/).fill(at!.slice(0, 19));
  await page.getByRole("button", { name: "Move note" }).click();
  await expect(page.getByText(/was moved in time/)).toBeVisible();
  expect(await page.locator("#story li").count()).toBeGreaterThan(5);
  await expect(page.locator("#story li").last()).not.toContainText("the rack was dark");
  await expect(note).toContainText("written");
});

test("the story tells times in UTC, and in the zone of the device when asked", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url(`/recoveries/${id}?view=story`));
  await expect(page.getByText("Times in UTC.")).toBeVisible();
  await page.getByRole("link", { name: "Local" }).click();
  const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  await expect(page.locator("[data-zone-name]")).toContainText(`Times in ${zone}`);
});

test("report, table and object come with a token alone, and are safe to paste", async () => {
  const note = await house.api("POST", `recoveries/${id}/note`, { text: "=HYPERLINK(1) | `x` <b>" });
  expect(note.status).toBe(201);
  const report = await get(`/recoveries/${id}/report.md`);
  expect([report.status, report.type]).toEqual([200, "text/markdown; charset=utf-8"]);
  for (const part of ["## Summary", "## Impact", "## Waterfall", "| Start the machine, try 1 failed |", "&lt;b&gt;", "\\|"]) expect(report.text).toContain(part);
  const story = await get(`/recoveries/${id}/report.md?view=story&names=no&zone=%2B05:30`);
  expect(story.text).toContain("## Timeline (UTC+05:30)");
  expect(story.text.length).toBeLessThan(report.text.length);
  const table = await get(`/recoveries/${id}/report.csv`);
  expect([table.status, table.type.split(";")[0]]).toEqual([200, "text/csv"]);
  expect(table.text).toContain("\"'=HYPERLINK(1) | `x` <b>\"");
  const object = await get(`/api/v1/recoveries/${id}/report.json`);
  const { events } = JSON.parse(object.text);
  expect(events.find((one: any) => one.kind === "noted")).toMatchObject({ source: "person", story: true });
  expect((await get(`/recoveries/${id}/report.md?zone=CET`)).status).toBe(422);
  expect((await fetch(house.url(`/recoveries/${id}/report.md`), { redirect: "manual" })).status).toBeGreaterThanOrEqual(300);
  const star = await house.api("POST", `recoveries/${id}/events/2`, { story: true });
  expect(star.status).toBe(204);
  expect((await house.api("POST", `recoveries/${id}/events/2`, { happened_at: "2026-01-01T00:00:00Z" })).status).toBe(422);
});

test("the list keeps its filters in the URL, says what they hide, and its figures lead to their filters", async ({ page }) => {
  await house.signIn(page);
  await house.happen("node-13", "power-off");
  await house.ended((await house.begun("node-13")).id);
  await page.goto(house.url("/timeline"));
  await expect(page.locator("#recoveries .item")).toHaveCount(2);
  await page.getByText("Filter", { exact: true }).click();
  await page.getByLabel("Node", { exact: true }).fill("node-13");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/node=node-13/);
  await expect(page.locator("#recoveries .item")).toHaveCount(1);
  await expect(page.getByText("1 hidden by filters")).toBeVisible();
  await page.getByRole("link", { name: /Automatic/ }).click();
  await expect(page).toHaveURL(/node=node-13.*by=rule|by=rule.*node=node-13/);
  await page.goto(house.url("/timeline?outcome=needs_human"));
  await expect(page.locator("#recoveries")).toContainText(/No recoveries in this range\. The last one began on/);
  await page.goto(house.url("/timeline?text=RACK+was"));
  await expect(page.locator("#recoveries .item")).toHaveCount(1);
  await page.goto(house.url("/timeline?node=not%20a%20node"));
  await expect(page.getByRole("alert")).toContainText("is not a node");
  const found = (await house.api("GET", "recoveries?automatic=true&text=rack%20was&state=recovered")).body;
  expect(found.items.map((one: any) => one.id)).toEqual([id]);
  expect((await house.api("GET", "recoveries?state=happy")).status).toBe(422);
});

test("a keyboard walks the views and opens a row", async ({ page }) => {
  await house.signIn(page);
  await page.goto(house.url(`/recoveries/${id}`));
  await page.getByRole("link", { name: "Waterfall", exact: true }).focus();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Story", exact: true })).toBeFocused();
  await page.locator("#more-0 > summary").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("#more-0 .more")).toBeVisible();
});

for (const view of VIEWS) {
  test(`the recovery ${view || "as it opens"} fits and reads well @both`, async ({ page }) => {
    await house.signIn(page);
    await page.goto(house.url(`/recoveries/${id}${view}`));
    await reads(page);
  });
}

for (const path of ["/timeline", "/timeline?node=node-13", "/timeline?outcome=needs_human", "/timeline?node=not%20a%20node"]) {
  test(`the list at ${path} fits and reads well @both`, async ({ page }) => {
    await house.signIn(page);
    await page.goto(house.url(path));
    await reads(page);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the views, the filters, a star and a note work all the same", async ({ page }) => {
    await house.signIn(page);
    await page.goto(house.url(`/recoveries/${id}`));
    await page.getByRole("link", { name: "Everything", exact: true }).click();
    await page.getByLabel("Kind").selectOption("finished");
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page.locator("#everything li")).toHaveCount(1);
    await expect(page.getByText(/\d+ hidden by the filter/)).toBeVisible();
    await page.getByRole("link", { name: "Everything", exact: true }).click();
    await page.locator("#everything [data-kind=step_progressed]").first().getByRole("button").click();
    await expect(page.getByText(/Event \d+ is in the story\./)).toBeVisible();
    await page.goto(house.url(`/recoveries/${id}?view=story&zone=local`));
    await expect(page.getByText("local times need JavaScript")).toBeVisible();
    await page.goto(house.url("/timeline?node=node-12"));
    await expect(page.locator("#recoveries .item")).toHaveCount(1);
  });
});
