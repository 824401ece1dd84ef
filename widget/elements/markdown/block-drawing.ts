import { createBlocks, type Blocks } from "./blocks.ts";
import { codeBlock, nameLanguage } from "./code-block.ts";
import { alignCell, rowPlace, tableRegion } from "./draw-table.ts";
import { element } from "./element.ts";
import { InlineDrawing } from "./inline-drawing.ts";
import { keepSelection } from "./keep-selection.ts";
import type { MarkdownWords } from "./markdown-words.ts";
import type { Block } from "./parser/block.ts";
import { plainText } from "./parser/entities.ts";
import { shownSource, withoutBlankEnd } from "./parser/shown-source.ts";
import type { References } from "./parser/references.ts";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const ELEMENTS: Readonly<Record<string, string>> = { paragraph: "p", quote: "blockquote", item: "li", rule: "hr", row: "tr" };

/** A block and the element that shows it. */
interface Drawn {
  /** What kind of element it is; a block that turns into another kind gets a new one. */
  readonly shape: string;
  readonly whole: HTMLElement;
  /** Where its text or its blocks go. */
  readonly place: HTMLElement;
  readonly children: Drawn[];
  /** So many of the first children are final and drawn. */
  done: number;
  inlines: InlineDrawing | undefined;
  /** How much of a code block's text is drawn. */
  length: number;
}

/** Draws the blocks of a text under an element, again and again as they grow, and changes only what has changed. */
export class BlockDrawing {
  readonly #words: MarkdownWords;
  readonly #references: References;
  readonly #blocks: Blocks;
  readonly #root: Drawn;
  /** Who waits for the definition of which label. */
  readonly #waiting = new Map<string, Set<InlineDrawing>>();
  #known = 0;

  constructor(root: HTMLElement, words: MarkdownWords, references: References) {
    this.#words = words;
    this.#references = references;
    this.#blocks = createBlocks(root);
    this.#root = makeDrawn("root", root);
  }

  /** Draws what the blocks are now. */
  draw(root: Block): void {
    this.#drawChildren(this.#root, root, true);
    if (this.#references.size > this.#known) this.#define();
    if (root.final) this.#blocks.finish();
  }

  #define(): void {
    this.#known = this.#references.size;
    for (const [label, drawings] of this.#waiting) {
      if (!this.#references.has(label)) continue;
      this.#waiting.delete(label);
      for (const drawing of drawings) drawing.redraw();
    }
  }

  #drawChildren(parent: Drawn, block: Block, isLast: boolean): void {
    const { children } = block;
    for (let at = parent.done; at < children.length; at += 1) {
      const child = children[at] as Block;
      const isOpen = isLast && at === children.length - 1 && !child.final;
      const drawn = this.#drawn(parent, at, child);
      // A paragraph that shows nothing yet may never do.
      if (!isOpen || child.kind !== "paragraph") this.#attach(parent, drawn);
      this.#update(drawn, child, isOpen);
      if (drawn.place.hasChildNodes()) this.#attach(parent, drawn);
      if (parent === this.#root) direct(drawn, child.final);
      if (child.final && at === parent.done) {
        parent.done += 1;
        child.text = "";
        child.children = [];
        drawn.inlines = undefined;
        drawn.children.length = 0;
      }
    }
    for (const extra of parent.children.splice(children.length)) extra.whole.remove();
  }

  /** The drawn block for `block` at this place: the one that is there, or a new one instead. */
  #drawn(parent: Drawn, at: number, block: Block): Drawn {
    const before = parent.children[at];
    const shape = shapeOf(block);
    if (before?.shape === shape) return before;
    const drawn = this.#make(shape, block);
    parent.children[at] = drawn;
    if (before?.inlines && block.kind === "heading") {
      drawn.inlines = before.inlines;
      drawn.inlines.place = drawn.place;
      keepSelection(before.whole, () => {
        drawn.place.append(...before.place.childNodes);
        before.whole.replaceWith(drawn.whole);
      });
    } else before?.whole.remove();
    return drawn;
  }

