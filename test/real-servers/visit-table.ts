import { readFile, writeFile } from "node:fs/promises";
import { arch, cpus, platform } from "node:os";
import { join } from "node:path";
import type { Visit } from "./visit.ts";

const PAGE = join(import.meta.dirname, "../../docs/real-servers.md");
const HEAD = ["server", "in", "over", "ms", "revision", "tools", "bytes", "refused", "call", "odd"] as const;
type Row = Readonly<Record<(typeof HEAD)[number], string>>;

/** What was seen, as a line of the table. */
export function rowOf({ reach: { server, http }, version, connectedMs, connected, revision, tools, sent, call }: Visit): Row {
  return {
    server: `${server.package}@${version}`,
    in: server.language,
    over: http?.transport ?? "stdio",
    ms: connected ? String(Math.round(connectedMs)) : "–",
    revision: revision ?? "–",
    tools: String(tools),
    bytes: (sent[0]?.bytes ?? 0).toLocaleString("en"),
    refused: refusalsOf(sent),
    call: call === undefined ? "–" : `${call.tool}: ${call.outcome}`,
    odd: server.oddity ?? "",
  };
}

/** By provider, in the order that the page names: how many tools each would refuse. */
function refusalsOf(sent: Visit["sent"]): string {
  return sent.every(({ refused }) => refused.length === 0)
    ? "0"
    : sent.map(({ provider, refused }) => `${provider} ${refused.length}`).join(", ");
}

/** `N connected, M tools, K refused`: addresses that connected, tools of different servers, and refused tools by provider. */
export function summaryOf(visits: readonly Visit[]): string {
  const servers = new Map(visits.map((visit) => [visit.reach.server.key, visit]));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  const tools = sum([...servers.values()].map((visit) => visit.tools));
  const refused = sum([...servers.values()].flatMap(({ sent }) => sent.map((provider) => provider.refused.length)));
  return `${visits.filter(({ connected }) => connected).length} connected, ${tools.toLocaleString("en")} tools, ${refused} refused`;
}

/** The table of the terminal. */
export function textTable(visits: readonly Visit[]): string {
  const rows = [Object.fromEntries(HEAD.map((name) => [name, name])) as Row, ...visits.map(rowOf)];
  const widths = HEAD.map((name) => Math.max(...rows.map((row) => row[name].length)));
  const numbers = new Set<string>(["ms", "tools", "bytes"]);
  return rows
    .map((row) =>
      HEAD.map((name, column) => (numbers.has(name) ? row[name].padStart(widths[column] ?? 0) : row[name].padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Puts the table between the two marks of `docs/real-servers.md`. */
export async function writePage(
  visits: readonly Visit[],
  { date, command }: { readonly date: string; readonly command: string },
): Promise<void> {
  const block = [
    "<!-- measured -->",
    "",
    `${date}, \`${command}\` on ${cpus()[0]?.model.trim() ?? "an unknown processor"}, ${cpus().length} cores, ${platform()} ${arch()}:`,
    `**${summaryOf(visits)}**.`,
    "",
    `| ${HEAD.join(" | ")} |`,
    `|${HEAD.map(() => "---|").join("")}`,
    ...visits.map(rowOf).map((row) => `| ${HEAD.map((name) => row[name]).join(" | ")} |`),
    "",
    "<!-- /measured -->",
  ].join("\n");
  const before = await readFile(PAGE, "utf8");
  const after = before.replace(/<!-- measured -->[^]*<!-- \/measured -->/, () => block);
  if (!after.includes(block))
    throw new Error("docs/real-servers.md has no <!-- measured --> … <!-- /measured --> to put the table between.");
  await writeFile(PAGE, after);
}
