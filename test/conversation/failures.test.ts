import { expect, test } from "vitest";
import { ModelError, type ModelPart } from "../../server/conversation/ports/model.ts";
import type { ToolResult } from "../../server/conversation/ports/tools.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

const openAllowed = (options: HarnessOptions) => openDesk({ permissions: { "*": alwaysAllow }, ...options });
const ended = async (desk: Harness) => (await desk.journal()).findLast((event) => event.type === "turn-ended");
const calls = async (desk: Harness) => (await desk.journal()).filter((event) => event.type === "tool-call-ended");

test.each([
  ["misconfigured", "model-misconfigured"],
  ["rate-limited", "model-busy"],
  ["overloaded", "model-busy"],
  ["unreachable", "model-unavailable"],
  ["refused", "model-refused"],
  ["context-overflow", "context-too-long"],
] as const)("a model that is %s ends the turn as %s, with the cause for staff", async (kind, error) => {
  const desk = await openAllowed({
    script: () => {
      throw new ModelError(kind, "the cause");
    },
  });
  await desk.ask("Hi");
  expect(await ended(desk)).toMatchObject({ outcome: "failed", error, cause: "the cause" });
});

test("a stream that breaks half-way keeps what was said, and can be tried again", async () => {
  const desk = await openAllowed({
    script: async function* (_request, step): AsyncGenerator<ModelPart> {
      if (step > 1) return yield* say("Whole.");
      yield { type: "text", text: "Half" };
      throw new ModelError("broken", "reset");
    },
  });
  const first = await desk.ask("Hi");
  expect(first.find((event) => event.type === "step-ended")).toMatchObject({ text: "Half", cut: "broken" });
  const failed = await ended(desk);
  if (failed?.type !== "turn-ended") throw new Error("The turn did not end.");
  expect(failed).toMatchObject({ error: "answer-broken" });
  const again = await Promise.all([1, 2].map(() => desk.desk.retry(CUSTOMER, { conversationId: CONVERSATION, turnId: failed.turnId })));
  await desk.turnsEnded(2);
  await desk.ask("And now?");
  expect(again.length).toBe(2);
  expect((await desk.journal()).filter((event) => event.type === "turn-started")).toHaveLength(3);
  expect((await desk.journal()).findLast((event) => event.type === "step-ended")).toMatchObject({ text: "Whole." });
  expect(desk.requests[1]?.messages.map((message) => message.role)).toEqual(["system", "user", "assistant", "user"]);
});

test("malformed arguments get one repair round, then a refusal", async () => {
  const desk = await openAllowed({
    script: (_request, step) => (step <= 2 ? callTools({ name: "orders__lookup", arguments: '{"id": 10' }) : say("It did not work.")),
    tools: [{ tool: "lookup", run: () => textResult("never") }],
  });
  await desk.ask("Where?");
  const [first, second] = await calls(desk);
  expect(first).toMatchObject({ refusal: "invalid-arguments", text: expect.stringContaining("call the tool once more") });
  expect(second).toMatchObject({ refusal: "invalid-arguments", text: expect.stringContaining("Do not call this tool again") });
  expect(await ended(desk)).toMatchObject({ outcome: "done" });
});

test("an unknown tool, and one of a server that is no connector, are refused", async () => {
  const desk = await openAllowed({
    script: (_request, step) => (step === 1 ? callTools({ name: "orders__nothing", arguments: {} }) : say("Sorry.")),
    tools: [{ tool: "lookup", run: () => textResult("x") }],
  });
  await desk.ask("Where?");
  expect((await calls(desk))[0]).toMatchObject({ outcome: "refused", refusal: "unknown-tool" });
});

test("a call of a tool that is not there is answered with the server that it was meant for", async () => {
  const desk = await openAllowed({
    script: (_request, step) =>
      step === 1
        ? callTools(
            { name: "orders__nothing", arguments: { order: 1 } },
            { name: "stock__count", arguments: {} },
            { name: "stock__room__of", arguments: {} },
            { name: "http__post", arguments: {} },
            { name: "orders__", arguments: {} },
            { name: "elsewhere__x", arguments: {} },
            { name: "frontdesk__x", arguments: {} },
          )
        : say("Sorry."),
    tools: [{ tool: "lookup", run: () => textResult("x") }],
    assistant: {
      connectors: [
        { server: "orders", permissions: {} },
        { server: "stock", permissions: {} },
        { server: "stock__room", permissions: {} },
      ],
    },
    unavailable: [{ server: "stock", serverName: "Our stock", cause: "down" }],
  });
  const events = await desk.ask("Where?");
  const asked = events.flatMap((event) => (event.type === "tool-call-proposed" ? [event.tool] : []));
  expect(asked).toEqual([
    { source: "mcp", server: "orders", serverName: "Orders", tool: "nothing", title: "nothing" },
    { source: "mcp", server: "stock", serverName: "Our stock", tool: "count", title: "count" },
    { source: "mcp", server: "stock__room", serverName: "stock__room", tool: "of", title: "of" },
    { source: "http", server: "http", serverName: "http", tool: "post", title: "post" },
    { source: "mcp", server: "orders", serverName: "Orders", tool: "orders__", title: "orders__" },
    { source: "host", server: "unknown", serverName: "", tool: "elsewhere__x", title: "elsewhere__x" },
    { source: "host", server: "unknown", serverName: "", tool: "frontdesk__x", title: "frontdesk__x" },
  ]);
  expect(await calls(desk)).toHaveLength(7);
});

