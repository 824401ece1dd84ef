import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { ApprovalNotices, DueReminders } from "./ports/approval-notices.ts";

const AT_ONCE = 100;

export interface RemindingPorts {
  readonly reminders: DueReminders;
  readonly notices: ApprovalNotices;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly log: Log;
}

/** Looks from time to time for approvals that still wait for the staff, and has them told. */
export class ApprovalReminding {
  readonly #ports: RemindingPorts;
  readonly #everyMs: number;
  #callOff: (() => void) | undefined;
  #ended = false;

  constructor(ports: RemindingPorts, everyMs: number) {
    this.#ports = ports;
    this.#everyMs = everyMs;
  }

  start(): void {
    void this.#look();
  }

  end(): void {
    this.#ended = true;
    this.#callOff?.();
  }

  async #look(): Promise<void> {
    const { reminders, notices, clock, log } = this.#ports;
    try {
      for (const reminder of await reminders.takeReminders(clock.now(), AT_ONCE)) {
        if (this.#ended) return;
        await notices.stillWaits(reminder);
      }
    } catch (error) {
      log.error({ error: String(error) }, "Nobody could be reminded of an approval that waits. It is tried again.");
    }
    if (!this.#ended) this.#callOff = clock.after(this.#everyMs, () => void this.#look());
  }
}
