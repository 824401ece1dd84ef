import type { Clock } from "../../../foundation/clock.ts";
import { clockPause } from "../../../foundation/clock-pause.ts";
import type { Fetch } from "./conversation-fetch.ts";
import { mediaTypeOf } from "./readable-response.ts";

/** A stream that ended sooner brings up the question whether it is one. */
const SHORT_MS = 5_000;
/** So many short streams in a row without a word, and the server has none for us. */
const MOST_EMPTY = 5;
/** To see `data:` across two pieces. */
const TAIL_CHARACTERS = 16;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A call's own stream is taken up again as soon as the server wishes, for a few times. */
const QUICK_RESUMES = 3;
const LONGEST_RESUME_PAUSE_MS = 5_000;

/**
 * Opens the streams on which a server of the legacy era speaks unasked. The MCP client opens one again whenever it has
 * ended, for as long as the link lives, as fast as the server says. Streams that end at once are opened at growing
 * intervals. After a few that brought nothing, and after an answer that is no stream, the client is told that there is
 * none (405). A stream that is taken up where a call's broke off goes on for as long as the call is waited for.
 */
export class StreamPace {
  readonly #clock: Pick<Clock, "now" | "after">;
  /** Short streams in a row, and those of them that brought nothing. */
  #short = 0;
  #empty = 0;
  #resumes = 0;

  constructor(clock: Pick<Clock, "now" | "after">) {
    this.#clock = clock;
  }

  /** The response to a GET. Rejects as `fetch` does. */
  async open(fetch: Fetch, url: string | URL, init: RequestInit | undefined): Promise<Response> {
    const resumes = new Headers(init?.headers).has("last-event-id");
    if (!resumes && this.#empty >= MOST_EMPTY) return noStream();
    const pauseMs = resumes ? this.#resumePauseMs() : this.#pauseMs();
    const signal = init?.signal ?? undefined;
    if (pauseMs > 0) await clockPause(this.#clock, pauseMs, signal);
    signal?.throwIfAborted();
    const askedAt = this.#clock.now();
    const response = await fetch(url, init).catch((error: unknown) => {
      // A server that hangs up before the head has a stream for us no more than one that hangs up after it.
      if (signal?.aborted !== true) this.#ended(resumes, askedAt, false);
      throw error;
    });
    if (!response.ok) return response;
    if (mediaTypeOf(response) !== "text/event-stream" || response.body === null) {
      await response.body?.cancel().catch(() => undefined);
      return noStream();
    }
    return this.#watched(response, resumes);
  }

  #pauseMs(): number {
    return this.#short === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (this.#short - 1), LONGEST_PAUSE_MS);
  }

  #resumePauseMs(): number {
    const more = this.#resumes - QUICK_RESUMES;
    return more < 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (more - 1), LONGEST_RESUME_PAUSE_MS);
  }

  #ended(resumes: boolean, since: number, said: boolean): void {
    const short = this.#clock.now() - since < SHORT_MS;
    if (resumes) this.#resumes = short && !said ? this.#resumes + 1 : 0;
    else {
      this.#short = short ? this.#short + 1 : 0;
      this.#empty = short && !said ? this.#empty + 1 : 0;
    }
  }

  #watched(response: Response, resumes: boolean): Response {
    const openedAt = this.#clock.now();
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let said = false;
    let tail = "";
    const ended = (): void => this.#ended(resumes, openedAt, said);
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            if (!said) {
              const text = tail + decoder.decode(value, { stream: true });
              said = /^data: *\S/m.test(text);
              tail = text.slice(-TAIL_CHARACTERS);
            }
            return controller.enqueue(value);
          }
          ended();
          controller.close();
        } catch (error) {
          ended();
          controller.error(error);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    });
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  }
}

function noStream(): Response {
  return new Response(null, { status: 405 });
}
