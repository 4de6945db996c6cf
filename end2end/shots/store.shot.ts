// The pictures that are committed: two that the manifest shows before the app is installed (public/icons/), and two of
// the README (docs/). Only with STORE=1, because the first two are part of the site: a new picture is a new build.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { awake, expect, sandbox, test } from "../house";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const house = sandbox({ speed: 20 });
test.skip(!process.env.STORE, "the committed pictures are taken with STORE=1 only");

test("what the phone shows before installing", async ({ browser }) => {
  await house.happen("node-13", "power-off");
  const { id } = await house.ended((await house.begun("node-13")).id);
  await house.rule({ mode: "ask" });
  await house.happen("node-12", "power-off");
  const waiting = (await house.begun("node-12")).id;
  await expect.poll(async () => (await house.api("GET", `recoveries/${waiting}`)).body.state).toBe("waiting");
  const pictures = [
    ["public/icons/shot-narrow.png", "/", 360, 640, 3, "dark"],
    ["public/icons/shot-wide.png", `/recoveries/${id}`, 1280, 720, 1.5, "dark"],
    ["docs/now.png", "/", 390, 844, 2, "dark"],
    ["docs/recovery.png", `/recoveries/${id}`, 390, 844, 2, "light"],
  ] as const;
  for (const [file, path, width, height, scale, colorScheme] of pictures) {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, colorScheme });
    const page = await context.newPage();
    await house.signIn(page);
    await page.goto(house.url(path));
    await awake(page);
    await expect(page.locator("html")).toHaveAttribute("data-stream", "open");
    await page.screenshot({ path: join(root, file) });
    await context.close();
  }
});
