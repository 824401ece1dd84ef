import type { Posted } from "./post.ts";
import type { ProviderFailure } from "./failure-kind.ts";
import { ProviderError, readFailure, toModelError } from "./provider-failure.ts";
import { retryAfterMs } from "./retry-after.ts";

/** How much of a refusal is read. */
const REFUSAL_BYTES = 64 * 1024;

/** Whether the provider took the request; its answer may still be a page or an error. */
export function isTaken({ status }: Posted): boolean {
  return status >= 200 && status < 300;
}

/** Reads why a provider did not take a request. Never rejects. */
export async function readRefusal({ status, headers, body }: Posted, now: number): Promise<ProviderFailure> {
  return failureIn(await beginningOf(body), { status, headers }, now);
}

/** The error that stands in place of an answer, with a status that promised one. */
export function errorInPlace(text: string, head: Pick<Posted, "status" | "headers">, who: string, now: number): ProviderError {
  const { status: _, ...said } = failureIn(text.slice(0, REFUSAL_BYTES), head, now);
  const error = toModelError(said, who);
  if (error.kind !== "broken") return error;
  const type = String(head.headers["content-type"] ?? "nothing");
  const message = `${who} answered ${head.status} with ${type} instead of an event stream: ${said.message} Check the address of its API.`;
  return new ProviderError("misconfigured", message, { said: said.message, status: undefined, retryAfterMs: undefined });
}

function failureIn(text: string, { status, headers }: Pick<Posted, "status" | "headers">, now: number): ProviderFailure {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = {};
  }
  const failure = readFailure(value, { status, text: text.replaceAll(/<[^>]*>/g, " ") });
  return { ...failure, retryAfterMs: retryAfterMs(headers, now) ?? failure.retryAfterMs };
}

async function beginningOf(body: Posted["body"]): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= REFUSAL_BYTES) break;
    }
  } catch {
    // What came until then says enough; the status decides.
  }
  return Buffer.concat(chunks).toString("utf8");
}
