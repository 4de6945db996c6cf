// icons [FOLDER]: draws the app's icons with headless Chromium into public/icons/, and favicon.svg beside it. They are
// committed; run it again after the mark has changed. Needs what `make setup` installs.
//
// The mark: a node held by a cordon that opens. A ring with a gap at the upper right, the node in its middle.
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("..", import.meta.url);
const out = process.argv[2] ?? fileURLToPath(new URL("public/icons/", root));
const { chromium } = createRequire(new URL("end2end/package.json", root))("@playwright/test");
const BACK = "#08302b";
const MARK = "#00c2a8";
const LIGHT = "#e8edf3";

// Within a circle of radius 40 in a square of 100: what no mask cuts away.
const ring = (color, width) => {
  const at = (degrees, radius) => `${(50 + radius * Math.sin((degrees * Math.PI) / 180)).toFixed(2)} ${(50 - radius * Math.cos((degrees * Math.PI) / 180)).toFixed(2)}`;
  return `<path d="M${at(82, 29)}A29 29 0 1 1 ${at(8, 29)}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round"/>`;
};
const mark = (color, node) => `${ring(color, 9)}<circle cx="50" cy="50" r="11" fill="${node}"/>`;
const svg = (inner, size = "") => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"${size}>${inner}</svg>`;
const tile = (radius) => `<rect width="100" height="100" rx="${radius}" fill="${BACK}"/>`;
// A shortcut: the line drawing of its page, as in the tabs, on the same tile.
const line = (path) => `${tile(22)}<g transform="translate(23 23) scale(2.25)"><path d="${path}" fill="none" stroke="${LIGHT}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></g>`;

const icons = {
  "192": [192, tile(22) + mark(MARK, LIGHT)],
  "512": [512, tile(22) + mark(MARK, LIGHT)],
  "maskable-512": [512, tile(0) + mark(MARK, LIGHT)],
  "mono-512": [512, mark("#fff", "#fff")],
  "apple-touch-icon": [180, tile(0) + mark(MARK, LIGHT)],
  "s-alarms": [96, line("M3 12h4l3-8 4 16 3-8h4")],
  "s-health": [96, line("M4 4h7v7H4Zm9 0h7v7h-7Zm-9 9h7v7H4Zm9 0h7v7h-7Z")],
  "s-command": [96, line("M6 7l5 5-5 5M13 17h6")],
  // The small picture in a phone's status bar: only its shape is seen.
  "badge-96": [96, mark("#fff", "#fff")],
};

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
for (const [name, [size, inner]] of Object.entries(icons)) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>*{margin:0}svg{display:block}</style>${svg(inner, ` width="${size}" height="${size}"`)}`);
  const bytes = await page.screenshot({ omitBackground: true, type: "png" });
  writeFileSync(`${out}/${name}.png`, name.startsWith("apple") ? await opaque(bytes) : bytes);
}
writeFileSync(`${out}/../favicon.svg`, `${svg(tile(22) + mark(MARK, LIGHT))}\n`);
await browser.close();

// Without an alpha channel, as iOS wants it: drawn once more over a full background.
async function opaque() {
  return page.screenshot({ type: "png" });
}
