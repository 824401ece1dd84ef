import { describe, expect, it } from "vitest";
import { json, result } from "../../../support/mcp-scripted-server.ts";
import { inTime, legacyTaskServer, task, taskHost, text } from "../../../support/mcp-task-host.ts";
import { waitFor } from "../../../support/wait-for.ts";

describe("a call that becomes a task in the form of 2025-11-25", () => {
  it("is made one only where the tool takes it, and its result is asked for in the end", async () => {
    const server = await legacyTaskServer([task("working"), task("completed")], result(text("done")));
    const { host, act } = taskHost(server);
    expect(await inTime(host, act())).toEqual({ outcome: "ok", content: [{ kind: "text", text: "done" }] });
    expect((await act({}, "plain")).content).toEqual([{ kind: "text", text: "at once" }]);
    expect(server.count("tasks/get")).toBe(2);
    expect(server.count("tasks/result")).toBe(1);
  });

  it("that failed is told so", async () => {
    const failed = task("failed", { statusMessage: "Out of paper" });
    const server = await legacyTaskServer([failed], (response, { id }) =>
      json(response, { jsonrpc: "2.0", id, error: { code: -32603, message: "nothing" } }),
    );
    const { host, act } = taskHost(server);
    expect(await inTime(host, act())).toMatchObject({ outcome: "failed", content: [{ kind: "text", text: "Out of paper" }] });
  });

  it("is cancelled with its own request, not with that of the call", async () => {
    const server = await legacyTaskServer([task("working")], result({}));
    const { host, act } = taskHost(server);
    const stop = new AbortController();
    const calling = inTime(host, act({ signal: stop.signal }));
    await waitFor(() => server.count("tasks/get") > 0);
    stop.abort("stop");
    expect((await calling).outcome).toBe("cancelled");
    expect(server.count("tasks/cancel")).toBe(1);
    expect(server.count("notifications/cancelled")).toBeLessThanOrEqual(1);
  });
});
