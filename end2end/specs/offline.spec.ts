// In the tunnel: what was seen is shown with its age, nothing is sent by itself, and what may wait is sent once.
import type { Page } from "@playwright/test";
import { expect, sandbox, test as base } from "../house";
import { Line } from "../line";

const house = sandbox({ speed: 10 });
const test = base.extend<{ line: Line; phone: Page }>({
  line: async ({}, use) => {
    const line = await Line.lay(() => house.facts.url);
    await use(line);
    await line.close();
  },
  // A page that came in through the line, with the worker in charge of it.
  phone: async ({ page, line, noise }, use) => {
    noise.expect(/Failed to load resource|ERR_|Failed to fetch|ViewTransition|Transition was/);
    await page.goto(line.url(new URL(house.facts.sign_in, house.facts.url).pathname + new URL(house.facts.sign_in, house.facts.url).search));
    await page.getByRole("button", { name: /sign in/i }).click();
    await expect(page).toHaveURL(line.url("/"));
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
    await use(page);
  },
});

test.beforeAll(async () => {
  await house.happen("node-13", "power-off");
  await house.ended((await house.begun("node-13")).id);
});

/** Opens a page and waits until the worker has a copy of it. */
async function seen(phone: Page, line: Line, path: string): Promise<void> {
  await phone.goto(line.url(path));
  const kept = () => phone.evaluate(async (path) => (await caches.has("pages")) && Boolean(await (await caches.open("pages")).match(path)), path);
  await expect.poll(kept, { message: `${path} is kept` }).toBe(true);
}

/** Makes what is kept on this device older, in ms. */
async function aged(phone: Page, by: number): Promise<void> {
  await phone.evaluate((by) => {
    const all = JSON.parse(localStorage.getItem("uncordon-kept")!);
    for (const one of all.drafts) one.made -= by;
    localStorage.setItem("uncordon-kept", JSON.stringify(all));
  }, by);
}

test("a page that was seen comes back from its copy with its age, another one does not and says so @both", async ({ phone, line }) => {
  await seen(phone, line, "/clusters");
  await seen(phone, line, "/");
  line.be("cut");
  await phone.goto(line.url("/clusters"));
  await expect(phone.locator("[data-notice=offline]")).toContainText(/Saved copy from \d\d:\d\d UTC/);
  await expect(phone.locator("[data-notice=offline]")).toContainText(/, \d+ (s|min) old/);
  await expect(phone.getByText("prod").first()).toBeVisible();
  await phone.goto(line.url("/timeline"));
  await expect(phone.getByRole("heading", { level: 1 })).toHaveText("No connection");
  await expect(phone.getByRole("link", { name: /Clusters.*saved/ })).toBeVisible();
  await expect(phone).toHaveURL(line.url("/timeline"));
  line.be("open");
  await phone.getByRole("link", { name: "Try again" }).click();
  await expect(phone.getByRole("heading", { level: 1 })).toHaveText("Timeline");
  await expect(phone.locator("[data-notice=offline]")).toHaveCount(0);
});

test("the start address of the app has the copy of Now", async ({ phone, line }) => {
  await seen(phone, line, "/");
  line.be("cut");
  await phone.goto(line.url("/?src=app"));
  await expect(phone.locator("[data-notice=offline]")).toContainText("Saved copy");
  await expect(phone.getByRole("heading", { level: 1 })).toHaveText("Now");
});

test("a saved copy becomes the live page again by itself", async ({ phone, line }) => {
  await seen(phone, line, "/");
  line.be("cut");
  await phone.goto(line.url("/"));
  await expect(phone.locator("[data-notice=offline]")).toContainText("Saved copy");
  line.be("open");
  await expect(phone.locator("[data-notice=offline]")).toHaveCount(0, { timeout: 40_000 });
  await expect(phone.locator("#connection")).toContainText("Live, updated");
});

