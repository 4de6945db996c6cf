// One picture of every page and main state, in both themes.
import { breakNode, expect, sandbox, test } from "../house";
import { camera } from "./camera";

// Slow enough to be seen on its way, quick enough to be waited for.
const house = sandbox({ speed: 8 });
const quiet = {
  now: "/", clusters: "/clusters", cluster: "/clusters/prod", node: "/clusters/prod/nodes/node-12", start: "/clusters/prod/nodes/node-12/start",
  command: "/command", timeline: "/timeline", rules: "/rules", rule: "/rules/1", "rule-new": "/rules/new",
  "rule-fault": "/rules/1?mode=auto&pattern=HOST+(%3FP%3Cip%3E%5B0-9.%5D%2B&sample=HOST", settings: "/settings", storms: "/storms", cordons: "/cordons", missing: "/recoveries/4711",
};
test.describe.configure({ mode: "serial" });

test("pages at rest", async ({ page, noise }, info) => {
  noise.expect(/40[134]/);
  const take = camera(house, page, info.project.name);
  await take("sign-in", "/sign-in");
  await page.goto(house.facts.sign_in);
  await take("sign-in-invite");
  await house.signIn(page);
  for (const [name, path] of Object.entries(quiet)) await take(name, path);
  await page.goto(house.url("/sign-in/new-code"));
  await page.getByRole("button", { name: "Show a code" }).click();
  await take("sign-in-code");
  for (const [name, line] of [["command-health", "cluster-health prod"], ["command-healthy", "10.0.0.12 startup"], ["command-unknown", "10.0.0.12 strtup"]]) {
    await page.goto(house.url("/command"));
    await page.getByLabel("Command").fill(line);
    await page.getByRole("button", { name: "Run" }).click();
    await take(name);
  }
});

test("a recovery on its way", async ({ page }, info) => {
  const take = camera(house, page, info.project.name);
  await house.rule({ mode: "ask" });
  await house.signIn(page);
  await breakNode(page, house, "node-12");
  await take("now-broken");
  const card = page.locator("[data-recovery]").filter({ hasText: "node-12" });
  await expect(card.getByRole("button", { name: "Start node" })).toBeVisible({ timeout: 60_000 });
  const { id } = await house.begun("node-12");
  await take("now-waiting", "/");
  await take("cluster-down", "/clusters/prod");
  await take("node-down", "/clusters/prod/nodes/node-12");
  await take("recovery-waiting", `/recoveries/${id}`);
  await page.getByRole("button", { name: "Start node" }).click();
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await take("recovery-grace");
  await expect(page.locator("[data-step=start_machine], [data-step=wait_ready]").and(page.locator("[aria-current=step]"))).toBeVisible({ timeout: 30_000 });
  await take("recovery-running");
  await take("now-running", "/");
  await house.ended(id);
  await take("recovery-ended", `/recoveries/${id}`);
  await take("now-after", "/");
  await take("timeline-filled", "/timeline");
  await take("rules-filled", "/rules");
});

test("what needs a person", async ({ page }, info) => {
  const take = camera(house, page, info.project.name);
  await house.rule({ mode: "auto" });
  await house.happen("node-14", "hang");
  const { id } = await house.begun("node-14");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state, { timeout: 60_000 }).toBe("needs_human");
  await house.alarm("HOST 10.0.0.77 down, IP: 10.0.0.77 Cluster prod");
  await house.signIn(page);
  await house.api("PUT", "switch", { mode: "pause", reason: "storage work" });
  await take("now-needs-human", "/");
  await take("recovery-needs-human", `/recoveries/${id}`);
  await take("settings-paused", "/settings");
  await house.api("PUT", "switch", { mode: "run", reason: "done" });
});
