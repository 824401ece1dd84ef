import { describe, expect, test } from "vitest";
import type { Budget } from "../../server/conversation/ports/assistant.ts";
import { alwaysAllow, assistant } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callsOnce, say, textResult } from "../support/desk-scripts.ts";
import { heard, written } from "../support/desk-waits.ts";

const BUDGET: Budget = { warnAt: 0.8, stop: true, timeZone: "UTC" };
/** What one step of the scripted model takes. */
const STEP = 15;

describe("an assistant with a budget", () => {
  test("answers within it, then refuses new answers with a sentence, and asks no model", async () => {
    const desk = await openDesk({
      script: () => say("Hello."),
      budgets: true,
      assistant: { budget: { ...BUDGET, tokensPerDay: 2 * STEP } },
    });
    await desk.ask("One", "message-1");
    await desk.ask("Two", "message-2");
    await desk.ask("Three", "message-3");
    expect(desk.requests).toHaveLength(2);
    const ends = await written(desk, "turn-ended");
    expect(ends.map(({ outcome }) => outcome)).toEqual(["done", "done", "failed"]);
    expect(ends[2]).toMatchObject({
      error: "budget-reached",
      cause: `The budget tokensPerDay of ${2 * STEP} is used up: ${2 * STEP} is used.`,
    });
  });

  test("counts an answer that the customer stops: whoever stops each of them reaches the budget as well", async () => {
    const desk = await openDesk({
      script: async function* (_request, _step, signal) {
        yield { type: "text", text: "Once upon a time" };
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      },
      budgets: true,
      assistant: { budget: { ...BUDGET, tokensPerDay: 1 } },
    });
    await desk.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Tell me a story" });
    const { turnId } = await heard(desk, "turn-started");
    await desk.room.until((room) => room.texts.length > 0);
    await desk.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId });
    await desk.turnsEnded(1);
    await desk.ask("Another", "message-2");
    expect(desk.requests).toHaveLength(1);
    expect((await written(desk, "turn-ended")).at(-1)).toMatchObject({ error: "budget-reached" });
  });

  /** Says a little, and then nothing until it is stopped. */
  const endless: HarnessOptions["script"] = async function* (_request, _step, signal) {
    yield { type: "text", text: "Once upon a time" };
    await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
  };
  const tight = { budgets: true, assistant: { budget: { ...BUDGET, tokensPerDay: 1 } } } as const;
  const lastEnd = async (desk: Harness) => (await written(desk, "turn-ended")).at(-1);

  test("counts an answer that was stopped after a restart as well, and one that was stopped before its first word", async () => {
    const silent: HarnessOptions["script"] = async function* (_request, _step, signal) {
      yield* [];
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
    };
    for (const script of [endless, silent]) {
      const first = await openDesk({ script, ...tight });
      await first.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Tell me a story" });
      const { turnId } = await heard(first, "turn-started");
      await expect.poll(() => first.requests.length).toBe(1);
      await first.desk.stop(CUSTOMER, { conversationId: CONVERSATION, turnId });
      await first.turnsEnded(1);
      const second = await first.restart({ script: () => say("Hello.") });
      await second.ask("Another", "message-2");
      expect(second.requests).toEqual([]);
      expect(await lastEnd(second)).toMatchObject({ error: "budget-reached" });
    }
  });

  test.each(["crash", "restart"] as const)("counts a step that a %s cut, before it is asked for again", async (how) => {
    const first = await openDesk({ script: endless, ...tight });
    await first.desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Tell me a story" });
    await first.room.until((room) => room.texts.length > 0);
    const second = await first[how]({ script: () => say("Hello.") });
    await second.turnsEnded(1);
    expect(second.requests).toEqual([]);
    expect(await lastEnd(second)).toMatchObject({ error: "budget-reached" });
  });

  test("counts what a broken stream took, and an answer without a word", async () => {
    const scripts: readonly HarnessOptions["script"][] = [
      () => [{ type: "text", text: "Once" }],
      () => [{ type: "finish", reason: "stop", usage: { inputTokens: 10, outputTokens: 5 } }],
    ];
    for (const script of scripts) {
      const desk = await openDesk({ script, ...tight });
      await desk.ask("One", "message-1");
      await desk.ask("Two", "message-2");
      expect(desk.requests).toHaveLength(1);
      expect(await lastEnd(desk)).toMatchObject({ error: "budget-reached" });
    }
  });

  test("counts a draft for the staff after a restart as well", async () => {
    const first = await openDesk({
      script: () => say("Hello."),
      budgets: true,
      assistant: { budget: { ...BUDGET, tokensPerDay: 2 * STEP } },
    });
    await first.ask("One", "message-1");
    await first.people.draftReply(
      { kind: "person", id: "kim", name: "Kim" },
      { conversationId: CONVERSATION, signal: new AbortController().signal },
    );
    const second = await first.restart();
    await second.ask("Two", "message-2");
    expect(await lastEnd(second)).toMatchObject({ error: "budget-reached" });
  });

  test("drafts replies for the staff within it as well", async () => {
    const desk = await openDesk({
      script: () => say("Hello."),
      budgets: true,
      assistant: { budget: { ...BUDGET, tokensPerDay: 2 * STEP } },
    });
    await desk.ask("One", "message-1");
    const draft = () =>
      desk.people.draftReply(
        { kind: "person", id: "kim", name: "Kim" },
        { conversationId: CONVERSATION, signal: new AbortController().signal },
      );
    expect(await draft()).toEqual({ text: "Hello." });
    await expect(draft()).rejects.toMatchObject({ code: "draft-failed", detail: expect.stringContaining("is used up") });
    expect(desk.requests).toHaveLength(2);
  });

  test.each([
    ["given up", "Dear"],
    ["broken off because it is too long", "word ".repeat(2_000)],
  ])("counts a draft that is %s", async (_how, text) => {
    const desk = await openDesk({
      script: async function* (_request, step, signal) {
        if (step === 1) return yield* say("Hello.");
        yield { type: "text", text };
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      },
      budgets: true,
      assistant: { budget: { ...BUDGET, tokensPerDay: STEP + 1 } },
    });
    await desk.ask("One", "message-1");
    const draft = (signal: AbortSignal) =>
      desk.people.draftReply({ kind: "person", id: "kim", name: "Kim" }, { conversationId: CONVERSATION, signal });
    const given = new AbortController();
    const drafted = draft(given.signal).catch(() => undefined);
    await expect.poll(() => desk.requests.length).toBe(2);
    if (text === "Dear") given.abort();
    await drafted;
    await expect(draft(new AbortController().signal)).rejects.toMatchObject({ detail: expect.stringContaining("is used up") });
    expect(desk.requests).toHaveLength(2);
  });

  test("finishes an answer that has begun", async () => {
    const desk = await openDesk({
      script: callsOnce({ name: "orders__lookup", arguments: {} }),
      tools: [{ tool: "lookup", run: () => textResult("shipped") }],
      permissions: { lookup: alwaysAllow },
      budgets: true,
      assistant: { budget: { ...BUDGET, tokensPerDay: 1 } },
    });
    await desk.ask("Where is it?");
    expect(await written(desk, "turn-ended")).toMatchObject([{ outcome: "done" }]);
    expect(desk.requests).toHaveLength(2);
  });

  test("of an earlier process goes on where it was", async () => {
    const first = await openDesk({
      script: () => say("Hello."),
      budgets: true,
      assistant: { budget: { ...BUDGET, tokensPerMonth: STEP } },
    });
    await first.ask("One", "message-1");
    const second = await first.restart();
    await second.ask("Two", "message-2");
    expect((await written(second, "turn-ended")).at(-1)).toMatchObject({ error: "budget-reached" });
  });

  test("writes what each step cost where prices are known, and nothing where not", async () => {
    const model = { ...assistant().model, prices: { input: 2, cached: 0.5, output: 10, currency: "EUR" } };
    const usage = { inputTokens: 1000, cachedTokens: 400, outputTokens: 100 };
    const desk = await openDesk({
      script: () => [
        { type: "text", text: "Hello." },
        { type: "finish", reason: "stop", usage },
      ],
      assistant: { model },
    });
    await desk.ask("One", "message-1");
    const [step] = await written(desk, "step-ended");
    // 600 at 2, 400 at 0.5 and 100 at 10, a million each.
    expect(step).toMatchObject({ usage, cost: { amount: expect.closeTo(0.0024, 10), currency: "EUR" } });
    desk.configure({ model: assistant().model });
    await desk.ask("Two", "message-2");
    expect((await written(desk, "step-ended"))[1]).not.toHaveProperty("cost");
  });
});

