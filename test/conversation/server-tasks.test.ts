import { describe, expect, test } from "vitest";
import { disabled, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness } from "../support/desk-harness.ts";
import { textResult, type ToolScript } from "../support/desk-scripts.ts";
import { decision, heard, send, written } from "../support/desk-waits.ts";
import { openBooking } from "./booking.ts";

let desk: Harness;
const open = async (...parts: Parameters<typeof openBooking>) => void (desk = await openBooking(...parts));

describe("a call that its server took as a task", () => {
  const never = new Promise<never>(() => {});

  test("is asked for its end by the next process, and not made again", async () => {
    const runs: unknown[] = [];
    const run: ToolScript["run"] = async (_input, { continuation, onTask }) => {
      runs.push(continuation);
      if (continuation !== undefined) return textResult("finished");
      await onTask({ taskId: "task-1", pollMs: 50, keptUntil: 12 });
      return never;
    };
    await open(run);
    await heard(desk, "tool-call-task");
    desk = await desk.crash();
    await desk.turnsEnded(1);
    expect(runs).toEqual([undefined, { kind: "task", task: { taskId: "task-1", pollMs: 50, keptUntil: 12 } }]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok", text: "finished" })]);
    expect(await written(desk, "tool-call-started")).toHaveLength(1);
  });

  test("is polled only once that is in the journal", async () => {
    let known: readonly unknown[] = [];
    await open(async (_input, { onTask }) => {
      await onTask({ taskId: "task-1", pollMs: 50 });
      known = await written(desk, "tool-call-task");
      return textResult("finished");
    });
    await desk.turnsEnded(1);
    expect(known).toHaveLength(1);
  });

  test("costs the turn's time limit nothing, but has one of its own", async () => {
    let finish = (): void => {};
    const reasons: unknown[] = [];
    await open(
      async (_input, { onTask, signal }) => {
        await onTask({ taskId: "task-1", pollMs: 50 });
        return new Promise((resolve) => {
          finish = () => resolve(textResult("finished"));
          signal.addEventListener("abort", () => (reasons.push(signal.reason), resolve({ outcome: "cancelled", content: [] })));
        });
      },
      { assistant: { turnTimeoutMs: 60_000 } },
    );
    await heard(desk, "tool-call-task");
    desk.clock.forward(3_600_000);
    await send(desk, "Are you there?", "message-two");
    finish();
    await desk.turnsEnded(1);
    expect(await written(desk, "turn-ended")).toEqual([expect.objectContaining({ outcome: "done" })]);
    expect(reasons).toEqual([]);
    await heard(desk, "tool-call-task", 2);
    desk.clock.forward(25 * 3_600_000);
    await send(desk, "And now?", "message-three");
    await heard(desk, "turn-ended", 2);
    expect(reasons).toEqual(["time"]);
  });

  test("does not hold up a shutdown, and is left alone by it", async () => {
    const reasons: unknown[] = [];
    await open(async (_input, { continuation, onTask, signal }) => {
      if (continuation !== undefined) return textResult("finished");
      signal.addEventListener("abort", () => reasons.push(signal.reason));
      await onTask({ taskId: "task-1", pollMs: 50 });
      return never;
    });
    await heard(desk, "tool-call-task");
    desk = await desk.restart();
    await desk.turnsEnded(1);
    expect(reasons).toEqual(["lease"]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok" })]);
  });

  test("whose server is gone when it is asked for ends unknown", async () => {
    await open(async (_input, { onTask }) => (await onTask({ taskId: "task-1", pollMs: 50 }), never));
    await heard(desk, "tool-call-task");
    desk.setTools([]);
    desk = await desk.crash();
    await desk.turnsEnded(1);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "unknown" })]);
  });

  test("and that needs a new sign-in to be asked for goes on with it, without another approval", async () => {
    const runs: unknown[] = [];
    await open(
      async (_input, { continuation, onTask }) => {
        runs.push(continuation?.kind);
        if (runs.length === 1) {
          await onTask({ taskId: "task-1", pollMs: 50 });
          return { outcome: "needs-connection", need: { server: "orders", serverName: "Orders", scopes: [], reason: "expired" } };
        }
        return textResult("finished");
      },
      { permissions: { "*": needsApproval } },
    );
    const asked = await heard(desk, "approval-requested");
    await desk.desk.decide(CUSTOMER, "approval-decide", decision(asked));
    const { requestId } = await heard(desk, "connection-requested");
    await desk.connected({ conversationId: CONVERSATION, requestId });
    await desk.turnsEnded(1);
    expect(runs).toEqual([undefined, "task"]);
    expect(await written(desk, "approval-requested")).toHaveLength(1);
  });

  test("whose customer does not sign in again has an unknown end, not a refused one", async () => {
    await open(async (_input, { onTask }) => {
      await onTask({ taskId: "task-1", pollMs: 50 });
      return { outcome: "needs-connection", need: { server: "orders", serverName: "Orders", scopes: [], reason: "expired" } };
    });
    const { requestId } = await heard(desk, "connection-requested");
    await desk.desk.decide(CUSTOMER, "connection-decide", { conversationId: CONVERSATION, requestId, decision: "skipped" });
    await desk.turnsEnded(1);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "unknown" })]);
  });

  describe.each<[string, () => void]>([
    ["switched off", () => desk.configure({ connectors: [{ server: "orders", permissions: { "*": disabled } }] })],
    ["changed", () => desk.setTools([{ tool: "book", description: "Another one", run: () => textResult("finished") }])],
  ])("whose tool was %s while the customer signed in again", (_how, change) => {
    test("is asked for its end all the same, since it runs all the same", async () => {
      const runs: unknown[] = [];
      await open(async (_input, { continuation, onTask }) => {
        runs.push(continuation?.kind);
        if (runs.length > 1) return textResult("finished");
        await onTask({ taskId: "task-1", pollMs: 50 });
        return { outcome: "needs-connection", need: { server: "orders", serverName: "Orders", scopes: [], reason: "expired" } };
      });
      const { requestId } = await heard(desk, "connection-requested");
      change();
      await desk.connected({ conversationId: CONVERSATION, requestId });
      await desk.turnsEnded(1);
      expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "ok", text: "finished" })]);
    });
  });

  test("whose tool was taken away while the customer signed in again has an unknown end, not a refused one", async () => {
    await open(async (_input, { onTask }) => {
      await onTask({ taskId: "task-1", pollMs: 50 });
      return { outcome: "needs-connection", need: { server: "orders", serverName: "Orders", scopes: [], reason: "expired" } };
    });
    const { requestId } = await heard(desk, "connection-requested");
    desk.setTools([]);
    await desk.connected({ conversationId: CONVERSATION, requestId });
    await desk.turnsEnded(1);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "unknown" })]);
  });

  test("is told to cancel by Stop", async () => {
    const reasons: unknown[] = [];
    await open(
      (_input, { onTask, signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => (reasons.push(signal.reason), resolve({ outcome: "cancelled", content: [] })));
          void onTask({ taskId: "task-1", pollMs: 50 });
        }),
    );
    const { turnId } = await heard(desk, "tool-call-task");
    await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId });
    await desk.turnsEnded(1);
    expect(reasons).toEqual(["stop"]);
    expect(await written(desk, "tool-call-ended")).toEqual([expect.objectContaining({ outcome: "cancelled" })]);
  });
});
