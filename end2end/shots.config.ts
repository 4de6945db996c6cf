// `make shots`: pictures of every page in both themes, into shots/ at the root.
import { defineConfig } from "@playwright/test";
import { browser, phone } from "./browser";

export default defineConfig({
  testDir: "shots",
  testMatch: "*.shot.ts",
  outputDir: "results",
  timeout: 120_000,
  workers: 1,
  reporter: [["list"], ["./reporter.ts"]],
  use: { ...browser, ...phone },
  projects: [
    { name: "dark", use: { colorScheme: "dark" } },
    { name: "light", use: { colorScheme: "light" } },
  ],
});
