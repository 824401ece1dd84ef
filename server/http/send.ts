import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../foundation/log.ts";
import { PROBLEM_TYPE, problemOf, toProblem } from "./problem.ts";
import { splitUrl } from "./split-url.ts";

/** A whole answer, which no cache keeps. `text` is absent where the answer has no body. */
export function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, text: string | undefined): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    "Cache-Control": "no-store",
    ...(text === undefined ? {} : { "Content-Length": Buffer.byteLength(text) }),
    ...headers,
  });
  response.end(text);
}

/**
 * The answer to a request that failed. What is our own fault is logged as `message`, and the client learns only that it
 * is.
 */
export function sendProblem(
  error: unknown,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  log: Log,
  message: string,
): void {
  if (response.destroyed) return;
  const { problem, headers } = toProblem(error) ?? { problem: problemOf("internal"), headers: {} };
  if (problem.status >= 500) log.error({ error, method: request.method, path: splitUrl(request.url).path }, message);
  // An answer that has begun can only be cut off, so that nobody takes it for complete.
  if (response.headersSent) return void response.destroy();
  send(response, problem.status, { ...headers, "Content-Type": PROBLEM_TYPE }, JSON.stringify(problem));
}
