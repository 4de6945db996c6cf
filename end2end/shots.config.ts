// `make shots`: pictures of every screen and state in both themes, into shots/ at the root.
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
});
