/** A whole call with OpenAI Realtime, against a fake of it: customer's page, server, journal, provider. */
import { onTestFinished, expect, test } from "vitest";
import type { JournalEvent } from "../../../protocol/events.ts";
import { textResult } from "../../support/desk-scripts.ts";
import { openRealtimeProvider, type RealtimeProvider } from "../../support/realtime-provider.ts";
import { say as saysText } from "../../support/desk-scripts.ts";
import { toneOf, type ScriptedAnswer } from "../../support/realtime-answer.ts";
import type { Client } from "../../support/realtime-session.ts";
import type { VoiceClient } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { KEY } from "../../speech/speech-ports.ts";
import { CONVERSATION, type Customer, startVoiceServer, type VoiceServer } from "./server-stage.ts";

interface Stage extends VoiceServer {
  readonly provider: RealtimeProvider;
  readonly caller: Customer;
  readonly page: VoiceClient;
  /** What the tools did. */
  readonly done: string[];
  /** The customer says this; resolves when it is understood. */
  says(text: string): Promise<void>;
  said<Type extends Client["type"]>(type: Type): Extract<Client, { type: Type }>[];
}

const says = (...texts: string[]): ScriptedAnswer => ({ pieces: texts.map((text) => ({ text })) });
const calls = (name: string): ScriptedAnswer => ({ calls: [{ name: `orders__${name}`, argumentsText: '{"order":"1042"}' }] });

async function openStage(answers: readonly ScriptedAnswer[]): Promise<Stage> {
  const provider = await openRealtimeProvider();
  onTestFinished(() => provider.close());
  const left = [...answers];
  provider.answer = () => left.shift() ?? says("That is all.");
  const done: string[] = [];
  const server = await startVoiceServer({
    ownEngines: true,
    script: () => saysText("The other model."),
    voice: { enabled: true, realtime: { provider: "openai", baseUrl: provider.url, apiKey: KEY } },
    assistant: { connectors: { orders: { permissions: { lookup: "always_allow", refund: "needs_approval" } } } },
    mcpServers: { orders: { url: "http://127.0.0.1:9/mcp" } },
    tools: ["lookup", "refund"].map((tool) => ({ tool, run: () => (done.push(tool), textResult(`${tool} is done`)) })),
  });
  const caller = await server.customer();
  const page = await caller.call();
  let turns = 0;
  return {
    ...server,
    provider,
    caller,
    page,
    done,
    says: async (text) => {
      provider.understand = () => text;
      const atMs = 1_000 + turns * 60_000;
      page.say({ type: "speech", event: "started", atMs });
      page.send(atMs, 600);
      page.say({ type: "speech", event: "paused", atMs: atMs + 700, sinceMs: atMs + 600 });
      await waitFor(() => page.of("understood").filter(({ final }) => final).length > turns);
      turns += 1;
    },
    said: <Type extends Client["type"]>(type: Type) =>
      provider.sessions.flatMap((session) => session.said.filter((one): one is Extract<Client, { type: Type }> => one.type === type)),
  };
}

const ofType = <T extends JournalEvent["type"]>(events: readonly JournalEvent[], type: T) =>
  events.filter((event): event is Extract<JournalEvent, { type: T }> => event.type === type);

test("where is my order: one model hears, looks it up with our tool, and answers in its own voice", async () => {
  const stage = await openStage([calls("lookup"), says("Your order is on its way. ", "It comes tomorrow.")]);
  const { page, provider, journal, event, done } = stage;
  page.listen();
  await stage.says("Where is my order?");
  await event("speech-heard");
  const events = await journal();
  expect(ofType(events, "message-received")[0]).toMatchObject({
    text: "Where is my order?",
    spoken: { engine: expect.stringMatching(/^OpenAI/) },
  });
  expect(done).toEqual(["lookup"]);
  expect(ofType(events, "step-ended").map(({ text, model }) => [text, model])).toEqual([
    ["", "gpt-realtime-2.1"],
    ["Your order is on its way. It comes tomorrow.", "gpt-realtime-2.1"],
  ]);
  expect(ofType(events, "speech-heard")[0]).toMatchObject({
    kind: "answer",
    text: "Your order is on its way. It comes tomorrow.",
    step: 1,
  });
  // Its own audio, all of it, and nobody else's.
  const audio = Buffer.concat(page.frames.map((frame) => frame.audio));
  expect(audio.equals(Buffer.concat(["Your order is on its way. ", "It comes tomorrow."].map((text) => toneOf(text))))).toBe(true);
  expect(page.of("saying").map(({ text, sampleRate }) => [text, sampleRate])).toEqual([
    ["Your order is on its way.", 24_000],
    ["It comes tomorrow.", 24_000],
  ]);
  // Nothing was told that it did not hear or say itself but the result.
  expect(stage.said("conversation.item.create").map(({ item }) => item.type)).toEqual(["function_call_output"]);
  expect(provider.models).toEqual(["gpt-realtime-2.1"]);
  expect(stage.requests).toEqual([]);
  page.say({ type: "call-end" });
  await event("voice-call-ended");
  await waitFor(() => provider.open === 0);
  expect(provider.sessions.flatMap(({ errors }) => errors)).toEqual([]);
});

