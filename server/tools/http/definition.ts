import type { OwnServer } from "../../conversation/ports/tools.ts";

/**
 * One endpoint that an owner described by hand, with everything legible in it. Never leaves the process as it is:
 * header values are secrets.
 */
export interface HttpToolDefinition {
  /** Unique; the model knows it as `http__<name>`. */
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly method: HttpMethod;
  /** A template; arguments in its path only. */
  readonly url: string;
  /** Name of the parameter → template. One whose argument is missing is left out. */
  readonly query: Readonly<Record<string, string>>;
  /** Name of the header → template. One whose argument is missing is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Header → what the site says of the customer. One that it has not said is left out. */
  readonly customerHeaders?: Readonly<Record<string, string>>;
  /** A JSON value whose texts are templates. Absent: no body. */
  readonly body?: unknown;
  /** JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  /** The largest answer that is read, in bytes. */
  readonly answerBytes: number;
  /** What of a JSON answer the model is given (RFC 6901). Absent: all of it. */
  readonly pointer?: string;
  /** It changes nothing, the owner says. */
  readonly readOnly: boolean;
  /** Repeating a call whose end is not known does no harm, the owner says. */
  readonly safeToRepeat: boolean;
  /** Whether an `Idempotency-Key` is sent, the same for every attempt at a call. */
  readonly idempotencyKey: boolean;
  /** Whether what it answers may be taken for the owner's own words (careful mode). */
  readonly trusted: boolean;
  /** What is kept of results after the turn. */
  readonly results: "full" | "redacted" | "none";
}

export const HTTP_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** The key under which an assistant's connector names all HTTP tools. */
export const HTTP_SERVER = "http" satisfies OwnServer;
