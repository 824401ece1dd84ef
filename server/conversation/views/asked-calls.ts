import type { ViewToolResult } from "../../../protocol/views.ts";
import type { Clock } from "../../foundation/clock.ts";

/** How long a repeat after a lost reply finds what came of the call. */
const REPEATED_MS = 10 * 60_000;
/** Of all ends that are kept together; beyond it, the oldest are let go first. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Calls of views that were asked for here, by their id in the journal, until a while after their end. */
export class AskedCalls {
  readonly #clock: Pick<Clock, "after">;
  readonly #asked = new Map<string, Promise<ViewToolResult>>();
  /** Of those that have ended, the oldest end first. */
  readonly #bytes = new Map<string, number>();
  #sum = 0;

  constructor(clock: Pick<Clock, "after">) {
    this.#clock = clock;
  }

  find(callId: string): Promise<ViewToolResult> | undefined {
    return this.#asked.get(callId);
  }

  get all(): readonly Promise<ViewToolResult>[] {
    return [...this.#asked.values()];
  }

  keep(callId: string, running: Promise<ViewToolResult>): void {
    this.#asked.set(callId, running);
    const ended = (): void => void this.#clock.after(REPEATED_MS, () => this.#forget(callId));
    running.then(ended, ended);
  }

  /** So much came of it. */
  weigh(callId: string, bytes: number): void {
    this.#bytes.set(callId, bytes);
    this.#sum += bytes;
    for (const oldest of this.#bytes.keys()) {
      if (this.#sum <= MOST_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(callId: string): void {
    this.#sum -= this.#bytes.get(callId) ?? 0;
    this.#bytes.delete(callId);
    this.#asked.delete(callId);
  }
}
