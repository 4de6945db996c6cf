// `serve` is killed with SIGKILL at random moments, again and again: nothing is started twice, lost or left undone.
// KILLS says how many recoveries (4; `make kills` takes 50), SEED which moments.
import { expect, test } from "../house";
import { Mortal, seeded } from "../killed";

const KILLS = Number(process.env.KILLS ?? 4);
const SEED = Number(process.env.SEED ?? 20261122);
const SPEED = 20;
// The machine of node-19 is recovered as well, although a person keeps that node cordoned.
const FOREIGN = "node-19";
const NODES = ["node-12", FOREIGN, "node-15", "node-11", "node-13", "node-14", "node-16", "node-17", "node-18"];
const mortal = new Mortal();
const { house } = mortal;

test.beforeAll(() => mortal.open(SPEED));
test.afterAll(() => mortal.close());
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus) await info.attach("serve", { body: mortal.said.slice(-400).join("\n"), contentType: "text/plain" });
});

/** An alarm that no rule knows; whether it was answered 202 is remembered. */
async function send(sent: Map<number, string>, text: string): Promise<void> {
  const answer = await house.alarm(text).catch(() => undefined);
  if (answer?.status === 202) sent.set(answer.body.alarms[0].id, text);
}

test(`${KILLS} recoveries end well although serve is killed in each, with one start each and no alarm lost`, async ({}, info) => {
  test.setTimeout(60_000 + KILLS * 60_000);
  const random = seeded(SEED);
  const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
  await house.rule({ mode: "auto" });
  await mortal.kubectlCordon(FOREIGN);
  const sent = new Map<number, string>();
  const ended: any[] = [];
  for (let turn = 0; turn < KILLS; turn += 1) {
    const node = NODES[turn % NODES.length];
    const above = Math.max(0, ...ended.map((one) => one.id));
    await test.step(`${turn + 1}: ${node}`, async () => {
      await expect.poll(async () => (await house.node(node))?.ready, { timeout: 60_000 }).toBe(true);
      await house.happen(node, "power-off");
      // The alarm leaves 45 s after the machine in the world's time; the recovery takes about 35 s more.
      const deaths = 1 + Math.floor(random() * 2);
      for (let death = 0; death < deaths; death += 1) {
        // The moment of a death is what is being tried here, not something waited for.
        await wait((death === 0 ? 42_000 : 0) / SPEED + (random() * 45_000) / SPEED);
        await send(sent, `turn ${turn} death ${death} before`);
        await Promise.all([send(sent, `turn ${turn} death ${death} at`), mortal.die()]);
        await send(sent, `turn ${turn} death ${death} after`);
      }
      const { id } = await house.begun(node, above);
      const recovery = await house.ended(id).catch(async (late) => {
        const { state } = (await house.api("GET", `recoveries/${id}`)).body;
        if (state !== "needs_human") throw late;
        return (await house.api("GET", `recoveries/${id}`)).body;
      });
      ended.push(recovery);
      expect(["recovered", "needs_human"], `recovery ${id} of ${node}`).toContain(recovery.state);
      if (recovery.state === "needs_human") {
        expect(recovery.needs ?? recovery.headline, "a person is told why").toMatch(/\w+ \w+/);
        await house.api("POST", `recoveries/${id}/acknowledge`, {});
        await house.happen(node, "heal");
      }
    });
  }
  await test.step("the world saw at most one accepted start for each recovery", async () => {
    const starts = (await house.ledger()).filter((one) => one.accepted && one.verb === "os-start");
    for (const recovery of ended) {
      const mine = starts.filter((one) => one.node === recovery.node && one.at >= recovery.started_at && (!recovery.ended_at || one.at <= recovery.ended_at));
      expect(mine.length, `starts of recovery ${recovery.id}`).toBeLessThanOrEqual(1);
      if (recovery.outcome === "recovered") expect(mine.length, `starts of recovery ${recovery.id}`).toBe(1);
    }
    expect(starts.length).toBeLessThanOrEqual(ended.length);
  });
  await test.step("one recovery for each break, and no cordon of ours is left behind", async () => {
    const all = (await house.api("GET", "recoveries?limit=500")).body.items;
    expect(all.map((one: any) => one.id).sort()).toEqual(ended.map((one) => one.id).sort());
    for (const node of NODES.filter((one) => one !== FOREIGN)) {
      const last = ended.filter((one) => one.node === node).at(-1);
      if (last?.state === "needs_human") continue;
      expect((await mortal.object(node)).spec.unschedulable ?? false, `${node} cordoned`).toBe(false);
    }
  });
  await test.step("the cordon of a person was never touched", async () => {
    expect((await mortal.object(FOREIGN)).spec.unschedulable).toBe(true);
    const patches = (await house.ledger()).filter((one) => one.accepted && one.face === "kubernetes" && one.node === FOREIGN);
    const removed = patches.filter((one) => one.body?.spec && "unschedulable" in one.body.spec && !one.body.spec.unschedulable);
    expect(removed).toEqual([]);
  });
  await test.step("every alarm that was answered 202 is stored", async () => {
    expect(sent.size).toBeGreaterThanOrEqual(KILLS);
    for (const [id, text] of sent) expect((await house.api("GET", `alarms/${id}`)).body.text).toBe(text);
    const alarms = (await house.api("GET", "alarms?limit=500")).body.items;
    const fired = (await house.ledger()).filter((one) => one.verb === "fire" && one.status === 202);
    const stored = alarms.filter((one: any) => one.recovery_id !== null);
    expect(stored.length, "stored host-down alarms").toBeGreaterThanOrEqual(fired.length);
  });
  const kinds = ended.map((one) => one.state).reduce((all: any, one: string) => ({ ...all, [one]: (all[one] ?? 0) + 1 }), {});
  console.log(`kill: seed ${SEED}, ${ended.length} recoveries, ${mortal.lives - 1} kills, ${JSON.stringify(kinds)}, ${sent.size} alarms acknowledged, none lost`);
  info.annotations.push({ type: "kills", description: JSON.stringify(kinds) });
});
