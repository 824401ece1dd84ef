import * as z from "zod";
import { ERRORS, type ErrorCode, RequestError } from "../../protocol/errors.ts";
import { StoreUnwritableError } from "../conversation/ports/errors.ts";
import { FAULT_CODES } from "../foundation/fault-codes.ts";
import { faultWords } from "../foundation/fault-words.ts";
import { InvalidError } from "../foundation/invalid-error.ts";
import { OutdatedError } from "../foundation/outdated-error.ts";
import { DocumentConflictError } from "../documents/ports.ts";
import { pointerTo } from "../documents/merge-patch.ts";

/** How every refusal looks (RFC 9457), with our code and the place of each fault. */
export const problemSchema = z
  .object({
    type: z.string().describe("`urn:frontdesk:problem:<code>`"),
    title: z.string().describe("The same for every problem of this code."),
    status: z.int(),
    detail: z.string().optional().describe("What happened this time, to which thing, and what to do."),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    errors: z
      .array(
        z.object({
          in: z.enum(["body", "query", "path"]),
          path: z.string().describe("A JSON pointer (RFC 6901); for the query `/` and the parameter's name."),
          message: z.string(),
          code: z.enum(FAULT_CODES).exactOptional().describe("The same as a code, where there is one, for another language."),
          limit: z.number().exactOptional().describe("The most or the least, of codes that have one."),
        }),
      )
      .optional(),
  })
  .meta({ id: "Problem", description: "Why a request was refused (RFC 9457)." });

export type Problem = z.output<typeof problemSchema>;
export type PlacedFault = NonNullable<Problem["errors"]>[number];

export const PROBLEM_TYPE = "application/problem+json";

/** A refusal of the API itself, such as a parameter that does not parse. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    more: { detail?: string; errors?: readonly PlacedFault[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(more.detail ?? ERRORS[code].message);
    this.problem = problemOf(code, more);
    this.headers = more.headers ?? {};
  }
}

/** What an error becomes on the wire, or undefined for one that is nobody's business. */
export function toProblem(error: unknown): { readonly problem: Problem; readonly headers: Readonly<Record<string, string>> } | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof InvalidError) {
    return { problem: problemOf("invalid", { errors: error.faults.map((fault) => ({ in: "body" as const, ...fault })) }), headers: {} };
  }
  if (error instanceof OutdatedError) {
    const errors = error.faults.map((fault) => ({ in: "body" as const, ...fault }));
    return { problem: problemOf("version-changed", { detail: error.message, errors }), headers: {} };
  }
  if (error instanceof DocumentConflictError) {
    return { problem: problemOf(CONFLICTS[error.reason], { detail: error.message }), headers: {} };
  }
  if (error instanceof RequestError) {
    const seconds = error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1000);
    return {
      problem: problemOf(error.code, error.detail === undefined ? {} : { detail: error.detail }),
      headers: seconds === undefined ? {} : { "Retry-After": String(seconds) },
    };
  }
  if (error instanceof StoreUnwritableError) {
    return { problem: problemOf("busy", { detail: error.message }), headers: { "Retry-After": "5" } };
  }
  return undefined;
}

export function problemOf(code: ErrorCode, more: { detail?: string; errors?: readonly PlacedFault[] } = {}): Problem {
  const { status, message } = ERRORS[code];
  return {
    type: `urn:frontdesk:problem:${code}`,
    title: message,
    status,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    code,
    ...(more.errors === undefined ? {} : { errors: [...more.errors] }),
  };
}

/** The faults that zod found, each with its place. */
export function faultsOf(error: z.ZodError, place: PlacedFault["in"]): PlacedFault[] {
  return faultWords(error.issues).map(({ path, ...fault }) => ({ in: place, path: pointerTo(path), ...fault }));
}

const CONFLICTS = { changed: "version-changed", exists: "already-exists", missing: "not-found" } as const;
