// Browser tests on a phone-sized page with Debian's Chromium; nothing is downloaded.
import { defineConfig } from "@playwright/test";
import { browser, phone } from "./browser";

export default defineConfig({
  testDir: "specs",
  outputDir: "results",
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: Number(process.env.E2E_WORKERS ?? 2),
  forbidOnly: true,
  retries: 0,
  reporter: [["list"], ["./reporter.ts"]],
  use: { ...browser, ...phone, trace: "retain-on-failure", screenshot: "only-on-failure" },
  // Everything runs dark; what carries @both runs light as well.
  projects: [
    { name: "dark", use: { colorScheme: "dark" } },
    { name: "light", use: { colorScheme: "light" }, grep: /@both/ },
  ],
});
