import { afterEach, describe, expect, test } from "vitest";
import type { SamplingAnswer, SamplingRequest } from "../../server/conversation/ports/tools.ts";
import { alwaysAllow, disabled, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openHarness } from "../support/desk-harness.ts";
import { callTools, say, type Script, textResult, type ToolScript } from "../support/desk-scripts.ts";
import { heard, rested, send, written } from "../support/desk-waits.ts";

const ASKED: SamplingRequest = {
  kind: "sampling",
  system: "Be short.",
  messages: [{ role: "user", text: "Say it in French" }],
  maxTokens: 100,
  tokenBudget: 1_000,
};

let desk: Harness;
afterEach(() => desk.close());

/** The desk's own turn calls a tool once; what a server asks the same model for is told apart by its words. */
const script: Script = (request) => {
  if (request.messages.some((message) => message.text.includes("French"))) return say("Bonjour");
  const [last] = request.messages.slice(-1);
  return last?.role === "tool" ? say(`Read: ${last.text}`) : callTools({ name: "orders__book", arguments: {} });
};

async function open(run: ToolScript["run"], change: Partial<HarnessOptions> = {}): Promise<void> {
  desk = await openHarness({
    script,
    tools: [{ tool: "book", run }],
    ...change,
    assistant: { connectors: [{ server: "orders", permissions: { "*": alwaysAllow } }], ...change.assistant },
  });
  await send(desk, "Book it");
}

const samples =
  (request: SamplingRequest, answers: SamplingAnswer[] = []): ToolScript["run"] =>
  async (_input, context) => {
    answers.push(await context.sample(request));
    return textResult("done");
  };

