// The story by chat, over a real Synapse: linked from the phone, started by one message, told in one thread, and nothing said
// twice though the product is killed meanwhile.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../house";
import { Mortal } from "../killed";
import { type Message, type Somebody, Synapse } from "../synapse";

const SPEED = 20;
const mortal = new Mortal();
const { house } = mortal;
const synapse = new Synapse();
let [kato, bot]: Somebody[] = [];
let room = "";
let quiet = "";
let why = "";

test.beforeAll(async () => {
  why = await synapse.open();
  if (why) return;
  [kato, bot] = [await synapse.person("kato"), await synapse.person("uncordon")];
  [room, quiet] = [await kato.room([bot.id]), await kato.room([bot.id])];
  await mortal.open(SPEED, {}, (toml, folder) => {
    writeFileSync(join(folder, "matrix-token"), bot.token);
    return `${toml}
[[chat]]
name = "ops"
kind = "matrix"
api_url = "${synapse.url}"
token_file = "${join(folder, "matrix-token")}"
[[chat.room]]
id = "${room}"
channels = ["important", "default"]
[notify.escalation]
after_s = 60
people = ["you"]
`.replace("[[chat.room]]", `test_room = "${quiet}"\n[[chat.room]]`);
  });
});
test.afterAll(async () => {
  if (!why) await mortal.close();
  await synapse.close();
});
test.beforeEach(() => {
  if (why) console.log(`NOT RUN: synapse: ${why}`);
  test.skip(why !== "", why);
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) await info.attach("serve", { body: mortal.said.slice(-400).join("\n"), contentType: "text/plain" });
});

/** The first message of ours that says this; waits for it. */
async function ours(says: RegExp, under?: string, where = room): Promise<Message> {
  let found: Message | undefined;
  await expect.poll(async () => {
    found = (await kato.sees(where)).find((one) => one.from === bot.id && one.under === under && says.test(one.text));
    return found !== undefined;
  }, { message: `we say ${says}`, timeout: 60_000 }).toBe(true);
  return found!;
}

const mine = async () => (await kato.sees(room)).filter((one) => one.from === bot.id);

test("a person links a chat on the phone and starts a node by one message, told in one thread", async ({ page }) => {
  test.setTimeout(180_000);
  await kato.says(room, "10.0.0.12 startup");
  expect((await ours(/I do not know you/)).text).toContain("/settings");
  await house.signIn(page);
  await page.goto(house.url("/settings"));
  await page.getByRole("button", { name: "Show a link code" }).click();
  const code = /link (\d{8})/.exec((await page.locator("main").innerText()) ?? "")?.[1];
  expect(code, "the code is shown").toBeTruthy();
  await kato.says(room, `link ${code}`);
  await ours(/From now on you are /);
  await expect(async () => {
    await page.goto(house.url("/settings"));
    await expect(page.locator("#chats")).toContainText(kato.id, { timeout: 1000 });
  }).toPass();

  await house.happen("node-12", "power-off");
  await expect.poll(async () => (await house.node("node-12"))?.ready).toBe(false);
  const said = await kato.says(room, "10.0.0.12 startup");
  await ours(/^Starting node-12 \(10\.0\.0\.12\) in prod: recovery #\d+/);
  const { id } = await house.begun("node-12");
  const root = await ours(new RegExp(`recoveries/${id}`), undefined);
  const recovery = await house.ended(id);
  expect(recovery.outcome).toBe("recovered");
  // One message for the whole recovery, brought up to date, and one below it for the end.
  await expect.poll(async () => (await mine()).filter((one) => /^\[done\] /m.test(one.text)).length, { timeout: 30_000 }).toBe(1);
  const board = (await mine()).find((one) => /^\[done\] /m.test(one.text))!;
  expect(board.text).toMatch(/Ended at .*, after /);
  await ours(/^node-12 is back/, board.id);
  expect(root.text).toContain(`/recoveries/${id}`);
  const events = (await house.api("GET", `recoveries/${id}`)).body.events;
  expect(events.find((one: any) => one.kind === "said").detail).toContain(said);
  // What we said stands in the timeline too, with the message it is.
  const words = (await house.api("GET", `recoveries/${id}`)).body.words;
  expect(words.map((one: any) => one.message)).toContain(board.id);
  await page.goto(house.url(`/recoveries/${id}?view=everything`));
  await expect(page.locator("main")).toContainText(board.id);
  // Words below it are a note, and not answered.
  const before = (await mine()).length;
  const note = await kato.says(room, "The rack had no power.", board.id);
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.events.some((one: any) => one.kind === "said" && one.detail.includes(note))).toBe(true);
  expect((await mine()).length).toBe(before);
});

test("what is said while the product is dead is answered once when it is back", async () => {
  test.setTimeout(120_000);
  await mortal.die(async () => {
    await kato.says(room, "who");
  });
  await ours(/^You are /);
  await kato.says(room, "nodes prod");
  await ours(/node-12 10\.0\.0\.12/);
  expect((await mine()).filter((one) => one.text.startsWith("You are "))).toHaveLength(1);
});

test("a call for help that nobody takes is told to the person alone, who takes it there", async () => {
  test.setTimeout(180_000);
  await house.faults([{ match: "POST /v2.1/servers/*/action", do: "403" }]);
  await house.happen("node-13", "power-off");
  await expect.poll(async () => (await house.node("node-13"))?.ready).toBe(false);
  await kato.says(room, "10.0.0.13 startup");
  const { id } = await house.begun("node-13");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state, { timeout: 90_000 }).toBe("needs_human");
  let alone: string | undefined;
  await expect.poll(async () => (alone = await kato.invited(bot.id)), { message: "we ask the person into a room of two", timeout: 90_000 }).toBeTruthy();
  const call = await ours(/node-13/, undefined, alone);
  expect((await house.api("GET", `recoveries/${id}`)).body.words.map((one: any) => one.message)).toContain(call.id);
  await kato.says(alone!, `ack ${id}`);
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.events.some((one: any) => one.kind === "acknowledged")).toBe(true);
  await house.faults();
});

test("the doctor signs in and says a test in the room that is for tests", async () => {
  const told = await mortal.run("check");
  expect(told).toMatch(new RegExp(`ok +chat ops .*a test was said in ${quiet}`));
  await ours(/^Test of Uncordon: nothing is wrong\.$/, undefined, quiet);
});
