import { IMAGE, LINK, RAW_URL, TABLE_CELL } from "streaming-markdown";
import { drawImage } from "./draw-image.ts";
import { drawLink } from "./draw-link.ts";
import type { MarkdownWords } from "./markdown-words.ts";
import { splitRawUrl } from "./raw-url.ts";

/** Has a digit and no letter. */
const NUMBER = /^\P{L}*\d\P{L}*$/u;

/** A token that was opened and not yet closed. */
export interface OpenToken {
  readonly token: number;
  readonly node: HTMLElement;
  /** What a link or an image leads to, once its closing bracket came. */
  address?: string;
}

/**
 * Gives a token what its end decides: where a link leads, which image to draw, whether it was a link at all. `held` is
 * the text that was kept back for this; `pending` is what the parser has read and not yet decided about.
 */
export function endToken({ token, node, address }: OpenToken, held: string, pending: string, words: MarkdownWords): void {
  if (token === RAW_URL) {
    const [url, rest] = splitRawUrl(held);
    node.append(url);
    drawLink(node as HTMLAnchorElement, url);
    node.after(rest);
  } else if (token === LINK || token === IMAGE) {
    if (address === undefined) {
      // It was no link: brackets are text, and the parser had already taken them.
      node.prepend(token === LINK ? "[" : `![${held}`);
      if (pending === "]") node.append(pending);
    } else if (token === LINK) drawLink(node as HTMLAnchorElement, address);
    else drawImage(node, address, held, words);
  } else if (token === TABLE_CELL && NUMBER.test(node.textContent)) alignNumber(node as HTMLTableCellElement);
}

/**
 * The parser does not report how a column is aligned: a figure, and the name above it, go to the end of their cells.
 */
function alignNumber(cell: HTMLTableCellElement): void {
  for (const one of [cell, cell.closest("table")?.rows[0]?.cells[cell.cellIndex]]) one?.classList.add("fd-number");
}
