import type { Log } from "../foundation/log.ts";

/** A part of the running server. What it gives to later parts is up to each; `close` takes it apart again. */
export interface Part {
  /** Absent: nothing has to be closed. */
  readonly close?: () => Promise<unknown> | void;
  /** How long closing may take before the next part is closed all the same. Absent: one second. */
  readonly closeWithinMs?: number;
}

const CLOSE_MS = 1000;

/** The parts that are open. They close in reverse, so that each can still use those that were opened before it. */
export class OpenParts {
  readonly #parts: Part[] = [];
  #closing: Promise<void> | undefined;

  /** Remembers the part, and returns it. */
  add<Opened extends Part>(part: Opened): Opened {
    this.#parts.push(part);
    return part;
  }

  /**
   * Closes every part once, the newest first, however often it is called. A part that fails or is too slow does not
   * keep the others open.
   */
  close(log?: Pick<Log, "error">): Promise<void> {
    return (this.#closing ??= this.#close(log));
  }

  async #close(log: Pick<Log, "error"> | undefined): Promise<void> {
    for (const { close, closeWithinMs = CLOSE_MS } of this.#parts.toReversed()) {
      if (close === undefined) continue;
      try {
        await within(closeWithinMs, Promise.resolve(close()));
      } catch (error) {
        log?.error({ error: String(error) }, "A part of the server could not be closed.");
      }
    }
  }
}

/** Waits for `work`, but not longer than `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
