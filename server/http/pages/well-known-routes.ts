import type { RequestHandler } from "express";
import type { IncomingMessage } from "node:http";
import { send } from "../send.ts";
import { splitUrl } from "../split-url.ts";

export interface WellKnownPorts {
  /** Below `/.well-known`. Undefined: there is nothing. */
  readonly find: (path: string, request: IncomingMessage) => Readonly<Record<string, unknown>> | undefined;
}

/** What programs look for at the root of a host, to be mounted at `/.well-known`. */
export function wellKnownRoutes({ find }: WellKnownPorts): RequestHandler {
  return (request, response, next) => {
    const document = request.method === "GET" || request.method === "HEAD" ? find(splitUrl(request.url).path, request) : undefined;
    if (document === undefined) return next();
    const text = JSON.stringify(document);
    send(response, 200, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" }, request.method === "HEAD" ? "" : text);
  };
}
