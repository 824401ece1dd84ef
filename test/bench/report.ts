import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { canPin } from "./cores.ts";
import { type Figure, keeps, ratioOf } from "./figure.ts";

export const ARTIFACTS = fileURLToPath(new URL("../.artifacts/", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/measured.md", import.meta.url));

/** What the numbers were measured on. */
export function machineLine(): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 1e9)} GB`;
  const pinned = canPin() ? "the server alone on one core" : "processes not pinned to cores";
  return `${first?.model.trim() || "unknown CPU"}, ${cpus().length} cores, ${memory}, ${process.platform} ${process.arch}, Node ${process.versions.node}; ${pinned}`;
}

/** The table of the terminal. */
export function table(figures: readonly Figure[]): string {
  const rows = [
    ["", "value", "unit", "floor", "ratio", "budget", ""],
    ...figures.map((figure) => [figure.name, ...cells(figure), verdict(figure)]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 || column === 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The figures as data, for whoever compares runs. Returns the path. */
export async function writeJson(figures: readonly Figure[], more: Readonly<Record<string, unknown>>): Promise<string> {
  const path = `${ARTIFACTS}bench.json`;
  const listed = figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), ok: keeps(figure) }));
  await mkdir(ARTIFACTS, { recursive: true });
  await writeFile(path, `${JSON.stringify({ machine: machineLine(), ...more, figures: listed }, null, 2)}\n`);
  return path;
}

/** Puts the figures with a budget between the two marks of `docs/measured.md`. */
export async function writePage(figures: readonly Figure[], { date, command }: { date: string; command: string }): Promise<void> {
  const rows = figures
    .filter((figure) => keeps(figure) !== undefined)
    .map((figure) => {
      const [value, unit, floor, ratio, budget] = cells(figure);
      const kept = keeps(figure) === true ? budget : `${budget} (**over**)`;
      return `| ${figure.name} | ${value} ${unit} | ${floor || "–"} | ${ratio || "–"} | ${kept} |`;
    });
  const block = [
    "<!-- measured -->",
    "",
    `${date}, \`${command}\` on`,
    `${machineLine()}.`,
    "",
    "| what | measured | floor | ratio | budget |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "<!-- /measured -->",
  ].join("\n");
  const before = await readFile(PAGE, "utf8");
  const after = before.replace(/<!-- measured -->[^]*<!-- \/measured -->/, () => block);
  if (after === before && !before.includes(block))
    throw new Error("docs/measured.md has no <!-- measured --> … <!-- /measured --> to put the figures between.");
  await writeFile(PAGE, after);
}

function cells(figure: Figure): [value: string, unit: string, floor: string, ratio: string, budget: string] {
  const { value, unit, floor, budget, judged, bound } = figure;
  const ratio = ratioOf(figure);
  const limit = budget === undefined ? "" : `${bound === "least" ? "≥" : "≤"} ${short(budget)}${judged === "ratio" ? "×" : ""}`;
  return [short(value), unit, floor === undefined ? "" : short(floor), ratio === undefined ? "" : `${ratio.toFixed(2)}×`, limit];
}

function verdict(figure: Figure): string {
  const kept = keeps(figure);
  return kept === undefined ? "" : kept ? "ok" : "over budget";
}

/** Three digits that count. */
function short(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
