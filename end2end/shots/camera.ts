// Takes pictures of whole pages at the width of a phone, dark and light.
import type { Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { awake, type House } from "../house";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../shots");

export type Take = (name: string, path?: string) => Promise<void>;

export function camera(house: House, page: Page): Take {
  mkdirSync(folder, { recursive: true });
  return async (name, path) => {
    if (path) await page.goto(house.url(path));
    if (!page.url().includes("/sign-in")) await awake(page);
    // As tall as the page, so that the dock stands at its end and hides nothing.
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: 390, height: Math.max(844, tall) });
    for (const theme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    }
    await page.setViewportSize({ width: 390, height: 844 });
  };
}

/** Pictures of a page on a desk. */
export async function desk(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.screenshot({ path: join(folder, `${name}-desk.png`) });
  await page.setViewportSize({ width: 390, height: 844 });
}
