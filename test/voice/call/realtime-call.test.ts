/** A whole call with OpenAI Realtime, against a fake of it: customer's page, server, journal, provider. */
import { onTestFinished, expect, test } from "vitest";
import type { JournalEvent } from "../../../protocol/events.ts";
import { openRealtimeProvider, type RealtimeProvider } from "../../support/realtime-provider.ts";
import { say as saysText, textResult } from "../../support/desk-scripts.ts";
import { toneOf, type ScriptedAnswer } from "../../support/realtime-answer.ts";
import type { Client } from "../../support/realtime-session.ts";
import type { VoiceClient } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { SPEAKING_FORMATS, startSpeakingServer } from "../../speech/fake-speaking.ts";
import { countedPcm, KEY } from "../../speech/speech-ports.ts";
import { CONVERSATION, type Customer, startVoiceServer, thoughtfulTime, type VoiceServer } from "./server-stage.ts";

interface Stage extends VoiceServer {
  readonly provider: RealtimeProvider;
  readonly caller: Customer;
  readonly page: VoiceClient;
  /** What the tools did. */
  readonly done: string[];
  /** The customer says this; resolves when it is understood. */
  says(text: string): Promise<void>;
  /** A second passes. */
  thinks(): void;
  said<Type extends Client["type"]>(type: Type): Extract<Client, { type: Type }>[];
}

const SCHEMA = { type: "object", properties: { order: { type: "string", title: "Order" } }, required: ["order"] };
const says = (...texts: string[]): ScriptedAnswer => ({ pieces: texts.map((text) => ({ text })) });
const calls = (name: string): ScriptedAnswer => ({ calls: [{ name: `orders__${name}`, argumentsText: '{"order":"1042"}' }] });

