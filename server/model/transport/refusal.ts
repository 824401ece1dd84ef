import { ModelError } from "../../conversation/ports/model.ts";
import type { Posted } from "./post.ts";
import type { ProviderFailure } from "./failure-kind.ts";
import { readFailure, toModelError } from "./provider-failure.ts";
import { retryAfterMs } from "./retry-after.ts";

/** How much of a refusal is read. */
const REFUSAL_BYTES = 64 * 1024;

/**
 * Whether an answer is a stream; a page or a JSON document in its place is a wrong address, or a refusal with a good
 * status.
 */
export function isStream({ status, headers }: Posted): boolean {
  return status === 200 && !/^(?:text\/html|application\/(?:problem\+)?json)\b/i.test(String(headers["content-type"] ?? ""));
}

/** Reads what a provider answered instead of a stream. Never rejects. */
export async function readRefusal({ status, headers, body }: Posted, now: number): Promise<ProviderFailure> {
  const text = await beginningOf(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = {};
  }
  const failure = readFailure(value, { status, text: text.replaceAll(/<[^>]*>/g, " ") });
  return { ...failure, retryAfterMs: retryAfterMs(headers, now) ?? failure.retryAfterMs };
}

export function refusalError(refusal: ProviderFailure, { status, headers }: Posted, who: string): ModelError {
  if (status < 200 || status >= 300) return toModelError(refusal, who);
  const { status: _, ...said } = refusal;
  if (said.codes.length > 0) return toModelError(said, who);
  const type = String(headers["content-type"] ?? "nothing");
  return new ModelError(
    "misconfigured",
    `${who} answered ${status} with ${type} instead of an event stream: ${said.message} Check the assistant's baseUrl.`,
  );
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
