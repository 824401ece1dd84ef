import express, { type Router } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import type * as z from "zod";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import { entityTag, readIfMatch } from "./entity-tag.ts";
import { IdempotencyKeys, type IdempotencyPorts, type KeptAnswer, readIdempotencyKey } from "./idempotency.ts";
import { openApiDocument } from "./openapi.ts";
import { faultsOf, PROBLEM_TYPE, ProblemError, problemOf, toProblem } from "./problem.ts";
import { readBody } from "./read-body.ts";
import type { ApiRequest, ApiStream, Route } from "./route.ts";
import { RouteTable } from "./route-table.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { readQuery } from "./query.ts";

export interface ApiOptions {
  readonly routes: readonly Route[];
  /**
   * Who asks: by `Authorization: Bearer fd_…`, else by the session's cookie. Undefined: nobody. Throws `RequestError` `too-many-attempts` for an address
   * that tried too many keys.
   */
  readonly authenticate: (request: IncomingMessage) => Promise<Staff | undefined>;
  readonly documents: IdempotencyPorts["documents"];
  readonly secrets: IdempotencyPorts["secrets"];
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: { readonly bodyBytes: number };
  /** The origins of this server's own pages. */
  readonly ownOrigins: () => readonly string[];
  /** How browsers reach the server, for the OpenAPI document. */
  readonly publicUrl: () => string;
  readonly version: string;
}

export const DEFAULT_API_LIMITS = { bodyBytes: 1024 * 1024 } as const;

const NOBODY: Staff = { kind: "person", id: "nobody", name: "nobody", roles: [], groups: [] };
const NOBODYS_KEY = "This API key is not known, was revoked or has ended. A key is sent as `Authorization: Bearer fd_…`.";
const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="frontdesk"' } as const;

/** The REST API, to be mounted at `/api/v1`. It translates between HTTP and the routes: what each route takes, needs and answers is data in the route. */
export function createApi(options: ApiOptions): Router {
  const table = new RouteTable(options.routes);
  const keys = new IdempotencyKeys(options);
  let described: string | undefined;

  const router = express.Router();
  router.use((request, response) => {
    answer(request, response).catch((error: unknown) => refuse(error, request, response));
  });
  return router;

  async function answer(request: IncomingMessage & { readonly baseUrl: string }, response: ServerResponse): Promise<void> {
    const { path, search } = splitUrl(request.url ?? "/");
    const method = request.method ?? "GET";
    if (path === "/openapi.json" && (method === "GET" || method === "HEAD")) {
      described ??= JSON.stringify(openApiDocument(options.routes, { version: options.version, url: `${options.publicUrl()}/api/v1` }));
      return send(response, 200, { "Content-Type": "application/json" }, described);
    }
    const found = table.find(method, path);
    if (found === undefined)
      throw new ProblemError("not-found", {
        detail: `There is nothing at ${request.baseUrl}${path}. What there is, ${request.baseUrl}/openapi.json tells.`,
      });
    if ("allow" in found) throw new ProblemError("method-not-allowed", { headers: { Allow: found.allow.join(", ") } });
    const { route } = found;

    requireSameOrigin(method, request.headers, options.ownOrigins());
    const staff = await admit(route, request);
    const signal = signalOf(response);
    const parsed: ApiRequest<unknown, unknown, unknown> = {
      staff,
      params: parseParams(route, found.params),
      query: readQuery(route.query, search),
      ifVersion: route.versioned ? readIfMatch(request.headers["if-match"]) : undefined,
      body: undefined,
      signal,
    };
    const raw = route.body === undefined ? undefined : await readBody(request, options.limits.bodyBytes);
    const whole = route.body === undefined ? parsed : { ...parsed, body: parse(route.body, raw) };

    const key = route.creates && route.action !== "public" ? readIdempotencyKey(request.headers["idempotency-key"]) : undefined;
    if (key === undefined) {
      const result = await route.handle(whole);
      return "stream" in result ? stream(result, request, response) : give(response, kept(route, result));
    }
    const { answer: made, repeated } = await keys.once(
      { actor: `${staff.kind}-${staff.id}`, key, request: { method, path, search, body: raw ?? null } },
      async () => {
        // Whoever sends a key asks again when the line breaks: what was begun is ended for them, and not half made.
        const result = await route.handle({ ...whole, signal: new AbortController().signal });
        if ("stream" in result) throw new Error(`${route.operationId} makes something and streams, which cannot be repeated.`);
        return kept(route, result);
      },
    );
    return give(response, repeated ? { ...made, headers: { ...made.headers, "Idempotency-Replayed": "true" } } : made);
  }

  async function admit(route: Route, request: IncomingMessage): Promise<Staff> {
    const staff = await options.authenticate(request);
    if (route.action === "public") return staff ?? NOBODY;
    if (staff === undefined) {
      const detail = request.headers.authorization === undefined ? {} : { detail: NOBODYS_KEY };
      throw new ProblemError("unauthenticated", { ...detail, headers: CHALLENGE });
    }
    if (!mayDo(staff, route.action)) {
      throw new ProblemError("forbidden", {
        detail: `${staff.name} may not do ${route.action}. An admin can give a role or a key that may.`,
      });
    }
    return staff;
  }

  function refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed) return;
    let refusal = toProblem(error);
    if (refusal === undefined || refusal.problem.status >= 500) {
      options.log.error({ error, method: request.method, path: splitUrl(request.url ?? "/").path }, "An API request failed.");
    }
    refusal ??= { problem: problemOf("internal"), headers: {} };
    // An answer that has begun can only be cut off, so that nobody takes it for whole.
    if (response.headersSent) return void response.destroy();
    send(response, refusal.problem.status, { ...refusal.headers, "Content-Type": PROBLEM_TYPE }, JSON.stringify(refusal.problem));
  }
}

