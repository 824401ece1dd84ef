import type * as z from "zod";
import type { ErrorCode } from "../../../protocol/errors.ts";
import type { Action, Staff } from "../../identity/staff/actions.ts";

/** What a route is given: everything parsed by its schemas. */
export interface ApiRequest<Params, Query, Body> {
  /** Who asks; `action` was checked. On `public` routes it may be nobody, without any role. */
  readonly staff: Staff;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The version in `If-Match`; always there where the route says `versioned`. */
  readonly ifVersion: number | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

export interface ApiAnswer<Response> {
  readonly body: Response;
  /** Becomes the `ETag`. */
  readonly version?: number;
  /** Path of what was made, below `/api/v1`. */
  readonly location?: string;
  /** Further cookies or headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is written as it is read, such as an export. */
export interface ApiStream {
  readonly stream: AsyncIterable<string>;
  readonly contentType: string;
  readonly fileName?: string;
}

/** A file of known length, of which a client may ask for a part. */
export interface ApiFile {
  readonly file: {
    readonly bytes: number;
    /** The bytes from `from` up to, and without, `to`. */
    read(from: number, to: number): AsyncIterable<Uint8Array>;
  };
  readonly contentType: string;
}

/**
 * One operation of the REST API. Everything about it is data: the router parses, checks the role, answers problems,
 * keeps idempotency keys, and writes the OpenAPI document from the same schemas. `handle` translates and decides
 * nothing; it throws `RequestError`, or `InvalidError` with the path of each fault.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1`, such as `/mcp-servers/{key}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /** `public`: nobody has to be signed in. */
  readonly action: Action | "public";
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly response: Response;
  /** 200 unless given; 201 for what makes something, 204 for an answer without a body. */
  readonly status?: 200 | 201 | 202 | 204;
  /** A create: takes an `Idempotency-Key`. */
  readonly creates?: boolean;
  /** Needs `If-Match`. */
  readonly versioned?: boolean;
  /** Codes of problems besides those that follow from the rest (`operation-problems.ts`). */
  readonly refuses?: readonly ErrorCode[];
  /** Content types besides JSON that `handle` may stream. */
  readonly streams?: readonly string[];
  /** `handle` gives a file, of which a `Range` can be asked for. */
  readonly parts?: true;
  handle(
    request: ApiRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
  ): Promise<ApiAnswer<z.input<Response>> | ApiStream | ApiFile>;
}

/** Keeps the types of a route's schemas for its `handle`, and forgets them outside. */
export function route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Response extends z.ZodType>(
  definition: Route<Params, Query, Body, Response>,
): Route {
  return definition as unknown as Route;
}
