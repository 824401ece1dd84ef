import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
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
/** The suite starts all of its scenarios at once, and a busy machine is slow. */
const SCENARIO_MS = 120_000;

/** Runs what the suite requires of a client of one revision against our host (`client-driver.ts`). What it only reports does not count. */
export async function runClientSuite(revision: Revision): Promise<ClientReport> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-conformance-"));
  try {
    const driver = join(import.meta.dirname, "client-driver.ts");
    const suite = await peer(SUITE);
    const words = await output(process.execPath, [
      suite,
      "client",
      "--command",
      `${process.execPath} ${driver}`,
      "--requirements",
      revision,
      "--timeout",
      String(SCENARIO_MS),
      "--output-dir",
      folder,
    ]);
    const required = await requiredOf(revision);
    return report(words, required);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The names that the suite's own list of the revision requires. */
async function requiredOf(revision: Revision): Promise<ReadonlySet<string>> {
  const file = await peer(`@modelcontextprotocol/conformance/requirements/${revision}.yaml`);
  const client = /^client:\n((?:(?:[ \t].*|#.*)?\n)+)/m.exec(await readFile(file, "utf8"))?.[1] ?? "";
  return new Set(Array.from(client.matchAll(/^\s+-\s+(\S+)/gm), ([, name]) => name ?? ""));
}

function report(words: string, required: ReadonlySet<string>): ClientReport {
  const plain = stripVTControlCharacters(words);
  const summary = plain.slice(plain.indexOf("=== SUITE SUMMARY ==="));
  const lines = Array.from(summary.matchAll(/^([✓✗]) (\S+): (.*)$/gm), ([, mark, scenario = "", said = ""]) => ({
    passed: mark === "✓",
    scenario,
    said,
  }));
  const told = new Map(lines.map((line) => [line.scenario, line]));
  const passed: string[] = [];
  const failed: { scenario: string; words: string }[] = [];
  for (const scenario of required) {
    const line = told.get(scenario);
    if (line?.passed === true) passed.push(scenario);
    else failed.push({ scenario, words: line?.said ?? `it did not run. ${plain.slice(-500)}` });
  }
  return { passed, failed };
}

/** Everything that the program says; that it ends badly is told by what it says. */
async function output(command: string, parameters: readonly string[]): Promise<string> {
  const child = spawn(command, parameters, { stdio: ["ignore", "pipe", "pipe"] });
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
  await new Promise((resolve) => child.once("close", resolve));
  return words;
}
