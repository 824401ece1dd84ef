/**
 * `npm test`: everything, browser tests included, and one line at the end: `N passed, N failed`. Finds a browser or installs one, and installs the third-party
 * peers (a package of their own, `test/peers`). Arguments go to vitest: `npm test -- test/store`.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./support/browser.ts";

const root = join(import.meta.dirname, "..");
const artifacts = join(root, "test/.artifacts");
const only = process.argv.slice(2);

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function ensureBrowser(): void {
  try {
    findBrowser();
    return;
  } catch {
    console.log("No browser found; installing Chromium.");
  }
  const debian = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
  if (debian) {
    spawnSync("apt-get", ["update"], { stdio: "inherit" });
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { stdio: "inherit" });
  } else {
    spawnSync("npx", ["playwright-core", "install", "chromium"], { stdio: "inherit", cwd: root });
  }
  findBrowser();
}

function ensurePeers(): void {
  if (existsSync(join(root, "test/peers/node_modules/.package-lock.json"))) return;
  console.log("Installing the third-party peers of the tests (test/peers).");
  const done = spawnSync("npm", ["ci", "--prefix", "test/peers", "--no-audit", "--no-fund"], { stdio: "inherit", cwd: root });
  if (done.status !== 0) throw new Error("The peers of the tests could not be installed; see above.");
}

async function run(command: string, parameters: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(command, parameters, { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: process.env });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    process.stdout.write(chunk);
    output += chunk.toString();
  });
  const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
  return { code, output };
}

async function runVitest(): Promise<Count> {
  const report = join(artifacts, "vitest.json");
  rmSync(report, { force: true });
  const { code } = await run("npx", ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile=${report}`, ...only]);
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const counted = JSON.parse(readFileSync(report, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numFailedTestSuites: number;
  };
  const failed = counted.numFailedTests || (code === 0 ? 0 : Math.max(1, counted.numFailedTestSuites));
  return { passed: counted.numPassedTests, failed, skipped: counted.numPendingTests };
}

/** The elements' own tests, in the test runner for web components. */
async function runElementTests(): Promise<Count> {
  const { code, output } = await run("npx", ["web-test-runner", "--config", "web-test-runner.config.mjs"]);
  const last = output.slice(output.lastIndexOf("Chrom"));
  const passed = Number(/(\d+) passed/.exec(last)?.[1] ?? 0);
  const failed = Number(/(\d+) failed/.exec(last)?.[1] ?? 0);
  const skipped = Number(/(\d+) skipped/.exec(last)?.[1] ?? 0);
  return { passed, failed: failed || (code === 0 && passed > 0 ? 0 : 1), skipped };
}

mkdirSync(artifacts, { recursive: true });
ensureBrowser();
ensurePeers();
const built = await run("npm", ["run", "--silent", "build"]);
if (built.code !== 0) throw new Error("The build failed; see above.");
const counts = [await runVitest(), ...(only.length === 0 ? [await runElementTests()] : [])];
const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
const skipped = sum("skipped");
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
