import { readFileSync } from "node:fs";
import * as z from "zod";

const countSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/** How many tests passed, failed and were left out. A file that cannot be loaded is one that failed. */
export type TestCount = Readonly<z.infer<typeof countSchema>>;

const vitestSchema = z.object({
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});
type TestFile = z.infer<typeof vitestSchema>["testResults"][number];

/** From the file that `countReporter` writes. */
export function readCount(path: string): TestCount {
  return countSchema.parse(JSON.parse(readFileSync(path, "utf8")));
}

/** From the file that vitest's JSON reporter writes. */
export function readVitestCount(path: string): TestCount {
  return sum(readFiles(path).map(countOf));
}

/** What failed, by the path of its file. A file that cannot be loaded has no names. */
export function readFailures(path: string): ReadonlyMap<string, readonly string[]> {
  const failed = readFiles(path).filter((file) => countOf(file).failed > 0);
  return new Map(
    failed.map(({ name, assertionResults }) => [
      name,
      assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
    ]),
  );
}

/** The count of `first`, with the files that ran again counted as they were in `again`. */
export function readSecondCount(first: string, again: string): TestCount {
  const repeated = readFiles(again);
  const names = new Set(repeated.map(({ name }) => name));
  return sum([...readFiles(first).filter(({ name }) => !names.has(name)), ...repeated].map(countOf));
}

function readFiles(path: string): readonly TestFile[] {
  return vitestSchema.parse(JSON.parse(readFileSync(path, "utf8"))).testResults;
}

function countOf({ status, assertionResults }: TestFile): TestCount {
  const count = (wanted: string): number => assertionResults.filter((test) => test.status === wanted).length;
  const [passed, failed] = [count("passed"), count("failed")];
  const isBroken = status === "failed" && failed === 0;
  return { passed, failed: failed + (isBroken ? 1 : 0), skipped: assertionResults.length - passed - failed };
}

function sum(counts: readonly TestCount[]): TestCount {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}
