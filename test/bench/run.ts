/**
 * `npm run bench`: every figure of speed and size as a ratio to a floor that is measured in the same run. It only
 * prints: a busy machine fails nothing.
 *
 *   --only <name>   one bench (may be repeated): sizes, start, first-token, slow-disk, growth, throughput, tool-turn, memory, store, usage, inbox, staff-line, devices, many-tools, published, console-lists, known-programs, model-wire, voice-activity, voice-calls, asked-early, markdown, embed, thread, answer, console
 *   --fast          a smoke run: fewer rounds, and numbers that say little
 *   --profile       every measured process leaves a CPU profile in test/.artifacts/bench/profiles
 *   --write         puts the figures into docs/measured.md as well
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { benchAskedEarly } from "./asked-early.ts";
import { benchAnswer } from "./browser/answer.ts";
import { benchConsole } from "./browser/console.ts";
import { benchEmbed } from "./browser/embed.ts";
import { benchMarkdown } from "./browser/markdown.ts";
import { benchThread } from "./browser/thread.ts";
import { benchDevices } from "./devices/devices.ts";
import { benchConsoleLists } from "./console-lists.ts";
import { offServerCore } from "./cores.ts";
import type { Bench, Figure } from "./figure.ts";
import { benchInbox } from "./inbox.ts";
import { benchKnownPrograms } from "./known-programs.ts";
import { benchManyTools } from "./many-tools.ts";
import { benchModelWire } from "./model-wire.ts";
import { benchPublished } from "./published.ts";
import { ARTIFACTS, machineLine, table, writeJson, writePage } from "./report.ts";
import { profileInto } from "./server/child.ts";
import { benchFirstToken } from "./server/first-token.ts";
import { benchGrowth } from "./server/growth.ts";
import { benchMemory } from "./server/memory.ts";
import { benchSlowDisk } from "./server/slow-disk.ts";
import { benchStart } from "./server/start.ts";
import { benchThroughput } from "./server/throughput.ts";
import { benchToolTurn } from "./server/tool-turn.ts";
import { benchSizes } from "./sizes.ts";
import { benchStaffLine } from "./staff-line.ts";
import { benchStore } from "./store.ts";
import { benchUsage } from "./usage.ts";
import { benchVoiceActivity } from "./voice-activity.ts";
import { benchVoiceCalls } from "./voice-calls.ts";

const onTwoCores =
  (bench: Bench): Bench =>
  (options) =>
    offServerCore(() => bench(options));

const BENCHES: Readonly<Record<string, Bench>> = {
  sizes: benchSizes,
  start: onTwoCores(benchStart),
  "first-token": onTwoCores(benchFirstToken),
  "slow-disk": onTwoCores(benchSlowDisk),
  growth: onTwoCores(benchGrowth),
  throughput: onTwoCores(benchThroughput),
  "tool-turn": onTwoCores(benchToolTurn),
  memory: onTwoCores(benchMemory),
  store: benchStore,
  usage: benchUsage,
  "staff-line": benchStaffLine,
  devices: benchDevices,
  inbox: benchInbox,
  "many-tools": benchManyTools,
  published: benchPublished,
  "console-lists": benchConsoleLists,
  "known-programs": benchKnownPrograms,
  "model-wire": () => benchModelWire(),
  "voice-activity": benchVoiceActivity,
  "voice-calls": onTwoCores(benchVoiceCalls),
  "asked-early": benchAskedEarly,
  markdown: async (options) =>
    // Where there is a ratio, it is what the budget speaks of.
    (await benchMarkdown(options)).map((row) => ({ ...row, judged: row.ratio === undefined ? "value" : "ratio" }) as const),
  embed: benchEmbed,
  thread: benchThread,
  answer: benchAnswer,
  console: benchConsole,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    fast: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
const names = values.only ?? Object.keys(BENCHES);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.`);
  process.exit(1);
}
if (values.write && (values.fast || values.only !== undefined)) {
  console.error("--write writes all figures of a whole run: leave --fast and --only out.");
  process.exit(1);
}

if (values.profile) profileInto(`${ARTIFACTS}bench/profiles`);
console.log(machineLine());
const [load = 0] = loadavg();
if (load > 1) console.log(`The machine is busy (load ${load.toFixed(1)}): absolute numbers are too high, ratios hold better.`);
const figures: Figure[] = [];
for (const name of names) {
  const begun = performance.now();
  process.stderr.write(`${name} … `);
  try {
    figures.push(...((await BENCHES[name]?.(values)) ?? []));
    process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0)} s\n`);
  } catch (error) {
    process.stderr.write(`could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
}
console.log(table(figures));
const date = new Date().toISOString().slice(0, 10);
console.log(`As data: ${await writeJson(figures, { date, load, fast: values.fast })}`);
if (values.write) await writePage(figures, { date, command: "npm run bench" });
process.exit();
