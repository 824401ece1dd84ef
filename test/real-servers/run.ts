/**
 * `npm run peers`: real MCP servers before the real product. Each is reached in every way that it can be, tested as staff
 * would, its tools sent to every provider, and called once. Ends badly when one is not as its entry says.
 *
 *   --only <key>   one server (may be repeated)
 *   --write        puts the table into docs/real-servers.md as well
 */
import { parseArgs } from "node:util";
import { largePeers, peers } from "../support/peers.ts";
import { LARGE_SERVERS } from "./large-servers.ts";
import { MORE_LARGE_SERVERS } from "./more-large-servers.ts";
import { reachesOf, type Reach } from "./real-server.ts";
import { SUITE_SERVERS } from "./suite-servers.ts";
import { visit, type Visit } from "./visit.ts";
import { summaryOf, textTable, writePage } from "./visit-table.ts";

const AT_ONCE = 2;
const SHOWN_FAULTS = 5;

// Ends what listens as well.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { values } = parseArgs({ options: { only: { type: "string", multiple: true }, write: { type: "boolean", default: false } } });
const servers = [...SUITE_SERVERS, ...LARGE_SERVERS, ...MORE_LARGE_SERVERS].toSorted((a, b) => (a.key < b.key ? -1 : 1));
const { only = servers.map(({ key }) => key) } = values;
const unknown = only.filter((key) => !servers.some((server) => server.key === key));
if (unknown.length > 0) {
  console.error(`There is no server called ${unknown.join(", ")}. There are: ${servers.map(({ key }) => key).join(", ")}.`);
  process.exit(1);
}
if (values.write && values.only !== undefined) {
  console.error("--write writes the whole table: leave --only out.");
  process.exit(1);
}

await peers.ensure();
await largePeers.ensure();
const reaches = servers.filter(({ key }) => only.includes(key)).flatMap(reachesOf);
const seen = new Map<Reach, Visit>();
const waiting = [...reaches];

function shortList(faults: readonly string[]): string {
  const shown = faults.slice(0, SHOWN_FAULTS).map((fault) => `\n    ${fault}`);
  return `${shown.join("")}${faults.length > SHOWN_FAULTS ? `\n    and ${faults.length - SHOWN_FAULTS} more` : ""}`;
}

async function work(): Promise<void> {
  for (let reach = waiting.shift(); reach !== undefined; reach = waiting.shift()) {
    const name = `${reach.server.key} over ${reach.http?.transport ?? "stdio"}`;
    try {
      const visited = await visit(reach);
      if (visited === undefined) {
        console.error(`${name}: there is no build of it for this machine`);
        continue;
      }
      seen.set(reach, visited);
      console.error(`${name}: ${visited.faults.length === 0 ? "as expected" : shortList(visited.faults)}`);
      if (visited.faults.length > 0) process.exitCode = 1;
    } catch (error) {
      process.exitCode = 1;
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
const visits = reaches.flatMap((reach) => seen.get(reach) ?? []);
console.log(textTable(visits));
if (values.write) await writePage(visits, { date: new Date().toISOString().slice(0, 10), command: "npm run peers" });
console.log(`\n${summaryOf(visits)}`);
