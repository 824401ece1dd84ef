import {
  CHECKBOX,
  CHECKED,
  CODE_BLOCK,
  CODE_FENCE,
  CODE_INLINE,
  HEADING_1,
  HEADING_2,
  HEADING_3,
  HEADING_4,
  HEADING_5,
  HEADING_6,
  BLOCKQUOTE,
  HREF,
  IMAGE,
  ITALIC_AST,
  ITALIC_UND,
  LANG,
  LINE_BREAK,
  LINK,
  LIST_ITEM,
  LIST_ORDERED,
  LIST_UNORDERED,
  PARAGRAPH,
  RAW_URL,
  RULE,
  SRC,
  START,
  STRIKE,
  STRONG_AST,
  STRONG_UND,
  TABLE,
  TABLE_CELL,
  TABLE_ROW,
} from "streaming-markdown";
import { codeBlock, nameLanguage } from "./code-block.ts";
import { drawImage } from "./draw-image.ts";
import { drawLink } from "./draw-link.ts";
import { element } from "./element.ts";
import type { MarkdownWords } from "./markdown-words.ts";
import { splitRawUrl } from "./raw-url.ts";

// The elements a text can make; there are no others. Headings begin at h3, below those of the page around the answer.
const ELEMENTS: Readonly<Record<number, keyof HTMLElementTagNameMap>> = {
  [PARAGRAPH]: "p",
  [HEADING_1]: "h3",
  [HEADING_2]: "h4",
  [HEADING_3]: "h5",
  [HEADING_4]: "h6",
  [HEADING_5]: "h6",
  [HEADING_6]: "h6",
  [BLOCKQUOTE]: "blockquote",
  [LIST_UNORDERED]: "ul",
  [LIST_ORDERED]: "ol",
  [LIST_ITEM]: "li",
  [LINE_BREAK]: "br",
  [RULE]: "hr",
  [CODE_INLINE]: "code",
  [ITALIC_AST]: "em",
  [ITALIC_UND]: "em",
  [STRONG_AST]: "strong",
  [STRONG_UND]: "strong",
  [STRIKE]: "s",
  [LINK]: "a",
  [RAW_URL]: "a",
};

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Has a digit and no letter. */
const NUMBER = /^\P{L}*\d\P{L}*$/u;

/** The browser looks at each part with each frame: small enough to skip what is out of view, few enough to be cheap. */
const PART_BLOCKS = 12;

interface Open {
  readonly token: number;
  readonly node: HTMLElement;
  /** What a link or an image leads to, once its closing bracket came. */
  address?: string;
}

/** Turns the parser's tokens into elements under one root. Only ever appends. */
export interface TokenDrawing {
  open(token: number): void;
  /** Ends the innermost open token. `pending` is what the parser has read and not yet decided about. */
  close(pending: string): void;
  /** Adds text to the innermost open token; drawn at the next call of anything else. */
  text(text: string): void;
  attribute(kind: number, value: string): void;
  /** Draws the text that came since the last call. */
  flush(): void;
  /** Ends all that is open. */
  finish(): void;
}

/** The parser does not tell how a column is aligned: a figure, and the name over it, stand at the end. */
function alignNumber(cell: HTMLTableCellElement): void {
  for (const one of [cell, cell.closest("table")?.rows[0]?.cells[cell.cellIndex]]) one?.classList.add("fd-number");
}

export function createTokenDrawing(root: HTMLElement, words: MarkdownWords): TokenDrawing {
  const opened: Open[] = [];
  let innermost: Open = { token: 0, node: root };
  let unwritten = "";
  let undirected: HTMLElement | undefined;
  let part: HTMLElement | undefined;

  function append(node: HTMLElement): HTMLElement {
    if (innermost.node === root) {
      undirected = node;
      openPart().append(node);
    } else innermost.node.append(node);
    return node;
  }

  function openPart(): HTMLElement {
    if (part && part.childElementCount < PART_BLOCKS) return part;
    finishPart();
    part = element("div", "fd-part");
    root.append(part);
    return part;
  }

  // From here on nothing touches the part, so that the browser may skip it while it is out of view.
  function finishPart(): void {
    part?.classList.add("fd-done");
  }

  /**
   * Gives a block the direction of its first letter, whatever the page's is. `dir="auto"` means the same, but looks
   * through the block again with every node it gets.
   */
  function direct(text: string): void {
    const letter = undirected && /\p{L}/u.exec(text)?.[0];
    if (!undirected || !letter) return;
    undirected.dir ||= RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
    undirected = undefined;
  }

  function flush(): void {
    const { node, token } = innermost;
    // An image's description and a bare address are drawn when they are whole: both decide what is drawn. The parser
    // gives text to the root where it took a paragraph for a table: that belongs to the paragraph which follows.
    if (!unwritten || token === IMAGE || token === RAW_URL || node === root) return;
    // One text node for each frame: growing an older one would have its whole text laid out anew.
    node.append(unwritten);
    direct(unwritten);
    unwritten = "";
  }

  function settleRootText(): void {
    if (!unwritten || innermost.node !== root) return;
    append(element("p")).append(unwritten);
    direct(unwritten);
    unwritten = "";
  }

  function draw(token: number): HTMLElement {
    const parent = innermost.node;
    switch (token) {
      case CODE_BLOCK:
      case CODE_FENCE: {
        const { whole, code } = codeBlock(words);
        append(whole);
        return code;
      }
      case TABLE: {
        const region = element("div", "fd-table");
        const table = element("table");
        region.role = "region";
        region.tabIndex = 0;
        region.ariaLabel = words.table;
        append(region).append(table);
        return table;
      }
      case TABLE_ROW: {
        const table = parent as HTMLTableElement;
        const section = table.tHead ? (table.tBodies[0] ?? table.createTBody()) : table.createTHead();
        return section.appendChild(element("tr"));
      }
      case TABLE_CELL: {
        const cell = element(parent.parentElement?.localName === "thead" ? "th" : "td");
        return append(cell);
      }
      case CHECKBOX:
        parent.className = "fd-task";
        parent.append("\u2610\ufe0e");
        return parent;
      case IMAGE:
        return append(element("span"));
      default:
        return append(element(ELEMENTS[token] ?? "span"));
    }
  }

  function close(pending: string): void {
    flush();
    const { token, node, address } = innermost;
    const held = unwritten;
    unwritten = "";
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
    innermost = opened.pop() ?? innermost;
  }

  return {
    open(token) {
      flush();
      if (token !== PARAGRAPH) settleRootText();
      const node = draw(token);
      opened.push(innermost);
      innermost = { token, node };
    },
    close,
    text(text) {
      unwritten += text;
    },
    attribute(kind, value) {
      const { node } = innermost;
      if (kind === HREF || kind === SRC) innermost.address = value;
      else if (kind === LANG) nameLanguage(node, value);
      else if (kind === START && node.localName === "ol") node.setAttribute("start", `${Number.parseInt(value, 10)}`);
      else if (kind === CHECKED) node.lastChild?.replaceWith("\u2611\ufe0e");
    },
    flush,
    finish() {
      while (opened.length) close("");
      settleRootText();
      finishPart();
    },
  };
}
