import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { peer } from "../support/peers.ts";

export type Revision = "2026-07-28" | "2025-11-25";

/** Scenarios that the suite requires of a server, by revision; frozen with its version. */
export const REQUIRED: Readonly<Record<Revision, number>> = { "2026-07-28": 37, "2025-11-25": 30 };

export interface ServerReport {
  readonly passed: readonly string[];
  /** Each with what the suite says of it. */
  readonly failed: readonly { readonly scenario: string; readonly words: string }[];
}

const SUITE = "@modelcontextprotocol/conformance/dist/index.js";
const SCENARIO_MS = 60_000;
const AT_ONCE = 2;

/** Runs scenarios of one revision against the server at `url`; absent: all that the revision requires. */
export async function runServerSuite(url: string, revision: Revision, scenarios?: readonly string[]): Promise<ServerReport> {
  const suite = await peer(SUITE);
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-conformance-"));
  const passed: string[] = [];
  const failed: { scenario: string; words: string }[] = [];
  try {
    const open = [...(scenarios ?? (await requiredOf(revision)))];
    const work = async (): Promise<void> => {
      for (let scenario = open.shift(); scenario !== undefined; scenario = open.shift()) {
        const { code, words } = await runScenario(suite, { url, scenario, revision, folder });
        if (code === 0) passed.push(scenario);
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
  const server = /^server:\n((?:(?:[ \t].*|#.*)?\n)+)/m.exec(await readFile(file, "utf8"))?.[1] ?? "";
  return Array.from(server.matchAll(/^\s+-\s+(\S+)/gm), ([, name]) => name ?? "");
}

/** How the suite ends, and everything that it says. */
async function runScenario(
  suite: string,
  run: { readonly url: string; readonly scenario: string; readonly revision: Revision; readonly folder: string },
): Promise<{ readonly code: number | null; readonly words: string }> {
  const { url, scenario, revision, folder } = run;
  const options = [
    "--url",
    url,
    "--scenario",
    scenario,
    "--spec-version",
    revision,
    "--timeout",
    String(SCENARIO_MS),
    "--output-dir",
    folder,
  ];
  const child = spawn(process.execPath, [suite, "server", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, words: stripVTControlCharacters(words) };
}