  #make(shape: string, block: Block): Drawn {
    if (block.kind === "code") {
      const { whole, code } = codeBlock(this.#words);
      nameLanguage(code, plainText(block.info));
      return makeDrawn(shape, whole, code);
    }
    if (block.kind === "table") {
      const region = tableRegion(this.#words);
      return makeDrawn(shape, region, region.firstElementChild as HTMLElement);
    }
    return makeDrawn(shape, element(shape as "p"));
  }

  #attach(parent: Drawn, drawn: Drawn): void {
    if (drawn.whole.parentNode) return;
    if (parent === this.#root) this.#blocks.add(drawn.whole);
    else if (drawn.shape === "tr") rowPlace(parent.place as HTMLTableElement).append(drawn.whole);
    else parent.place.append(drawn.whole);
  }

  #update(drawn: Drawn, block: Block, isOpen: boolean): void {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        this.#drawInlines(drawn, block, isOpen);
        return;
      case "cell":
        this.#drawInlines(drawn, block, isOpen);
        alignCell(drawn.whole as HTMLTableCellElement, block);
        return;
      case "code":
        drawCode(drawn, block, isOpen);
        return;
      case "list":
        if (block.loose) drawn.whole.removeAttribute("class");
        else drawn.whole.className = "fd-tight";
        if (drawn.shape === "ol" && block.start !== 1) (drawn.whole as HTMLOListElement).start = block.start;
        break;
      case "item":
        if (block.mark) drawn.whole.className = "fd-task";
        break;
      default:
    }
    this.#drawChildren(drawn, block, isOpen);
  }

  #drawInlines(drawn: Drawn, block: Block, isOpen: boolean): void {
    const prefix = block.kind === "paragraph" && block.mark ? `${block.mark} ` : "";
    if (drawn.inlines?.prefix !== prefix) drawn.inlines = this.#inlines(drawn, prefix);
    drawn.inlines.draw(shownSource(block, isOpen), isOpen, block.final);
  }

  #inlines(drawn: Drawn, prefix: string): InlineDrawing {
    const drawing: InlineDrawing = new InlineDrawing(drawn.place, prefix, this.#words, {
      references: this.#references,
      miss: (label) => {
        const waiting = this.#waiting.get(label) ?? new Set();
        this.#waiting.set(label, waiting.add(drawing));
      },
    });
    return drawing;
  }
}

function makeDrawn(shape: string, whole: HTMLElement, place: HTMLElement = whole): Drawn {
  return { shape, whole, place, children: [], done: 0, inlines: undefined, length: 0 };
}

/** The name of the element for a block. Headings begin at h3, below those of the page around the answer. */
function shapeOf({ kind, size, mark }: Block): string {
  switch (kind) {
    case "heading":
      return `h${Math.min(size + 2, 6)}`;
    case "list":
      return /[.)]/.test(mark) ? "ol" : "ul";
    case "cell":
      return size === 1 ? "th" : "td";
    default:
      return ELEMENTS[kind] ?? kind;
  }
}

function drawCode(drawn: Drawn, { text, mark }: Block, isOpen: boolean): void {
  const shown = isOpen || !mark ? withoutBlankEnd(text) : text.slice(0, -1);
  if (shown.length > drawn.length) drawn.place.append(shown.slice(drawn.length));
  drawn.length = shown.length;
}

/**
 * Gives a block the direction of its first letter, whatever the page's is. `dir="auto"` means the same, but looks
 * through the block again with every node it gets.
 */
function direct({ whole, shape }: Drawn, isFinal: boolean): void {
  if (shape === "code" || (whole.dir && !isFinal)) return;
  const [letter] = /\p{L}/u.exec(whole.textContent) ?? [];
  if (letter) whole.dir = RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
  else whole.removeAttribute("dir");
}
