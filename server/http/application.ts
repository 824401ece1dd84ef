import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Router } from "express";
import type { Log } from "../foundation/log.ts";
import { lazily } from "../foundation/lazily.ts";
import { HttpError } from "./http-error.ts";

export interface ApplicationPorts {
  readonly routers: readonly Router[];
  /** What takes other methods and bodies, each below its path. Each is loaded with the first request to it. */
  readonly mounts?: readonly Mount[];
  /**
   * Whether each answer tells browsers never to reach this host by anything but https. Under a path, the host is
   * somebody else's: they decide that.
   */
  readonly isHttpsOnly: boolean;
  readonly log: Log;
}

export interface Mount {
  /** Such as `/api/v1`. */
  readonly path: string;
  readonly load: () => Promise<RequestHandler>;
}

const METHODS = new Set(["GET", "HEAD"]);

/**
 * Everything that is answered over plain HTTP. Each answer has the security headers; whatever no router knows is a JSON
 * error. Nothing outside the mounts writes, so any method but GET and HEAD is refused there, and no body is ever read.
 */
export function createApplication(ports: ApplicationPorts): Express {
  const application = express();
  application.disable("x-powered-by");
  application.disable("etag");
  application.set("query parser", false);
  application.use(securityHeaders(ports.isHttpsOnly));
  for (const mount of ports.mounts ?? []) application.use(mount.path, loadedLate(mount.load));
  application.use((request, response, next) => {
    if (METHODS.has(request.method) || isPreflight(request)) return next();
    response.set("Allow", "GET, HEAD");
    throw new HttpError(405, "method-not-allowed", `${request.method} cannot be used here.`);
  });
  for (const router of ports.routers) application.use(router);
  application.use((request) => {
    throw new HttpError(404, "not-found", `There is nothing at ${request.path}.`);
  });
  application.use(errorAnswer(ports.log));
  return application;
}

/** A page of another origin asks whether it may send headers. Who lets it says so; from anybody else it is no answer. */
function isPreflight({ method, headers }: Pick<Request, "method" | "headers">): boolean {
  return method === "OPTIONS" && "access-control-request-method" in headers;
}

function loadedLate(load: () => Promise<RequestHandler>): RequestHandler {
  const loaded = lazily(load);
  return async (request, response, next) => (await loaded())(request, response, next);
}

function securityHeaders(isHttpsOnly: boolean): RequestHandler {
  const headers = Object.entries({
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    ...(isHttpsOnly ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  });
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
}

function errorAnswer(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const known = knownError(error);
    if (known.status >= 500 && known !== error) log.error({ error, method: request.method, path: request.path }, "An HTTP request failed.");
    response
      .status(known.status)
      .set("Cache-Control", "no-store")
      .json({ error: { code: known.code, message: known.message } });
  };
}

function knownError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  // Express and its router throw such errors for what a client sent, for instance a path with a broken %-escape.
  if (error instanceof Error && "status" in error && typeof error.status === "number" && error.status < 500) {
    return new HttpError(error.status, "bad-request", "The request could not be read.");
  }
  return new HttpError(500, "internal", "Something went wrong on the server.");
}
