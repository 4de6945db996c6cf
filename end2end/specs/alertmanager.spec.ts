// Debian's real Alertmanager in trouble: our disk is full, it is restarted meanwhile, and then the line loses our answers.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../house";
import { freePort, Mortal } from "../killed";
import { Line } from "../line";
import { missing, Monitoring } from "../monitoring";

const mortal = new Mortal();
const monitoring = new Monitoring();
const { house } = mortal;
let line: Line;
let disk = "";
let why = missing();

/** Puts the product's data on a disk of its own, small enough to be filled. */
function small(toml: string, folder: string): string {
  disk = join(folder, "small");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", disk]);
  if (mounted.status !== 0) {
    why = `a small disk cannot be mounted: ${mounted.error ?? mounted.stderr}`;
    disk = "";
    return toml;
  }
  for (const file of ["uncordon.db", "uncordon.db-wal"].filter((one) => existsSync(join(folder, one)))) copyFileSync(join(folder, file), join(disk, file));
  return toml.replace(/^data = .*$/m, `data = ${JSON.stringify(disk)}`);
}

/** Writes until nothing more fits. */
function fill(): void {
  const piece = "x".repeat(4096);
  for (let n = 0; n < 100_000; n += 1) {
    try {
      writeFileSync(join(disk, "filler"), piece, { flag: "a" });
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
      return;
    }
  }
  throw new Error("the disk does not fill up");
}

const refused = () => line.answered.filter((one) => one.statusCode === 503);

test.beforeAll(async () => {
  if (why) return;
  const alertmanager = await freePort();
  await mortal.open(1, {}, (toml, folder) => small(toml, folder)
    .replace(/^(name = "sandbox"\nkind = "alertmanager"[^[]*?api_url = )"[^"]*"/m, `$1"http://127.0.0.1:${alertmanager}"`));
  await expect.poll(async () => (await house.api("GET", "clusters/prod/health")).body.verdict, { timeout: 30_000 }).toBe("healthy");
  const { path, token } = house.facts.hooks.sandbox;
  line = await Line.lay(() => house.url("/"));
  await monitoring.open(line.url(path), token, async () => {
    const ready = (one: any) => one.status.conditions.some((of: any) => of.type === "Ready" && of.status === "True");
    return { "10.0.0.15": ready(await mortal.object("node-15")) };
  }, alertmanager);
});
test.afterAll(async () => {
  await monitoring.close();
  await line?.close();
  if (disk) rmSync(join(disk, "filler"), { force: true });
  if (disk) spawnSync("umount", ["--lazy", disk]);
  await mortal.close();
});
test.afterEach(async ({}, info) => {
  if (info.status === info.expectedStatus) return;
  await info.attach("serve", { body: mortal.said.slice(-200).join("\n"), contentType: "text/plain" });
  await info.attach("monitoring", { body: monitoring.said.slice(-100).join(""), contentType: "text/plain" });
});

test("no alarm is lost to a full disk, a restart of Alertmanager or a lost answer, and none is acted on twice", async () => {
  test.skip(why !== undefined, why);
  test.setTimeout(400_000);
  await house.rule({ mode: "auto", labels: { alertname: "ScrapedHostDown" } });
  fill();
  await house.happen("node-15", "power-off");
  await expect.poll(() => refused().length, { message: "we say that we cannot store it", timeout: 120_000 }).toBeGreaterThan(0);
  expect(refused()[0].headers["retry-after"]).toBeTruthy();
  await monitoring.restart();
  const before = refused().length;
  await expect.poll(() => refused().length, { message: "it comes again after the restart", timeout: 60_000 }).toBeGreaterThan(before);
  expect(line.answered.every((one) => one.statusCode === 503), "nothing was taken that was not stored").toBe(true);

  // There is room again, but our yes does not reach it: it gives up after ten seconds and sends the same once more.
  line.be("deaf");
  rmSync(join(disk, "filler"));
  const taken = () => line.answered.filter((one) => one.statusCode === 202).length;
  await expect.poll(taken, { message: "the same alarm is sent again", timeout: 120_000 }).toBeGreaterThan(1);
  line.be("open");

  const { id } = await house.begun("node-15");
  const recovery = await house.ended(id);
  expect(recovery.outcome).toBe("recovered");
  expect(await house.starts("node-15")).toHaveLength(1);
  await expect.poll(() => monitoring.firing(), { timeout: 60_000 }).toEqual([]);
  const all = (await house.api("GET", "recoveries")).body.items;
  expect(all.filter((one: any) => one.node === "node-15")).toHaveLength(1);
  const alarm = async () => (await house.api("GET", `alarms/${recovery.trigger.alarm_id}`)).body.status;
  await expect.poll(alarm).toMatch(/closed|resolved/);
});
