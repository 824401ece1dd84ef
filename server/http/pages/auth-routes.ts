import type { RequestHandler } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import { addressOf } from "../../guard/network/address.ts";
import type { Log } from "../../foundation/log.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { ProblemError } from "../problem.ts";
import { readBody } from "../read-body.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { sendProblem } from "../send.ts";
import { splitUrl } from "../split-url.ts";

export interface AuthRoutesPorts {
  /** The sign-in library, loaded at the first request that needs it. */
  readonly accounts: () => Promise<{ handle(request: Request, signedIn: Staff | undefined): Promise<Response> }>;
  readonly authenticate: (request: IncomingMessage) => Promise<Staff | undefined>;
  readonly attempts: { attempt(address: string): Promise<() => Promise<void>> };
  readonly publicUrl: () => string;
  readonly ownOrigins: () => readonly string[];
  readonly trustedProxies: number;
  readonly log: Log;
}

/** What the library may be asked. It can do more, none of which is meant for here. */
const OPEN: ReadonlySet<string> = new Set([
  "POST /sign-in/email",
  "POST /sign-in/social",
  "GET /callback/oidc",
  "POST /sign-out",
  "GET /get-session",
  "POST /change-password",
  "GET /error",
]);
/** Where somebody says who they are, and may be wrong. */
const ATTEMPTS: ReadonlySet<string> = new Set(["POST /sign-in/email", "POST /change-password"]);
const LONGEST_BODY = 16 * 1024;
/** Request headers that the library sees. The address is not among them: it is counted here. */
const HEADERS = ["cookie", "origin", "user-agent", "accept", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"] as const;

/**
 * Signing in and out, to be mounted at `/api/auth`: what must not be left to the library alone (origin, sizes, number
 * of attempts) is checked before it.
 */
export function authRoutes(ports: AuthRoutesPorts): RequestHandler {
  return (request, response) => {
    answer(request, response).catch((error: unknown) => sendProblem(error, { request, response }, ports.log, "A sign-in request failed."));
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const { path, search } = splitUrl(request.url);
    const operation = `${method} ${path}`;
    if (!OPEN.has(operation)) throw new ProblemError("not-found", { detail: `${operation} is not an operation of /api/auth.` });
    requireSameOrigin(method, { ...request.headers, authorization: undefined }, ports.ownOrigins());
    const signedIn = await ports.authenticate(request);
    const body = method === "POST" ? JSON.stringify(await readBody(request, LONGEST_BODY)) : undefined;
    const succeeded = ATTEMPTS.has(operation) ? await ports.attempts.attempt(addressOf(request, ports.trustedProxies)) : undefined;

    const headers = new Headers(body === undefined ? {} : { "Content-Type": "application/json" });
    for (const name of HEADERS) {
      const value = request.headers[name];
      if (typeof value === "string") headers.set(name, value);
    }
    // A page at another address of this server is as good as one at the public address, the only one that the library
    // knows.
    if (method === "POST") headers.set("origin", new URL(ports.publicUrl()).origin);
    const accounts = await ports.accounts();
    const result = await accounts.handle(
      new Request(`${ports.publicUrl()}/api/auth${path}${search === "" ? "" : `?${search}`}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      }),
      signedIn?.kind === "person" ? signedIn : undefined,
    );
    if (result.ok) await succeeded?.();
    await send(result, response);
  }
}

async function send(result: Response, response: ServerResponse): Promise<void> {
  const headers: Record<string, string | string[]> = Object.fromEntries(result.headers);
  const cookies = result.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  response.writeHead(result.status, { ...headers, "Cache-Control": "no-store" });
  response.end(Buffer.from(await result.arrayBuffer()));
}