/** `speaking`: the engines that say what is ours to say. */
async function openStage(answers: readonly ScriptedAnswer[], speaking: readonly object[] = []): Promise<Stage> {
  const provider = await openRealtimeProvider();
  onTestFinished(() => provider.close());
  const left = [...answers];
  provider.answer = () => left.shift() ?? says("That is all.");
  const done: string[] = [];
  const time = thoughtfulTime();
  const server = await startVoiceServer({
    clock: time.clock,
    ownEngines: true,
    script: () => saysText("The other model."),
    voice: { enabled: true, realtime: { provider: "openai", baseUrl: provider.url, apiKey: KEY, language: "en" }, speaking },
    assistant: {
      connectors: { orders: { permissions: { lookup: "always_allow", refund: { permission: "needs_approval", spoken: "phrase" } } } },
    },
    mcpServers: { orders: { url: "http://127.0.0.1:9/mcp" } },
    tools: ["lookup", "refund"].map((tool) => ({ tool, schema: SCHEMA, run: () => (done.push(tool), textResult(`${tool} is done`)) })),
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
      const atMs = time.capturedMs();
      page.say({ type: "speech", event: "started", atMs });
      page.send(atMs, 200);
      page.say({ type: "speech", event: "paused", atMs: atMs + 200, sinceMs: atMs + 200 });
      await waitFor(() => page.of("understood").filter(({ final }) => final).length > turns);
      turns += 1;
    },
    thinks: time.thinks,
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

/** An engine that says our own words; what it was asked to say. */
async function openOtherVoice(): Promise<{ settings: object; said: () => unknown[] }> {
  const [format] = SPEAKING_FORMATS;
  if (format === undefined) throw new Error("There is no format.");
  const server = await startSpeakingServer();
  onTestFinished(() => server.close());
  server.answer = ({ response }) => {
    format.head(response);
    response.end(format.body(countedPcm(4_800)));
  };
  return { settings: format.settings(server.url), said: () => server.asked.map(({ body }) => format.textIn(body)) };
}

test.each([
  ["Yes, approve it.", "approved", ["refund"]],
  ["Do not approve it.", "rejected", []],
])("please refund my order: asked for in another voice than the model's, and %j is %s", async (answer, decision, ran) => {
  const voice = await openOtherVoice();
  // The model says the question as well, which asks for nothing.
  const lures = "Say “yes, approve it” or “no”, please.";
  const stage = await openStage([{ ...says(lures), ...calls("refund") }, says("I see.")], [voice.settings]);
  const { page, event, journal, done } = stage;
  page.listen();
  await stage.says("Please refund my order.");
  const { approvalId } = await page.hear("asking");
  expect(voice.said()).toEqual(["This needs your approval: refund.", "Order: 1 0 4 2.", lures]);
  expect(page.of("saying").map(({ kind, sampleRate }) => [kind, sampleRate])).toContainEqual(["answer", 24_000]);
  expect(done).toEqual([]);
  stage.thinks();
  await stage.says(answer);
  await event("turn-ended");
  expect(ofType(await journal(), "approval-decided")).toMatchObject([{ approvalId, decision, spoken: { transcript: answer } }]);
  expect(done).toEqual(ran);
  // The decision is none of the model's: what it remembers is its call, and what came of it.
  const items = stage.provider.sessions[0]?.items.map(({ item }) => (item.type === "message" ? item.role : item.type));
  expect(items?.slice(0, 4)).toEqual(["user", "assistant", "function_call", "function_call_output"]);
  expect(items?.filter((item) => item === "user")).toHaveLength(1);
  expect(stage.provider.sessions.flatMap(({ errors }) => errors)).toEqual([]);
  expect(JSON.stringify(stage.provider.sessions[0]?.said)).not.toContain('"mcp"');
});

test("please refund my order, where no engine can ask: by the button alone, and once", async () => {
  const stage = await openStage([calls("refund"), says("Refunded."), says("You are welcome.")]);
  const { page, caller, event, journal, done } = stage;
  page.listen();
  await stage.says("Please refund my order.");
  const { approvalId, argumentsHash } = await event("approval-requested");
  await stage.says("Yes, approve it.");
  expect(done).toEqual([]);
  const decision = { conversationId: CONVERSATION, approvalId, decision: "approved", argumentsHash };
  expect(await caller.ask("approval-decide", decision)).toMatchObject({ ok: true });
  await event("speech-heard");
  expect(done).toEqual(["refund"]);
  expect(ofType(await journal(), "approval-decided")).toMatchObject([{ approvalId, decision: "approved" }]);
  expect(stage.provider.sessions.flatMap(({ errors }) => errors)).toEqual([]);
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

test("a cough in the middle of an answer: the model is not stopped, and goes on in its own voice", async () => {
  const stage = await openStage([{ ...says("Your order left our house yesterday. ", "It comes "), stalls: true }]);
  const { page, event, provider } = stage;
  await stage.says("Where is my order?");
  await page.hear("saying");
  page.say({ type: "speech", event: "started", atMs: 60_000 });
  page.say({ type: "cut", untilMs: 300, by: "speech" });
  expect(await event("speech-cut")).toMatchObject({ cutBy: "speech", step: 0 });
  provider.understand = () => "";
  page.send(60_000, 200);
  page.say({ type: "speech", event: "paused", atMs: 60_200, sinceMs: 60_200 });
  const again = await page.hear("saying", 1);
  expect(again).toMatchObject({ kind: "answer", text: "Your order left our house yesterday.", sampleRate: 24_000 });
  expect(stage.said("response.cancel")).toEqual([]);
  expect(provider.sessions.flatMap(({ errors }) => errors)).toEqual([]);
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

test("hanging up in the middle of an answer stops it, since its model goes with the call", async () => {
  const stage = await openStage([{ ...says("Your order left our house yesterday. ", "It comes "), stalls: true }]);
  const { page, event, provider } = stage;
  await stage.says("Where is my order?");
  await page.hear("saying");
  page.say({ type: "call-end" });
  expect(await event("turn-ended")).toMatchObject({ outcome: "stopped" });
  expect(await event("step-ended")).toMatchObject({ cut: "stopped", model: "gpt-realtime-2.1" });
  await event("voice-call-ended");
  await waitFor(() => provider.open === 0);
  expect(stage.requests).toEqual([]);
});
