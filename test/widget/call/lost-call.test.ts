import { beforeEach, describe, expect, test } from "vitest";
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
  test("is said again before the server is told that they are muted by now, and hears nothing any more", async () => {
    const call = await stage.on();
    stage.ears.speaks();
    stage.socket.onclose?.();
    call.mute(true);
    await stage.pass(500);
    stage.socket.ready({ resumed: true });
    expect(stage.socket.said.map(({ type }) => type).filter((type) => type !== "call-open")).toEqual(["speech", "mute"]);
  });

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
