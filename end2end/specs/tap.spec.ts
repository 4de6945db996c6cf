// One tap, safely: it starts once, it rests on what was seen, it can be taken back, and a lost answer is never a guess.
import type { Browser, Page } from "@playwright/test";
import { accessible, awake, expect, fits, sandbox, tappable, test } from "../house";

const house = sandbox({ speed: 10 });

const at = (node: string, more = "") => house.url(`/clusters/prod/nodes/${node}${more}`);
const newest = async () => Math.max(0, ...(await house.api("GET", "recoveries?limit=500")).body.items.map((one: any) => one.id));
const START = { name: "Start node", exact: true };

/** A node whose machine is off and that nobody but a person starts. */
async function down(node: string): Promise<{ above: number; before: number }> {
  // No rule sees its alarm, so none is closed at the end, and none comes again for the next test of this node.
  await house.rule({ mode: "observe", enabled: false });
  await house.happen(node, "power-off");
  await expect.poll(async () => (await house.api("GET", `clusters/prod/nodes/${node}`)).body.offer).toBe("start");
  // Facts must hold still from here on: the node is silent as well.
  await expect.poll(async () => (await house.node(node)).ready, { timeout: 30_000 }).toBe(false);
  return { above: await newest(), before: (await house.starts(node)).length };
}

const begun = async (above: number) => (await house.api("GET", "recoveries?limit=500")).body.items.filter((one: any) => one.id > above);

/** One that recovers in the end: started once, and nothing else begun. */
async function once(node: string, { above, before }: { above: number; before: number }): Promise<void> {
  const { id } = await house.begun(node, above);
  expect((await house.ended(id)).state).toBe("recovered");
  expect((await house.starts(node)).length - before, "starts").toBe(1);
  expect((await begun(above)).length, "recoveries").toBe(1);
}

/** Somebody else on a phone without script, whose page stays as it was. */
async function other(browser: Browser, name: string): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(await house.run("user", "invite", "--name", name, "--role", "responder"));
  await page.getByRole("button", { name: /sign in/i }).click();
  return page;
}

/** Where a form would go, and with what. */
async function form(page: Page, act = "start_node"): Promise<{ action: string; fields: Record<string, string> }> {
  const form = page.locator(`form[action^="/do/${act}"]`).first();
  const fields: Record<string, string> = {};
  for (const input of await form.locator("input").all()) fields[(await input.getAttribute("name"))!] = (await input.getAttribute("value")) ?? "";
  return { action: (await form.getAttribute("action"))!, fields };
}

const headers = () => ({ accept: "text/html", origin: new URL(house.facts.url).origin, "sec-fetch-site": "same-origin" });

test("one tap starts, after five seconds in which it can be cancelled, and says nothing that the server did not say", async ({ page }) => {
  const facts = await down("node-11");
  await house.signIn(page);
  await page.goto(at("node-11"));
  await awake(page);
  let answered = false;
  await page.route("**/do/start_node*", async (route) => {
    await expect(page.locator(".sending")).toContainText("Waiting for the server");
    expect(await page.locator("main").innerText(), "no optimism").not.toMatch(/starting/i);
    answered = true;
    await route.continue();
  });
  await page.getByRole("button", START).click();
  await expect(page).toHaveURL(/\/recoveries\/\d+$/);
  expect(answered).toBe(true);
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  expect((await house.starts("node-11")).length, "nothing is sent within the grace").toBe(facts.before);
  const cancel = await page.getByRole("button", { name: "Cancel" }).boundingBox();
  expect(cancel!.width, "Cancel is as wide as the card").toBeGreaterThan(280);
  await once("node-11", facts);
});

test("Cancel within the grace leaves no call to the cloud", async ({ page }) => {
  const facts = await down("node-12");
  await house.signIn(page);
  await page.goto(at("node-12"));
  await awake(page);
  await page.getByRole("button", START).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator("#summary")).toContainText("nothing was started");
  const { id } = await house.begun("node-12", facts.above);
  expect((await house.ended(id)).state).toBe("cancelled");
  expect((await house.starts("node-12")).length).toBe(facts.before);
});

