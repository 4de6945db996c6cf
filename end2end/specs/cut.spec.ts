// The line is cut while a start is on its way: what has begun runs to its end, and nothing begins twice.
// CUTS says how often (12; `make faults` cuts 200 times), one millisecond later each time, up to 50.
import { connect } from "node:net";
import { expect, sandbox, test } from "../house";

const CUTS = Number(process.env.CUTS ?? 12);
const STEP = CUTS > 50 ? 1 : 4;
const NODES = ["node-11", "node-12", "node-13", "node-14", "node-15", "node-16", "node-17", "node-18"];
const house = sandbox({ speed: 120 });

/** Sends a whole request and hangs up without a word so many milliseconds later. */
async function cut(path: string, ms: number): Promise<void> {
  const { hostname, port } = new URL(house.facts.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await new Promise((open) => socket.once("connect", open));
  const head = [`POST ${path} HTTP/1.1`, `Host: ${hostname}:${port}`, `Authorization: Bearer ${house.facts.admin_token}`,
    "Content-Type: application/json", "Content-Length: 2", "", "{}"];
  socket.write(head.join("\r\n"));
  await new Promise((done) => setTimeout(done, ms));
  socket.resetAndDestroy();
}

test(`of ${CUTS} starts whose line was cut each began once or not at all, and all that began ended well`, async () => {
  test.setTimeout(60_000 + CUTS * 15_000);
  await house.rule({ mode: "observe" });
  let survived = 0;
  for (let turn = 0; turn < CUTS; turn += 1) {
    const node = NODES[turn % NODES.length];
    const above = Math.max(0, ...(await house.api("GET", "recoveries?limit=500")).body.items.map((one: any) => one.id));
    const before = (await house.starts(node)).length;
    await house.happen(node, "power-off");
    await expect.poll(async () => (await house.node(node)).ready, { timeout: 30_000 }).toBe(false);
    await cut(`/api/v1/clusters/prod/nodes/${node}/start`, (turn * STEP) % 51);
    // Sent again as a person would: it is either the first that arrives, or it is told which one is at work.
    const again = await house.api("POST", `clusters/prod/nodes/${node}/start`, {});
    expect([202, 409], JSON.stringify(again.body)).toContain(again.status);
    survived += Number(again.status === 409);
    const { id } = await house.begun(node, above);
    expect((await house.ended(id)).state, `recovery ${id}`).toBe("recovered");
    expect((await house.starts(node)).length - before, `starts of ${node}`).toBe(1);
    const all = (await house.api("GET", "recoveries?limit=500")).body.items.filter((one: any) => one.id > above);
    expect(all.length, "one recovery").toBe(1);
  }
  console.log(`cut: ${CUTS} lines cut, ${survived} of their starts had begun already and ran to the end`);
  expect(survived, "no start arrived before its line was cut: nothing was tried").toBeGreaterThan(0);
});
