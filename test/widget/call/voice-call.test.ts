import { beforeEach, describe, expect, test } from "vitest";
import { CallStage } from "./call-stage.ts";

let stage: CallStage;
beforeEach(() => {
  stage = new CallStage();
});

describe("a call begins", () => {
  test("with a token of the customer line, said in the first message", async () => {
    const call = stage.call();
    call.start();
    expect(call.state.status).toBe("starting");
    await stage.settle();
    stage.socket.onopen?.();
    expect(stage.socket.said).toEqual([{ type: "call-open", token: "token-1", activity: true }]);
    stage.socket.ready();
    expect(call.state.status).toBe("on");
    expect(stage.asked).toEqual([{ voiceCallId: "id-00001", takeOver: false }]);
    expect(call.state.microphones).toEqual([{ id: "headset", label: "Headset" }]);
  });

  test("and says nothing to a server that is not ready: what was said until then is said after it", async () => {
    const call = stage.call();
    call.start();
    await stage.settle();
    stage.socket.onopen?.();
    stage.ears.speaks();
    call.mute(true);
    await stage.pass(1_000);
    expect(stage.socket.said.map(({ type }) => type)).toEqual(["call-open"]);
    expect(stage.socket.frames).toEqual([]);
    stage.socket.ready();
    expect(stage.socket.said.map(({ type }) => type)).toEqual(["call-open", "speech", "mute"]);
    expect(stage.socket.frames).toHaveLength(1);
  });

  test("and touches no microphone where the server refuses it", async () => {
    stage.refuses = "no-voice";
    const call = stage.call();
    call.start();
    await stage.settle();
    expect(call.state).toMatchObject({ status: "over", error: { code: "no-voice" } });
    expect(stage.allEars).toEqual([]);
    expect(stage.isOpen).toBe(false);
  });

  test.each(["denied", "no-microphone", "busy", "insecure", "unsupported"] as const)("and says what is wrong: %s", async (fault) => {
    stage.fault = fault;
    const call = stage.call();
    call.start();
    await stage.settle();
    expect(call.state).toMatchObject({ status: "over", fault });
    expect(stage.isOpen).toBe(false);
  });

  test("and closes the microphone where the loudspeaker cannot be had", async () => {
    stage.voiceFault = "not-loaded";
    const call = stage.call();
    call.start();
    await stage.settle();
    expect(call.state).toMatchObject({ status: "over", fault: "not-loaded" });
    expect(stage.isOpen).toBe(false);
  });

  test("with another token where the customer has thought about the microphone for long", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.permission = promise;
    stage.call().start();
    await stage.settle();
    await stage.pass(28_000);
    resolve();
    await stage.settle();
    stage.socket.onopen?.();
    expect(stage.socket.of("call-open")[0]?.token).toBe("token-2");
    expect(stage.asked.map(({ voiceCallId }) => voiceCallId)).toEqual(["id-00001", "id-00001"]);
  });

  test("and was hung up while it asked again: the token that comes late opens nothing", async () => {
    const allowed = Promise.withResolvers<void>();
    stage.permission = allowed.promise;
    const call = stage.call();
    call.start();
    await stage.settle();
    await stage.pass(28_000);
    const answered = Promise.withResolvers<void>();
    stage.answers = answered.promise;
    allowed.resolve();
    await stage.settle();
    expect(stage.asked).toHaveLength(2);
    call.hangUp();
    answered.resolve();
    await stage.settle();
    expect(stage.sockets).toEqual([]);
    expect(stage.isOpen).toBe(false);
  });

  test("and was hung up before the customer allowed the microphone: then it is ended at once", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.permission = promise;
    const call = stage.call();
    call.start();
    await stage.settle();
    expect(stage.wanted.map(({ aborted }) => aborted)).toEqual([false]);
    call.hangUp();
    // What opens them need not come to its end first.
    expect(stage.wanted.map(({ aborted }) => aborted)).toEqual([true]);
    resolve();
    await stage.settle();
    expect(stage.allEars).toHaveLength(1);
    expect(stage.isOpen).toBe(false);
    expect(call.state.status).toBe("over");
  });

  test("and is told where it never came about", async () => {
    const call = stage.call();
    call.start();
    await stage.settle();
    stage.socket.onclose?.();
    expect(call.state).toMatchObject({ status: "over", fault: "unreached" });
    expect(stage.isOpen).toBe(false);
  });

  test("and waits no longer than 5 s for a server that says nothing", async () => {
    const call = stage.call();
    call.start();
    await stage.settle();
    stage.socket.onopen?.();
    await stage.pass(5_000);
    expect(call.state).toMatchObject({ status: "over", fault: "unreached" });
    // Should it hear yet, nobody comes any more.
    expect(stage.socket.of("call-end")).toHaveLength(1);
    expect(stage.isOpen).toBe(false);
  });
});

