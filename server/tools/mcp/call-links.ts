import { StoppedError, untilStopped } from "../calls/stopped-call.ts";
import type { Links } from "./links.ts";
import type { McpLink } from "./wire/mcp-link.ts";

/** The links that one call goes over: the conversation's, or its own, which end with it. */
export class CallLinks {
  readonly #links: Links;
  readonly #signal: AbortSignal;
  readonly #own: McpLink[] = [];

  constructor(links: Links, signal: AbortSignal) {
    this.#links = links;
    this.#signal = signal;
  }

  /** Throws `StoppedError` when the call is stopped first, or what opening a link throws. */
  async take(): Promise<McpLink> {
    const [open] = this.#own;
    if (open !== undefined && (await open.isThere())) return open;
    const { alone } = this.#links;
    const opening = this.#links.inTime((signal, asked) => this.#links.take(signal, asked));
    const link = await untilStopped(opening, this.#signal);
    if (link === undefined) {
      if (alone)
        opening.then(
          (late) => late.close(),
          () => undefined,
        );
      throw new StoppedError();
    }
    if (alone) this.#own.unshift(link);
    return link;
  }

  close(): void {
    for (const link of this.#own) void link.close();
  }
}
