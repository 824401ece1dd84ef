import { beforeEach, describe, expect, test } from "vitest";
import type { VoiceCall } from "../../../widget/call/voice-call.ts";
import { CallStage } from "./call-stage.ts";

let stage: CallStage;
beforeEach(() => {
  stage = new CallStage();
});

/** The connection breaks, and the next one is ready. */
async function breakAndReturn(): Promise<void> {
  stage.socket.onclose?.();
  await stage.pass(500);
  stage.socket.ready({ resumed: true });
}

describe("a connection that is lost", () => {
  test("is tried again with a new token of the same call, and nothing is closed", async () => {
    const call = await stage.on();
    stage.socket.onclose?.();
    expect(call.state.status).toBe("lost");
    expect(stage.ears.isClosed).toBe(false);
    await stage.pass(500);
    stage.socket.onopen?.();
    expect(stage.socket.of("call-open")[0]?.token).toBe("token-2");
    stage.socket.ready();
    expect(call.state.status).toBe("on");
    expect(new Set(stage.asked.map(({ voiceCallId, takeOver }) => `${voiceCallId} ${takeOver}`)).size).toBe(1);
  });

  test("is tried at once when there is a network again, and given up at once when there is none", async () => {
    const call = await stage.on();
    stage.around?.offline();
    expect(call.state.status).toBe("lost");
    expect(stage.sockets[0]?.isClosed).toBe(true);
    stage.around?.online();
    await stage.settle();
    expect(stage.sockets).toHaveLength(2);
  });

  test("is asked for once at a time: the token of the first is no good after the second", async () => {
    const call = await stage.on();
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.answers = promise;
    stage.socket.onclose?.();
    await stage.pass(500);
    stage.around?.online();
    stage.around?.online();
    await stage.settle();
    expect(stage.asked).toHaveLength(2);
    resolve();
    await stage.settle();
    stage.socket.onopen?.();
    expect(stage.socket.of("call-open")[0]?.token).toBe("token-2");
    expect(stage.sockets).toHaveLength(2);
    stage.socket.ready();
    expect(call.state.status).toBe("on");
  });

  test("is noticed where it takes nothing any more", async () => {
    const call = await stage.on();
    stage.socket.takes = "never";
    await stage.pass(5_000);
    expect(call.state.status).toBe("on");
    await stage.pass(5_000);
    expect(call.state.status).toBe("lost");
  });

  test("is noticed where the server has not said for two rounds that it is there, whatever else came", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "alive" });
    await stage.pass(15_000);
    stage.socket.says({ type: "alive" });
    await stage.pass(29_999);
    stage.socket.says({ type: "phase", phase: "listening" });
    expect(call.state.status).toBe("on");
    await stage.pass(1);
    expect(call.state.status).toBe("lost");
    expect(stage.socket.isClosed).toBe(true);
    await stage.pass(500);
    stage.socket.ready({ resumed: true });
    // What the line before said counts no more.
    await stage.pass(60_000);
    expect(call.state.status).toBe("on");
  });

  test("is not seen where the server is older and says nothing of the kind, nor where it is newer and says what nobody knows", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "sung" } as never);
    await stage.pass(60_000);
    expect(call.state.status).toBe("on");
    expect(call.state).not.toHaveProperty("fault");
  });

  test("is not seen where each message is taken, if only a moment after it was sent", async () => {
    const call = await stage.on();
    stage.socket.takes = "later";
    for (let round = 0; round < 4; round += 1) {
      await stage.pass(5_000);
      expect(call.state.status).toBe("on");
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(stage.socket.of("stats").length).toBeGreaterThan(2);
  });

  test("goes on while the line of the customer is away too, and tries that do not answer", async () => {
    const call = await stage.on();
    stage.refuses = "lost";
    stage.socket.onclose?.();
    await stage.pass(500);
    await stage.pass(1_000);
    expect(stage.asked).toHaveLength(3);
    stage.refuses = undefined;
    await stage.pass(2_000);
    expect(stage.sockets).toHaveLength(2);
    stage.socket.onclose?.();
    await stage.pass(2_000);
    stage.socket.ready();
    expect(call.state.status).toBe("on");
  });

  test("has 10 s again, once it was back", async () => {
    const call = await stage.on();
    await breakAndReturn();
    await stage.pass(60_000);
    expect(call.state.status).toBe("on");
    stage.refuses = "lost";
    stage.socket.onclose?.();
    await stage.pass(9_000);
    expect(call.state.status).toBe("lost");
  });

  test.each([
    ["call-over", { end: "left" }],
    ["call-elsewhere", { end: "taken-over" }],
    ["no-voice", { error: { code: "no-voice" } }],
  ] as const)("and is refused: %s", async (code, why) => {
    const call = await stage.on();
    stage.refuses = code;
    stage.socket.onclose?.();
    await stage.pass(500);
    expect(call.state).toMatchObject({ status: "over", ...why });
    expect(stage.isOpen).toBe(false);
  });

  test("drops what was not heard, which the server says again", async () => {
    await stage.on();
    stage.voice.placeMs = 700;
    stage.socket.onclose?.();
    expect(stage.voice.done.at(-1)).toEqual(["cut"]);
    await stage.pass(500);
    stage.socket.ready();
    expect(stage.voice.done.at(-1)).toEqual(["hush"]);
    expect(stage.socket.of("cut")).toEqual([]);
  });

  test("is told anew that the customer is muted", async () => {
    const call = await stage.on();
    call.mute(true);
    await breakAndReturn();
    expect(stage.socket.of("mute")).toEqual([{ type: "mute", muted: true }]);
  });
});

