import type { JournalEvent } from "../../../protocol/events.ts";
import type { Interruption } from "../ports/tools.ts";
import { type CallState, callAfter, proposedCall } from "../turn/call-state.ts";

/** One call of a view, followed in the journal from its proposal to its end. */
export class OpenCall {
  readonly #controller = new AbortController();
  #state: CallState | undefined;
  #moved = Promise.withResolvers<void>();

  /** Aborted when the call is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get state(): CallState {
    if (this.#state === undefined) throw new Error("The call has not been proposed.");
    return this.#state;
  }

  hear(event: JournalEvent): void {
    if (event.type === "tool-call-proposed") this.#state = proposedCall(event);
    else if (this.#state !== undefined) this.#state = callAfter(this.#state, event);
    if (event.type === "call-cancel-requested") this.interrupt("stop");
    this.#move();
  }

  /** Resolves when no person has to decide any more, or the call is to end. */
  async decided(): Promise<void> {
    while (this.#state?.status === "waiting" && !this.signal.aborted) await this.#moved.promise;
  }

  interrupt(reason: Interruption): void {
    this.#controller.abort(reason);
    this.#move();
  }

  #move(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers();
  }
}
