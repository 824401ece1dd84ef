import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Reporter, TestSession, TestSuiteResult } from "@web/test-runner";
import type { TestCount } from "./test-count.ts";

/**
 * A reporter of the test runner for web components that writes how many tests passed and failed into a JSON file
 * (`TestCount`).
 */
export function countReporter(path: string): Reporter {
  return {
    onTestRunFinished({ sessions }) {
      const counts = sessions.map(countSession);
      const sum = (key: keyof TestCount): number => counts.reduce((total, count) => total + count[key], 0);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, JSON.stringify({ passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") } satisfies TestCount));
    },
  };
}

function countSession({ passed: isPassed, testResults }: TestSession): TestCount {
  const tests = testResults === undefined ? [] : testsOf(testResults);
  const failed = tests.filter(({ passed, skipped }) => !passed && !skipped).length;
  return {
    passed: tests.filter(({ passed, skipped }) => passed && !skipped).length,
    // A file that could not be loaded has no tests that could fail.
    failed: failed === 0 && isPassed !== true ? 1 : failed,
    skipped: tests.filter(({ skipped }) => skipped).length,
  };
}

function testsOf({ suites, tests }: TestSuiteResult): TestSuiteResult["tests"] {
  return [...tests, ...suites.flatMap(testsOf)];
}