test("the page tells how old its knowledge is by the server's clock, and a short loss is not mentioned", async ({ page, line, noise }) => {
  noise.expect(/ERR_|Failed/);
  // The phone believes that it is some day in 2020.
  await page.clock.install({ time: new Date("2020-02-02T02:02:02Z") });
  const { pathname, search } = new URL(house.facts.sign_in, house.facts.url);
  await page.goto(line.url(pathname + search));
  await page.getByRole("button", { name: /sign in/i }).click();
  const text = page.locator("#connection");
  await expect(page.locator("html")).toHaveAttribute("data-stream", "open");
  // The line above the content says one thing at a time, the weightiest: here an offer that can wait.
  const offer = page.locator("[data-notice=install]");
  await page.evaluate(() => dispatchEvent(new Event("beforeinstallprompt", { cancelable: true })));
  await expect(offer).toBeVisible();
  await page.clock.runFor(2000);
  await expect(text).toHaveText(/^Live, updated \d\d:\d\d:\d\d UTC$/);
  await expect(text).not.toContainText("02:02");
  await page.clock.runFor(31_000);
  await expect(text).toHaveText(/^(Slow, updated 3\d s ago|Live, updated .*)$/);
  line.be("hang");
  await expect(page.locator("html")).toHaveAttribute("data-stream", "lost");
  await page.clock.runFor(500);
  await expect(text).not.toContainText("Reconnecting");
  await page.clock.runFor(2000);
  await expect(text).toHaveText(/^Reconnecting, last \d\d:\d\d:\d\d UTC$/);
  await expect(page.locator("[data-notice=offline]")).toHaveCount(0);
  await page.clock.runFor(120_000);
  await expect(text).toHaveText(/^Offline since \d\d:\d\d UTC$/);
  await expect(page.locator("[data-notice=offline]")).toContainText("Offline since");
  await expect(offer).toHaveCount(0);
});

test("a server that never answers is a saved copy too", async ({ phone, line }) => {
  await seen(phone, line, "/clusters");
  line.be("hang");
  await phone.goto(line.url("/clusters"));
  await expect(phone.locator("[data-notice=offline]")).toContainText("Saved copy");
});

test("a copy is read without its script, age included", async ({ phone, line }) => {
  await seen(phone, line, "/rules");
  line.be("cut");
  const text = await (await phone.goto(line.url("/rules")))!.text();
  expect(text).toMatch(/Saved copy, \d+ (s|min) old/);
});

test("what a captive portal answers in our place is shown and never kept", async ({ phone, line, noise }) => {
  noise.expect(/./);
  await seen(phone, line, "/clusters");
  line.be("portal");
  await phone.goto(line.url("/clusters"));
  await expect(phone.getByText("Buy a day of internet")).toBeVisible();
  line.be("cut");
  await phone.goto(line.url("/clusters"));
  await expect(phone.locator("[data-notice=offline]")).toContainText("Saved copy");
  await expect(phone.getByText("prod").first()).toBeVisible();
});

test("going offline, acting and coming back sends nothing at all", async ({ phone, line }) => {
  await house.rule({ mode: "ask" });
  await house.happen("node-12", "power-off");
  const { id } = await house.begun("node-12");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state).toBe("waiting");
  await seen(phone, line, "/");
  const button = phone.locator(`[data-recovery="${id}"]`).getByRole("button", { name: "Start node" });
  await expect(button).toBeVisible();
  const before = line.posts().length;
  line.be("cut");
  await phone.context().setOffline(true);
  await button.click();
  const draft = phone.locator("#on-device").getByRole("article").filter({ hasText: "Draft: Start node-12" });
  await expect(draft).toContainText("Nothing was sent.");
  line.be("open");
  await phone.context().setOffline(false);
  await phone.goto(line.url("/"));
  await expect(phone.locator("html")).toHaveAttribute("data-stream", "open");
  await phone.reload();
  await expect(phone.locator("html")).toHaveAttribute("data-stream", "open");
  // The draft leads to the facts as they are now, and no further.
  await draft.getByRole("link", { name: "Review" }).click();
  await expect(phone).toHaveURL(line.url("/clusters/prod/nodes/node-12/start"));
  expect(line.posts().slice(before)).toEqual([]);
  expect(await house.starts("node-12")).toEqual([]);
  // Ten minutes later it says that it has expired and leads nowhere, an hour later it is gone.
  await aged(phone, 600_000);
  await phone.goto(line.url("/"));
  const over = phone.locator("[data-draft-state=expired]");
  await expect(over).toContainText("Draft expired: Start node-12");
  await expect(over).toContainText("Nothing was sent.");
  await expect(over.getByRole("link")).toHaveCount(0);
  await aged(phone, 3_600_000);
  await phone.goto(line.url("/"));
  await expect(phone.locator("html")).toHaveAttribute("data-stream", "open");
  await expect(phone.locator("[data-draft-id]")).toHaveCount(0);
  expect(await phone.evaluate(() => localStorage.getItem("uncordon-kept"))).toBeNull();
  expect(line.posts().slice(before)).toEqual([]);
});

