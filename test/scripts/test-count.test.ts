import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readFailures, readSecondCount, readVitestCount } from "../support/test-count.ts";

const folder = mkdtempSync(join(tmpdir(), "frontdesk-count-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Statuses = Readonly<Record<string, string>>;

function report(name: string, files: Readonly<Record<string, Statuses>>): string {
  const testResults = Object.entries(files).map(([file, tests]) => ({
    name: file,
    status: Object.values(tests).includes("passed") && !Object.values(tests).includes("failed") ? "passed" : "failed",
    assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
  }));
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

const first = report("first.json", {
  "fine.test.ts": { one: "passed", two: "skipped" },
  "mixed.test.ts": { three: "passed", four: "failed" },
  "broken.test.ts": {},
});

test("a report counts tests, and a file that cannot be loaded as one that failed", () => {
  expect(readVitestCount(first)).toEqual({ passed: 2, failed: 2, skipped: 1 });
  expect([...readFailures(first)]).toEqual([
    ["mixed.test.ts", ["four"]],
    ["broken.test.ts", []],
  ]);
});

test("files that ran again count as they were then, for better and for worse", () => {
  const again = report("again.json", { "mixed.test.ts": { three: "failed", four: "passed" }, "broken.test.ts": { five: "passed" } });
  expect(readSecondCount(first, again)).toEqual({ passed: 3, failed: 1, skipped: 1 });
});
