import { CHECKED, HREF, IMAGE, LANG, PARAGRAPH, RAW_URL, SRC, START } from "streaming-markdown";
import { createBlocks } from "./blocks.ts";
import { nameLanguage } from "./code-block.ts";
import { drawToken } from "./draw-token.ts";
import { element } from "./element.ts";
import { endToken, type OpenToken } from "./end-token.ts";
import type { MarkdownWords } from "./markdown-words.ts";

/** Turns the parser's tokens into elements under one root. Only ever appends. */
export interface TokenDrawing {
  open(token: number): void;
  /** Ends the innermost open token. `pending` is what the parser has read and not yet decided about. */
  close(pending: string): void;
  /** Adds text to the innermost open token; drawn at the next call of anything else. */
  readonly text: (text: string) => void;
  attribute(kind: number, value: string): void;
  /** Draws the text that came since the last call. */
  flush(): void;
  /** Ends all that is open. */
  finish(): void;
}

export function createTokenDrawing(root: HTMLElement, words: MarkdownWords): TokenDrawing {
  const blocks = createBlocks(root);
  const opened: OpenToken[] = [];
  let innermost: OpenToken = { token: 0, node: root };
  let unwritten = "";

  function append<E extends HTMLElement>(node: E): E {
    if (innermost.node === root) blocks.add(node);
    else innermost.node.append(node);
    return node;
  }

  function write(node: HTMLElement): void {
    // One text node for each frame: growing an older one would have its whole text laid out anew.
    node.append(unwritten);
    blocks.direct(unwritten);
    unwritten = "";
  }

  function flush(): void {
    // The parser gives text to the root where it took a paragraph for a table: that belongs to the paragraph that
    // follows.
    if (unwritten && !isHeld(innermost) && innermost.node !== root) write(innermost.node);
  }

  function settleRootText(): void {
    if (unwritten && innermost.node === root) write(append(element("p")));
  }

  function close(pending: string): void {
    flush();
    const held = unwritten;
    unwritten = "";
    endToken(innermost, held, pending, words);
    innermost = opened.pop() ?? innermost;
  }

  return {
    open(token) {
      flush();
      if (token !== PARAGRAPH) settleRootText();
      const node = drawToken(token, innermost.node, append, words);
      opened.push(innermost);
      innermost = { token, node };
    },
    close,
    text(text) {
      unwritten += text;
    },
    attribute(kind, value) {
      setAttribute(innermost, kind, value);
    },
    flush,
    finish() {
      while (opened.length) close("");
      settleRootText();
      blocks.finish();
    },
  };
}

function setAttribute(open: OpenToken, kind: number, value: string): void {
  const { node } = open;
  if (kind === HREF || kind === SRC) open.address = value;
  else if (kind === LANG) nameLanguage(node, value);
  else if (kind === START && node.localName === "ol") node.setAttribute("start", `${Number.parseInt(value, 10)}`);
  else if (kind === CHECKED) node.lastChild?.replaceWith("\u2611\ufe0e");
}

/** An image's description and a bare address are drawn when they are whole: both decide what is drawn. */
function isHeld({ token }: OpenToken): boolean {
  return token === IMAGE || token === RAW_URL;
}
