import { afterEach, describe, expect, it } from "vitest";
import type { InputRequest, TaskHandle, ToolResult } from "../../server/conversation/ports/tools.ts";
import { HandSignIns } from "../support/mcp-directory.ts";
import { anyToolOf, callContext, testHost, toolOf, type TestHost } from "../support/mcp-host.ts";
import { answering, modernScriptedServer } from "../support/mcp-modern-script.ts";
import { json, result, scriptedServer, tool, type Answer, type ScriptedServer } from "../support/mcp-scripted-server.ts";
import { waitFor } from "../support/wait-for.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const NEVER_MS = 1_000_000_000;

type State = Record<string, unknown>;
const task = (status: string, more: State = {}): State => ({
  taskId: "task-1",
  status,
  createdAt: "2026-11-20T00:00:00Z",
  lastUpdatedAt: "2026-11-20T00:00:00Z",
  ...more,
});
const text = (words: string): State => ({ content: [{ type: "text", text: words }] });
const gone = { error: { code: -32602, message: "Failed to retrieve task: Task not found" } };

/** A server of the extension, whose task goes through `states`; the last one stays. */
async function modern(states: (State | { error: unknown })[], more: Record<string, Answer> = {}): Promise<ScriptedServer> {
  let at = 0;
  return modernScriptedServer({
    "tools/call": answering(() => ({ ...task("working", { ttlMs: 3_600_000, pollIntervalMs: 250 }), resultType: "task" })),
    "tasks/get": answering(() => states[Math.min(at++, states.length - 1)] ?? gone),
    "tasks/update": answering(() => ({})),
    "tasks/cancel": answering(() => ({})),
    ...more,
  });
}

/** The same in the form of 2025-11-25. */
async function legacy(states: State[], taskResult: Answer, more: Record<string, Answer> = {}): Promise<ScriptedServer> {
  let at = 0;
  const capabilities = { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } };
  return scriptedServer({
    initialize: result({ protocolVersion: "2025-11-25", capabilities, serverInfo: { name: "tasks", version: "1" } }),
    "tools/list": result({ tools: [tool("act", { execution: { taskSupport: "required" } }), tool("plain")] }),
    "tools/call": (response, { id, params }) =>
      json(response, {
        jsonrpc: "2.0",
        id,
        result: "task" in (params ?? {}) ? { task: task("working", { ttl: 3_600_000, pollInterval: 250 }) } : text("at once"),
      }),
    "tasks/get": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: states[Math.min(at++, states.length - 1)] }),
    "tasks/result": taskResult,
    "tasks/cancel": result(task("cancelled")),
    ...more,
  });
}

function hostOf(server: ScriptedServer): {
  host: TestHost;
  act: (context?: Parameters<typeof callContext>[0], name?: string) => Promise<ToolResult>;
} {
  // The clock runs fast here, and nothing but the task should notice.
  const host = testHost([{ key: "long", name: "Long", url: server.url, connectTimeoutMs: NEVER_MS, callTimeoutMs: NEVER_MS }]);
  open.push(server, host);
  return { host, act: async (context, name = "act") => toolOf(await host.open(), `long__${name}`).call({}, callContext(context)) };
}

/** Lets the clock run while a call does. */
async function inTime<T>(host: TestHost, calling: Promise<T>, stepMs = 1_000): Promise<T> {
  const run = setInterval(() => host.advance(stepMs), 2);
  try {
    return await calling;
  } finally {
    clearInterval(run);
  }
}

