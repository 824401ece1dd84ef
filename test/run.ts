/**
 * `npm test`: everything, browser tests included, and one line at the end: `N passed, N failed`. Finds the browsers
 * or installs them, fetches an nginx and recordings where there are none, and installs the third-party peers
 * (`test/peers`). Arguments go to vitest: `npm test -- test/store`.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fetchCaddy } from "./support/caddy.ts";
import { fetchNginx } from "./support/nginx.ts";
import { fetchSoundRoom } from "./support/sound-room.ts";
import { fetchSpeechPrograms } from "./support/speech-programs.ts";
import { fetchRecordings } from "./voice/activity/recordings.ts";
import { ensureChromium, ensureOtherEngines, ensureSoundBrowser } from "./engines/ensure-engines.ts";
import { peers } from "./support/peers.ts";
import { readCount, readFailures, readSecondCount, readVitestCount, type TestCount } from "./support/test-count.ts";

const root = join(import.meta.dirname, "..");
const artifacts = join(root, "test/.artifacts");
const only = process.argv.slice(2);

/**
 * Where tests put what they throw away: in memory, if the system has room for it there. A server that is killed loses
 * no more there than on a disk, and nobody waits for one.
 */
function temporaryFolder(): string {
  const memory = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize < 4 * 2 ** 30) return tmpdir();
    const folder = mkdtempSync(join(memory, "frontdesk-tests-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  } catch {
    return tmpdir();
  }
}

const environment = { ...process.env, TMPDIR: temporaryFolder() };

async function run(command: string, parameters: readonly string[]): Promise<boolean> {
  const child = spawn(command, parameters, { cwd: root, env: environment, stdio: ["ignore", "inherit", "inherit"] });
  return await new Promise((resolve) => child.on("close", (code) => resolve(code === 0)));
}

interface Runner {
  readonly command: readonly [program: string, ...parameters: string[]];
  /** Writes this file, */
  readonly report: string;
  /** which is read by this. */
  readonly read: (path: string) => TestCount;
}

const vitestReport = join(artifacts, "vitest.json");
const vitest: Runner = {
  command: ["npx", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile=${vitestReport}`, ...only],
  report: vitestReport,
  read: readVitestCount,
};
/** The elements' own tests, in the test runner for web components. */
const elementTests: Runner = {
  command: ["npx", "web-test-runner", "--config", "web-test-runner.config.mjs"],
  report: join(artifacts, "element-tests.json"),
  read: readCount,
};

/**
 * A runner that ends badly counts as a failure, even if none of its tests does: something failed between them, or it
 * could not start.
 */
async function count({ command: [program, ...parameters], report, read }: Runner): Promise<TestCount> {
  rmSync(report, { force: true });
  const isFine = await run(program, parameters);
  const counted = existsSync(report) ? read(report) : { passed: 0, failed: 0, skipped: 0 };
  return { ...counted, failed: counted.failed || (isFine && counted.passed > 0 ? 0 : 1) };
}

/** More than this is no accident of a busy machine. */
const MOST_REPEATED = 8;

/**
 * Files in which something failed run once more, alone: a browser test that ran out of time on a machine with a hundred
 * others says nothing about the product. Whatever passes only then is named, because it wants mending.
 */
async function repeatAlone(counted: TestCount): Promise<TestCount> {
  if (counted.failed === 0 || !existsSync(vitestReport)) return counted;
  const failures = readFailures(vitestReport);
  if (failures.size === 0 || failures.size > MOST_REPEATED) return counted;
  const again = join(artifacts, "vitest-again.json");
  rmSync(again, { force: true });
  console.log(`\nAlone, once more: ${[...failures.keys()].join(", ")}`);
  const files = [...failures.keys()].map((file) => relative(root, file));
  await run("npx", ["vitest", "run", "--maxWorkers=1", "--reporter=default", "--reporter=json", `--outputFile=${again}`, ...files]);
  if (!existsSync(again)) return counted;
  const second = readFailures(again);
  for (const [file, names] of failures)
    for (const name of names.filter((one) => second.get(file)?.includes(one) !== true))
      console.log(`Failed beside the others and passed alone: ${relative(root, file)}: ${name}`);
  return readSecondCount(vitestReport, again);
}

async function countAll(): Promise<readonly TestCount[]> {
  fetchNginx();
  fetchCaddy();
  fetchSpeechPrograms();
  fetchSoundRoom();
  if (only.length === 0 || only.some((part) => /voice|widget/.test(part))) fetchRecordings();
  ensureChromium();
  if (only.length === 0 || only.some((part) => part.includes("voice"))) ensureSoundBrowser();
  if (only.length === 0 || only.some((part) => part.includes("engines"))) ensureOtherEngines();
  await peers.ensure();
  if (!(await run(process.execPath, ["scripts/build.ts", "--if-needed"]))) throw new Error("The build failed; see above.");
  const first = await count(vitest);
  const counts = [only.length === 0 ? await repeatAlone(first) : first];
  if (only.length === 0) counts.push(await count(elementTests));
  return counts;
}

mkdirSync(artifacts, { recursive: true });
const counts: readonly TestCount[] = await countAll().catch((error: unknown) => {
  console.error(error);
  return [{ passed: 0, failed: 1, skipped: 0 }];
});
const sum = (key: keyof TestCount): number => counts.reduce((total, one) => total + one[key], 0);
const skipped = sum("skipped");
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
