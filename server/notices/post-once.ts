import type { Clock } from "../foundation/clock.ts";
import { FetchRefusedError } from "../guard/network/fetch-refused-error.ts";
import type { Sent } from "./delivery-queue.ts";
import { retryAfterMs } from "./retry-schedule.ts";

/** The answer's beginning, which staff see. */
const SHOWN_CHARACTERS = 1_000;
/** For the whole: receivers put things aside, and do the work later. */
const PATIENCE_MS = 15_000;

interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/**
 * One POST to an address that somebody typed in or a browser sent, through the guarded fetch. Rejects only when the
 * signal is aborted. The address is in no fault: it may be a secret.
 */
export async function postOnce(
  { fetch, clock }: { readonly fetch: typeof globalThis.fetch; readonly clock: Pick<Clock, "after" | "now"> },
  { url, headers, body }: Posted,
  signal: AbortSignal,
): Promise<Sent> {
  const patience = new AbortController();
  const callOff = clock.after(PATIENCE_MS, () => patience.abort());
  try {
    const both = AbortSignal.any([signal, patience.signal]);
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal: both });
    const text = await beginningOf(response);
    const retry = retryAfterMs(response.headers.get("retry-after"), clock.now());
    return { came: response.ok ? "delivered" : "failed", answer: { status: response.status, text }, retryAfterMs: retry };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FetchRefusedError) return { came: "refused", answer: { fault: error.message } };
    if (patience.signal.aborted) return { came: "failed", answer: { fault: `There was no answer within ${PATIENCE_MS / 1000} s.` } };
    return { came: "failed", answer: { fault: faultOf(error) } };
  } finally {
    callOff();
  }
}

/** An answer whose rest does not come has come all the same. */
async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < SHOWN_CHARACTERS) {
      const { done, value } = await reader.read();
      text += done ? decoder.decode() : decoder.decode(value, { stream: true });
      if (done) break;
    }
  } catch {
    // As said above.
  }
  await reader.cancel().catch(() => undefined);
  return text.slice(0, SHOWN_CHARACTERS).toWellFormed();
}

/** Node says why in the cause: `fetch failed` alone helps nobody. */
function faultOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: "Nobody listens at this address.",
    ENOTFOUND: "This host name is not known.",
    ECONNRESET: "The connection was cut.",
    UND_ERR_CONNECT_TIMEOUT: "No connection came about in time.",
    UND_ERR_SOCKET: "The connection was cut.",
  };
  if (typeof code === "string") return known[code] ?? `The connection failed: ${code}.`;
  return "The connection failed.";
}
