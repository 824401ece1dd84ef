import type { IncomingMessage, ServerResponse } from "node:http";
import type * as z from "zod";
import type { Staff } from "../../identity/staff/actions.ts";
import { faultsOf, ProblemError } from "../problem.ts";
import { readBody } from "../read-body.ts";
import { readIfMatch } from "./entity-tag.ts";
import { readQuery } from "./query.ts";
import type { ApiRequest } from "./route.ts";
import type { FoundRoute } from "./route-table.ts";

export interface ReadRequest {
  readonly parsed: ApiRequest<unknown, unknown, unknown>;
  /** The body as it was sent, before any default was filled in. */
  readonly sent: unknown;
}

/** A request as its route's schemas know it. Throws a problem with the place of each fault. */
export async function readRequest(
  found: FoundRoute,
  { request, response, search, staff }: { request: IncomingMessage; response: ServerResponse; search: string; staff: Staff },
  bodyBytes: number,
): Promise<ReadRequest> {
  const { route } = found;
  const unsent = {
    ...parseRequest(found, { staff, search, signal: signalOf(response) }),
    ifVersion: route.versioned ? readIfMatch(request.headers["if-match"]) : undefined,
  };
  if (route.body === undefined) return { parsed: unsent, sent: undefined };
  const sent = await readBody(request, bodyBytes);
  return { parsed: { ...unsent, body: parseBody(route, sent) }, sent };
}

/** What its address says, without version and body. Throws as `readRequest` does. */
export function parseRequest(
  { route, params }: FoundRoute,
  { search, ...rest }: Pick<ReadRequest["parsed"], "staff" | "signal"> & { readonly search: string },
): ReadRequest["parsed"] {
  return {
    ...rest,
    params: readParams(route.params, params),
    query: readQuery(route.query, search),
    ifVersion: undefined,
    body: undefined,
  };
}

/** Throws a problem with the place of each fault. */
export function parseBody({ body: schema }: Pick<FoundRoute["route"], "body">, sent: unknown): unknown {
  if (schema === undefined) return undefined;
  const body = schema.safeParse(sent);
  if (!body.success) throw new ProblemError("invalid", { errors: faultsOf(body.error, "body") });
  return body.data;
}

/** A parameter that does not fit its schema names something that cannot exist. */
function readParams(schema: z.ZodType | undefined, params: Readonly<Record<string, string>>): unknown {
  if (schema === undefined) return params;
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw new ProblemError("not-found", { errors: faultsOf(parsed.error, "path") });
  return parsed.data;
}

/** Aborted when the client goes before its answer was sent. */
function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort(new Error("The client has gone."));
  });
  return controller.signal;
}
