import { createBlocks, type Blocks } from "./blocks.ts";
import { element } from "./element.ts";
import { InlineDrawing } from "./inline-drawing.ts";
import { keepSelection } from "./keep-selection.ts";
import type { MarkdownSettings } from "./markdown-settings.ts";
import { isList, type Block, type BlockKind } from "./parser/block.ts";
import { plainText } from "./parser/entities.ts";
import { shownSource, withoutBlankEnd } from "./parser/shown-source.ts";
import type { References } from "./parser/references.ts";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const HAS_INLINES = /^(p|h\d|t[hd])$/;

/** A block and the element that shows it. */
interface Drawn {
  /** A block that turns into another kind gets another element. */
  readonly kind: BlockKind;
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
  readonly #settings: MarkdownSettings;
  readonly #references: References;
  readonly #blocks: Blocks;
  readonly #root: Drawn;
  /** Who waits for the definition of which label. */
  readonly #waiting = new Map<string, Set<InlineDrawing>>();
  #known = 0;

  constructor(root: HTMLElement, settings: MarkdownSettings, references: References) {
    this.#settings = settings;
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
    const redrawn = new Set<InlineDrawing>();
    for (const [label, drawings] of this.#waiting) {
      if (!this.#references.has(label)) continue;
      this.#waiting.delete(label);
      for (const drawing of drawings) redrawn.add(drawing);
    }
    for (const drawing of redrawn) drawing.redraw();
  }

  #drawChildren(parent: Drawn, block: Block, isLast: boolean): void {
    const { children } = block;
    for (let at = parent.done; at < children.length; at += 1) {
      const child = children[at] as Block;
      // The cells behind the one that is written are empty.
      const isOpen = isLast && !child.final && (at === children.length - 1 || block.kind === "tr");
      const drawn = this.#drawn(parent, at, child);
      // A paragraph that shows nothing yet may never do.
      if (!isOpen || child.kind !== "p") this.#attach(parent, drawn);
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
    if (before?.kind === block.kind) return before;
    const drawn = this.#make(block);
    parent.children[at] = drawn;
    // A paragraph that turned out to be a heading.
    if (before?.inlines && HAS_INLINES.test(block.kind)) {
      drawn.inlines = before.inlines;
      drawn.inlines.place = drawn.place;
      keepSelection(before.whole, () => {
        while (before.place.firstChild) drawn.place.append(before.place.firstChild);
        before.whole.replaceWith(drawn.whole);
      });
    } else before?.whole.remove();
    return drawn;
  }

  #make({ kind, info, start }: Block): Drawn {
    const { words, elements } = this.#settings;
    let whole: HTMLElement;
    let place: HTMLElement;
    if (kind === "pre") [whole, place] = elements.codeBlock(plainText(info), words);
    else if (kind === "table") [whole, place] = elements.tableRegion(words);
    else whole = place = element(kind as "p");
    if (kind === "ol" && start !== 1) (whole as HTMLOListElement).start = start;
    return makeDrawn(kind, whole, place);
  }

  #attach(parent: Drawn, { kind, whole }: Drawn): void {
    if (whole.parentNode) return;
    if (parent === this.#root) this.#blocks.add(whole);
    else if (kind === "tr") this.#settings.elements.rowPlace(parent.place as HTMLTableElement).append(whole);
    else parent.place.append(whole);
  }

  #update(drawn: Drawn, block: Block, isOpen: boolean): void {
    const { kind, whole } = drawn;
    if (kind === "pre") drawCode(drawn, block, isOpen);
    else if (HAS_INLINES.test(kind)) {
      drawn.inlines ??= this.#inlines(drawn.place);
      drawn.inlines.draw(shownSource(block, isOpen), isOpen);
      if (kind.startsWith("t")) this.#settings.elements.alignCell(whole as HTMLTableCellElement, block);
    } else {
      if (isList(block)) {
        if (block.loose) whole.removeAttribute("class");
        else whole.className = "fd-tight";
      } else if (kind === "li" && block.mark) whole.className = "fd-task";
      this.#drawChildren(drawn, block, isOpen);
    }
  }

  #inlines(place: HTMLElement): InlineDrawing {
    const drawing: InlineDrawing = new InlineDrawing(place, this.#settings, {
      references: this.#references,
      miss: (label) => {
        const waiting = this.#waiting.get(label) ?? new Set();
        this.#waiting.set(label, waiting.add(drawing));
      },
    });
    return drawing;
  }
}

function makeDrawn(kind: BlockKind, whole: HTMLElement, place = whole): Drawn {
  return { kind, whole, place, children: [], done: 0, inlines: undefined, length: 0 };
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
function direct({ whole, kind }: Drawn, isFinal: boolean): void {
  if (kind === "pre" || (whole.dir && !isFinal)) return;
  const [letter] = /\p{L}/u.exec(whole.textContent) ?? [];
  if (letter) whole.dir = RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
  else whole.removeAttribute("dir");
}