describe("a server that lets our model say something", () => {
  test("gets its words, and all of it is in the journal", async () => {
    const answers: SamplingAnswer[] = [];
    await open(samples(ASKED, answers));
    await desk.turnsEnded(1);
    expect(answers).toEqual([{ kind: "sampled", model: "scripted", text: "Bonjour", stopReason: "endTurn" }]);
    expect(await written(desk, "sampling-ended")).toEqual([
      expect.objectContaining({
        server: "orders",
        outcome: "ok",
        prompt: "system: Be short.\nuser: Say it in French",
        text: "Bonjour",
        usage: { inputTokens: 10, outputTokens: 5 },
      }),
    ]);
  });

  test("gets no tools and not a word of the conversation", async () => {
    await open(samples(ASKED));
    await desk.turnsEnded(1);
    const request = desk.requests.find((one) => one.messages.some((message) => message.text.includes("French")));
    expect(request?.tools).toEqual([]);
    expect(request?.maxOutputTokens).toBe(100);
    expect(JSON.stringify(request?.messages)).not.toContain("Book it");
    expect(JSON.stringify(request?.messages)).not.toContain("You help.");
  });

  test("is refused where its owner did not allow it, and that is in the journal too", async () => {
    const answers: SamplingAnswer[] = [];
    await open(samples({ ...ASKED, tokenBudget: 0 }, answers));
    await desk.turnsEnded(1);
    expect(answers).toEqual([{ kind: "refused", cause: expect.stringContaining("not allowed") }]);
    expect(await written(desk, "sampling-ended")).toEqual([expect.objectContaining({ outcome: "refused" })]);
    expect(desk.requests.some((one) => one.messages.some((message) => message.text.includes("French")))).toBe(false);
  });

  test("is cut to what its budget for one call has left, and refused when that is nothing", async () => {
    const answers: SamplingAnswer[] = [];
    await open(async (_input, context) => {
      for (let count = 0; count < 4; count += 1) answers.push(await context.sample({ ...ASKED, tokenBudget: 75 }));
      return textResult("done");
    });
    await desk.turnsEnded(1);
    // Each one counts 15, and the prompt of the next has to fit beside its answer.
    expect(answers.map((answer) => answer.kind)).toEqual(["sampled", "sampled", "sampled", "refused"]);
    const limits = desk.requests.filter((one) => one.tools.length === 0).map((one) => one.maxOutputTokens);
    expect(limits).toEqual(limits.toSorted((a, b) => b - a));
    expect(limits[0]).toBeLessThan(75);
  });

  test("of which no result is kept leaves no word of what it asked in the journal, nor of what it was told", async () => {
    const answers: SamplingAnswer[] = [];
    await open(samples({ ...ASKED, keep: "none" }, answers));
    await desk.turnsEnded(1);
    expect(answers).toEqual([expect.objectContaining({ kind: "sampled", text: "Bonjour" })]);
    const [ended] = await written(desk, "sampling-ended");
    expect(ended).toMatchObject({ outcome: "ok", usage: { inputTokens: 10 } });
    expect(JSON.stringify(ended)).not.toMatch(/French|Bonjour/);
  });

  test("counts against what the answer may use", async () => {
    await open(samples(ASKED), { assistant: { turnTokens: 30 } });
    await desk.turnsEnded(1);
    expect(await written(desk, "sampling-ended")).toEqual([expect.objectContaining({ outcome: "refused" })]);
  });

  test("is told when the model fails", async () => {
    const answers: SamplingAnswer[] = [];
    await open(samples(ASKED, answers), {
      script: (request, step, signal) => {
        if (request.messages.some((message) => message.text.includes("French"))) throw new Error("the wire broke");
        return script(request, step, signal);
      },
    });
    await desk.turnsEnded(1);
    expect(answers).toEqual([{ kind: "refused", cause: expect.stringContaining("wire broke") }]);
    expect(await written(desk, "sampling-ended")).toEqual([expect.objectContaining({ outcome: "failed" })]);
  });

  test("is answered beside the questions to a person when its call pauses", async () => {
    const runs: unknown[] = [];
    await open((_input, { continuation }) => {
      runs.push(continuation);
      if (continuation !== undefined) return textResult("done");
      return { outcome: "paused", inputs: { words: ASKED, go: { kind: "form", message: "Go?", fields: [] } } };
    });
    const { requestId } = await heard(desk, "input-requested");
    await rested(desk);
    expect(await written(desk, "sampling-ended")).toHaveLength(1);
    desk = await desk.crash();
    await desk.desk.decideInput(CUSTOMER, { conversationId: CONVERSATION, requestId, action: "accept", content: {} });
    await desk.turnsEnded(1);
    expect(runs[1]).toEqual({
      kind: "answers",
      answers: {
        words: { kind: "sampled", model: "scripted", text: "Bonjour", stopReason: "endTurn" },
        go: { kind: "input", action: "accept", content: {} },
      },
    });
    expect(await written(desk, "sampling-ended")).toHaveLength(1);
  });
});

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
      { assistant: { connectors: [{ server: "orders", permissions: { "*": needsApproval } }] } },
    );
    const { approvalId, argumentsHash } = await heard(desk, "approval-requested");
    await desk.desk.decideApproval(CUSTOMER, {
      conversationId: CONVERSATION,
      approvalId,
      argumentsHash,
      decision: "approved",
      scope: "once",
    });
    const { requestId } = await heard(desk, "connection-requested");
    await desk.connected({ conversationId: CONVERSATION, requestId });
    await desk.turnsEnded(1);
    expect(runs).toEqual([undefined, "task"]);
    expect(await written(desk, "approval-requested")).toHaveLength(1);
  });

  test("of which the customer does not sign in again has an unknown end, not a refused one", async () => {
    await open(async (_input, { onTask }) => {
      await onTask({ taskId: "task-1", pollMs: 50 });
      return { outcome: "needs-connection", need: { server: "orders", serverName: "Orders", scopes: [], reason: "expired" } };
    });
    const { requestId } = await heard(desk, "connection-requested");
    await desk.desk.decideConnection(CUSTOMER, { conversationId: CONVERSATION, requestId, decision: "skipped" });
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
