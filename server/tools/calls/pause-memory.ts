import type { ToolPause } from "../../conversation/ports/tools.ts";

/**
 * What is remembered of a call that waits for answers. Lost with a restart: the server then asks again for what it
 * misses.
 */
export interface PausedCall {
  readonly rounds: number;
  readonly asked: ToolPause["inputs"];
  readonly answered: Readonly<Record<string, object>>;
}

const CALLS = 100;

/** The paused calls of one conversation, the latest ones. */
export class PauseMemory {
  readonly #calls = new Map<string, PausedCall>();

  take(callId: string): PausedCall | undefined {
    const call = this.#calls.get(callId);
    this.#calls.delete(callId);
    return call;
  }

  keep(callId: string, call: PausedCall): void {
    this.#calls.set(callId, call);
    for (const oldest of this.#calls.keys()) {
      if (this.#calls.size <= CALLS) return;
      this.#calls.delete(oldest);
    }
  }
}
