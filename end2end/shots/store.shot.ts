// The two pictures that the manifest shows before the app is installed; they are committed in public/icons/.
// Only with STORE=1, because they are part of the site: a new picture is a new build.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { awake, expect, sandbox, test } from "../house";

const icons = join(dirname(fileURLToPath(import.meta.url)), "../../public/icons");
const house = sandbox({ speed: 20 });
test.skip(!process.env.STORE, "the manifest's pictures are taken with STORE=1 only");

test("what the phone shows before installing", async ({ browser }) => {
  await house.happen("node-13", "power-off");
  const { id } = await house.ended((await house.begun("node-13")).id);
  await house.rule({ mode: "ask" });
  await house.happen("node-12", "power-off");
  const waiting = (await house.begun("node-12")).id;
  await expect.poll(async () => (await house.api("GET", `recoveries/${waiting}`)).body.state).toBe("waiting");
  for (const [name, path, width, height, scale] of [["narrow", "/", 360, 640, 3], ["wide", `/recoveries/${id}`, 1280, 720, 1.5]] as const) {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, colorScheme: "dark" });
    const page = await context.newPage();
    await house.signIn(page);
    await page.goto(house.url(path));
    await awake(page);
    await expect(page.locator("html")).toHaveAttribute("data-stream", "open");
    await page.screenshot({ path: join(icons, `shot-${name}.png`) });
    await context.close();
  }
});
