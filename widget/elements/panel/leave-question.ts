import { html, nothing, type LitElement, type TemplateResult } from "lit";
import type { ThreadController } from "../../controllers/thread-controller.ts";
import { openTurn } from "../../thread/turns.ts";
import type { Words } from "../../words/types/words.ts";
import type { CallSlot } from "./call-slot.ts";
import { focusOn } from "./panel-focus.ts";

/** What is at stake when a conversation is left. */
interface Left {
  readonly thread: Pick<ThreadController, "state">;
  readonly call: CallSlot;
  readonly leave: () => void;
}

/** Asked before a conversation is left in which something is still going on. The button that loses nothing comes first. */
export class LeaveQuestion {
  readonly #host: LitElement;
  readonly #left: Left;
  #isOpen = false;

  constructor(host: LitElement, left: Left) {
    this.#host = host;
    this.#left = left;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  set isOpen(isOpen: boolean) {
    this.#isOpen = isOpen;
    this.#host.requestUpdate();
  }

  /** Leaves at once where nothing is lost. */
  readonly ask = (): void => {
    if (!openTurn(this.#left.thread.state) && !this.#left.call.desk?.isOn) return this.#left.leave();
    this.isOpen = true;
    void this.#host.updateComplete.then(() => focusOn(this.#host, ".leave button"));
  };

  readonly stay = (): void => {
    this.isOpen = false;
    focusOn(this.#host, ".head button");
  };

  draw(words: Words): TemplateResult | typeof nothing {
    const { thread, call, leave } = this.#left;
    if (!this.#isOpen) return nothing;
    return html`<div class="leave" role="alertdialog" aria-labelledby="leave">
      <p id="leave">
        ${words.askNew} ${openTurn(thread.state)?.status === "waiting" ? words.losesCard : nothing}
        ${call.desk?.isOn ? words.losesCall : nothing}
      </p>
      <button class="button" @click=${this.stay}>${words.keepThis}</button>
      <button class="button" @click=${leave}>${words.startNew}</button>
    </div>`;
  }
}
