import express, { type Request, type Router } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../foundation/clock.ts";
import { basePathOf } from "../../foundation/base-path.ts";
import type { Log } from "../../foundation/log.ts";
import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import { ProblemError } from "../problem.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { send, sendProblem } from "../send.ts";
import { splitUrl } from "../split-url.ts";
import { keptAnswer, sendAnswer, sendFile, sendStream } from "./answer.ts";
import { IdempotencyKeys, type IdempotencyPorts, readIdempotencyKey } from "./idempotency.ts";
import { openApiDocument } from "./openapi.ts";
import { readRequest } from "./read-request.ts";
import type { Route } from "./route.ts";
import { type FoundRoute, RouteTable } from "./route-table.ts";

export interface ApiPorts {
  readonly routes: readonly Route[];
  /**
   * Who asks: by `Authorization: Bearer fd_…`, otherwise by the session's cookie. Undefined: nobody. Throws
   * `RequestError` `too-many-attempts` for an address that tried too many keys.
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

const MOUNTED_AT = "/api/v1";
const NOBODY: Staff = { kind: "person", id: "nobody", name: "nobody", roles: [], groups: [] };
const NOBODYS_KEY = "This API key is not known, was revoked or has ended. A key is sent as `Authorization: Bearer fd_…`.";
const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="frontdesk"' } as const;

/**
 * The REST API, to be mounted at `/api/v1`. It translates between HTTP and the routes: what each route takes, needs and
 * answers is data in the route.
 */
export function createApi(ports: ApiPorts): Router {
  const api = new Api(ports);
  const router = express.Router();
  router.use((request, response) => {
    api.answer(request, response).catch((error: unknown) => sendProblem(error, { request, response }, ports.log, "An API request failed."));
  });
  return router;
}

class Api {
  readonly #ports: ApiPorts;
  readonly #table: RouteTable;
  readonly #keys: IdempotencyKeys;
  #described: string | undefined;

  constructor(ports: ApiPorts) {
    this.#ports = ports;
    this.#table = new RouteTable(ports.routes);
    this.#keys = new IdempotencyKeys(ports);
  }

  async answer(request: Request, response: ServerResponse): Promise<void> {
    const { path, search } = splitUrl(request.url);
    const method = request.method ?? "GET";
    if (path === "/openapi.json" && (method === "GET" || method === "HEAD"))
      return send(response, 200, { "Content-Type": "application/json" }, this.#describe());
    const found = this.#find(method, path);
    const { route } = found;
    requireSameOrigin(method, request.headers, this.#ports.ownOrigins());
    const staff = await this.#admit(route, request);
    const { parsed, sent } = await readRequest(found, { request, response, search, staff }, this.#ports.limits.bodyBytes);

    const key = route.creates && route.action !== "public" ? readIdempotencyKey(request.headers["idempotency-key"]) : undefined;
    if (key === undefined) {
      const result = await route.handle(parsed);
      if ("file" in result) return sendFile(result, request, response);
      return "stream" in result ? sendStream(result, request, response) : sendAnswer(response, keptAnswer(route, result, this.#root()));
    }
    const { answer, repeated } = await this.#keys.once(
      { actor: `${staff.kind}-${staff.id}`, key, request: { method, path, search, body: sent ?? null } },
      async () => {
        // A client that sends a key asks again when its network breaks, so what was begun is finished for it, not left
        // half made.
        const result = await route.handle({ ...parsed, signal: new AbortController().signal });
        if ("stream" in result || "file" in result)
          throw new Error(`${route.operationId} makes something and streams, which cannot be repeated.`);
        return keptAnswer(route, result, this.#root());
      },
    );
    sendAnswer(response, repeated ? { ...answer, headers: { ...answer.headers, "Idempotency-Replayed": "true" } } : answer);
  }

  #describe(): string {
    const { routes, version, publicUrl } = this.#ports;
    return (this.#described ??= JSON.stringify(openApiDocument(routes, { version, url: `${publicUrl()}${MOUNTED_AT}` })));
  }

  /** Its path, as it is outside. */
  #root(): string {
    return `${basePathOf(this.#ports.publicUrl())}${MOUNTED_AT}`;
  }

  #find(method: string, path: string): FoundRoute {
    const found = this.#table.find(method, path);
    if (found === undefined)
      throw new ProblemError("not-found", {
        detail: `There is nothing at ${this.#root()}${path}. ${this.#root()}/openapi.json lists what there is.`,
      });
    if ("allow" in found) throw new ProblemError("method-not-allowed", { headers: { Allow: found.allow.join(", ") } });
    return found;
  }

  async #admit(route: Route, request: IncomingMessage): Promise<Staff> {
    const staff = await this.#ports.authenticate(request);
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
}
