import type { TextPart, Turn } from "../../thread/state.ts";
import { define } from "../foundation/define.ts";
import * as markdownElements from "../markdown/markdown-elements.ts";
import type * as MarkdownParts from "../markdown/markdown-parts.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/** What shows each text. */
const answers = new WeakMap<TextPart, FrontDeskAnswer>();

/** What draws answers; `null` once it could not be loaded. */
let markdown: typeof MarkdownParts | null | undefined;

/**
 * Loads what draws answers, for all threads of the page. Until it is there, answers hold their text; afterwards call
 * `draw` of those that are there. Rejects if it cannot be loaded; call it again to try again.
 */
export async function loadMarkdown(): Promise<typeof MarkdownParts> {
  try {
    return (markdown = await import("../markdown/markdown-parts.ts"));
  } catch (error) {
    markdown = null;
    throw error;
  }
}

/**
 * What the assistant said in one step. The text is written on at its end, so nothing that was drawn is drawn again and
 * a selection survives; only a text that turns out to be another one begins anew.
 */
export class FrontDeskAnswer extends HTMLElement {
  context: ThreadContext | undefined;
  #view: MarkdownParts.MarkdownView | undefined;
  #part: TextPart | undefined;
  #drawn: TextPart | undefined;

  set answer(part: TextPart) {
    if (part === this.#part) return;
    this.#part = part;
    answers.set(part, this);
    this.draw();
  }

  /** Its Markdown. */
  get source(): string {
    return this.#part?.text ?? "";
  }

  /** Draws what is not drawn yet: the plain text, if what would draw it cannot be loaded. */
  draw(): void {
    const part = this.#part;
    if (markdown === undefined || part === undefined || this.context === undefined) return;
    if (markdown === null) {
      this.dir = "auto";
      this.textContent = part.text;
      return;
    }
    const before = this.#drawn;
    this.#drawn = part;
    // While it is open it only grows, so its beginning need not be compared with each token.
    const grows = before?.open === true && (part.open ? part.text.length >= before.text.length : part.text.startsWith(before.text));
    if (before?.text === part.text && before.open === part.open) return;
    if (!grows) {
      this.replaceChildren();
      this.removeAttribute("dir");
      this.#view = new markdown.MarkdownView(this, { words: this.context.words, elements: markdownElements });
    }
    this.#view?.write(grows ? part.text.slice(before.text.length) : part.text);
    if (!part.open) this.#view?.end();
  }
}

/**
 * What a screen reader hears of a turn's texts, and of `end` behind them: what is drawn. A text that is not on the page
 * is drawn for this alone.
 */
export async function spokenAnswer({ parts }: Turn, end: string, context: ThreadContext): Promise<string> {
  const { words } = context;
  const [hearing] = await Promise.all([import("../markdown/spoken-text.ts"), loadMarkdown()]).catch(() => []);
  // By then all that came is drawn.
  await new Promise((resolve) => setTimeout(resolve));
  const pieces = parts.flatMap((part) => {
    if (part.kind === "call") return [];
    const answer = answers.get(part) ?? Object.assign(new FrontDeskAnswer(), { context, answer: part });
    return [answer, part.cut === "broken" ? words.brokenOff : ""];
  });
  const spoken = hearing?.spokenText ?? plainText;
  return spoken([...pieces, end], words);
}

const plainText = (pieces: readonly (Element | string)[]): string =>
  pieces
    .map((piece) => (typeof piece === "string" ? piece : piece.textContent))
    .join(" ")
    .trim();

define("front-desk-answer", FrontDeskAnswer);
