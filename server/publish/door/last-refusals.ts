import type { Clock } from "../../foundation/clock.ts";

/** A request that did not come through, as its client was told. */
export interface LastRefusal {
  readonly at: number;
  readonly message: string;
}

/**
 * Of each published server the last request that was refused, as long as the process runs: whoever connects a client
 * reads there what is wrong with it.
 */
export class LastRefusals {
  readonly #clock: Pick<Clock, "now">;
  readonly #last = new Map<string, LastRefusal>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  refused(server: string, message: string): void {
    this.#last.set(server, { at: this.#clock.now(), message });
  }

  of(server: string): LastRefusal | undefined {
    return this.#last.get(server);
  }
}
