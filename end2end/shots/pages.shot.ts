// One picture of every page, before and during a recovery.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { awake, expect, sandbox, test } from "../house";

const house = sandbox({ speed: 5 });
const folder = join(dirname(fileURLToPath(import.meta.url)), "../../shots");
const pages = {
  now: "/", clusters: "/clusters", cluster: "/clusters/prod", node: "/clusters/prod/nodes/node-12",
  start: "/clusters/prod/nodes/node-12/start", command: "/command", timeline: "/timeline", rules: "/rules", settings: "/settings",
};

test("pages", async ({ page }, info) => {
  mkdirSync(folder, { recursive: true });
  const take = (name: string) => page.screenshot({ path: join(folder, `${name}-${info.project.name}.png`), fullPage: true });
  await house.signIn(page);
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(house.url(path));
    await awake(page);
    await take(name);
  }
  await house.happen("node-12", "power-off");
  const recoveries = async () => (await house.api("GET", "recoveries")).body.items;
  await expect.poll(async () => (await recoveries()).length, { timeout: 60_000 }).toBeGreaterThan(0);
  const id = (await recoveries())[0].id;
  await page.goto(house.url(`/recoveries/${id}`));
  await take("recovery-running");
  await page.goto(house.url("/"));
  await take("now-running");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.ended_at, { timeout: 100_000 }).toBeTruthy();
  await page.goto(house.url(`/recoveries/${id}`));
  await take("recovery-ended");
});
