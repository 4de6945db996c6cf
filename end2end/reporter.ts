// The closing line of a browser run, and one NOT RUN line for every skipped test.
import type { FullResult, Reporter, Suite, TestCase } from "@playwright/test/reporter";

export default class Closing implements Reporter {
  private tests: TestCase[] = [];

  onBegin(_config: unknown, suite: Suite) {
    this.tests = suite.allTests();
  }

  onEnd(result: FullResult) {
    const ended = { passed: 0, failed: 0, skipped: 0 };
    for (const test of this.tests) {
      const outcome = test.outcome();
      if (outcome === "skipped") {
        ended.skipped += 1;
        const why = test.annotations.find((one) => one.type === "skip" || one.type === "fixme")?.description;
        console.log(`NOT RUN: ${test.titlePath().filter(Boolean).join(" / ")}: ${why ?? "not reached"}`);
      } else if (outcome === "unexpected") ended.failed += 1;
      else ended.passed += 1;
    }
    console.log(`${ended.passed} passed, ${ended.failed} failed, ${ended.skipped} not run (${result.status})`);
  }

  printsToStdio() {
    return false;
  }
}
