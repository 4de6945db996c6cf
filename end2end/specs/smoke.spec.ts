// The first page, as a person with a fresh link meets it.
import { accessible, awake, expect, fits, sandbox, test } from "../house";

const house = sandbox({ speed: 10 });
const pages = ["/", "/clusters", "/clusters/prod", "/command", "/timeline", "/rules", "/settings"];

test("a fresh link leads to Now, and the cluster is shown @both", async ({ page }) => {
  await house.signIn(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/now/i);
  await expect(page.getByText("prod").first()).toBeVisible();
  await awake(page);
  await fits(page);
  await accessible(page);
});

test("every page wakes its islands, fits the phone and keeps the browser quiet", async ({ page }) => {
  await house.signIn(page);
  for (const path of pages) {
    await test.step(path, async () => {
      const answer = await page.goto(house.url(path));
      expect(answer?.status()).toBe(200);
      expect(answer?.headers()["content-security-policy"]).toContain("script-src 'self' 'wasm-unsafe-eval'");
      await awake(page);
      await fits(page);
    });
  }
});

test("without a session there is no page, only the way to one", async ({ page }) => {
  const answer = await page.goto(house.url("/"));
  expect(answer?.status()).toBe(200);
  await expect(page).toHaveURL(house.url("/sign-in"));
  await expect(page.getByText("prod")).toHaveCount(0);
});
