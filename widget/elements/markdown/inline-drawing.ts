import { element } from "./element.ts";
import { keepSelection } from "./keep-selection.ts";
import type { MarkdownSettings } from "./markdown-settings.ts";
import type { Inline } from "./parser/inline.ts";
import { parseInlines } from "./parser/inline-parser.ts";
import type { InlineContext } from "./parser/link-end.ts";

/** A text that is open for so long is read again only when it grew by a sixteenth: so reading it stays cheap. */
const LONG_OPEN = 1024;

/** A text is looked for in so many of the nodes that are there: in a long text it stands in one of the next. */
const NEAR_TEXTS = 8;

/** An inline and the nodes that show it. */
interface Drawn {
  inline: Inline;
  nodes: ChildNode[];
  children: Drawn[];
}

/**
 * Draws the inlines of one paragraph, heading or cell while its source grows. What nothing can change any more is
 * never looked at again. The rest is compared with what is drawn: text is added to, and where marks turn out to mean
 * something else, the same text nodes stand in other elements.
 */
export class InlineDrawing {
  place: HTMLElement;
  readonly #settings: MarkdownSettings;
  readonly #context: InlineContext;
  #source = "";
  #isOpen = true;
  #settledAt = 0;
  /** What is drawn of the source after `#settledAt`: the last nodes of the place. */
  #tail: Drawn[] = [];
  /** So much of the first text in the tail is before `#settledAt`. */
  #skipped = 0;

  constructor(place: HTMLElement, settings: MarkdownSettings, context: InlineContext) {
    this.place = place;
    this.#settings = settings;
    this.#context = context;
  }

