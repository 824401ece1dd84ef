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
    expect(stage.socket.said).toEqual([{ type: "call-open", token: "token-1", codecs: [], activity: true }]);
    stage.socket.ready();
    expect(call.state.status).toBe("on");
    expect(stage.asked).toEqual([{ voiceCallId: "id-0001", takeOver: false }]);
    expect(call.state.microphones).toEqual([{ id: "headset", label: "Headset" }]);
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
    expect(stage.asked.map(({ voiceCallId }) => voiceCallId)).toEqual(["id-0001", "id-0001"]);
  });

  test("and was hung up before the customer allowed the microphone: then it is ended at once", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.permission = promise;
    const call = stage.call();
    call.start();
    await stage.settle();
    call.hangUp();
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
    expect(stage.asked.at(-1)).toEqual({ voiceCallId: "id-0001", takeOver: true });
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
    expect(call.state).toMatchObject({ status: "over", fault: "withdrawn" });
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

describe("in a call", () => {
  test("captions are what was understood, and what is heard at this moment", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "understood", turn: 0, text: "where is", final: false });
    expect(call.state.customerCaption).toBe("where is");
    stage.socket.says({ type: "understood", turn: 0, text: "Where is my order?", final: true });
    stage.socket.says({ type: "saying", piece: 0, kind: "answer", text: "On its way.", fromMs: 0, sampleRate: 24_000 });
    expect(call.state).toMatchObject({ customerCaption: "Where is my order?", assistantCaption: "" });
    stage.voice.news.caption("On its way.");
    expect(call.state.assistantCaption).toBe("On its way.");
  });

  test("how far the assistant was heard is told, and how the playback goes, every 5 s", async () => {
    await stage.on();
    stage.voice.news.say({ type: "heard", untilMs: 250 });
    expect(stage.socket.of("heard")).toEqual([{ type: "heard", untilMs: 250 }]);
    await stage.pass(10_000);
    expect(stage.socket.of("stats")).toHaveLength(2);
  });

  test("the microphone is muted, and the server told", async () => {
    const call = await stage.on();
    call.mute(true);
    expect(call.state.isMuted).toBe(true);
    expect(stage.ears.done).toContainEqual(["mute", true]);
    expect(stage.socket.of("mute")).toEqual([{ type: "mute", muted: true }]);
  });

  test("what the customer chooses holds at once, and in their next call", async () => {
    const call = await stage.on();
    call.choose({ mode: "push-to-talk" });
    call.choose({ microphoneId: "headset" });
    call.choose({ loudspeakerId: "speaker", volume: 0.4 });
    expect(stage.ears.done).toEqual(
      expect.arrayContaining([
        ["pushToTalk", true],
        ["hearFrom", "headset"],
      ]),
    );
    expect(stage.voice.done).toEqual(
      expect.arrayContaining([
        ["playThrough", "speaker"],
        ["loud", 0.4],
      ]),
    );
    call.hangUp();
    expect(stage.call().state.choices).toEqual({ mode: "push-to-talk", microphoneId: "headset", loudspeakerId: "speaker", volume: 0.4 });
  });

  test("who takes push-to-talk is not muted beside it", async () => {
    const call = await stage.on();
    call.mute(true);
    call.choose({ mode: "push-to-talk" });
    expect(call.state.isMuted).toBe(false);
    expect(stage.socket.of("mute").at(-1)).toEqual({ type: "mute", muted: false });
  });

  test("an approval waits for its words until it waits no longer", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "asking", approvalId: "approval-1", phrase: "yes, approve it" });
    expect(call.state.asked).toMatchObject({ phrase: "yes, approve it" });
    stage.socket.says({ type: "asked", approvalId: "approval-1" });
    expect(call.state).not.toHaveProperty("asked");
  });
});

describe("interrupting", () => {
  /** Sentence 4: a cough lowers the voice, and it goes on where it was. */
  test("in doubt the voice is lower, and comes back where it was nothing", async () => {
    await stage.on();
    stage.ears.news.doubt(true);
    stage.ears.news.doubt(false);
    expect(stage.voice.done.slice(-2)).toEqual([
      ["duck", true],
      ["duck", false],
    ]);
    await stage.settle();
    expect(stage.socket.of("cut")).toEqual([]);
  });

  test("is told with the place until which the assistant was heard", async () => {
    await stage.on();
    stage.voice.placeMs = 1234;
    stage.ears.news.interrupt("speech");
    await stage.settle();
    expect(stage.socket.of("cut")).toEqual([{ type: "cut", untilMs: 1234, by: "speech" }]);
  });

  /** Sentence 8: never where nothing was played. */
  test("is not told where nothing was being said", async () => {
    const call = await stage.on();
    stage.ears.news.interrupt("speech");
    call.hush();
    await stage.settle();
    expect(stage.socket.of("cut")).toEqual([]);
  });

  test("what the server drops is dropped here", async () => {
    await stage.on();
    stage.socket.says({ type: "hush" });
    expect(stage.voice.done.at(-1)).toEqual(["hush"]);
  });
});

describe("what is wrong, and passes", () => {
  test("one thing at a time, the worst", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "trouble", code: "nothing-understood" });
    expect(call.state.fault).toBe("nothing-understood");
    stage.ears.news.note("silent", true);
    expect(call.state.fault).toBe("silent");
    stage.ears.news.note("silent", false);
    expect(call.state.fault).toBe("nothing-understood");
    stage.socket.says({ type: "understood", turn: 1, text: "Where", final: false });
    expect(call.state).not.toHaveProperty("fault");
  });

  test("is not said for ever", async () => {
    const call = await stage.on();
    stage.socket.says({ type: "trouble", code: "not-heard" });
    await stage.pass(12_000);
    expect(call.state).not.toHaveProperty("fault");
  });

  test("of the microphone and of the loudspeaker is not mixed up", async () => {
    const call = await stage.on();
    stage.ears.news.note("interrupted", true);
    stage.voice.news.note("interrupted", true);
    stage.ears.news.note("interrupted", false);
    expect(call.state.fault).toBe("interrupted");
    stage.voice.news.note("interrupted", false);
    expect(call.state).not.toHaveProperty("fault");
  });

  test("without voice activity push-to-talk is left, and the choice stays for the next call", async () => {
    const call = await stage.on();
    stage.ears.news.activity("never");
    expect(call.state).toMatchObject({ activity: "never", fault: "no-activity", choices: { mode: "hands-free" } });
    expect(stage.memory.choices.mode).toBe("hands-free");
  });
});
