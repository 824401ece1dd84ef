import type { IncomingMessage, ServerResponse } from "node:http";
import { send } from "../send.ts";
import { entityTag } from "./entity-tag.ts";
import type { KeptAnswer } from "./idempotency.ts";
import type { ApiAnswer, ApiStream, Route } from "./route.ts";

/**
 * The answer as it travels. Whatever the route's schema does not name stays here. `root` is the API's path outside, such
 * as `/api/v1`.
 */
export function keptAnswer(route: Route, result: ApiAnswer<unknown>, root: string): KeptAnswer {
  return {
    status: route.status ?? 200,
    body: route.status === 204 ? null : route.response.parse(result.body),
    headers: {
      ...result.headers,
      ...(result.version === undefined ? {} : { ETag: entityTag(result.version) }),
      ...(result.location === undefined ? {} : { Location: `${root}${result.location}` }),
    },
  };
}

export function sendAnswer(response: ServerResponse, { status, body, headers }: KeptAnswer): void {
  if (status === 204) return send(response, 204, headers, undefined);
  send(response, status, { ...headers, "Content-Type": "application/json" }, JSON.stringify(body));
}

export async function sendStream(result: ApiStream, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
