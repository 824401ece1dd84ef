import { describe, expect, test } from "vitest";
import type { SamplingAnswer, SamplingRequest } from "../../server/conversation/ports/tools.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions } from "../support/desk-harness.ts";
import { callTools, say, type Script, textResult, type ToolScript } from "../support/desk-scripts.ts";
import { heard, rested, written } from "../support/desk-waits.ts";
import { openBooking } from "./booking.ts";

const ASKED: SamplingRequest = {
  kind: "sampling",
  system: "Be short.",
  messages: [{ role: "user", text: "Say it in French" }],
  maxTokens: 100,
  tokenBudget: 1_000,
};

let desk: Harness;

/** The desk's own turn calls a tool once; what a server asks the same model for is recognised by its words. */
const script: Script = (request) => {
  if (request.messages.some((message) => message.text.includes("French"))) return say("Bonjour");
  const [last] = request.messages.slice(-1);
  return last?.role === "tool" ? say(`Read: ${last.text}`) : callTools({ name: "orders__book", arguments: {} });
};

const open = async (run: ToolScript["run"], change: Partial<HarnessOptions> = {}) =>
  void (desk = await openBooking(run, { script, ...change }));

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

  test("whose results are not kept leaves no word of its question, or of the answer, in the journal", async () => {
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

  test("learns that the model failed", async () => {
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
    await desk.desk.decide(CUSTOMER, "input-decide", { conversationId: CONVERSATION, requestId, action: "accept", content: {} });
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
