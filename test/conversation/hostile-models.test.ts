import { describe, expect, test } from "vitest";
import { parseArguments } from "../../server/conversation/turn/parse-arguments.ts";
import { ProgressPace } from "../../server/conversation/turn/progress-pace.ts";
import { alwaysAllow, needsApproval } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

const openAllowed = (options: HarnessOptions) => openDesk({ permissions: { "*": alwaysAllow }, ...options });

/** A model that makes `calls` once, and a tool that counts. */
async function countingDesk(calls: Parameters<typeof callTools>): Promise<{ desk: Harness; ran: unknown[] }> {
  const ran: unknown[] = [];
  const desk = await openAllowed({
    script: (_request, step) => (step === 1 ? callTools(...calls) : say("Done.")),
    tools: [{ tool: "pay", run: (input) => (ran.push(input), textResult("paid")) }],
  });
  return { desk, ran };
}

test("a call that is said twice under one id is made once", async () => {
  const call = { name: "orders__pay", arguments: { amount: 5 }, id: "same" };
  const { desk, ran } = await countingDesk([call, call]);
  await desk.ask("Pay");
  expect(ran).toEqual([{ amount: 5 }]);
});

test("two different calls under one id get ids of their own, so that each finds its result", async () => {
  const { desk, ran } = await countingDesk([
    { name: "orders__pay", arguments: { amount: 5 }, id: "same" },
    { name: "orders__pay", arguments: { amount: 6 }, id: "same" },
  ]);
  await desk.ask("Pay");
  expect(ran).toHaveLength(2);
  const results = desk.requests[1]?.messages.flatMap((message) => (message.role === "tool" ? [message.modelCallId] : []));
  expect(new Set(results).size).toBe(2);
});

test("a model that wants thousands of calls at once gets none of them", async () => {
  const { desk, ran } = await countingDesk(
    Array.from({ length: 5_000 }, (_, index) => ({ name: "orders__pay", arguments: { index }, id: `call-${index}` })),
  );
  const events = await desk.ask("Pay");
  expect(ran).toEqual([]);
  expect(events.at(-1)).toMatchObject({
    type: "turn-ended",
    outcome: "failed",
    cause: expect.stringContaining("more than 64 calls") as string,
  });
  expect(events.length).toBeLessThan(10);
});

test.each([
  ["nested too deep", `{"n":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ["of many megabytes", JSON.stringify({ n: "x".repeat(10_000_000) })],
])("arguments %s are refused to the model, and nothing runs", async (_what, text) => {
  const { desk, ran } = await countingDesk([{ name: "orders__pay", arguments: text }]);
  const events = await desk.ask("Pay");
  expect(ran).toEqual([]);
  expect(events.find((event) => event.type === "tool-call-ended")).toMatchObject({ outcome: "refused", refusal: "invalid-arguments" });
  expect(events.at(-1)).toMatchObject({ type: "turn-ended", outcome: "done" });
  expect(JSON.stringify(events).length).toBeLessThan(20_000);
});

test("arguments with names of every object's own are data", () => {
  const parsed = parseArguments('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
  expect(Object.keys(parsed ?? {})).toEqual(["__proto__", "constructor"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test.each(["", "a b\u0000\u202E<b>", "x".repeat(100_000), "__proto__"])(
  "a tool's name that the model made up goes into later prompts as providers take it (%#)",
  async (name) => {
    const { desk } = await countingDesk([{ name, arguments: {} }]);
    const events = await desk.ask("Pay");
    expect(events.find((event) => event.type === "tool-call-ended")).toMatchObject({ refusal: "unknown-tool" });
    const said = desk.requests[1]?.messages.find((message) => message.role === "assistant");
    expect(said?.role === "assistant" ? said.toolCalls[0]?.name : "").toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  },
);

test("a made-up name that looks like a tool's when it is cleaned does not run it", async () => {
  const { desk, ran } = await countingDesk([
    { name: "orders  pay", arguments: {} },
    { name: "orders__pay ", arguments: {} },
  ]);
  await desk.ask("Pay");
  expect(ran).toEqual([]);
});

test("an answer without a word is said to have failed, not shown as empty", async () => {
  const desk = await openAllowed({ script: () => [{ type: "finish", reason: "stop", usage: {} }] });
  expect((await desk.ask("Hi")).at(-1)).toMatchObject({ type: "turn-ended", outcome: "failed", error: "answer-broken" });
});

test("a turn that fails for an unforeseen reason leaves no call open and no approval to give", async () => {
  const desk = await openAllowed({
    permissions: { pay: needsApproval, "*": alwaysAllow },
    script: () => callTools({ name: "orders__pay", arguments: {} }, { name: "orders__slow", arguments: {} }),
    tools: [
      { tool: "pay", run: () => textResult("paid") },
      // What the adapter gives back cannot be written down.
      { tool: "slow", run: () => ({ outcome: "ok", content: [{ kind: "text", text: 7n as unknown as string }] }) },
    ],
  });
  const events = await desk.ask("Pay").catch(() => desk.journal());
  expect(events.at(-1)).toMatchObject({ type: "turn-ended", outcome: "failed", error: "internal" });
  const asked = events.find((event) => event.type === "approval-requested");
  if (asked?.type !== "approval-requested") throw new Error("Nobody was asked.");
  expect(events.filter((event) => event.type === "tool-call-ended").map((event) => event.outcome)).toEqual(["refused", "unknown"]);
  const { approvalId, argumentsHash } = asked;
  const decision = { conversationId: CONVERSATION, approvalId, argumentsHash, decision: "approved", scope: "once" } as const;
  await expect(desk.desk.decide(CUSTOMER, "approval-decide", decision)).rejects.toMatchObject({ code: "already-decided" });
});

describe("progress", () => {
  test("is told at once, then the newest ten times a second, and not after the end", () => {
    const told: number[] = [];
    const timers: (() => void)[] = [];
    const pace = new ProgressPace<number>({ after: (_ms, callback) => (timers.push(callback), () => void timers.splice(0)) }, (value) =>
      told.push(value),
    );
    for (let value = 1; value <= 100_000; value += 1) pace.report(value);
    expect(told).toEqual([1]);
    timers.shift()?.();
    expect(told).toEqual([1, 100_000]);
    pace.report(100_001);
    pace.end();
    expect(timers).toEqual([]);
    expect(told).toEqual([1, 100_000]);
  });
});