test("a start typed as a command in the tunnel is a draft, and only a person sends it, on fresh facts", async ({ phone, line }) => {
  await house.rule({ mode: "ask" });
  // Its team checks ask the shop, whose database the test before has left on a node without power.
  await house.happen("node-12", "heal");
  await expect.poll(async () => (await house.api("GET", "clusters/prod/nodes/node-12")).body, { timeout: 90_000 }).toMatchObject({ ready: true, cordoned: false });
  await house.happen("node-15", "power-off");
  const { id } = await house.begun("node-15");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state).toBe("waiting");
  await seen(phone, line, "/");
  await seen(phone, line, "/command");
  const acts = () => line.posts().filter((one) => one !== "POST /do/read_command");
  const before = acts().length;
  line.be("cut");
  await phone.context().setOffline(true);
  const field = phone.getByLabel("Command", { exact: true });
  const run = phone.getByRole("button", { name: "Run", exact: true });
  const told = phone.locator("form.say .told");
  // What starts nothing is no draft.
  await field.fill("cluster-health prod");
  await run.click();
  await expect(told).toContainText("What you typed is kept on this device.");
  await field.fill("/Startup 10.0.0.15");
  await run.click();
  await expect(told).toContainText("A draft is kept on this device for 10 min; it is never sent by itself.");
  await phone.goto(line.url("/"));
  const drafts = phone.locator("[data-draft-state=waits]");
  await expect(drafts).toHaveCount(1);
  await expect(drafts).toContainText("Draft: \u201c/Startup 10.0.0.15\u201d");
  line.be("open");
  await phone.context().setOffline(false);
  await phone.goto(line.url("/"));
  await expect(phone.locator("html")).toHaveAttribute("data-stream", "open");
  await drafts.getByRole("link", { name: "Review" }).click();
  await expect(field).toHaveValue("/Startup 10.0.0.15");
  await expect(phone.locator("#reading")).toContainText("node-15 (10.0.0.15) in prod");
  expect(acts().slice(before)).toEqual([]);
  expect(await house.starts("node-15")).toEqual([]);
  await run.click();
  await expect(phone.locator("#answer")).toContainText("node-15");
  await house.ended(id);
  expect(await house.starts("node-15")).toHaveLength(1);
});

test("an act on a line that breaks leads to a page that can be reloaded without sending it again", async ({ phone, line }) => {
  await seen(phone, line, "/");
  // The page believes in its connection: only the act itself meets the cut.
  line.be("cut");
  await phone.evaluate(() => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/do/throw_switch?intent=cut-in-the-middle";
    form.innerHTML = "<input name=mode value=pause>";
    document.body.append(form);
    form.submit();
  });
  await expect(phone).toHaveURL(line.url("/unconfirmed?intent=cut-in-the-middle"));
  await expect(phone.getByRole("heading", { level: 1 })).toHaveText("Not confirmed");
  // On every page from now on that weighs more than being offline.
  await expect.poll(() => phone.evaluate(() => localStorage.getItem("uncordon-kept"))).toContain("cut-in-the-middle");
  await phone.goto(line.url("/"));
  await expect(phone.locator("[data-notice=unconfirmed]")).toContainText("Not confirmed: An act");
  await expect(phone.locator("[data-notice]")).toHaveCount(1);
  await phone.goBack();
  await expect(phone).toHaveURL(line.url("/unconfirmed?intent=cut-in-the-middle"));
  line.be("open");
  const before = line.posts().length;
  await phone.reload();
  await phone.reload();
  expect(line.posts().length).toBe(before);
  expect((await house.api("GET", "switch")).body.mode).toBe("run");
});

test("an act that somebody else answers is not confirmed", async ({ phone, line, noise }) => {
  noise.expect(/ViewTransition/);
  // The portal answers the live stream, too, if it happens to be opened anew just then.
  noise.expect(/EventSource's response has a MIME type/);
  await seen(phone, line, "/");
  line.be("portal");
  await phone.evaluate(() => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/do/throw_switch?intent=portal-in-between";
    document.body.append(form);
    form.submit();
  });
  await expect(phone).toHaveURL(line.url("/unconfirmed?intent=portal-in-between"));
});