test("please refund my order: nothing happens before it is approved, and then once; what is said meanwhile approves nothing", async () => {
  const stage = await openStage([calls("refund"), says("Refunded."), says("You are welcome.")]);
  const { page, caller, event, journal, done } = stage;
  page.listen();
  await stage.says("Please refund my order.");
  const { approvalId, callId, argumentsHash } = await event("approval-requested");
  await stage.says("Yes, approve it.");
  expect(done).toEqual([]);
  const decision = { conversationId: CONVERSATION, approvalId, decision: "approved", argumentsHash };
  expect(await caller.ask("approval-decide", decision)).toMatchObject({ ok: true });
  await event("speech-heard");
  await waitFor(async () => ofType(await journal(), "turn-ended").length === 2);
  expect(done).toEqual(["refund"]);
  expect(ofType(await journal(), "tool-call-ended")).toMatchObject([{ callId, outcome: "ok" }]);
  expect(stage.said("conversation.item.create").map(({ item }) => item.type)).toContain("function_call_output");
  expect(stage.provider.sessions.flatMap(({ errors }) => errors)).toEqual([]);
  expect(JSON.stringify(stage.provider.sessions[0]?.said)).not.toContain('"mcp"');
});

test("an interruption: the journal says what was heard, and the provider remembers no more", async () => {
  const stage = await openStage([
    says("Your order left our house yesterday. ", "It comes tomorrow before noon. ", "Is there anything else?"),
    says("Of course."),
  ]);
  const { page, event, provider } = stage;
  await stage.says("Where is my order?");
  const { fromMs } = await page.hear("saying", 1);
  page.say({ type: "heard", untilMs: fromMs });
  // All of it is written, and its last sentence is on its way.
  await page.hear("saying", 2);
  const untilMs = fromMs + 700;
  page.say({ type: "cut", untilMs, by: "speech" });
  const cut = await event("speech-cut");
  expect(cut).toMatchObject({ cutBy: "speech", step: 0 });
  expect(cut.text).toMatch(/^Your order left our house yesterday\. It(?: comes(?: tomorrow)?)?$/);
  expect(cut.text + cut.unheard).toBe("Your order left our house yesterday. It comes tomorrow before noon. Is there anything else?");
  page.listen();
  await stage.says("Stop, can you cancel it?");
  await event("speech-heard");
  const [truncate, ...more] = stage.said("conversation.item.truncate");
  expect(more).toEqual([]);
  // All of the call's audio until then was this answer's.
  expect(Math.abs((truncate?.audio_end_ms ?? 0) - untilMs)).toBeLessThanOrEqual(1);
  expect(provider.sessions.flatMap(({ errors }) => errors)).toEqual([]);
  expect(provider.sessions).toHaveLength(1);
});

test("a session that ends in the middle of a call: the assistant's own model goes on, with all that was said", async () => {
  const stage = await openStage([says("Hello.")]);
  const { page, provider, event } = stage;
  page.listen();
  await stage.says("Hello?");
  await event("speech-heard");
  provider.refusal = { status: 401, code: "invalid_api_key", message: "No." };
  provider.cut();
  await waitFor(() => provider.open === 0);
  const reply = await stage.caller.ask("message-send", { conversationId: CONVERSATION, messageId: "typed-one", text: "Are you there?" });
  expect(reply.ok).toBe(true);
  const step = await event("step-ended", 1);
  expect(step).toMatchObject({ text: "The other model.", model: "small" });
  expect(JSON.stringify(stage.requests[0]?.messages)).toContain("Hello.");
});
