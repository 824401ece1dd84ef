import { expect, test } from "vitest";
import type { ModelRequest } from "../../server/conversation/ports/model.ts";
import { ModelError } from "../../server/conversation/ports/model.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callTools, say, textResult } from "../support/desk-scripts.ts";

const allowed = { connectors: [{ server: "orders", permissions: { "*": alwaysAllow } }] };
const isSummary = (request: ModelRequest) => request.messages[0]?.text.startsWith("Summarise") === true;
const window = (contextTokens: number) => ({
  model: { provider: "openai-compatible", model: "scripted", contextTokens, maxOutputTokens: 100 } as const,
});

test("older turns are summarised once, kept as an event, and sent to the model instead of them", async () => {
  const desk = await openDesk({
    script: (request) => (isSummary(request) ? say("They talked about flowers.") : say("word ".repeat(200))),
    assistant: window(2_000),
  });
  for (let turn = 1; turn <= 12; turn += 1) await desk.ask(`Question ${turn}`);
  const journal = await desk.journal();
  const summaries = journal.filter((event) => event.type === "summary-written");
  expect(summaries.length).toBeGreaterThan(0);
  expect(desk.requests.filter(isSummary)).toHaveLength(summaries.length);
  expect(summaries.length).toBeLessThan(6);
  const last = desk.requests.at(-1);
  expect(last?.messages[1]?.text).toContain("They talked about flowers.");
  expect(JSON.stringify(last)).not.toContain('Question 1"');
  expect(last?.messages.at(-1)).toMatchObject({ role: "user", text: "Question 12" });
});

test("after a restart the prompt begins at the summary", async () => {
  const options: HarnessOptions = {
    script: (request) => (isSummary(request) ? say("They talked about flowers.") : say("word ".repeat(200))),
    assistant: window(2_000),
  };
  const first = await openDesk(options);
  for (let turn = 1; turn <= 8; turn += 1) await first.ask(`Question ${turn}`);
  const second = await first.restart();
  await second.ask("Question 9");
  expect(second.requests.at(-1)?.messages[1]?.text).toContain("They talked about flowers.");
  expect(JSON.stringify(second.requests.at(-1))).not.toContain('Question 1"');
});

test("a model that finds the prompt too long is asked again with less", async () => {
  const desk = await openDesk({
    script: (request) => {
      if (isSummary(request)) return say("Short.");
      if (request.messages.length > 6) throw new ModelError("context-overflow", "too many tokens");
      return say("word ".repeat(50));
    },
  });
  for (let turn = 1; turn <= 6; turn += 1) await desk.ask(`Question ${turn}`);
  const journal = await desk.journal();
  expect(journal.filter((event) => event.type === "turn-ended").every((event) => event.outcome === "done")).toBe(true);
});

test("a huge result goes to the model shortened, and can be read to its end", async () => {
  const huge = Array.from({ length: 20_000 }, (_, line) => `line ${line} ü`).join("\n");
  let read = "";
  const desk = await openDesk({
    script: (request) => {
      const last = request.messages.at(-1);
      if (last?.role !== "tool") return callTools({ name: "orders__dump", arguments: {} });
      expect(Buffer.byteLength(last.text)).toBeLessThan(20_000);
      const note = /\n\n\[This is only a part: .* call frontdesk__read_result with (\{.*\})\.\]$/.exec(last.text);
      read += note === null ? last.text : last.text.slice(0, note.index);
      return note?.[1] === undefined ? say("Read.") : callTools({ name: "frontdesk__read_result", arguments: note[1] });
    },
    tools: [{ tool: "dump", run: () => textResult(huge) }],
    assistant: { ...allowed, maxSteps: 100 },
  });
  await desk.ask("Read all of it");
  expect(read).toBe(huge);
});

test("one conversation cannot read another's result", async () => {
  const desk = await openDesk({
    script: (request, step) => {
      const last = request.messages.at(-1);
      if (last?.role === "tool") return say(last.text);
      return step === 1
        ? callTools({ name: "orders__dump", arguments: {} })
        : callTools({ name: "frontdesk__read_result", arguments: { call_id: callId, offset: 0 } });
    },
    tools: [{ tool: "dump", run: () => textResult("secret") }],
    assistant: allowed,
  });
  let callId = "";
  const journal = await desk.ask("Dump");
  const call = journal.find((event) => event.type === "tool-call-ended");
  callId = call?.type === "tool-call-ended" ? call.callId : "";
  await desk.desk.send(
    { id: "customer-two", assistant: "shop", sessionId: "session-two" },
    { conversationId: "conversation-two", messageId: "message-9", text: "Read theirs" },
  );
  await desk.turnsEnded(2);
  const other = await desk.journal("conversation-two");
  expect(JSON.stringify(other)).not.toContain("secret");
  expect(await desk.store.readResult(CONVERSATION, callId)).toBeDefined();
});