test("two taps at once are one recovery, in the page and on the server", async ({ page, browser }) => {
  const facts = await down("node-12");
  await house.signIn(page);
  await page.goto(at("node-12"));
  await awake(page);
  let sent = 0;
  page.on("request", (request) => (sent += Number(request.method() === "POST")));
  await page.getByRole("button", START).evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
  await expect(page).toHaveURL(/\/recoveries\/\d+$/);
  expect(sent, "the second tap is the first").toBe(1);
  await once("node-12", facts);

  const again = await down("node-12");
  const plain = await other(browser, "Tanaka");
  await plain.goto(at("node-12"));
  const { action, fields } = await form(plain);
  const post = () => plain.request.post(house.url(action), { form: fields, headers: headers(), maxRedirects: 0 });
  const answers = await Promise.all([post(), post(), post()]);
  const places = new Set(answers.map((one) => `${one.status()} ${one.headers().location}`));
  expect([...places].join(), "all copies get the same answer").toMatch(/^303 \/recoveries\/\d+$/);
  await once("node-12", again);
  await plain.context().close();
});

test("whoever taps second joins the recovery of the first and is told so", async ({ page, browser }) => {
  const facts = await down("node-13");
  const second = await other(browser, "Sato");
  await second.goto(at("node-13"));
  const first = await other(browser, "Kato");
  await first.goto(at("node-13"));
  await house.signIn(page);
  await page.goto(house.url("/command"));
  await page.getByLabel("Command", { exact: true }).fill("node-13 startup");
  await first.getByRole("button", START).click();
  await expect(first).toHaveURL(/\/recoveries\/\d+$/);
  await second.getByRole("button", START).click();
  await expect(second).toHaveURL(first.url());
  await expect(second.getByRole("status").first()).toContainText(/Already requested by Kato \d+ s ago\. Your tap joins it\./);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator("#answer")).toContainText("Already requested by Kato");
  await second.goto(at("node-13"));
  await expect(second.getByText(/Already requested by Kato/)).toBeVisible();
  await expect(second.getByRole("link", { name: /Watch recovery/ })).toBeVisible();
  await expect(second.getByRole("button", START)).toHaveCount(0);
  await once("node-13", facts);
  await first.context().close();
  await second.context().close();
});

test("facts that change between page and tap reset the act: what changed is said, and there is a fresh form", async ({ browser }) => {
  const { above } = await down("node-14");
  const page = await other(browser, "Ito");
  await page.goto(at("node-14"));
  await house.happen("node-14", "heal");
  await expect.poll(async () => (await house.api("GET", "clusters/prod/nodes/node-14")).body.offer, { timeout: 30_000 }).toBe("nothing");
  await page.getByRole("button", START).click();
  await expect(page).toHaveURL(at("node-14", "/start"));
  await expect(page.getByRole("alert")).toContainText("Its machine was off, it is running now.");
  await expect(page.getByRole("alert")).toContainText("Nothing was started.");
  await expect(page.getByText("Nothing to start.")).toBeVisible();
  expect(await begun(above)).toEqual([]);
  await page.context().close();
});

test("a form that was given a later end is refused, and so is one that was saved for too long", async ({ browser }) => {
  const { above, before } = await down("node-14");
  const page = await other(browser, "Mori");
  await page.goto(at("node-14"));
  const { action, fields } = await form(page);
  const [random, until, seal] = action.split("intent=")[1].split(".");
  const later = action.replace(`.${until}.`, `.${Number(until) + 3600}.`);
  for (const [path, more] of [[later, {}], [action, { not_after: "2020-01-01T00:00:00Z" }], ["/do/start_node?intent=abc", {}], ["/do/start_node", {}]] as const) {
    const told = await page.request.post(house.url(path), { form: { ...fields, ...more }, headers: headers(), maxRedirects: 0 });
    expect(told.headers().location, path).toBe("/clusters/prod/nodes/node-14/start");
    await page.goto(at("node-14", "/start"));
    await expect(page.getByRole("alert"), path).toContainText("Nothing was started.");
  }
  expect([random, seal].every((part) => part.length >= 16)).toBe(true);
  expect(await begun(above)).toEqual([]);
  // The fresh form on that page works: one more tap, no dead end.
  await page.getByRole("button", { name: "Start node-14 in prod" }).click();
  await expect(page).toHaveURL(/\/recoveries\/\d+$/);
  await once("node-14", { above, before });
  await page.context().close();
});

