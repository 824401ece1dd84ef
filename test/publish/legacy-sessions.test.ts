/** Connections of the legacy era that are let go. */
import { Server } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { LegacySessions } from "../../server/publish/door/legacy-sessions.ts";
import { ManualClock } from "../support/manual-clock.ts";

const PARAMS = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "probe", version: "1" } };
const initialize = { jsonrpc: "2.0", id: 1, method: "initialize", params: PARAMS };

function asked(method: string, session?: string, signal?: AbortSignal): Request {
  const headers = {
    Accept: "application/json, text/event-stream",
    "Content-Type": "application/json",
    ...(session === undefined ? {} : { "mcp-session-id": session }),
  };
  return new Request("http://desk.example/mcp", {
    method,
    headers,
    ...(method === "POST" ? { body: JSON.stringify(initialize) } : {}),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function begun() {
  const clock = new ManualClock();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const sessions = new LegacySessions({ clock, log });
  const make = (): Server => new Server({ name: "shop", version: "1" }, { capabilities: {} });
  const response = await sessions.begin(asked("POST"), "key", { body: initialize, make });
  const id = response.headers.get("mcp-session-id")!;
  const listen = async (signal: AbortSignal): Promise<Response> =>
    (await sessions.serve(id, asked("GET", id, signal), { body: undefined, isUse: false }))!;
  return { clock, sessions, listen };
}

test("a stream that is open keeps its connection, and one that was refused does not", async () => {
  const { clock, sessions, listen } = await begun();
  const leaving = new AbortController();
  const stream = await listen(leaving.signal);
  expect(stream.status).toBe(200);
  // One listener for each connection: the second is told so, and nobody hangs up on an answer that was read.
  expect((await listen(new AbortController().signal)).status).toBe(409);
  clock.forward(2 * 60 * 60_000);
  expect(sessions.size).toBe(1);
  leaving.abort();
  await stream.body?.cancel();
  expect(sessions.isHeard).toBe(false);
  clock.forward(2 * 60 * 60_000);
  expect(sessions.size).toBe(0);
});
