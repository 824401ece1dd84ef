import { makeBlock, type Align, type Block } from "./block.ts";

/** The row under a table's head: a cell of dashes for each column, with colons where it is aligned. */
export const DELIMITERS = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$/;

/** A table that has more is not filled up: with many columns and short rows it would take far more than its text. */
const MOST_CELLS = 5000;

/** The cells of a row, or `most` of them, without the blanks around them. A bar behind a backslash is a part of its cell. */
export function rowCells(row: string, most?: number): string[] {
  const inner = row.trim().replace(/^\|/, "");
  const cells = inner.split(/(?<!\\)\|/, most);
  if (cells.length > 1 && !cells.at(-1)?.trim()) cells.pop();
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** How a delimiter row aligns the columns under `head`; undefined if it is one for another number of columns. */
export function columnAligns(head: string, row: string): readonly Align[] | undefined {
  if (!(head + row).includes("|")) return undefined;
  const cells = rowCells(row);
  if (cells.length !== rowCells(head).length) return undefined;
  return cells.map((cell) => {
    const end = cell.endsWith(":");
    if (cell.startsWith(":")) return end ? "center" : "left";
    return end ? "right" : "";
  });
}

/**
 * Adds a row with a cell for each column to a table; in a table of very many cells only those that are written. The last
 * one may go on while the row does.
 */
export function addRow(table: Block, text: string, final: boolean, kind: "th" | "td" = "td"): void {
  const { aligns } = table;
  // One more, to see that the others are not the last.
  const cells = rowCells(text, aligns.length + 1);
  const children = aligns
    .slice(0, table.size > MOST_CELLS ? cells.length : aligns.length)
    .map((align, at) => makeBlock(kind, { text: cells[at] ?? "", aligns: [align], final: final || at < cells.length - 1 }));
  table.size += children.length;
  table.children.push(makeBlock("tr", { children, final }));
}
