import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ERRORS, type RequestError } from "../../protocol/errors.ts";

const { STATUS_CODES } = process.getBuiltinModule("node:http");

/** Lets the page read the answer, refusals too: its developer should be able to see why. */
export function letPageRead(request: IncomingMessage, response: Pick<ServerResponse, "setHeader">): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Vary", "Origin");
}

/**
 * Answers a preflight of a page that may come. Tracing scripts add headers of their own to every request of a page, so
 * any may be sent: none of them is read here, and without credentials none of them says who somebody is.
 */
export function letPageSend({ headers }: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(204, {
      "Access-Control-Allow-Methods": "GET, POST",
      "Access-Control-Allow-Headers": headers["access-control-request-headers"] ?? "Content-Type",
      Vary: "Origin, Access-Control-Request-Headers",
    })
    .end();
}

/** A refusal as the answer to an ordinary request: a `WireError` as JSON. */
export function refuseRequest(response: ServerResponse, refusal: RequestError): void {
  // Too late to say anything: an answer has begun.
  if (response.headersSent) return void response.destroy();
  const { status, headers, body } = answerOf(refusal);
  response.writeHead(status, headers).end(body);
}

/** The same refusal, written by hand to a socket that asked for an upgrade: it has no response of its own. */
export function refuseUpgrade(socket: Duplex, refusal: RequestError): void {
  const { status, headers, body } = answerOf(refusal);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function answerOf(refusal: RequestError): { readonly status: number; readonly headers: Record<string, string>; readonly body: string } {
  const body = JSON.stringify({ error: refusal.toWire() });
  const headers = {
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
    Connection: "close",
    ...(refusal.retryAfterMs === undefined ? {} : { "Retry-After": String(Math.ceil(refusal.retryAfterMs / 1000)) }),
  };
  return { status: ERRORS[refusal.code].status, headers, body };
}
