import { beforeEach, describe, expect, test } from "vitest";
import { noteText, standText } from "../../../widget/elements/call/call-text.ts";
import { englishVoice } from "../../../widget/words/english/voice.ts";
import { english } from "../../../widget/words/english/words.ts";
import { germanVoice } from "../../../widget/words/german/voice.ts";
import { CallStage } from "./call-stage.ts";

let stage: CallStage;
beforeEach(() => {
  stage = new CallStage();
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

  test("an answer is no caption any more once the customer's next words are understood", async () => {
    const call = await stage.on();
    stage.voice.news.caption("On its way.");
    stage.socket.says({ type: "understood", turn: 1, text: "", final: false });
    expect(call.state.assistantCaption).toBe("On its way.");
    stage.voice.news.audible(true);
    stage.socket.says({ type: "understood", turn: 1, text: "mhm", final: false });
    expect(call.state.assistantCaption).toBe("On its way.");
    stage.voice.news.audible(false);
    stage.socket.says({ type: "understood", turn: 1, text: "And the other", final: false });
    expect(call.state).toMatchObject({ customerCaption: "And the other", assistantCaption: "" });
  });

  test("devices are offered where they can be chosen: the browser's own engines take what it is set to", async () => {
    const devices = { microphones: [{ id: "headset", label: "Headset" }], loudspeakers: [{ id: "speaker", label: "Speaker" }] };
    stage.devices = devices;
    expect((await stage.on()).state).toMatchObject(devices);
    expect((await stage.on({ hearing: "browser" })).state).toMatchObject({ ...devices, microphones: [] });
    expect((await stage.on({ speaking: "browser" })).state).toMatchObject({ ...devices, loudspeakers: [] });
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

  test("is told apart from a voice that fails: for that, no answer need be stopped", async () => {
    await stage.on();
    stage.voice.placeMs = 1234;
    stage.voice.news.failed();
    await stage.settle();
    expect(stage.socket.of("cut")).toEqual([{ type: "cut", untilMs: 1234, by: "failed" }]);
  });

  test("by a voice that fails is nobody's doing: the bar says where the answer is, the thread that the voice broke off", async () => {
    const call = await stage.on();
    stage.voice.placeMs = 0;
    stage.voice.news.note("not-spoken", true);
    stage.voice.news.failed();
    await stage.settle();
    expect(standText(call.state, englishVoice)).toBe("Listening");
    expect(noteText(call.state, english, englishVoice)).toBe(
      "The assistant's voice does not work at the moment. Its answers are in the chat.",
    );
    expect([englishVoice.cut.lost(undefined), germanVoice.cut.lost("Ja")]).toEqual([
      "The voice broke off before this was heard",
      "Die Stimme brach ab nach „Ja“",
    ]);
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

  test("that the microphone is silent hides nothing that is worse, and is not said to who is muted", async () => {
    const call = await stage.on();
    stage.ears.news.note("not-heard", true);
    stage.ears.news.note("silent", true);
    expect(call.state.fault).toBe("not-heard");
    stage.socket.says({ type: "understood", turn: 1, text: "Where", final: false });
    expect(call.state.fault).toBe("silent");
    call.mute(true);
    expect(call.state).not.toHaveProperty("fault");
    stage.ears.news.note("silent", true);
    expect(call.state).not.toHaveProperty("fault");
    call.mute(false);
    expect(call.state.fault).toBe("silent");
    stage.ears.news.note("silent", false);
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

  test("never hides that the assistant is not heard: a screen reader says its answers then", async () => {
    const call = await stage.on();
    stage.ears.news.note("silent", true);
    stage.ears.news.note("interrupted", true);
    expect(call.state.isSpoken).toBe(true);
    for (const note of ["not-spoken", "interrupted", "no-sound"] as const) {
      stage.voice.news.note(note, true);
      expect(call.state).toMatchObject({ isSpoken: false });
      stage.voice.news.note(note, false);
      expect(call.state.isSpoken).toBe(true);
    }
    stage.socket.says({ type: "trouble", code: "not-spoken" });
    expect(call.state).toMatchObject({ isSpoken: false, fault: "interrupted" });
    stage.socket.says({ type: "saying", piece: 0, kind: "answer", text: "On its way.", fromMs: 0, sampleRate: 24_000 });
    expect(call.state.isSpoken).toBe(true);
  });

  test("is forgotten when the page goes", async () => {
    const call = await stage.on();
    stage.ears.news.note("silent", true);
    stage.voice.news.note("interrupted", true);
    stage.around?.leaving();
    expect(call.state).not.toHaveProperty("fault");
    expect(call.state.isSpoken).toBe(true);
  });

  test("without voice activity push-to-talk is left, and the choice stays for the next call", async () => {
    const call = await stage.on();
    stage.ears.news.activity("never");
    expect(call.state).toMatchObject({ activity: "never", fault: "no-activity", choices: { mode: "hands-free" } });
    expect(stage.memory.choices.mode).toBe("hands-free");
  });
});
