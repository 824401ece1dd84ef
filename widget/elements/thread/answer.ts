import type { TextPart } from "../../thread/state.ts";
import { define } from "../foundation/define.ts";
import { MarkdownView } from "../markdown/markdown-view.ts";
import type { ThreadContext } from "../foundation/thread-context.ts";

/**
 * What the assistant said in one step. The text is written on at its end, so nothing that was drawn is drawn again and
 * a selection survives; only a text that turns out to be another one begins anew.
 */
export class FrontDeskAnswer extends HTMLElement {
  context: ThreadContext | undefined;
  #view: MarkdownView | undefined;
  #part: TextPart | undefined;

  set answer(part: TextPart) {
    const before = this.#part;
    if (part === before || this.context === undefined) return;
    this.#part = part;
    // While it is open it only grows, so its beginning need not be compared with each token.
    const grows = before?.open === true && (part.open ? part.text.length >= before.text.length : part.text.startsWith(before.text));
    if (before?.text === part.text && before.open === part.open) return;
    if (!grows) {
      this.replaceChildren();
      this.dir = "auto";
      this.#view = new MarkdownView(this, { words: this.context.words });
    }
    this.#view?.write(grows ? part.text.slice(before.text.length) : part.text);
    if (!part.open) this.#view?.end();
  }
}

define("front-desk-answer", FrontDeskAnswer);
