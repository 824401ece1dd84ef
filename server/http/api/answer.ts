import type { Request } from "express";
import type { IncomingMessage, ServerResponse } from "node:http";
import { send } from "../send.ts";
import { entityTag } from "./entity-tag.ts";
import type { KeptAnswer } from "./idempotency.ts";
import type { ApiAnswer, ApiFile, ApiStream, Route } from "./route.ts";

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
  if (request.method !== "HEAD" && first.done !== true) {
    await write(response, first.value);
    await writeAll(response, parts);
  }
  await parts.return?.();
  response.end();
}

/** A file, or the part of it that was asked for (RFC 9110, section 14; of several parts the whole is sent). */
export async function sendFile({ file, contentType }: ApiFile, request: Request, response: ServerResponse): Promise<void> {
  const ranges = request.range(file.bytes, { combine: true });
  if (ranges === -1) return send(response, 416, { "Content-Range": `bytes */${file.bytes}` }, undefined);
  const [range] = Array.isArray(ranges) && ranges.type === "bytes" && ranges.length === 1 ? ranges : [];
  const [from, to] = range === undefined ? [0, file.bytes] : [range.start, range.end + 1];
  response.writeHead(range === undefined ? 200 : 206, {
    "Accept-Ranges": "bytes",
    "Cache-Control": "no-store",
    "Content-Length": to - from,
    ...(range === undefined ? {} : { "Content-Range": `bytes ${from}-${to - 1}/${file.bytes}` }),
    "Content-Type": contentType,
  });
  if (request.method !== "HEAD") {
    const parts = file.read(from, to)[Symbol.asyncIterator]();
    await writeAll(response, parts);
    await parts.return?.();
  }
  response.end();
}

async function writeAll(response: ServerResponse, parts: AsyncIterator<string | Uint8Array>): Promise<void> {
  while (!response.destroyed) {
    const part = await parts.next();
    if (part.done === true) return;
    await write(response, part.value);
  }
}

async function write(response: ServerResponse, part: string | Uint8Array): Promise<void> {
  if (!response.write(part)) await drained(response);
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
