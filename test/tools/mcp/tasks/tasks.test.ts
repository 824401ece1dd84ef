import { describe, expect, it } from "vitest";
import type { InputRequest, TaskHandle } from "../../../../server/conversation/ports/tools.ts";
import { opened } from "../../../support/mcp-opened.ts";
import { HandSignIns } from "../../../support/mcp-directory.ts";
import { anyToolOf, callContext, longAfter, testHost } from "../../../support/mcp-host.ts";
import { answering } from "../../../support/mcp-modern-script.ts";
import { json, type Answer } from "../../../support/mcp-scripted-server.ts";
import { extensionServer, gone, inTime, task, taskHost, text, type State } from "../../../support/mcp-task-host.ts";
import { waitFor } from "../../../support/wait-for.ts";

const NEVER_MS = 1_000_000_000;

describe("a call that becomes a task of the extension", () => {
  it("is told before it is asked for, reports what it does, and ends with its result", async () => {
    const server = await extensionServer([task("working", { statusMessage: "Half way" }), task("completed", { result: text("done") })]);
    const { host, act } = taskHost(server);
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
    const server = await extensionServer([waiting, waiting, waiting, task("completed", { result: text("done") })]);
    const { host, act } = taskHost(server);
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
    const server = await extensionServer([task("working"), task("completed", { result: text("done") })]);
    const { host, act } = taskHost(server);
    const continuation = { kind: "task", task: { taskId: "task-1", pollMs: 250, keptUntil: Date.now() + 3_600_000 } } as const;
    expect((await inTime(host, act({ continuation }))).outcome).toBe("ok");
    expect(server.count("tools/call")).toBe(0);
  });

  it("fails with its error, and with a result that says so", async () => {
    const failing = taskHost(await extensionServer([task("failed", { error: { code: -32603, message: "Out of paper" } })]));
    expect(await inTime(failing.host, failing.act())).toMatchObject({
      outcome: "failed",
      content: [{ kind: "text", text: "Out of paper" }],
    });
    const sorry = taskHost(await extensionServer([task("completed", { result: { ...text("Sold out"), isError: true } })]));
    expect(await inTime(sorry.host, sorry.act())).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: "Sold out" }] });
    const cancelled = taskHost(await extensionServer([task("cancelled", { statusMessage: "by the shop" })]));
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
    const { host, act } = taskHost(await extensionServer(states));
    const done = await inTime(host, act());
    expect(done.outcome).toBe("unknown");
    expect(JSON.stringify(done)).not.toContain("not yours");
  });

  it.each([
    ["another task", { resultType: "task", ...task("working", { taskId: "task-2" }) }],
    ["more questions", { resultType: "input_required", requestState: "again" }],
    ["no result", { content: "everything" }],
  ] as [string, State][])("that ends with %s has an unknown end, and is not asked for again", async (_, ending) => {
    const server = await extensionServer([task("completed", { result: ending })]);
    const { host, act } = taskHost(server);
    expect(await inTime(host, act())).toMatchObject({ outcome: "unknown" });
    expect(server.count("tasks/get")).toBe(1);
  });

  it("that never ends is given up when the server no longer keeps it, and cancelled", async () => {
    const server = await extensionServer([task("working")]);
    const { host, act } = taskHost(server);
    const done = await inTime(host, act(), 60_000);
    expect(done).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("did not end") as string });
    expect(server.count("tasks/cancel")).toBe(1);
  });

  it("is cancelled by Stop", async () => {
    const server = await extensionServer([task("working")]);
    const { host, act } = taskHost(server);
    const stop = new AbortController();
    const calling = inTime(host, act({ signal: stop.signal }));
    await waitFor(() => server.count("tasks/get") > 1);
    stop.abort("stop");
    expect((await calling).outcome).toBe("cancelled");
    expect(server.count("tasks/cancel")).toBe(1);
  });

  it("goes on when the process leaves: nothing is cancelled, and nobody takes it for ended", async () => {
    const server = await extensionServer([task("working")]);
    const { host, act } = taskHost(server);
    const leave = new AbortController();
    let ended = false;
    void act({ signal: leave.signal }).then(() => (ended = true));
    const run = setInterval(() => host.advance(1_000), 2);
    await waitFor(() => server.count("tasks/get") > 1);
    leave.abort("shutdown");
    const polls = server.count("tasks/get");
    await host.close();
    clearInterval(run);
    await longAfter(host);
    expect(ended).toBe(false);
    expect(server.count("tasks/cancel")).toBe(0);
    expect(server.count("tasks/get")).toBeLessThanOrEqual(polls + 1);
  });

  it("survives a server that is away for a while", async () => {
    let polls = 0;
    const server = await extensionServer([], {
      "tasks/get": (response, { id }) => {
        polls += 1;
        if (polls < 4) response.writeHead(503).end();
        else json(response, { jsonrpc: "2.0", id, result: { resultType: "complete", ...task("completed", { result: text("done") }) } });
      },
    });
    const { host, act } = taskHost(server);
    expect((await inTime(host, act())).outcome).toBe("ok");
    const dead = taskHost(await extensionServer([], { "tasks/get": (response) => response.writeHead(503).end() }));
    expect((await inTime(dead.host, dead.act(), 30_000)).outcome).toBe("unknown");
  });

  it("whose sign-in is over meanwhile asks for one, and is asked for again after it", async () => {
    const unauthorized: Answer = (response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end();
    const server = await extensionServer([], { "tasks/get": unauthorized });
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
    opened(server);
    opened(host);
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
    const server = await extensionServer([task("working", { pollIntervalMs: 0 })]);
    const { host, act } = taskHost(server);
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
