/** The voice line over real sockets. */
import { expect, test } from "vitest";
import { encodeVoiceFrame, FRAME_PCM16, MOST_FRAME_BYTES } from "../../../protocol/voice-frames.ts";
import { SHOP_ORIGIN } from "../../http/server-harness.ts";
import { say } from "../../support/desk-scripts.ts";
import { openVoice, type VoiceClient } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";
import { CALL, CONVERSATION, startVoiceServer } from "./server-stage.ts";

const origin = { Origin: SHOP_ORIGIN };

async function opened(client: VoiceClient): Promise<VoiceClient> {
  await new Promise((resolve) => client.socket.once("open", resolve));
  return client;
}

test("what does not fit closes the line with a reason that a person understands", async () => {
  const { url, customer } = await startVoiceServer();
  const { call, ask } = await customer();
  const closedBy = async (send: (client: VoiceClient) => void, client?: VoiceClient) => {
    const one = client ?? (await opened(openVoice(url, origin)));
    send(one);
    return waitFor(one.closed);
  };
  expect(await closedBy((client) => client.raw("{"))).toEqual({ code: 1008, reason: "A text message is JSON." });
  expect(await closedBy((client) => client.raw('{"type":"sing"}'))).toEqual({ code: 1008, reason: "The message is not valid: type." });
  expect(await closedBy((client) => client.say({ type: "call-end" }))).toEqual({
    code: 1008,
    reason: "The first message is call-open, and call-ready answers it.",
  });
  expect(await closedBy((client) => client.send(0, 20))).toEqual({ code: 1008, reason: "Audio comes after call-ready." });
  expect(await closedBy((client) => client.raw(new Uint8Array(MOST_FRAME_BYTES + 1)))).toMatchObject({ code: 1009 });

  const inCall = async (send: (client: VoiceClient) => void) => {
    const voiceCallId = `call-${Math.random().toString(36).slice(2)}`;
    return closedBy(send, await call({ voiceCallId, takeOver: true }));
  };
  expect(await inCall((client) => client.raw(new Uint8Array(13)))).toEqual({ code: 1008, reason: "The frame is of version 0, not 1." });
  expect(await inCall((client) => client.say({ type: "call-open", token: "x" }))).toEqual({
    code: 1008,
    reason: "A socket opens one call.",
  });
  const frame = encodeVoiceFrame({ type: FRAME_PCM16, flags: 0, seq: 0, timeMs: 0, audio: new Uint8Array(16_000) });
  const flood = (client: VoiceClient): void => {
    for (let times = 0; times < 40; times++) client.raw(frame);
  };
  expect(await inCall(flood)).toEqual({ code: 1008, reason: "This is more than a voice sends." });
  const left = await ask("call-start", { conversationId: CONVERSATION, voiceCallId: CALL });
  expect(left).toMatchObject({ ok: false, error: { code: "call-elsewhere" } });
});

test("a token that is none, and one that was used, are refused; a page of nobody does not come in", async () => {
  const { url, customer, logged } = await startVoiceServer();
  const { ask } = await customer();
  const { token } = (await ask("call-start", { conversationId: CONVERSATION, voiceCallId: CALL })) as unknown as { token: string };
  const refusedWith = async (given: string) => {
    const client = await opened(openVoice(url, origin));
    client.say({ type: "call-open", token: given });
    return (await client.hear("refused")).error.code;
  };
  expect(await refusedWith("nothing")).toBe("call-over");
  const client = await opened(openVoice(url, origin));
  client.say({ type: "call-open", token });
  await client.hear("call-ready");
  expect(await refusedWith(token)).toBe("call-over");
  const stranger = openVoice(url, { Origin: "https://other.example" });
  await waitFor(stranger.closed);
  expect(stranger.told).toEqual([]);
  expect(logged.join("\n")).not.toContain(token);
});

test("two tabs: the second may take the call over, and the first is told", async () => {
  const { customer } = await startVoiceServer();
  const { call, ask } = await customer();
  const first = await call();
  expect(await ask("call-start", { conversationId: CONVERSATION, voiceCallId: "call-two-0000001" })).toMatchObject({
    ok: false,
    error: { code: "call-elsewhere" },
  });
  await call({ voiceCallId: "call-two-0000001", takeOver: true });
  expect(await first.hear("call-end")).toEqual({ type: "call-end", reason: "taken-over" });
  expect(await waitFor(first.closed)).toEqual({ code: 1000, reason: "" });
});

test("a page that was loaded anew goes on with its call", async () => {
  const { customer, hearing, event } = await startVoiceServer({ script: () => say("It is on its way.") });
  const { call } = await customer();
  hearing.understands = () => "where is my order";
  const page = await call();
  page.socket.terminate();
  const back = await call();
  expect(back.told[0]).toMatchObject({ type: "call-ready", resumed: true });
  back.listen();
  back.say({ type: "talk", held: true, atMs: 10 });
  back.say({ type: "talk", held: false, atMs: 900 });
  expect(await event("speech-heard")).toMatchObject({ text: "It is on its way." });
});

test("a server that stops ends the call, and the next one takes the same conversation up", async () => {
  const first = await startVoiceServer();
  const page = await (await first.customer()).call();
  await first.server.close();
  expect(await page.hear("call-end")).toEqual({ type: "call-end", reason: "stopping" });

  // A busy machine may take longer to close a database than a server waits for it.
  const second = await waitFor(() =>
    startVoiceServer({ folder: first.folder }).catch((error: unknown) => {
      if (!String(error).includes("Another Frontdesk uses")) throw error;
      return undefined;
    }),
  );
  const { call, ask } = await second.customer();
  expect((await second.journal()).map(({ type }) => type)).toEqual(["voice-call-started", "voice-call-ended"]);
  // Another browser: the conversation is not theirs.
  expect(await ask("call-start", { conversationId: CONVERSATION, voiceCallId: "call-two-0000001" })).toMatchObject({
    ok: false,
    error: { code: "unknown-conversation" },
  });
  await call({ voiceCallId: "call-two-0000001", conversationId: "conversation-two" });
});

test("messages that are typed in a call are answered aloud as well", async () => {
  const { customer, event } = await startVoiceServer({ script: () => say("It is on its way.") });
  const { call, ask } = await customer();
  const page = await call();
  page.listen();
  await ask("message-send", { conversationId: CONVERSATION, messageId: "message-0001", text: "Where is my order?" });
  expect(await event("speech-heard")).toMatchObject({ text: "It is on its way." });
  expect((await event("message-received")).spoken).toBeUndefined();
});
