import { readFileSync } from "node:fs";
import * as z from "zod";

const countSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/** How many tests passed, failed and were left out. A file that cannot be loaded is one that failed. */
export type TestCount = Readonly<z.infer<typeof countSchema>>;

const vitestSchema = z.object({
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/** From the file that `countReporter` writes. */
export function readCount(path: string): TestCount {
  return countSchema.parse(JSON.parse(readFileSync(path, "utf8")));
}

/** From the file that vitest's JSON reporter writes. */
export function readVitestCount(path: string): TestCount {
  const { testResults } = vitestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const [passed, failed] = [count("passed"), count("failed")];
  return { passed, failed: failed + brokenFiles.length, skipped: tests.length - passed - failed };
}
