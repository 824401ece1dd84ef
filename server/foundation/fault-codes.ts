import type * as z from "zod";

/** What can be wrong at a field, as far as a client may want to say it in another language. There will be more. */
export const FAULT_CODES = [
  "missing",
  "wrong-type",
  "not-one-of",
  "unknown-field",
  "too-short",
  "too-long",
  "too-few",
  "too-many",
  "too-small",
  "too-big",
  "not-an-address",
  "not-an-email",
  "not-a-website",
  "secret-again",
  "key-again",
  "unreadable-name",
  "name-taken",
  "email-taken",
  "no-such-person",
  "no-such-assistant",
  "in-the-past",
  "more-rights",
  "no-sign-in",
  "not-in-parameters",
  "has-to-be-required",
  "ends-before-it-begins",
  "not-a-time-zone",
  "no-picture",
  "unknown-variable",
  "stands-alone",
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

export interface CodedFault {
  readonly code?: FaultCode;
  /** The most or the least, for codes that have one. */
  readonly limit?: number;
}

/** For `params` of a schema's own check, whose sentence only the schema knows. */
export function coded(fault: FaultCode): { readonly fault: FaultCode } {
  return { fault };
}

/** Of one of zod's findings; empty: only its sentence says what it is. */
export function codeOfIssue(issue: z.core.$ZodIssue): CodedFault {
  switch (issue.code) {
    case "invalid_type":
      return { code: issue.message.endsWith("received undefined") ? "missing" : "wrong-type" };
    case "invalid_value":
      return { code: "not-one-of" };
    case "too_small":
      if (issue.origin === "string") return Number(issue.minimum) === 1 ? { code: "missing" } : limited("too-short", issue.minimum);
      return limited(issue.origin === "array" ? "too-few" : "too-small", issue.minimum);
    case "too_big":
      if (issue.origin === "string") return limited("too-long", issue.maximum);
      return limited(issue.origin === "array" ? "too-many" : "too-big", issue.maximum);
    case "invalid_format":
      return issue.format === "email" ? { code: "not-an-email" } : issue.format === "url" ? { code: "not-an-address" } : {};
    case "custom":
      return issue.params?.["fault"] === undefined ? {} : { code: issue.params["fault"] as FaultCode };
    default:
      return {};
  }
}

function limited(code: FaultCode, limit: number | bigint): CodedFault {
  return { code, limit: Number(limit) };
}
