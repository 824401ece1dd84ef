import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { bundleProgram } from "../support/bundle-program.ts";
import { peer } from "../support/peers.ts";

export type Revision = "2026-07-28" | "2025-11-25";

/** Scenarios that the suite requires of a client, by revision; frozen with its version. */
export const REQUIRED: Readonly<Record<Revision, number>> = { "2026-07-28": 32, "2025-11-25": 18 };

export interface ClientReport {
  readonly passed: readonly string[];
  /** Each with what the suite says of it. */
  readonly failed: readonly { readonly scenario: string; readonly words: string }[];
}

const SUITE = "@modelcontextprotocol/conformance/dist/index.js";
const SCENARIO_MS = 120_000;
/**
 * Scenarios that run at once: the suite by itself starts all of them together, which a small machine takes for slow
 * servers.
 */
const AT_ONCE = 3;

/**
 * Runs what the suite requires of a client of one revision, each scenario at that revision's wire, against our host
 * (`client-driver.ts`).
 */
export async function runClientSuite(revision: Revision): Promise<ClientReport> {
  const suite = await peer(SUITE);
  const driver = await bundleProgram(join(import.meta.dirname, "client-driver.ts"), "conformance-client");
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-conformance-"));
  const passed: string[] = [];
  const failed: { scenario: string; words: string }[] = [];
  try {
    const open = [...(await requiredOf(revision))];
    const work = async (): Promise<void> => {
      for (let scenario = open.shift(); scenario !== undefined; scenario = open.shift()) {
        const words = stripVTControlCharacters(await runScenario(suite, { scenario, driver, revision, folder }));
        if (/^. OVERALL: PASSED$/mu.test(words)) passed.push(scenario);
        else failed.push({ scenario, words: words.slice(-2_000) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { passed, failed };
}

/** The names that the suite's own list of the revision requires. */
async function requiredOf(revision: Revision): Promise<readonly string[]> {
  const file = await peer(`@modelcontextprotocol/conformance/requirements/${revision}.yaml`);
  const client = /^client:\n((?:(?:[ \t].*|#.*)?\n)+)/m.exec(await readFile(file, "utf8"))?.[1] ?? "";
  return Array.from(client.matchAll(/^\s+-\s+(\S+)/gm), ([, name]) => name ?? "");
}

/** Everything that the suite says of a scenario. */
async function runScenario(suite: string, run: { scenario: string; driver: string; revision: Revision; folder: string }): Promise<string> {
  const child = spawn(
    process.execPath,
    [
      suite,
      "client",
      "--command",
      `${process.execPath} ${run.driver}`,
      "--scenario",
      run.scenario,
      "--spec-version",
      run.revision,
      "--timeout",
      String(SCENARIO_MS),
      "--output-dir",
      run.folder,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
  await new Promise((resolve) => child.once("close", resolve));
  return words;
}
