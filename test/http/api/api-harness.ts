/** A real HTTP server with nothing but the API on it. */
import type { AddressInfo } from "node:net";
import type { IncomingMessage } from "node:http";
import type { Router } from "express";
import { onTestFinished } from "vitest";
import type { Clock } from "../../../server/foundation/clock.ts";
import { createSecretBox } from "../../../server/guard/secrets/secret-box.ts";
import { createApi } from "../../../server/http/api/create-api.ts";
import { Operations } from "../../../server/http/api/operations.ts";
import { problemsOf } from "../../../server/http/api/operation-problems.ts";
import type { Route } from "../../../server/http/api/route.ts";
import { RouteTable } from "../../../server/http/api/route-table.ts";
import { createApplication } from "../../../server/http/application.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { createMemoryDocuments, type MemoryDocuments } from "../../support/memory-documents.ts";

const { createServer } = process.getBuiltinModule("node:http");

export const OWN_ORIGIN = "https://desk.example";

/** A clock that stands still until it is moved. */
export function standingClock(start = 1_700_000_000_000): Clock & { move(ms: number): void } {
  let now = start;
  let ids = 0;
  return {
    now: () => now,
    after: () => () => undefined,
    id: () => `id-${++ids}`,
    random: () => 0.5,
    move: (ms) => void (now += ms),
  };
}

export interface Api {
  readonly url: string;
  readonly documents: MemoryDocuments;
  readonly clock: ReturnType<typeof standingClock>;
  readonly logged: { readonly level: string; readonly fields: Readonly<Record<string, unknown>> }[];
  fetch(method: string, path: string, more?: { body?: unknown; headers?: Readonly<Record<string, string>> }): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: Record<string, unknown>;
}

export const ADMIN: Staff = { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] };

/** `Authorization: Bearer <role>` is somebody with that role; no header, but a `Cookie`, is the admin. */
export async function startApi(
  routes: readonly Route[],
  more: { authenticate?: (request: IncomingMessage) => Promise<Staff | undefined>; bodyBytes?: number; routers?: readonly Router[] } = {},
): Promise<Api> {
  const documents = createMemoryDocuments();
  const clock = standingClock();
  const logged: Api["logged"] = [];
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>) => void logged.push({ level, fields });
  const log = { info: write("info"), warn: write("warn"), error: write("error") };
  const application = createApplication({
    routers: more.routers ?? [],
    mounts: [
      {
        path: "/api/v1",
        load: async () =>
          createApi({
            operations: new Operations({
              routes,
              documents,
              clock,
              secrets: createSecretBox({ keys: [Buffer.alloc(32, 1)] }),
              root: () => "/api/v1",
            }),
            authenticate: more.authenticate ?? byRole,
            log,
            limits: { bodyBytes: more.bodyBytes ?? 10_000 },
            ownOrigins: () => [OWN_ORIGIN],
            publicUrl: () => OWN_ORIGIN,
            version: "0.0.0",
          }),
      },
    ],
    isHttpsOnly: true,
    log,
  });
  const url = await listen(application);
  let table: RouteTable | undefined;
  const asked: Api["fetch"] = async (method, path, options) => {
    const answer = await ask(`${url}/api/v1${path}`, method, options);
    if (answer.status < 400 || answer.status === 500) return answer;
    table ??= new RouteTable(routes);
    const found = table.find(method, path.split("?")[0] ?? "");
    // What the document does not tell of an operation, no program can be ready for.
    if (found !== undefined && "route" in found) {
      const told = problemsOf(found.route).get(answer.status) ?? [];
      if (!told.some((code) => code === answer.json["code"]))
        throw new Error(`${found.route.operationId} answers ${String(answer.json["code"])}, which its route does not tell of.`);
    }
    return answer;
  };
  return { url: `${url}/api/v1`, documents, clock, logged, fetch: asked };
}

/** `atEnd` is when it is closed: `afterAll` for a server of several tests. */
export async function listen(
  application: Parameters<typeof createServer>[1],
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const server = createServer({}, application);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function ask(
  url: string,
  method: string,
  { body, headers = {} }: { body?: unknown; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json(;|$)/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== "" ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

async function byRole(request: IncomingMessage): Promise<Staff | undefined> {
  const role = /^Bearer (admin|owner|support)$/.exec(request.headers.authorization ?? "")?.[1];
  if (role !== undefined) return { kind: "key", id: role, name: role, roles: [role as "admin"], groups: [] };
  return request.headers.cookie === undefined ? undefined : ADMIN;
}