test("a note written in the tunnel waits, is sent once, and stands at the time it was written", async ({ phone, line }) => {
  const { id } = (await house.api("GET", "recoveries?node=node-13")).body.items[0];
  await seen(phone, line, `/recoveries/${id}`);
  line.be("cut");
  await phone.context().setOffline(true);
  await phone.getByLabel("Note", { exact: true }).fill("written in the tunnel");
  await phone.getByRole("button", { name: "Add note" }).click();
  await expect(phone.getByText(/The note waits for connection, written \d\d:\d\d UTC/)).toBeVisible();
  line.be("open");
  await phone.context().setOffline(false);
  const notes = async () => (await house.api("GET", `recoveries/${id}`)).body.events.filter((one: any) => one.kind === "noted");
  await expect.poll(async () => (await notes()).length).toBe(1);
  const [note] = await notes();
  expect(JSON.stringify(note.detail), "it stands at the time it was written").toContain("written in the tunnel (happened at 20");
  await phone.goto(line.url("/"));
  await phone.reload();
  expect(line.posts().filter((one) => one === "POST /do/add_note")).toHaveLength(1);
  expect(await phone.evaluate(() => localStorage.getItem("uncordon-kept"))).toBeNull();
  expect((await notes()).length).toBe(1);
});

test("an acknowledgement given in the tunnel waits and is sent once", async ({ phone, line }) => {
  await house.alarm("nobody knows this rack, and it is rather warm");
  const unclear = phone.locator("[data-alarm]").filter({ hasText: "rather warm" });
  await expect(async () => {
    await phone.goto(line.url("/"));
    await expect(unclear).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const number = await unclear.getAttribute("data-alarm");
  await seen(phone, line, "/");
  line.be("cut");
  await phone.context().setOffline(true);
  await unclear.getByRole("button", { name: "Acknowledge" }).click();
  await expect(phone.locator("[data-waits=acknowledge]")).toContainText(/The acknowledgement waits for connection.*rather warm/);
  // A page that is opened again in between, still in the tunnel, sends nothing either.
  await phone.goto(line.url("/"));
  await expect(phone.locator("[data-waits=acknowledge]")).toBeVisible();
  line.be("open");
  await phone.context().setOffline(false);
  await expect.poll(async () => (await house.api("GET", `alarms/${number}`)).body.acknowledged_by).toBeTruthy();
  await expect(phone.locator("[data-waits]")).toHaveCount(0);
  await phone.goto(line.url("/"));
  await expect(phone.locator("html")).toHaveAttribute("data-stream", "open");
  await phone.reload();
  await expect(unclear).toHaveCount(0);
  expect(line.posts().filter((one) => one === "POST /do/acknowledge_alarm")).toHaveLength(1);
  expect(await phone.evaluate(() => localStorage.getItem("uncordon-kept"))).toBeNull();
});

test("what waits on the device is listed on Now and can be thrown away", async ({ phone, line }) => {
  const { id } = (await house.api("GET", "recoveries?node=node-13")).body.items[0];
  await seen(phone, line, "/");
  await seen(phone, line, `/recoveries/${id}`);
  line.be("cut");
  await phone.context().setOffline(true);
  await phone.getByLabel("Note", { exact: true }).fill("nobody shall read this");
  await phone.getByRole("button", { name: "Add note" }).click();
  await expect(phone.getByText(/The note waits/).first()).toBeVisible();
  await phone.goto(line.url("/"));
  const card = phone.locator("[data-waits=note]");
  await expect(card).toContainText("nobody shall read this");
  await card.getByRole("button", { name: "Discard" }).click();
  await expect(card).toHaveCount(0);
  line.be("open");
  await phone.context().setOffline(false);
  await phone.reload();
  await expect(phone.locator("html")).toHaveAttribute("data-stream", "open");
  expect(line.posts().filter((one) => one === "POST /do/add_note")).toHaveLength(0);
});

test("what was typed into a rule is offered again when the page was lost on the way", async ({ phone, line }) => {
  await seen(phone, line, "/rules/1");
  await phone.getByLabel("Pattern", { exact: true }).fill("HOST typed in the tunnel");
  await expect.poll(() => phone.evaluate(() => localStorage.getItem("uncordon-kept"))).toContain("typed in the tunnel");
  line.be("cut");
  await phone.goto(line.url("/rules/1"));
  await expect(phone.locator("[data-typed]")).toContainText("was not saved");
  await phone.getByRole("button", { name: "Restore", exact: true }).click();
  await expect(phone.getByLabel("Pattern", { exact: true })).toHaveValue("HOST typed in the tunnel");
  await expect(phone.locator("[data-typed]")).toHaveCount(0);
});
