import express, { type Request, type Router } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basePathOf } from "../../foundation/base-path.ts";
import type { Log } from "../../foundation/log.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { DEPTH_HEADER, depthOf } from "../../tools/calls/depth.ts";
import { ProblemError } from "../problem.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { send, sendProblem } from "../send.ts";
import { splitUrl } from "../split-url.ts";
import { sendAnswer, sendFile, sendStream } from "./answer.ts";
import { readIdempotencyKey } from "./idempotency.ts";
import { openApiDocument } from "./openapi.ts";
import { type Operations, requireAction } from "./operations.ts";
import { readRequest } from "./read-request.ts";
import type { Route } from "./route.ts";
import { type FoundRoute, RouteTable } from "./route-table.ts";

export interface ApiPorts {
  readonly operations: Operations;
  /**
   * Who asks: by `Authorization: Bearer fd_…`, otherwise by the session's cookie. Undefined: nobody. Throws
   * `RequestError` `too-many-attempts` for an address that tried too many keys.
   */
  readonly authenticate: (request: IncomingMessage) => Promise<Staff | undefined>;
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

/** The API's path outside, such as `/api/v1`. */
export function apiRoot(publicUrl: string): string {
  return `${basePathOf(publicUrl)}${MOUNTED_AT}`;
}

const NOBODY: Staff = { kind: "person", id: "nobody", name: "nobody", roles: [], groups: [] };
const NOBODYS_KEY = "This API key is not known, was revoked or has ended. A key is sent as `Authorization: Bearer fd_…`.";
const ASSISTANTS_READ =
  "An assistant's tool makes this request (X-Frontdesk-Depth), and may only read here: it could approve its own calls. Nothing was done.";
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
  #described: string | undefined;

  constructor(ports: ApiPorts) {
    this.#ports = ports;
    this.#table = new RouteTable(ports.operations.routes);
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
    const end = await this.#ports.operations.run({ route, parsed, asked: { path, search, body: sent }, key });
    if ("file" in end) return sendFile(end, request, response);
    if ("stream" in end) return sendStream(end, request, response);
    const { answer, isRepeated } = end;
    sendAnswer(response, isRepeated ? { ...answer, headers: { ...answer.headers, "Idempotency-Replayed": "true" } } : answer);
  }

  #describe(): string {
    const { operations, version, publicUrl } = this.#ports;
    return (this.#described ??= JSON.stringify(openApiDocument(operations.routes, { version, url: `${publicUrl()}${MOUNTED_AT}` })));
  }

  /** Its path, as it is outside. */
  #root(): string {
    return apiRoot(this.#ports.publicUrl());
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
    requireAction(staff, route);
    if (route.method !== "GET" && isByAssistant(request)) throw new ProblemError("forbidden", { detail: ASSISTANTS_READ });
    return staff;
  }
}

/** By whatever way an assistant's tool leads here: no assistant decides what it may do. */
function isByAssistant({ headers }: IncomingMessage): boolean {
  const said = headers[DEPTH_HEADER.toLowerCase()];
  return depthOf(Array.isArray(said) ? said.join(",") : said, undefined) > 0;
}
