import { describe, expect, test } from "vitest";
import type { ModelPart, ModelRequest } from "../../server/conversation/ports/model.ts";
import { PromptHistory } from "../../server/conversation/prompt/prompt-history.ts";
import { RecentHistories } from "../../server/conversation/turn/recent-histories.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

/** Looks things up for every second question, and summarises when it is asked to. */
function script({ messages, tools }: ModelRequest): ModelPart[] {
  const last = messages.at(-1);
  if (tools.length === 0) return say(`Summary of ${messages.at(-1)?.text.length ?? 0} characters.`);
  if (last?.role === "user" && last.text.includes("look")) return callTools({ name: "orders__lookup", arguments: { order: last.text } });
  return say(`Answer to: ${last?.text ?? ""}. ${"word ".repeat(30)}`);
}

const OPTIONS: HarnessOptions = {
  script,
  tools: [{ tool: "lookup", run: ({ order }) => textResult(`Found ${String(order)}. ${"detail ".repeat(20)}`) }],
  permissions: { lookup: alwaysAllow },
};

const QUESTIONS = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? `look up ${index}` : `question ${index}`));

/** How many events runs read; the harness reads whole journals, which no run does. */
async function reads(desk: Harness, work: () => Promise<unknown>): Promise<number> {
  const original = desk.store.readFrom.bind(desk.store);
  let events = 0;
  desk.store.readFrom = async (...values) => {
    const found = await original(...values);
    if (values[2] < 100_000) events += found.length;
    return found;
  };
  await work();
  desk.store.readFrom = original;
  return events;
}

describe("what was read of a conversation", () => {
  for (const contextTokens of [100_000, 1_000])
    test(`makes the same prompts as reading the journal anew (window of ${contextTokens} tokens)`, async () => {
      const assistant = { model: { provider: "openai-compatible", model: "scripted", contextTokens, maxOutputTokens: 100 } } as const;
      const staying = await openDesk(OPTIONS, { assistant });
      let leaving = await openDesk(OPTIONS, { assistant });
      const anew: ModelRequest[] = [];
      for (const question of QUESTIONS) {
        await staying.ask(question);
        leaving = await leaving.restart();
        await leaving.ask(question);
        anew.push(...leaving.requests);
      }
      const summaries = (await staying.journal()).filter(({ type }) => type === "summary-written");
      expect(summaries.length > 0).toBe(contextTokens < 100_000);
      expect(staying.requests.map(({ messages }) => messages)).toEqual(anew.map(({ messages }) => messages));
    });

  test("is not read again with the next message, however long it is", async () => {
    const desk = await openDesk(OPTIONS);
    await desk.ask("question");
    const short = await reads(desk, () => desk.ask("question"));
    for (let count = 0; count < 30; count += 1) await desk.ask("look it up");
    expect(await reads(desk, () => desk.ask("question"))).toBe(short);
  });

  test("counts what others wrote meanwhile", async () => {
    const desk = await openDesk(OPTIONS);
    await desk.ask("look it up");
    const again = await desk.restart();
    await again.ask("question one");
    await again.ask("question two");
    expect(
      again.requests
        .at(-1)!
        .messages.filter(({ role }) => role === "user")
        .map(({ text }) => text),
    ).toEqual(["look it up", "question one", "question two"]);
  });
});

describe("recent histories", () => {
  const history = (characters: number): PromptHistory => {
    const made = new PromptHistory();
    made.apply({
      type: "message-received",
      messageId: "m",
      text: "x".repeat(characters),
      by: { kind: "customer", id: "c" },
      seq: 1,
      at: 1,
    });
    made.apply({ type: "turn-started", turnId: "t", messageId: "m", seq: 2, at: 1 });
    return made;
  };

  test("are given back once, and only for the journal that they were read from", () => {
    const recent = new RecentHistories();
    const one = history(10);
    recent.put("a", one, 7);
    expect(recent.take("a", 7)).toBe(one);
    expect(recent.take("a", 7)).toBeUndefined();
    recent.put("a", one, 7);
    expect(recent.take("a", 9)).toBeUndefined();
    expect(recent.take("a", 7)).toBeUndefined();
  });

  test("are bounded in number and in characters, and the longest unused go first", () => {
    const recent = new RecentHistories();
    for (let count = 0; count <= 1_000; count += 1) recent.put(`c${count}`, history(1), 1);
    expect(recent.take("c0", 1)).toBeUndefined();
    expect(recent.take("c1", 1)).toBeDefined();
    const large = new RecentHistories();
    for (const id of ["a", "b", "c"]) large.put(id, history(1.5 * 1024 * 1024), 1);
    expect(large.take("a", 1)).toBeUndefined();
    expect(large.take("b", 1)).toBeDefined();
    large.put("huge", history(5 * 1024 * 1024), 1);
    expect(large.take("huge", 1)).toBeUndefined();
  });
});
