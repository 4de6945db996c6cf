// The catalogue itself: no screen without the states it must have, no name used twice.
import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { REQUIRED, scenes } from "../../states";

const all = Object.values(scenes).flatMap((scene) => scene.states);

test("every screen has a line for every state it can be in", () => {
  const has = (screen: string, mood: string) => all.some((one) => one.screen === screen && one.mood === mood);
  const missing = Object.entries(REQUIRED).flatMap(([screen, moods]) => moods.filter((mood) => !has(screen, mood)).map((mood) => `${screen}: ${mood}`));
  expect(missing).toEqual([]);
  expect([...new Set(all.map((one) => one.screen))].filter((screen) => !REQUIRED[screen]), "screens nobody asks for").toEqual([]);
});

test("every page has a line", () => {
  const routes = readFileSync(new URL("../../../app/src/routes.rs", import.meta.url), "utf8");
  const pages = [...routes.matchAll(/view=pages::(\w+)::page/g)].map(([, page]) => page);
  expect(pages.length).toBeGreaterThan(15);
  expect(pages.filter((page) => !REQUIRED[page])).toEqual([]);
});

test("every state has a name of its own", () => {
  const names = all.map((one) => one.name);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