/** The answer as it travels. Whatever the route's schema does not name stays here. */
function kept(
  route: Route,
  result: { body: unknown; version?: number; location?: string; headers?: Readonly<Record<string, string>> },
): KeptAnswer {
  return {
    status: route.status ?? 200,
    body: route.status === 204 ? null : route.response.parse(result.body),
    headers: {
      ...result.headers,
      ...(result.version === undefined ? {} : { ETag: entityTag(result.version) }),
      ...(result.location === undefined ? {} : { Location: `/api/v1${result.location}` }),
    },
  };
}

function give(response: ServerResponse, { status, body, headers }: KeptAnswer): void {
  if (status === 204) return send(response, 204, headers, undefined);
  send(response, status, { ...headers, "Content-Type": "application/json" }, JSON.stringify(body));
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, text: string | undefined): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    "Cache-Control": "no-store",
    ...(text === undefined ? {} : { "Content-Length": Buffer.byteLength(text) }),
    ...headers,
  });
  response.end(text);
}

async function stream(result: ApiStream, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts = result.stream[Symbol.asyncIterator]();
  // The first part is read before anything is sent: what is refused at once is a problem and no broken file.
  const first = await parts.next();
  response.writeHead(200, {
    "Cache-Control": "no-store",
    "Content-Type": result.contentType,
    ...(result.fileName === undefined ? {} : { "Content-Disposition": `attachment; filename="${result.fileName}"` }),
  });
  if (request.method !== "HEAD") {
    for (let part = first; part.done !== true && !response.destroyed; part = await parts.next()) {
      if (!response.write(part.value)) await drained(response);
    }
  }
  await parts.return?.();
  response.end();
}

/** Resolves when more may be written, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.once("drain", done).once("close", done);
  });
}

function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort(new Error("The client has gone."));
  });
  return controller.signal;
}

/** A parameter that does not fit its schema names something that cannot exist. */
function parseParams(route: Route, params: Readonly<Record<string, string>>): unknown {
  if (route.params === undefined) return params;
  const parsed = route.params.safeParse(params);
  if (!parsed.success) throw new ProblemError("not-found", { errors: faultsOf(parsed.error, "path") });
  return parsed.data;
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ProblemError("invalid", { errors: faultsOf(parsed.error, "body") });
  return parsed.data;
}

function splitUrl(url: string): { path: string; search: string } {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, search: "" } : { path: url.slice(0, mark), search: url.slice(mark + 1) };
}
