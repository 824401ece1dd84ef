import type { IncomingHttpHeaders } from "node:http";
import { redactKey } from "../../model/transport/redact-key.ts";
import { isTaken, readRefusal } from "../../model/transport/refusal.ts";
import { SpeechError } from "../ports/speech-error.ts";
import type { EngineRequest } from "../wires/engine-wire.ts";
import { asSpeechError, fromNetwork, refusedBy, speechError } from "../wires/speech-failure.ts";
import type { EnginePorts } from "./engine-ports.ts";
import { Patience } from "./patience.ts";

/** How long an engine may say nothing: before its answer, and in the middle of it. */
const SILENT_MS = 15_000;

export interface AskedEngine {
  readonly who: string;
  readonly request: EngineRequest;
  readonly signal: AbortSignal;
}

/** The head of an answer, and its bytes as they come. */
export interface EngineAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Asks an engine by one request, and gives what `read` makes of its answer. Throws the signal's reason, or a
 * `SpeechError` without the key. The request is ended when the reader leaves.
 */
export async function* askEngine<Item>(
  { who, request, signal }: AskedEngine,
  { post, clock, apiKey }: EnginePorts,
  read: (answer: EngineAnswer) => AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  signal.throwIfAborted();
  const patience = new Patience(clock, SILENT_MS, signal);
  let answering = false;
  try {
    const headers = { "user-agent": "frontdesk", ...request.headers };
    const posted = await post({ ...request, headers, signal: patience.signal });
    patience.heard();
    if (!isTaken(posted)) throw refusedBy(who, await readRefusal(posted, clock.now()));
    answering = true;
    const bytes = async function* (): AsyncGenerator<Uint8Array, void> {
      for await (const chunk of posted.body as AsyncIterable<Uint8Array>) {
        patience.heard();
        yield chunk;
      }
    };
    for await (const item of read({ headers: posted.headers, bytes: bytes() })) {
      signal.throwIfAborted();
      // Whoever reads may take long, which is not the engine's fault.
      patience.rest();
      yield item;
      patience.heard();
    }
  } catch (error) {
    signal.throwIfAborted();
    const found = patience.isOut ? speechError("silent", who, `said nothing for ${SILENT_MS / 1000} s`) : failureOf(who, error, answering);
    throw new SpeechError(found.kind, redactKey(found.message, apiKey));
  } finally {
    patience.over();
  }
}

/** Errors of the network have a code; what has none was found in the answer. */
function failureOf(who: string, error: unknown, answering: boolean): SpeechError {
  if (error instanceof SpeechError || (answering && !hasCode(error))) return asSpeechError(who, nonsense(error));
  return fromNetwork(who, error, answering);
}

function hasCode(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function nonsense(error: unknown): unknown {
  return error instanceof SpeechError ? error : new Error("its answer is not what it should be");
}