describe("a call that becomes a task of the extension", () => {
  it("is told before it is asked for, reports what it does, and ends with its result", async () => {
    const server = await modern([task("working", { statusMessage: "Half way" }), task("completed", { result: text("done") })]);
    const { host, act } = hostOf(server);
    const tasks: TaskHandle[] = [];
    const progress: unknown[] = [];
    const done = await inTime(
      host,
      act({
        onProgress: (one) => progress.push(one),
        onTask: async (one) => {
          // Time goes by before it is in the journal, and nobody asks for the task meanwhile.
          const later = host.now() + 10_000;
          await waitFor(() => host.now() > later);
          expect(server.count("tasks/get")).toBe(0);
          tasks.push(one);
        },
      }),
    );
    expect(done).toEqual({ outcome: "ok", content: [{ kind: "text", text: "done" }] });
    expect(tasks).toEqual([{ taskId: "task-1", pollMs: 250, keptUntil: expect.any(Number) as number }]);
    expect(progress).toEqual([{ progress: 1, message: "Half way" }]);
    const [first] = server.requests.filter(({ message }) => message?.method === "tasks/get");
    expect(first?.headers).toMatchObject({ "mcp-method": "tasks/get", "mcp-name": "task-1" });
  });

  it("asks in the middle of it, each question once", async () => {
    const question = {
      method: "elicitation/create",
      params: { message: "Who?", requestedSchema: { type: "object", properties: { name: { type: "string" } } } },
    };
    const waiting = task("input_required", { inputRequests: { who: question } });
    const server = await modern([waiting, waiting, waiting, task("completed", { result: text("done") })]);
    const { host, act } = hostOf(server);
    const asked: InputRequest[] = [];
    const done = await inTime(
      host,
      act({
        ask: async (request) => {
          asked.push(request);
          return { kind: "input", action: "accept", content: { name: "Ada" } };
        },
      }),
    );
    expect(done.outcome).toBe("ok");
    expect(asked).toHaveLength(1);
    const updates = server.requests.filter(({ message }) => message?.method === "tasks/update");
    expect(updates.map(({ message }) => message?.params)).toMatchObject([
      { taskId: "task-1", inputResponses: { who: { action: "accept", content: { name: "Ada" } } } },
    ]);
  });

  it("is asked for by another process, without a second call", async () => {
    const server = await modern([task("working"), task("completed", { result: text("done") })]);
    const { host, act } = hostOf(server);
    const continuation = { kind: "task", task: { taskId: "task-1", pollMs: 250, keptUntil: Date.now() + 3_600_000 } } as const;
    expect((await inTime(host, act({ continuation }))).outcome).toBe("ok");
    expect(server.count("tools/call")).toBe(0);
  });

  it("fails with its error, and with a result that says so", async () => {
    const failing = hostOf(await modern([task("failed", { error: { code: -32603, message: "Out of paper" } })]));
    expect(await inTime(failing.host, failing.act())).toMatchObject({
      outcome: "failed",
      content: [{ kind: "text", text: "Out of paper" }],
    });
    const sorry = hostOf(await modern([task("completed", { result: { ...text("Sold out"), isError: true } })]));
    expect(await inTime(sorry.host, sorry.act())).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: "Sold out" }] });
    const cancelled = hostOf(await modern([task("cancelled", { statusMessage: "by the shop" })]));
    expect(await inTime(cancelled.host, cancelled.act())).toMatchObject({
      outcome: "cancelled",
      cause: expect.stringContaining("by the shop") as string,
    });
  });

  it.each([
    ["is gone", [gone]],
    ["is somebody else's", [task("completed", { taskId: "task-2", result: text("not yours") })]],
    ["is no task any more", [{ status: "fine" }]],
    ["wants something that it cannot have", [task("input_required", { inputRequests: { a: { method: "files/delete" } } })]],
  ] as [string, State[]][])("that %s is unknown", async (_, states) => {
    const { host, act } = hostOf(await modern(states));
    const done = await inTime(host, act());
    expect(done.outcome).toBe("unknown");
    expect(JSON.stringify(done)).not.toContain("not yours");
  });

  it.each([
    ["another task", { resultType: "task", ...task("working", { taskId: "task-2" }) }],
    ["more questions", { resultType: "input_required", requestState: "again" }],
    ["no result", { content: "everything" }],
  ] as [string, State][])("that ends with %s has an unknown end, and is not asked for again", async (_, ending) => {
    const server = await modern([task("completed", { result: ending })]);
    const { host, act } = hostOf(server);
    expect(await inTime(host, act())).toMatchObject({ outcome: "unknown" });
    expect(server.count("tasks/get")).toBe(1);
  });

  it("that never ends is given up when the server no longer keeps it, and cancelled", async () => {
    const server = await modern([task("working")]);
    const { host, act } = hostOf(server);
    const done = await inTime(host, act(), 60_000);
    expect(done).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("did not end") as string });
    expect(server.count("tasks/cancel")).toBe(1);
  });

  it("is cancelled by Stop", async () => {
    const server = await modern([task("working")]);
    const { host, act } = hostOf(server);
    const stop = new AbortController();
    const calling = inTime(host, act({ signal: stop.signal }));
    await waitFor(() => server.count("tasks/get") > 1);
    stop.abort("stop");
    expect((await calling).outcome).toBe("cancelled");
    expect(server.count("tasks/cancel")).toBe(1);
  });

  it("goes on when the process leaves: nothing is cancelled, and nobody takes it for ended", async () => {
    const server = await modern([task("working")]);
    const { host, act } = hostOf(server);
    const leave = new AbortController();
    let ended = false;
    const calling = act({ signal: leave.signal }).then(() => (ended = true));
    const run = setInterval(() => host.advance(1_000), 2);
    await waitFor(() => server.count("tasks/get") > 1);
    leave.abort("shutdown");
    const polls = server.count("tasks/get");
    await host.close();
    clearInterval(run);
    await Promise.race([calling, new Promise((resolve) => setTimeout(resolve, 50))]);
    expect(ended).toBe(false);
    expect(server.count("tasks/cancel")).toBe(0);
    expect(server.count("tasks/get")).toBeLessThanOrEqual(polls + 1);
  });

  it("survives a server that is away for a while", async () => {
    let polls = 0;
    const server = await modern([], {
      "tasks/get": (response, { id }) => {
        polls += 1;
        if (polls < 4) response.writeHead(503).end();
        else json(response, { jsonrpc: "2.0", id, result: { resultType: "complete", ...task("completed", { result: text("done") }) } });
      },
    });
    const { host, act } = hostOf(server);
    expect((await inTime(host, act())).outcome).toBe("ok");
    const dead = hostOf(await modern([], { "tasks/get": (response) => response.writeHead(503).end() }));
    expect((await inTime(dead.host, dead.act(), 30_000)).outcome).toBe("unknown");
  });

  it("whose sign-in is over meanwhile asks for one, and is asked for again after it", async () => {
    const unauthorized: Answer = (response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end();
    const server = await modern([], { "tasks/get": unauthorized });
    const settings = {
      key: "long",
      name: "Long",
      url: server.url,
      auth: { kind: "oauth" },
      connectTimeoutMs: NEVER_MS,
      callTimeoutMs: NEVER_MS,
    } as const;
    const signIns = new HandSignIns();
    signIns.tokens.set("ada", "first");
    const host = testHost([settings], { authorizations: signIns });
    open.push(server, host);
    const act = anyToolOf(await host.open("conversation-1", { method: "personal", customerId: "ada" }), "long__act");
    expect(await inTime(host, act.call({}, callContext()))).toMatchObject({
      outcome: "needs-connection",
      need: { serverName: "Long", reason: "expired" },
    });
    signIns.tokens.set("ada", "second");
    server.script["tasks/get"] = answering(() => task("completed", { result: text("done") }));
    const continuation = { kind: "task", task: { taskId: "task-1", pollMs: 250 } } as const;
    expect(await inTime(host, act.call({}, callContext({ continuation })))).toMatchObject({ outcome: "ok" });
    expect(server.count("tools/call")).toBe(1);
  });

  it("is polled no faster than we want, whatever the server says", async () => {
    const server = await modern([task("working", { pollIntervalMs: 0 })]);
    const { host, act } = hostOf(server);
    const stop = new AbortController();
    const calling = act({ signal: stop.signal });
    await waitFor(() => server.count("tools/call") === 1);
    for (let step = 0; step < 20; step += 1) {
      host.advance(10);
      await new Promise(setImmediate);
    }
    expect(server.count("tasks/get")).toBeLessThanOrEqual(2);
    stop.abort("stop");
    await inTime(host, calling);
  });
});