test("the last step may not call tools, and a call all the same is refused", async () => {
  const desk = await openAllowed({
    script: () => callTools({ name: "orders__lookup", arguments: {} }),
    tools: [{ tool: "lookup", run: () => textResult("x") }],
    assistant: { maxSteps: 3, connectors: [{ server: "orders", permissions: { "*": alwaysAllow } }] },
  });
  await desk.ask("Loop");
  expect(desk.requests.map((request) => request.toolChoice)).toEqual(["auto", "auto", "none"]);
  expect((await calls(desk)).at(-1)).toMatchObject({ refusal: "step-limit" });
  expect(await ended(desk)).toMatchObject({ outcome: "done" });
});

test("two calls of one step run at the same time", async () => {
  let running = 0;
  let most = 0;
  let release = () => {};
  const both = new Promise<void>((resolve) => (release = resolve));
  const run = async (): Promise<ToolResult> => {
    running += 1;
    most = Math.max(most, running);
    if (running === 2) release();
    await both;
    return textResult("x");
  };
  const desk = await openAllowed({
    script: (_request, step) =>
      step === 1 ? callTools({ name: "orders__a", arguments: {} }, { name: "orders__b", arguments: {} }) : say("Both."),
    tools: [
      { tool: "a", run },
      { tool: "b", run },
    ],
  });
  await desk.ask("Both");
  expect(most).toBe(2);
});

test("a turn over its time is ended, its call told to cancel", async () => {
  let aborted = false;
  const desk = await openAllowed({
    script: () => callTools({ name: "orders__slow", arguments: {} }),
    tools: [
      {
        tool: "slow",
        run: (_input, context) =>
          new Promise<ToolResult>((resolve) =>
            context.signal.addEventListener("abort", () => ((aborted = true), resolve({ outcome: "cancelled", content: [] }))),
          ),
      },
    ],
    assistant: { turnTimeoutMs: 60, connectors: [{ server: "orders", permissions: { "*": alwaysAllow } }] },
  });
  await desk.ask("Slow");
  expect(aborted).toBe(true);
  expect(await ended(desk)).toMatchObject({ outcome: "failed", error: "time-limit" });
});

test("a turn over its tokens is ended", async () => {
  const desk = await openAllowed({
    script: () => callTools({ name: "orders__lookup", arguments: {} }),
    tools: [{ tool: "lookup", run: () => textResult("x") }],
    assistant: { turnTokens: 20, connectors: [{ server: "orders", permissions: { "*": alwaysAllow } }] },
  });
  await desk.ask("Loop");
  expect(await ended(desk)).toMatchObject({ outcome: "failed", error: "token-limit" });
});

test("a server that is down costs its tools and a note", async () => {
  const desk = await openAllowed({
    script: () => say("Without."),
    unavailable: [{ server: "orders", serverName: "Orders", cause: "refused" }],
  });
  const journal = await desk.ask("Hi");
  expect(journal.filter((event) => event.type === "tools-unavailable")).toHaveLength(1);
  expect(await ended(desk)).toMatchObject({ outcome: "done" });
});

test("an unforeseen fault ends the turn, and the next message is answered", async () => {
  const desk = await openAllowed({
    script: (_request, step) => (step === 1 ? callTools({ name: "orders__lookup", arguments: {} }) : say("Fine.")),
    tools: [
      {
        tool: "lookup",
        run: () => {
          throw new Error("a bug in an adapter");
        },
      },
    ],
  });
  await desk.ask("Hi");
  expect((await calls(desk))[0]).toMatchObject({ outcome: "unknown" });
  await desk.ask("Still there?");
  expect(await ended(desk)).toMatchObject({ outcome: "done" });
});