describe("feedback", () => {
  const feedback = async (change: object = {}) => {
    const desk = await openDesk({ script: () => say("Hello."), assistant: change });
    await desk.ask("Hi", "message-1");
    const [turn] = await written(desk, "turn-started");
    const give = (request: object, customer = CUSTOMER) =>
      desk.desk.giveFeedback(customer, { conversationId: CONVERSATION, turnId: turn!.turnId, rating: "up", ...request });
    return { desk, give };
  };

  test("is kept in the journal, and its customer sees it in every tab", async () => {
    const { desk, give } = await feedback();
    await give({ rating: "down", comment: "  Too short.  " });
    await give({ rating: "none", comment: "no word about nothing" });
    const given = await written(desk, "feedback-given");
    expect(given).toMatchObject([{ rating: "down", comment: "Too short.", by: { kind: "customer", id: CUSTOMER.id } }, { rating: "none" }]);
    expect(given[1]).not.toHaveProperty("comment");
  });

  test("of another customer, of a turn that there is not, or where the owner wants none is refused", async () => {
    const { give } = await feedback();
    await expect(give({}, { ...CUSTOMER, id: "customer-two" })).rejects.toMatchObject({ code: "unknown-conversation" });
    await expect(give({ turnId: "turn-of-another" })).rejects.toMatchObject({ code: "unknown-turn" });
    const silent = await feedback({ feedback: false });
    await expect(silent.give({})).rejects.toMatchObject({ code: "not-rated" });
    expect(await written(silent.desk, "feedback-given")).toEqual([]);
  });
});
