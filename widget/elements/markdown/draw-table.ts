import { element } from "./element.ts";
import type { MarkdownWords } from "./markdown-words.ts";
import type { Block } from "./parser/block.ts";

/** Has a digit and no letter. */
const NUMBER = /^\P{L}*\d\P{L}*$/u;

/** A table in a region that scrolls sideways, which the keyboard must be able to do too. */
export function tableRegion(words: MarkdownWords): readonly [whole: HTMLElement, table: HTMLElement] {
  const table = element("table");
  const region = element("div", "fd-table");
  region.role = "region";
  region.tabIndex = 0;
  region.ariaLabel = words.table;
  region.append(table);
  return [region, table];
}

/** Where the next row goes: the first one is the head. */
export function rowPlace(table: HTMLTableElement): HTMLElement {
  return table.tHead ? (table.tBodies[0] ?? table.createTBody()) : table.createTHead();
}

/**
 * Aligns a cell as its column is: left is left in every language, as the author wrote it. Where the column leaves it
 * open, a figure and the name above it go to the end of their cells.
 */
export function alignCell(cell: HTMLTableCellElement, { aligns: [align = ""], final }: Block): void {
  if (align) cell.style.textAlign = align;
  else if (final && NUMBER.test(cell.textContent)) {
    for (const one of [cell, cell.closest("table")?.rows[0]?.cells[cell.cellIndex]]) if (one) one.className = "fd-number";
  }
}
