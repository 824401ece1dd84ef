import { makeBlock, type Align, type Block } from "./block.ts";

/** The row under a table's head: a cell of dashes for each column, with colons where it is aligned. */
export const DELIMITERS = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$/;

/** The cells of a row, without the blanks around them. A bar behind a backslash is a part of its cell. */
export function rowCells(row: string): string[] {
  const inner = row.trim().replace(/^\|/, "");
  const cells = inner.split(/(?<!\\)\|/);
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

/** A row with a cell for each column. The last cell that is written may go on while the row does. */
export function makeRow(text: string, aligns: readonly Align[], final: boolean, kind: "th" | "td" = "td"): Block {
  const cells = rowCells(text);
  const children = aligns.map((align, at) =>
    makeBlock(kind, { text: cells[at] ?? "", aligns: [align], final: final || at < cells.length - 1 }),
  );
  return makeBlock("tr", { children, final });
}
