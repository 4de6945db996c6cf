// Rubbish at the alarm door: every body is answered, none of it breaks the service, and what was taken gets its final word.
// FUZZ says how many bodies (300; `make faults` sends 5000), SEED which ones.
import { expect, sandbox, test } from "../house";
import { seeded } from "../killed";

const FUZZ = Number(process.env.FUZZ ?? 300);
const SEED = Number(process.env.SEED ?? 20261122);
const house = sandbox({ speed: 10 });

const SEEDS = [
  '{"text":"HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod"}',
  '{"text":"HOST 10.0.0.99 down, IP: 10.0.0.99 Cluster elsewhere","labels":{"a":"b"}}',
  '{"version":"4","status":"firing","groupLabels":{},"alerts":[{"status":"firing","labels":{"alertname":"HostDown"},"annotations":{"summary":"HOST 10.0.0.13 down, IP: 10.0.0.13 Cluster prod"},"startsAt":"2026-01-01T00:00:00Z","fingerprint":"ab"}]}',
  "HOST 10.0.0.14 down, IP: 10.0.0.14 Cluster prod",
];

test(`${FUZZ} bodies of rubbish leave no alarm without a word and the service well`, async () => {
  test.setTimeout(60_000 + FUZZ * 100);
  const random = seeded(SEED);
  const pick = (below: number) => Math.floor(random() * below);
  const rubbish = (): ArrayBuffer => {
    const body = [...Buffer.from(SEEDS[pick(SEEDS.length)])];
    for (let change = pick(6); change > 0; change -= 1) {
      const at = pick(body.length);
      const kind = pick(4);
      if (kind === 0) body[at] = pick(256);
      if (kind === 1) body.splice(at, pick(20));
      if (kind === 2) body.splice(at, 0, ...body.slice(0, pick(body.length)));
      if (kind === 3) body.splice(at, 0, ...Array.from({ length: pick(40) }, () => '{["\\'.charCodeAt(pick(4))));
    }
    return new Uint8Array(body).buffer;
  };
  await house.rule({ mode: "observe" });
  const { path, token } = house.facts.hooks.sandbox;
  const taken: number[] = [];
  const answers = new Map<number, number>();
  for (let n = 0; n < FUZZ; n += 1) {
    const type = pick(2) === 0 ? "application/json" : "text/plain";
    const body = rubbish();
    const answer = await fetch(house.url(path), { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": type }, body });
    answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
    const told = `${answer.status} to ${Buffer.from(body).toString("latin1").slice(0, 200)}`;
    expect([202, 400, 413, 415, 422], told).toContain(answer.status);
    if (answer.status === 202) taken.push(...((await answer.json()) as any).alarms.map((one: any) => one.id));
  }
  expect(taken.length, "nothing of it was an alarm: nothing was tried").toBeGreaterThan(FUZZ / 20);
  for (const id of taken) {
    const word = async () => (await house.api("GET", `alarms/${id}`)).body.disposition;
    await expect.poll(word, { message: `alarm ${id}`, timeout: 30_000 }).not.toBe("accepted");
  }
  expect((await house.call("GET", "/readyz")).status).toBe(200);
  expect((await house.ledger()).filter((one) => one.accepted && one.face === "cloud" && one.verb === "os-start")).toEqual([]);
  console.log(`fuzz: seed ${SEED}, ${FUZZ} bodies, answers ${JSON.stringify([...answers])}, ${taken.length} alarms taken, each has its word`);
});