describe("a call that becomes a task in the form of 2025-11-25", () => {
  it("is made one only where the tool takes it, and its result is asked for in the end", async () => {
    const server = await legacy([task("working"), task("completed")], result(text("done")));
    const { host, act } = hostOf(server);
    expect(await inTime(host, act())).toEqual({ outcome: "ok", content: [{ kind: "text", text: "done" }] });
    expect((await act({}, "plain")).content).toEqual([{ kind: "text", text: "at once" }]);
    expect(server.count("tasks/get")).toBe(2);
    expect(server.count("tasks/result")).toBe(1);
  });

  it("that failed is told so", async () => {
    const failed = task("failed", { statusMessage: "Out of paper" });
    const server = await legacy([failed], (response, { id }) =>
      json(response, { jsonrpc: "2.0", id, error: { code: -32603, message: "nothing" } }),
    );
    const { host, act } = hostOf(server);
    expect(await inTime(host, act())).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: "Out of paper" }] });
  });

  it("is cancelled with its own request, not with that of the call", async () => {
    const server = await legacy([task("working")], result({}));
    const { host, act } = hostOf(server);
    const stop = new AbortController();
    const calling = inTime(host, act({ signal: stop.signal }));
    await waitFor(() => server.count("tasks/get") > 0);
    stop.abort("stop");
    expect((await calling).outcome).toBe("cancelled");
    expect(server.count("tasks/cancel")).toBe(1);
    expect(server.count("notifications/cancelled")).toBeLessThanOrEqual(1);
  });
});
