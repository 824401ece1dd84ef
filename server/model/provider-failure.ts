import * as z from "zod";
import { ModelError, type ModelErrorKind } from "../conversation/ports/model.ts";

/** What a provider said about a request that failed, in one shape for all of them. */
export interface ProviderFailure {
  /** Absent: said inside a stream that had begun well. */
  readonly status?: number;
  /** The provider's own words for the fault: `code`, `type` and `status` of its error object, lower case. */
  readonly codes: readonly string[];
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
}

const detailSchema = z.object({ "@type": z.string().optional(), retryDelay: z.string().optional() });
const objectSchema = z.object({
  message: z.string().nullish(),
  type: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
  status: z.union([z.string(), z.number()]).nullish(),
  details: z.array(detailSchema.catch({})).nullish().catch(null),
});
/** `{error: {…}}` of all providers, `[{error: {…}}]` of Gemini, `{error: "…"}` and `{message: "…"}` or `{detail: "…"}` of small servers. */
const bodySchema = z.union([
  z.object({ error: objectSchema }),
  z.object({ error: z.string() }).transform(({ error }) => ({ error: { message: error } })),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ error: { message: detail } })),
  objectSchema.transform((error) => ({ error })),
]);

/** Reads an error object out of a body or an event. Never throws: what cannot be read is told as it is. */
export function readFailure(value: unknown, more: { status?: number; text?: string } = {}): ProviderFailure {
  const parsed = bodySchema.safeParse(Array.isArray(value) ? value[0] : value);
  const error: z.infer<typeof objectSchema> = parsed.success ? parsed.data.error : {};
  const codes = [error.code, error.type, error.status].flatMap((code) =>
    code === null || code === undefined ? [] : [String(code).toLowerCase()],
  );
  const delay = error.details?.find((detail) => detail["@type"]?.endsWith("RetryInfo") === true)?.retryDelay;
  const seconds = delay === undefined ? Number.NaN : Number.parseFloat(delay);
  return {
    ...(more.status === undefined ? {} : { status: more.status }),
    codes,
    message: shortened(error.message ?? more.text ?? JSON.stringify(value) ?? ""),
    retryAfterMs: Number.isFinite(seconds) ? Math.ceil(seconds * 1000) : undefined,
  };
}

const TOO_LONG_CODES = new Set([
  "context_length_exceeded",
  "request_too_large",
  "exceed_context_size_error",
  "context_window_exceeded",
  "model_context_window_exceeded",
]);
const TOO_LONG =
  /maximum context length|context (?:length|window|size|limit)|prompt is too long|(?:prompt|input) (?:is )?too long|exceeds the maximum number of (?:input )?tokens|too many (?:input |prompt )?tokens|reduce the length of (?:the|your)|request too large for|input tokens exceed/i;
const REFUSED_CODES = new Set([
  "content_filter",
  "content_policy_violation",
  "moderation_blocked",
  "responsibleaipolicyviolation",
  "invalid_prompt",
  "prohibited_content",
]);
const REFUSED =
  /content management policy|flagged by (?:our )?(?:moderation|content)|violat\w+ .{0,40}(?:usage|content) polic|requires moderation/i;
/** An account without money answers as if it were busy; waiting does not fill it. */
const UNPAID_CODES = new Set([
  "insufficient_quota",
  "billing_hard_limit_reached",
  "billing_not_active",
  "insufficient_credits",
  "billing_error",
]);
const BUSY_CODES = new Set([
  "rate_limit_exceeded",
  "rate_limit_error",
  "rate_limit",
  "resource_exhausted",
  "too_many_requests",
  "slow_down",
  "requests",
  "tokens",
  "429",
]);
const OVERLOADED_CODES = new Set([
  "overloaded_error",
  "overloaded",
  "server_error",
  "api_error",
  "internal_error",
  "internal_server_error",
  "internal",
  "unavailable",
  "service_unavailable",
  "timeout_error",
  "deadline_exceeded",
  "server_is_overloaded",
  "500",
  "502",
  "503",
  "504",
  "529",
]);
const MISCONFIGURED_CODES = new Set([
  "invalid_request_error",
  "authentication_error",
  "permission_error",
  "not_found_error",
  "invalid_api_key",
  "model_not_found",
  "invalid_argument",
  "permission_denied",
  "not_found",
  "unauthenticated",
  "failed_precondition",
  "400",
  "401",
  "402",
  "403",
  "404",
]);

function has(failure: ProviderFailure, codes: ReadonlySet<string>): boolean {
  return failure.codes.some((code) => codes.has(code));
}

/** Which of our kinds a provider's failure is. A status decides only where its words do not. */
function kindOf(failure: ProviderFailure): ModelErrorKind {
  const { status } = failure;
  const tellsOfRequest = status === undefined || status === 400 || status === 413 || status === 422 || status === 429 || status === 500;
  if (tellsOfRequest && (has(failure, TOO_LONG_CODES) || TOO_LONG.test(failure.message))) return "context-overflow";
  if (has(failure, REFUSED_CODES) || REFUSED.test(failure.message)) return "refused";
  if (has(failure, UNPAID_CODES)) return "misconfigured";
  if (status === 413) return "context-overflow";
  if (status === 429) return "rate-limited";
  if (status === 408 || status === 425 || (status !== undefined && status >= 500)) return "overloaded";
  if (status !== undefined) return "misconfigured";
  if (has(failure, BUSY_CODES)) return "rate-limited";
  if (has(failure, OVERLOADED_CODES)) return "overloaded";
  if (has(failure, MISCONFIGURED_CODES)) return "misconfigured";
  return "broken";
}

/** The failure as the conversation understands it, with its cause for staff. */
export function toModelError(failure: ProviderFailure, who: string): ModelError {
  const kind = kindOf(failure);
  const code = failure.codes.find((candidate) => !/^\d+$/.test(candidate));
  const place = failure.status === undefined ? "sent an error in its answer" : `answered ${failure.status}`;
  const said = failure.message === "" ? "" : `: ${failure.message}`;
  const message = `${who} ${place}${code === undefined ? "" : ` (${code})`}${said}${hint(kind, failure)}`;
  return new ModelError(kind, message, failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs });
}

function hint(kind: ModelErrorKind, failure: ProviderFailure): string {
  if (kind !== "misconfigured") return "";
  if (has(failure, UNPAID_CODES) || failure.status === 402) return " Check the account's credit and plan.";
  if (failure.status === 401 || failure.status === 403) return " Check the assistant's apiKey and what it may use.";
  if (failure.status === 404) return " Check the assistant's model and baseUrl.";
  if (failure.status !== undefined && failure.status >= 300 && failure.status < 400)
    return " Redirects are not followed: set baseUrl to the final address.";
  return "";
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
