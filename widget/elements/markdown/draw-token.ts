import {
  BLOCKQUOTE,
  CHECKBOX,
  CODE_BLOCK,
  CODE_FENCE,
  CODE_INLINE,
  HEADING_1,
  HEADING_2,
  HEADING_3,
  HEADING_4,
  HEADING_5,
  HEADING_6,
  IMAGE,
  ITALIC_AST,
  ITALIC_UND,
  LINE_BREAK,
  LINK,
  LIST_ITEM,
  LIST_ORDERED,
  LIST_UNORDERED,
  PARAGRAPH,
  RAW_URL,
  RULE,
  STRIKE,
  STRONG_AST,
  STRONG_UND,
  TABLE,
  TABLE_CELL,
  TABLE_ROW,
} from "streaming-markdown";
import { codeBlock } from "./code-block.ts";
import { element } from "./element.ts";
import type { MarkdownWords } from "./markdown-words.ts";

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

/**
 * Draws a token inside `parent` and returns the element that its text goes into. `append` puts an element where the
 * next one belongs.
 */
export function drawToken(
  token: number,
  parent: HTMLElement,
  append: <E extends HTMLElement>(node: E) => E,
  words: MarkdownWords,
): HTMLElement {
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