test("a lost answer is asked for again with the same key, and there is one start", async ({ page, noise }) => {
  noise.expect(/ERR_FAILED/);
  const facts = await down("node-15");
  await house.signIn(page);
  await page.goto(at("node-15"));
  await awake(page);
  const keys: string[] = [];
  await page.route("**/do/start_node*", async (route) => {
    keys.push(new URL(route.request().url()).searchParams.get("intent")!);
    if (keys.length > 1) return route.continue();
    // It arrives, and its answer gets lost in the tunnel.
    await route.fetch({ maxRedirects: 0 });
    await route.abort();
  });
  await page.getByRole("button", START).click();
  await expect(page.locator(".sending")).toContainText("Trying again, 1 of 3");
  await expect(page).toHaveURL(/\/recoveries\/\d+$/);
  expect(keys.length).toBe(2);
  expect(new Set(keys).size, "the same key").toBe(1);
  await once("node-15", facts);
});

test("Stop takes a tap back that has not arrived, and a late copy of it is refused", async ({ page, noise }) => {
  noise.expect(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  const { above } = await down("node-16");
  await house.signIn(page);
  await page.goto(at("node-16"));
  await awake(page);
  const { action, fields } = await form(page);
  await page.route("**/do/start_node*", (route) => route.abort());
  await page.getByRole("button", START).click();
  await expect(page.locator(".sending")).toContainText("Trying again");
  await page.locator(".sending").getByRole("button", { name: "Stop" }).click();
  await expect(page.locator(".sending")).toContainText("Taken back. Nothing was started.");
  const late = await page.request.post(house.url(action), { form: fields, headers: headers(), maxRedirects: 0 });
  expect(late.status()).toBe(303);
  const key = new URL(house.url(action)).searchParams.get("intent")!;
  await page.goto(house.url(`/intents/${key}`));
  await expect(page.getByText("Taken back", { exact: true })).toBeVisible();
  await accessible(page);
  expect(await begun(above)).toEqual([]);
});

test("when no copy gets through, the page says not confirmed yet, asks, and never guesses", async ({ page, noise }) => {
  noise.expect(/ERR_FAILED/);
  const { above } = await down("node-16");
  await house.signIn(page);
  await page.goto(at("node-16"));
  await awake(page);
  await page.route("**/do/start_node*", (route) => route.abort());
  await page.getByRole("button", START).click();
  await expect(page).toHaveURL(/\/unconfirmed\?intent=/, { timeout: 30_000 });
  await expect(page.getByText("Not confirmed yet", { exact: true })).toBeVisible();
  await expect(page.locator("[data-intent-text]")).toContainText("It has not arrived. It may still be on its way until");
  await accessible(page);
  await fits(page);
  await tappable(page);
  await page.getByRole("link", { name: "Review again" }).click();
  await expect(page).toHaveURL(at("node-16", "/start"));
  await page.goBack();
  await page.getByRole("button", { name: /take it back/ }).click();
  await expect(page.getByText("Taken back", { exact: true })).toBeVisible();
  await expect(page.locator("[data-intent-text]")).toContainText("It was taken back before it arrived. Nothing was started.");
  await expect(page.getByRole("link", { name: "Check now" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Review again" })).toHaveAttribute("href", "/clusters/prod/nodes/node-16/start");
  expect(await begun(above)).toEqual([]);
});

test("a tap that arrived leads from the page of the lost answer to its recovery, with script and without", async ({ page, browser, noise }) => {
  noise.expect(/ERR_FAILED/);
  const facts = await down("node-16");
  const plain = await other(browser, "Abe");
  await plain.goto(at("node-16"));
  const { action, fields } = await form(plain);
  const key = new URL(house.url(action)).searchParams.get("intent")!;
  await plain.goto(house.url(`/unconfirmed?intent=${key}`));
  await plain.getByRole("link", { name: "Check now" }).click();
  await expect(plain.getByText("Not confirmed yet", { exact: true })).toBeVisible();
  await plain.request.post(house.url(action), { form: fields, headers: headers(), maxRedirects: 0 });
  await plain.getByRole("link", { name: "Check now" }).click();
  await expect(plain).toHaveURL(/\/recoveries\/\d+$/);
  await once("node-16", facts);
  await plain.context().close();
  await house.signIn(page);
  await page.goto(house.url(`/unconfirmed?intent=${key}`));
  // Another person's key is nobody's.
  await expect(page.locator("[data-intent-text]")).toContainText("It has not arrived", { timeout: 15_000 });
});

test("a button that must be held counts on release inside, and there is a way around it", async ({ page, browser }) => {
  const facts = await down("node-17");
  await house.signIn(page);
  await page.goto(house.url("/settings"));
  await page.getByLabel("Start button").selectOption("0.5");
  await page.getByRole("button", { name: "Save how I confirm" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  await page.goto(at("node-17"));
  await awake(page);
  const hold = page.getByRole("button", { name: "Hold to start node-17" });
  await expect(hold).toBeVisible();
  await accessible(page);
  await tappable(page);
  let sent = 0;
  page.on("request", (request) => (sent += Number(request.method() === "POST")));
  const button = page.locator("[data-hold]");
  const press = async () => {
    await button.scrollIntoViewIfNeeded();
    const box = (await button.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    return box;
  };
  // Sliding out cancels.
  const box = await press();
  await expect(button).toHaveAttribute("data-held", "ripe");
  await expect(button).toHaveText("Release to start");
  await page.mouse.move(box.x + box.width / 2, box.y - 40);
  await page.mouse.up();
  await expect(button).toHaveText("Hold to start node-17");
  // Letting go early cancels.
  await press();
  await page.mouse.up();
  await expect(button).not.toHaveAttribute("data-held");
  expect(sent).toBe(0);
  // A keyboard gets the page with one plain button.
  await hold.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(at("node-17", "/start"));
  await expect(page.getByRole("button", { name: "Start node-17 in prod" })).toBeVisible();
  expect(sent).toBe(0);
  await page.goto(at("node-17"));
  await awake(page);
  await press();
  await expect(button).toHaveAttribute("data-held", "ripe");
  await page.mouse.up();
  await expect(page).toHaveURL(/\/recoveries\/\d+$/);
  expect(sent).toBe(1);
  await once("node-17", facts);

  // Without script there is only the way around.
  await house.happen("node-17", "power-off");
  const state = await page.context().storageState();
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: state, viewport: { width: 390, height: 844 } });
  const plain = await context.newPage();
  await plain.goto(at("node-17"));
  await expect(plain.getByRole("button", { name: /Hold to start/ })).toHaveCount(0);
  await expect(plain.getByRole("link", { name: "Start without holding" })).toBeVisible();
  await context.close();
  // A node that is down is what the recovery of another one would wait for.
  await house.happen("node-17", "heal");
  expect((await page.request.post(house.url("/do/set_preference"), { form: { hold: "off" }, headers: headers(), maxRedirects: 0 })).status()).toBe(303);
});

test("what carries a warning asks for the name on a sheet that says what it rests on", async ({ page }) => {
  const facts = await down("node-18");
  await house.api("PUT", "switch", { mode: "pause", reason: "storage work" });
  await house.signIn(page);
  await page.goto(at("node-18"));
  await expect(page.getByRole("button", START)).toHaveCount(0);
  await page.getByRole("link", { name: "Review and start node" }).click();
  for (const part of ["Now", "Cause", "Will do", "Guards", "Waits for it"]) await expect(page.locator(".sheet dt").getByText(part, { exact: true })).toBeVisible();
  await expect(page.locator("#sheet")).toContainText("Start the machine");
  await expect(page.locator("#sheet"), "seen in past recoveries of this cluster").toContainText(/(usually|last time) \d+:\d\d/);
  await expect(page.getByText("The switch is on pause.")).toBeVisible();
  await accessible(page);
  await fits(page);
  await tappable(page);
  const go = page.getByRole("button", { name: "Start node-18 in prod" });
  await expect(go).toHaveClass(/danger/);
  await page.getByLabel("Type node-18 to confirm").fill("node-19");
  await go.click();
  await expect(page.getByRole("alert")).toContainText("You typed node-19; expected node-18.");
  await page.getByLabel("Type node-18 to confirm").fill("node-18");
  await go.click();
  await expect(page).toHaveURL(/\/recoveries\/\d+$/);
  await house.api("PUT", "switch", { mode: "run", reason: "done" });
  await expect.poll(async () => (await house.starts("node-18")).length - facts.before, { timeout: 30_000 }).toBe(1);
  // The next test has the node again.
  await house.ended((await house.begun("node-18", facts.above)).id);
});

test("the keys of a page that is looked at are renewed, and what was typed stays", async ({ page }) => {
  await down("node-13");
  await house.api("PUT", "switch", { mode: "pause", reason: "storage work" });
  await house.signIn(page);
  await page.goto(at("node-13", "/start"));
  await awake(page);
  await page.getByLabel("Type node-13 to confirm").fill("node-1");
  const key = () => page.locator("#go button").getAttribute("formaction");
  const before = await key();
  await page.evaluate(() => document.dispatchEvent(new Event("uncordon:renew")));
  await expect.poll(key).not.toBe(before);
  await expect(page.getByLabel("Type node-13 to confirm")).toHaveValue("node-1");
  await house.happen("node-13", "heal");
  await expect.poll(async () => (await house.api("GET", "clusters/prod/nodes/node-13")).body.machine_state).not.toBe("off");
  await page.evaluate(() => document.dispatchEvent(new Event("uncordon:renew")));
  await expect(page.locator("#sheet")).not.toContainText("Machine off");
  await house.api("PUT", "switch", { mode: "run", reason: "done" });
});

test("a state that cannot be read offers a check and never a start, and a block names the way out", async ({ page }) => {
  const { above } = await down("node-19");
  await house.signIn(page);
  const faults = (list: unknown[]) => fetch(new URL("/sandbox/faults", house.facts.world), {
    method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ faults: list }),
  });
  await faults([{ match: "* /v2.1/*", do: "500" }]);
  await page.goto(at("node-19"));
  await expect(page.getByText(/It is not started while its state is unknown/)).toBeVisible();
  await expect(page.getByRole("button", START)).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Check state" })).toHaveClass(/main/);
  await accessible(page);
  await faults([]);
  await page.getByRole("link", { name: "Check state" }).click();
  await expect(page.getByRole("button", START)).toBeVisible();
  await house.api("PUT", "switch", { mode: "freeze", reason: "a network failure" });
  await page.goto(at("node-19", "/start"));
  await expect(page.getByText("Blocked", { exact: true })).toBeVisible();
  await expect(page.getByText(/threw it: a network failure/)).toBeVisible();
  await expect(page.getByText(/role responder lifts it in Settings, with a reason/)).toBeVisible();
  await expect(page.getByRole("button", { name: /Start node-19/ })).toHaveCount(0);
  await accessible(page);
  await house.api("PUT", "switch", { mode: "run", reason: "done" });
  expect(await begun(above)).toEqual([]);
});
