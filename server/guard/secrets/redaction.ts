import { blotted, secretSpellings } from "../../foundation/secret-spellings.ts";

/** What is written in place of a secret. */
export const REDACTED = "[secret]";

const SECRET_KEY = /^(?:authorization|proxy-authorization|cookie|set-cookie|api[-_]?key|x-api-key|.*token|.*secret|password|headers|env)$/i;
/** Counts of model tokens are not secrets. */
const TOKEN_COUNT = /^(?:(?:input|output|total|context|turn|maxOutput)Tokens?)$/i;
const MAXIMUM_DEPTH = 6;
/** Shorter values would blot out ordinary words. */
const SHORTEST_SECRET = 6;

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/g, `$1 ${REDACTED}`],
  [/\bfdc_[A-Za-z0-9_-]{8,64}\.[0-9a-z]+\.[A-Za-z0-9_-]+/g, `fdc_${REDACTED}`],
  [/([?&](?:access_token|token|key|api_?key|secret|password|sig|signature)=)[^&\s"'\\]+/gi, `$1${REDACTED}`],
  [/(\w:\/\/)[^/\s"'\\@]+@/g, `$1${REDACTED}@`],
];

/** Takes secrets out of what is about to be logged or shown. */
export interface Redaction {
  /**
   * A copy in which the values of secret keys (`authorization`, `apiKey`, `headers` …) are replaced, and errors are
   * plain objects.
   */
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** The text without the known secrets and without what looks like one. */
  text(text: string): string;
}

/** `secrets`: values that must never appear, such as the API keys and headers of the configuration. */
export function createRedaction(secrets: readonly string[] = []): Redaction {
  const known = secretSpellings(
    secrets.filter((secret) => secret.length >= SHORTEST_SECRET),
    SHORTEST_SECRET,
  );
  return {
    fields: (fields) => redactRecord(fields, 0),
    text: (text) => {
      let clean = blotted(text, known, REDACTED);
      for (const [shape, replacement] of SHAPES) clean = clean.replace(shape, replacement);
      return clean;
    },
  };
}

function redactRecord(record: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      SECRET_KEY.test(key) && !TOKEN_COUNT.test(key) ? REDACTED : redactValue(value, depth + 1),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value, depth);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAXIMUM_DEPTH) return "[deeper]";
  if (Array.isArray(value)) return value.map((entry) => redactValue(entry, depth + 1));
  if (ArrayBuffer.isView(value)) return "[bytes]";
  return redactRecord(value as Record<string, unknown>, depth);
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...("code" in error ? { code: error.code } : {}),
    ...(error.cause === undefined || depth > MAXIMUM_DEPTH ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}
