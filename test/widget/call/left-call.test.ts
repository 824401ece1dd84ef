import { beforeEach, describe, expect, test } from "vitest";
import type { VoiceCall } from "../../../widget/call/voice-call.ts";
import { CallStage } from "./call-stage.ts";

let stage: CallStage;
beforeEach(() => {
  stage = new CallStage();
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
    expect(call?.state.status).toBe("returned");
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
    expect(call.state.status).toBe("returned");
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