describe("who is told that calls are recorded", () => {
  test("is asked before anything is opened, once in this browser", async () => {
    const call = stage.call({ recorded: true });
    call.start();
    await stage.settle();
    expect(call.state).toMatchObject({ status: "asking", isRecorded: true });
    expect([stage.asked, stage.allEars, stage.voices]).toEqual([[], [], []]);
    call.agree();
    await stage.settle();
    stage.socket.ready();
    expect(call.state.status).toBe("on");
    call.hangUp();
    const next = stage.call({ recorded: true });
    next.start();
    expect(next.state).toMatchObject({ status: "starting", isRecorded: true });
  });

  test("and does not want it, is in no call", async () => {
    const call = stage.call({ recorded: true });
    call.start();
    call.hangUp();
    await stage.settle();
    expect(call.isOver).toBe(true);
    expect([stage.asked, stage.allEars]).toEqual([[], []]);
  });
});

describe("one call for each customer", () => {
  test("in another tab is told, and may be taken over", async () => {
    stage.refuses = "call-elsewhere";
    const call = stage.call();
    call.start();
    await stage.settle();
    expect(call.state.status).toBe("elsewhere");
    expect(stage.allEars).toEqual([]);
    expect(stage.isOpen).toBe(false);
    stage.refuses = undefined;
    call.takeOver();
    await stage.settle();
    stage.socket.ready();
    expect(call.state.status).toBe("on");
    expect(stage.asked.at(-1)).toEqual({ voiceCallId: "id-00001", takeOver: true });
  });

  test("in another tab is taken over with another token too, where the customer thinks about the microphone", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.permission = promise;
    const call = stage.call();
    call.takeOver();
    await stage.settle();
    await stage.pass(28_000);
    resolve();
    await stage.settle();
    expect(stage.asked.map(({ takeOver }) => takeOver)).toEqual([true, true]);
    // Once it is on, whoever takes it over has it.
    stage.socket.ready();
    stage.socket.onclose?.();
    await stage.pass(500);
    expect(stage.asked.at(-1)?.takeOver).toBe(false);
  });

  test("that may be in the way is named, after the question as well, and ended without another", async () => {
    const call = stage.call({ recorded: true });
    call.start("call-before");
    call.agree();
    await stage.settle();
    expect(stage.asked).toEqual([{ voiceCallId: call.voiceCallId, takeOver: "call-before" }]);
  });

  test("that another tab has taken over says so", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "call-end", reason: "taken-over" });
    expect(call.state).toMatchObject({ status: "over", end: "taken-over" });
  });
});

/** Sentence 1 of what users of others complain about: the microphone stays on. */
describe("every track has ended", () => {
  test("when the customer hangs up, and the server is told", async () => {
    const call = await stage.on();
    call.hangUp();
    expect(stage.isOpen).toBe(false);
    expect(stage.socket.of("call-end")).toHaveLength(1);
    expect(call.state).toMatchObject({ status: "over", end: "hung-up" });
  });

  test.each(["assistant", "engine", "idle", "limit", "person", "stopping", "taken-over"] as const)(
    "when the server ends it: %s",
    async (reason) => {
      const call = await stage.on();
      stage.socket.says({ type: "call-end", reason });
      expect(stage.isOpen).toBe(false);
      expect(stage.socket.of("call-end")).toEqual([]);
      expect(call.state).toMatchObject({ status: "over", end: reason });
    },
  );

  test("when the server refuses it late", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "refused", error: { code: "internal", message: "No." } });
    expect(stage.isOpen).toBe(false);
    expect(call.state).toMatchObject({ status: "over", error: { code: "internal" } });
  });

  test("when the microphone is gone, or may not be used any more", async () => {
    const call = await stage.on();
    stage.ears.news.ended("withdrawn");
    expect(stage.isOpen).toBe(false);
    // The server need not wait for a page that does not come back.
    expect(stage.socket.of("call-end")).toHaveLength(1);
    expect(call.state).toMatchObject({ status: "over", fault: "withdrawn" });
  });

  test("when the page goes before the call was on, and the server is told", async () => {
    stage.call().start();
    await stage.settle();
    stage.socket.onopen?.();
    stage.around?.leaving();
    expect(stage.isOpen).toBe(false);
    expect(stage.socket.of("call-end")).toHaveLength(1);
  });

  test("when the page goes", async () => {
    await stage.on();
    stage.around?.leaving();
    expect(stage.isOpen).toBe(false);
  });

  test("when the connection is gone for 10 s", async () => {
    const call = await stage.on();
    stage.refuses = "lost";
    stage.socket.onclose?.();
    await stage.pass(9_999);
    expect(call.state.status).toBe("lost");
    expect(stage.ears.isClosed).toBe(false);
    await stage.pass(1);
    expect(call.state).toMatchObject({ status: "over", end: "left" });
    expect(stage.isOpen).toBe(false);
  });

  test("and nothing that comes late changes that", async () => {
    const call = await stage.on();
    const { socket, ears, voice, changes } = { socket: stage.socket, ears: stage.ears, voice: stage.voice, changes: stage.changes };
    call.hangUp();
    const after = stage.changes;
    expect(after).toBeGreaterThan(changes);
    socket.says({ type: "phase", phase: "speaking" });
    socket.onclose?.();
    ears.news.ended("lost");
    voice.news.caption("Hello");
    call.mute(true);
    await stage.pass(60_000);
    expect(stage.changes).toBe(after);
    expect(stage.asked).toHaveLength(1);
  });
});
