import * as z from "zod";
import type { ApiStream } from "./route.ts";

/** The formats of a list: a page of JSON, or the whole as a file. */
export const formatSchema = z
  .enum(["json", "csv", "jsonl"])
  .default("json")
  .describe("csv and jsonl are the whole list as a file; cursor and limit do not count then.");

export const EXPORT_TYPES = ["text/csv; charset=utf-8", "application/jsonl"] as const;

const PAGE_ROWS = 200;

type Cell = string | number | boolean | null | undefined | object;

/**
 * A list as a file, newest first, read page by page while it is written. `readPage` gives the rows after the last one
 * of the page before.
 */
export function exportFile<Row extends object>(options: {
  readonly format: "csv" | "jsonl";
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly cells: (row: Row) => Readonly<Record<string, Cell>>;
  readonly readPage: (last: Row | undefined, limit: number) => Promise<readonly Row[]>;
  readonly signal: AbortSignal;
}): ApiStream {
  const { format, columns, cells, readPage, signal } = options;
  const line = (row: Row): string =>
    format === "jsonl" ? `${JSON.stringify(row)}\n` : csvLine(columns.map((column) => cells(row)[column]));
  return {
    contentType: format === "csv" ? EXPORT_TYPES[0] : EXPORT_TYPES[1],
    fileName: `${options.fileName}.${format}`,
    stream: (async function* () {
      if (format === "csv") yield csvLine(columns);
      let last: Row | undefined;
      for (;;) {
        const rows = await readPage(last, PAGE_ROWS);
        if (rows.length > 0) yield rows.map(line).join("");
        last = rows.at(-1);
        if (rows.length < PAGE_ROWS || signal.aborted) return;
      }
    })(),
  };
}

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

const FORMULA_STARTS = new Set("=+-@|%\uFF1D\uFF0B\uFF0D\uFF20");

/**
 * RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it: customers and servers
 * choose what is in here.
 */
function csvCell(cell: Cell): string {
  if (cell === undefined || cell === null) return "";
  if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
  const text = typeof cell === "string" ? cell : JSON.stringify(cell);
  // Spreadsheets skip blanks and control characters at the beginning.
  const isRisky = text.charCodeAt(0) <= 0x20 || FORMULA_STARTS.has(text.trimStart().charAt(0));
  return `"${(isRisky ? `'${text}` : text).replaceAll('"', '""')}"`;
}
