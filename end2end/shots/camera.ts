// Takes pictures of whole pages at the width of a phone.
import type { Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { awake, type House } from "../house";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../shots");

export type Take = (name: string, path?: string) => Promise<void>;

export function camera(house: House, page: Page, theme: string): Take {
  mkdirSync(folder, { recursive: true });
  return async (name, path) => {
    if (path) await page.goto(house.url(path));
    if (path && !path.startsWith("/sign-in") && !path.startsWith("http")) await awake(page);
    // As tall as the page, so that the dock stands at its end and hides nothing.
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: 390, height: Math.max(844, tall) });
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    await page.setViewportSize({ width: 390, height: 844 });
  };
}