describe("what the customer says meanwhile", () => {
  test("in the middle of a sentence is said again from its beginning", async () => {
    await stage.on();
    stage.ears.speaks();
    stage.socket.onclose?.();
    stage.ears.audio(2);
    await stage.pass(500);
    stage.socket.ready();
    expect(stage.socket.of("speech").map(({ event }) => event)).toEqual(["started"]);
    expect(stage.socket.frames.map(({ seq, timeMs }) => [seq, timeMs])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    stage.ears.audio(3);
    expect(stage.socket.frames.at(-1)).toMatchObject({ seq: 2, timeMs: 3 });
  });

  test("is kept until there is a connection", async () => {
    await stage.on();
    stage.socket.onclose?.();
    stage.ears.speaks();
    stage.ears.pauses();
    await stage.pass(500);
    stage.socket.ready();
    expect(stage.socket.of("speech").map(({ event }) => event)).toEqual(["started", "paused"]);
    expect(stage.socket.frames).toHaveLength(1);
  });

  test("and had finished before is not: it may have been understood, and done", async () => {
    await stage.on();
    stage.ears.speaks();
    stage.ears.pauses();
    await breakAndReturn();
    expect(stage.socket.of("speech")).toEqual([]);
    expect(stage.socket.frames).toEqual([]);
  });

  test("is no more than the server takes at once, and never the end of a sentence alone", async () => {
    await stage.on();
    stage.ears.speaks();
    for (let at = 0; at < 700; at += 1) stage.ears.audio(at);
    await breakAndReturn();
    expect(stage.socket.frames).toEqual([]);
  });

  test("with the button held is kept too", async () => {
    const call = await stage.on();
    stage.socket.onclose?.();
    call.talk(true);
    stage.ears.audio(1);
    call.talk(false);
    await stage.pass(500);
    stage.socket.ready();
    expect(stage.socket.of("talk").map(({ held }) => held)).toEqual([true, false]);
    expect(stage.socket.frames).toHaveLength(1);
  });
});

describe("a page that goes", () => {
  /** The page after it finds the call, so long after it went. */
  async function next(afterMs: number): Promise<VoiceCall | undefined> {
    stage.around?.leaving();
    stage.clock.forward(afterMs);
    const left = stage.memory.take();
    const call = left && stage.call({}, left);
    call?.start();
    await stage.settle();
    return call;
  }

  test("leaves its call to the next one, which goes on with it by itself", async () => {
    const first = await stage.on();
    first.mute(true);
    const call = await next(4_000);
    expect(stage.socket.of("call-end")).toEqual([]);
    expect(call?.state.status).toBe("lost");
    stage.socket.ready({ resumed: true });
    expect(call?.state).toMatchObject({ status: "on", isMuted: true });
    expect(new Set(stage.asked.map(({ voiceCallId }) => voiceCallId)).size).toBe(1);
    expect(stage.allEars.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(stage.ears.done).toContainEqual(["mute", true]);
    // Nobody pressed on this page.
    expect(stage.voice.done).toContainEqual(["wake"]);
  });

  test("leaves it for the next alone", async () => {
    await stage.on();
    stage.around?.leaving();
    expect(stage.memory.take()).toBeDefined();
    expect(stage.memory.take()).toBeUndefined();
  });

  test("says where it is too late, and opens no microphone", async () => {
    await stage.on();
    const call = await next(10_000);
    expect(call?.state).toMatchObject({ status: "over", end: "left" });
    expect(stage.allEars).toHaveLength(1);
  });

  test("asks for a press where the microphone may not be opened without one", async () => {
    await stage.on();
    stage.mayHear = false;
    const call = await next(2_000);
    expect(call?.state.status).toBe("held");
    expect(stage.allEars).toHaveLength(1);
    await call?.goOn();
    await stage.settle();
    stage.socket.ready();
    expect(call?.state.status).toBe("on");
  });

  test("connects before that press for nothing in the world: a network that is back, an answer that comes late", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const call = await stage.on();
    stage.mayHear = false;
    stage.socket.onclose?.();
    stage.answers = promise;
    await stage.pass(500);
    stage.around?.leaving();
    stage.around?.back();
    await stage.settle();
    expect(call.state.status).toBe("held");
    resolve();
    stage.around?.online();
    await stage.settle();
    expect(stage.sockets).toHaveLength(1);
    expect(stage.asked).toHaveLength(2);
    await call.goOn();
    await stage.settle();
    stage.socket.ready();
    expect(call.state.status).toBe("on");
    expect(stage.asked).toHaveLength(3);
  });

  test("does not connect before its sound is open, where the network comes back meanwhile", async () => {
    await stage.on();
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.permission = promise;
    await next(2_000);
    stage.around?.online();
    await stage.settle();
    expect(stage.sockets).toHaveLength(1);
    resolve();
    await stage.settle();
    expect(stage.sockets).toHaveLength(2);
  });

  test("has no microphone any more after that press, while the connection is back: the server is told", async () => {
    const call = await stage.on();
    stage.mayHear = false;
    stage.around?.leaving();
    stage.around?.back();
    await stage.settle();
    await call.goOn();
    await stage.settle();
    stage.socket.onopen?.();
    stage.ears.news.ended("lost");
    expect(call.state).toMatchObject({ status: "over", fault: "lost" });
    expect(stage.socket.of("call-end")).toHaveLength(1);
  });

  test("waits for that press no longer than the server does", async () => {
    await stage.on();
    stage.mayHear = false;
    const call = await next(2_000);
    await stage.pass(8_000);
    expect(call?.state).toMatchObject({ status: "over", end: "left" });
  });

  test("while its connection was lost: the 10 s go on", async () => {
    await stage.on();
    stage.refuses = "lost";
    stage.socket.onclose?.();
    await stage.pass(6_000);
    const call = await next(3_000);
    expect(call?.state.status).toBe("lost");
    await stage.pass(1_000);
    expect(call?.state).toMatchObject({ status: "over", end: "left" });
  });

  test("and comes back as it was goes on with it", async () => {
    const call = await stage.on();
    stage.around?.leaving();
    expect(stage.isOpen).toBe(false);
    stage.clock.forward(3_000);
    stage.around?.back();
    await stage.settle();
    stage.socket.ready();
    expect(call.state.status).toBe("on");
    expect(stage.ears.isClosed).toBe(false);
  });

  test("before the call was on leaves none", async () => {
    const call = stage.call();
    call.start();
    await stage.settle();
    stage.around?.leaving();
    expect(stage.memory.take()).toBeUndefined();
    expect(call.isOver).toBe(true);
    expect(stage.isOpen).toBe(false);
  });

  test.each([
    "{",
    "null",
    "7",
    '"call"',
    "[]",
    "{}",
    '{"voiceCallId":"call","conversationId":"conversation-1","leftAt":1}',
    '{"voiceCallId":"call","conversationId":"conversation-1","offer":{}}',
    '{"voiceCallId":"call","offer":{},"leftAt":1}',
    '{"conversationId":"conversation-1","offer":{},"leftAt":1}',
  ])("finds no call in a storage that somebody else wrote in: %s", (text) => {
    const [tab, shared] = stage.kept;
    tab.write("frontdesk:call", text);
    expect(stage.memory.take()).toBeUndefined();
    expect(tab.read("frontdesk:call")).toBeUndefined();
    shared.write("frontdesk:call:choices", text);
    expect(stage.memory.choices).toMatchObject({ mode: "hands-free", microphoneId: "", loudspeakerId: "", volume: 1 });
  });
});