  /** Draws the source: `isOpen` while more of it may come. */
  draw(source: string, isOpen: boolean): void {
    const grown = source.length - this.#source.length;
    const open = source.length - this.#settledAt;
    if (isOpen && open > LONG_OPEN && grown >= 0 && grown < open / 16 && this.#isOpen) return;
    if (source === this.#source && isOpen === this.#isOpen) return;
    const goesOn = source.startsWith(this.#source.slice(0, this.#settledAt));
    this.#source = source;
    this.#isOpen = isOpen;
    if (!goesOn) {
      this.redraw();
      return;
    }
    const { inlines, settledAt } = parseInlines(source, this.#settledAt, isOpen, this.#context);
    this.#update(this.place, this.#tail, inlines);
    if (isOpen) this.#settle(settledAt);
  }

  /** Draws all of it anew, in the same text nodes: a reference got its definition, or a line went to a table. */
  redraw(): void {
    keepSelection(this.place, () => {
      const texts = textsIn([...this.place.childNodes]).reverse();
      this.place.replaceChildren();
      this.#settledAt = 0;
      this.#skipped = 0;
      const { inlines } = parseInlines(this.#source, 0, this.#isOpen, this.#context);
      this.#tail = this.#make(this.place, inlines, texts);
    });
  }

  /** What begins before this place is not looked at again; a text may reach over it. */
  #settle(settledAt: number): void {
    this.#settledAt = settledAt;
    const open = this.#tail.findIndex(({ inline }) => inline.at + inline.text.length > settledAt || inline.at >= settledAt);
    const settled = this.#tail.splice(0, open < 0 ? this.#tail.length : open).length;
    const [first] = this.#tail;
    if (settled > 0) this.#skipped = 0;
    const over = first ? settledAt - first.inline.at : 0;
    if (!first || over <= 0) return;
    first.inline = { ...first.inline, at: settledAt, text: first.inline.text.slice(over) };
    this.#skipped += over;
    while ((first.nodes[0] as Text).length <= this.#skipped) this.#skipped -= (first.nodes.shift() as Text).length;
  }

  /** Makes the drawn inlines, which are the last in `parent`, show these instead. */
  #update(parent: HTMLElement, drawn: Drawn[], inlines: readonly Inline[]): void {
    let same = 0;
    while (same < drawn.length && same < inlines.length && this.#grow(drawn[same] as Drawn, inlines[same] as Inline)) same += 1;
    if (same === drawn.length) {
      this.#add(parent, drawn, inlines.slice(same), []);
      return;
    }
    keepSelection(parent, () => {
      if (same === 0 && this.#skipped > 0 && drawn === this.#tail) {
        const first = drawn[0] as Drawn;
        first.nodes[0] = (first.nodes[0] as Text).splitText(this.#skipped);
        this.#skipped = 0;
      }
      const nodes = drawn.splice(same).flatMap((one) => one.nodes);
      const texts = textsIn(nodes).reverse();
      for (const node of nodes) node.remove();
      this.#add(parent, drawn, inlines.slice(same), texts);
    });
  }

  #add(parent: HTMLElement, drawn: Drawn[], inlines: readonly Inline[], texts: Text[]): void {
    for (const one of this.#make(parent, inlines, texts)) drawn.push(one);
  }

  /** Adds to what is drawn until it shows the inline; false if it shows something else. */
  #grow(drawn: Drawn, inline: Inline): boolean {
    const { kind, text, address, title } = drawn.inline;
    const last = drawn.nodes.at(-1);
    if (kind !== inline.kind || address !== inline.address || title !== inline.title || !inline.text.startsWith(text)) return false;
    const more = inline.text.slice(text.length);
    if (more) {
      if (!last || kind === "img") return false;
      // One more text node: growing an older one would have its whole text laid out anew.
      const node = document.createTextNode(more);
      if (kind === "code") (last as HTMLElement).append(node);
      else {
        last.after(node);
        drawn.nodes.push(node);
      }
    }
    if (last && kind !== "text") this.#update(last as HTMLElement, drawn.children, inline.children);
    drawn.inline = inline;
    return true;
  }

  #make(parent: HTMLElement, inlines: readonly Inline[], texts: Text[]): Drawn[] {
    const { words, elements } = this.#settings;
    return inlines.map((inline) => {
      const drawn: Drawn = { inline, nodes: [], children: [] };
      if (inline.kind === "text") drawn.nodes = textNodes(inline.text, texts);
      else {
        const made = element(inline.kind === "img" ? "span" : inline.kind);
        drawn.nodes = [made];
        if (inline.kind === "code") made.append(...textNodes(inline.text, texts));
        else drawn.children = this.#make(made, inline.children, texts);
        if (inline.kind === "a") elements.drawLink(made as HTMLAnchorElement, inline.address, inline.title);
        else if (inline.kind === "img") elements.drawImage(made, inline, words);
      }
      parent.append(...drawn.nodes);
      return drawn;
    });
  }
}

function textsIn(nodes: readonly Node[]): Text[] {
  return nodes.flatMap((node) => (node instanceof Text ? [node] : node instanceof HTMLButtonElement ? [] : textsIn([...node.childNodes])));
}

/** Nodes that show the text, of those that are there (the next one last) as many as fit. */
function textNodes(text: string, texts: Text[]): Text[] {
  const nodes: Text[] = [];
  for (let left = text; left;) {
    const whole = texts.slice(-NEAR_TEXTS).findLast(({ data }) => data.includes(left));
    if (whole) {
      // What stands before it showed marks; what stands after it is for what follows.
      let found: Text;
      do found = texts.pop() as Text;
      while (found !== whole);
      const within = found.data.indexOf(left);
      const node = within > 0 ? found.splitText(within) : found;
      if (node.length > left.length) texts.push(node.splitText(left.length));
      nodes.push(node);
      break;
    }
    const next = texts.at(-1);
    const at = next ? left.indexOf(next.data) : -1;
    if (!next || at < 0) {
      nodes.push(document.createTextNode(left));
      break;
    }
    if (at > 0) nodes.push(document.createTextNode(left.slice(0, at)));
    nodes.push(next);
    texts.pop();
    left = left.slice(at + next.length);
  }
  return nodes;
}
