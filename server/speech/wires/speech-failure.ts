import type { IncomingHttpHeaders } from "node:http";
import { ModelError } from "../../conversation/ports/model.ts";
import { isUnpaid, type ProviderFailure } from "../../model/transport/failure-kind.ts";
import { networkFailure } from "../../model/transport/network-failure.ts";
import { SpeechError, type SpeechErrorKind } from "../ports/speech-error.ts";

const KEY_CODES = new Set([
  "auth_error",
  "invalid_auth",
  "invalid_api_key",
  "needs_authorization",
  "insufficient_permissions",
  "unauthenticated",
  "permission_denied",
]);
const QUOTA_CODES = new Set(["quota_exceeded", "payment_required", "asr_payment_required", "unaccepted_terms"]);
const BUSY_CODES = new Set([
  "rate_limited",
  "throttled",
  "commit_throttled",
  "queue_overflow",
  "resource_exhausted",
  "too_many_concurrent_requests",
  "system_busy",
  "too_many_requests",
]);
const AUDIO_CODES = new Set(["input_error", "chunk_size_exceeded", "data-0000"]);
/** Of a key that Google answers with 400. */
const OF_KEY = /api[ _-]?key not valid|invalid api[ _-]?key|api_key_invalid/i;

const ADVICE: Readonly<Record<SpeechErrorKind, string>> = {
  unreachable: "Check the address of the engine, and that this server may reach it.",
  "key-refused": "Check the key and what it may use.",
  quota: "Check the account's credit and plan.",
  busy: "Try again later, or name another engine after this one.",
  misconfigured: "Check its model, voice, language and address.",
  "bad-audio": "Set the engine to PCM of 16 bits, or take another model.",
  silent: "Try again, or name another engine after this one.",
  broken: "Try again, or name another engine after this one.",
};

/** `what` is a clause about the engine, such as "closed the connection". */
export function speechError(kind: SpeechErrorKind, who: string, what: string): SpeechError {
  const clause = what.replace(/[.\s]+$/, "");
  return new SpeechError(kind, `${who} ${clause}${/[?!…]$/.test(clause) ? "" : "."} ${ADVICE[kind]}`);
}

/** What an engine itself said against a request or a connection. */
export function refusedBy(who: string, failure: ProviderFailure): SpeechError {
  const { status, codes, message } = failure;
  const code = codes.find((candidate) => !/^\d+$/.test(candidate));
  const place = status === undefined ? "reported an error" : `answered ${status}`;
  return speechError(kindOf(failure), who, `${place}${code === undefined ? "" : ` (${code})`}${message === "" ? "" : `: ${message}`}`);
}

function kindOf(failure: ProviderFailure): SpeechErrorKind {
  const { status, codes, message } = failure;
  const has = (known: ReadonlySet<string>): boolean => codes.some((code) => known.has(code));
  // ElevenLabs says 401 for both.
  if (isUnpaid(failure) || status === 402 || has(QUOTA_CODES)) return "quota";
  if (has(KEY_CODES) || OF_KEY.test(message) || status === 401 || status === 403) return "key-refused";
  if (has(AUDIO_CODES)) return "bad-audio";
  if (has(BUSY_CODES) || status === 429 || status === 408 || (status !== undefined && status >= 500)) return "busy";
  return status === undefined ? "broken" : "misconfigured";
}

/** Of the network: before an answer began, or in the middle of it. */
export function fromNetwork(who: string, error: unknown, answering: boolean): SpeechError {
  const { kind, message } = networkFailure(error, who, answering);
  const ours = kind === "misconfigured" || kind === "unreachable" ? kind : "broken";
  return new SpeechError(ours, ours === "misconfigured" ? message : `${message} ${ADVICE[ours]}`);
}

export function asSpeechError(who: string, error: unknown): SpeechError {
  if (error instanceof SpeechError) return error;
  if (error instanceof ModelError) return new SpeechError("broken", error.message);
  return speechError("broken", who, `failed: ${error instanceof Error ? error.message : String(error)}`);
}

/** A header's one value. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
