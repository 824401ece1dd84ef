import type { ModelErrorKind } from "../../conversation/ports/model.ts";

/** What a provider said about a request that failed, in one shape for all of them. */
export interface ProviderFailure {
  /** Absent: said inside a stream that had begun well. */
  readonly status?: number;
  /** The provider's own words for the fault: `code`, `type` and `status` of its error object, lower case. */
  readonly codes: readonly string[];
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
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
/** A chat template that cannot say the conversation; the server is not busy, though it answers 500. */
const OF_TEMPLATE = /\bjinja\b|chat template|system role|roles must alternate|raise_exception|rendering (?:the )?prompt/i;
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
export function failureKind(failure: ProviderFailure): ModelErrorKind {
  const { status } = failure;
  const tellsOfRequest = status === undefined || status === 400 || status === 413 || status === 422 || status === 429 || status === 500;
  if (tellsOfRequest && (has(failure, TOO_LONG_CODES) || TOO_LONG.test(failure.message))) return "context-overflow";
  if (has(failure, REFUSED_CODES) || REFUSED.test(failure.message)) return "refused";
  if (isUnpaid(failure)) return "misconfigured";
  if (tellsOfRequest && status !== 429 && OF_TEMPLATE.test(failure.message)) return "misconfigured";
  return status === undefined ? kindOfCodes(failure) : kindOfStatus(status);
}

function kindOfStatus(status: number): ModelErrorKind {
  if (status === 413) return "context-overflow";
  if (status === 429) return "rate-limited";
  return status === 408 || status === 425 || status >= 500 ? "overloaded" : "misconfigured";
}

function kindOfCodes(failure: ProviderFailure): ModelErrorKind {
  if (has(failure, BUSY_CODES)) return "rate-limited";
  if (has(failure, OVERLOADED_CODES)) return "overloaded";
  return has(failure, MISCONFIGURED_CODES) ? "misconfigured" : "broken";
}

export function isUnpaid(failure: ProviderFailure): boolean {
  return has(failure, UNPAID_CODES);
}
