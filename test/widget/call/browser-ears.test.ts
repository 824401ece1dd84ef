import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBrowserEars } from "../../../widget/call/browser-ears.ts";
import { CallFault, type Ears } from "../../../widget/call/call-ports.ts";
import type { RecogniserResult } from "../../../widget/call/web-speech.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { news, said } from "./noted-news.ts";

/** No browser of a test has a recogniser: this stands in for it, and does what the specification says. */
class StandInRecogniser {
  static last: StandInRecogniser;
  lang = "";
  continuous = false;
  interimResults = false;
  onstart: (() => void) | null = null;
  onresult: ((event: RecogniserResult) => void) | null = null;
  onerror: ((event: { error: string }) => void) | null = null;
  onend: (() => void) | null = null;
  readonly done: string[] = [];
  isRunning = false;

  constructor() {
    StandInRecogniser.last = this;
  }
  start(): void {
    if (this.isRunning) throw new Error("InvalidStateError");
    this.done.push("start");
    this.isRunning = true;
    this.onstart?.();
  }
  stop(): void {
    this.done.push("stop");
    this.ends();
  }
  abort(): void {
    this.done.push("abort");
    if (this.isRunning) this.ends();
  }
  ends(): void {
    this.isRunning = false;
    this.onend?.();
  }
  hears(transcript: string, isFinal: boolean, confidence = 0): void {
    const result = Object.assign([{ transcript, confidence }], { isFinal });
    this.onresult?.({ resultIndex: 0, results: [result] });
  }
}

beforeEach(() => {
  vi.stubGlobal("webkitSpeechRecognition", StandInRecogniser);
  said.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

describe("the browser's own recogniser", () => {
  const clock = new ManualClock();
  let wanted = new AbortController();
  beforeEach(() => void (wanted = new AbortController()));
  const open = (): Promise<Ears> => openBrowserEars("de", news, clock, wanted.signal);
  const recogniser = (): StandInRecogniser => StandInRecogniser.last;
  const transcripts = (): unknown[] => said.filter((one) => (one as unknown[])[0] === "say").map((one) => (one as unknown[])[1]);

  test("is missing in some browsers", async () => {
    vi.stubGlobal("webkitSpeechRecognition", undefined);
    await expect(open()).rejects.toEqual(new CallFault("unsupported"));
  });

  test("that is not wanted any more while the customer thinks about the microphone is given up at once", async () => {
    const start = vi.spyOn(StandInRecogniser.prototype, "start").mockImplementation(() => undefined);
    void open();
    expect(recogniser().done).toEqual([]);
    wanted.abort();
    expect(recogniser().done).toEqual(["abort"]);
    start.mockRestore();
  });

  test("is asked for the assistant's language, and tells what it understands", async () => {
    await open();
    expect(recogniser()).toMatchObject({ lang: "de", continuous: true, interimResults: true });
    recogniser().hears("wo ist", false);
    recogniser().hears("Wo ist meine Bestellung?", true, 0.8);
    expect(transcripts()).toEqual([
      { type: "transcript", text: "wo ist", final: false },
      { type: "transcript", text: "Wo ist meine Bestellung?", final: true, confidence: 0.8 },
    ]);
    expect(said[0]).toEqual(["activity", "ready"]);
  });

  test.each([
    ["not-allowed", "denied"],
    ["audio-capture", "no-microphone"],
    ["language-not-supported", "unsupported"],
  ] as const)("that may not or cannot hear says why: %s", async (error, fault) => {
    await open();
    recogniser().onerror?.({ error });
    expect(said).toContainEqual(["ended", fault]);
    expect(recogniser().isRunning).toBe(false);
  });

  test("begins anew when it ends by itself, and says so when that is in vain", async () => {
    await open();
    recogniser().ends();
    expect(recogniser().isRunning).toBe(false);
    clock.forward(300);
    expect(recogniser().isRunning).toBe(true);
    expect(said).not.toContainEqual(["note", "not-heard", true]);
    for (let round = 0; round < 5; round += 1) {
      recogniser().ends();
      clock.forward(300);
    }
    expect(said).toContainEqual(["note", "not-heard", true]);
  });

  test("is not in vain where it listened for a second, or was to end: a silence, a mute, a button that is let go", async () => {
    const ears = await open();
    for (let round = 0; round < 10; round += 1) {
      clock.forward(1_000);
      recogniser().ends();
      clock.forward(300);
      ears.mute(true);
      clock.forward(300);
      ears.mute(false);
      ears.pushToTalk(true);
      ears.talk(true);
      clock.forward(500);
      ears.talk(false);
      ears.pushToTalk(false);
      expect(recogniser().isRunning).toBe(true);
    }
    expect(said.slice(1)).toEqual([]);
  });

  test("is not in vain where it listened now and then", async () => {
    await open();
    for (let round = 0; round < 20; round += 1) {
      clock.forward(round % 4 === 0 ? 1_000 : 0);
      recogniser().ends();
      clock.forward(300);
    }
    expect(said.slice(1)).toEqual([]);
  });

  test("is in vain where it does not begin, however long that takes", async () => {
    await open();
    recogniser().ends();
    recogniser().onstart = null;
    for (let round = 0; round < 4; round += 1) {
      clock.forward(300);
      clock.forward(5_000);
      recogniser().ends();
    }
    clock.forward(300);
    expect(said.slice(1)).toEqual([["note", "not-heard", true]]);
  });

  test("hears nothing while the customer is muted, or does not hold the button", async () => {
    const ears = await open();
    ears.mute(true);
    clock.forward(10_000);
    expect(recogniser().isRunning).toBe(false);
    ears.mute(false);
    clock.forward(10_000);
    expect(recogniser().isRunning).toBe(true);
    ears.pushToTalk(true);
    clock.forward(10_000);
    expect(recogniser().isRunning).toBe(false);
    ears.talk(true);
    clock.forward(10_000);
    expect(recogniser().isRunning).toBe(true);
    ears.talk(false);
    clock.forward(10_000);
    expect(recogniser().isRunning).toBe(false);
  });

  test("takes the assistant's own words for nobody's, and other words for the customer's, who interrupts", async () => {
    const ears = await open();
    ears.assistantSpeaks(true);
    ears.assistantSays("Your order left our workshop on Tuesday.");
    recogniser().hears("your order left", false);
    recogniser().hears("your order left our workshop", true, 0.9);
    expect(said.slice(1)).toEqual([]);
    recogniser().hears("stop please", false);
    expect(said.slice(1)).toEqual([
      ["interrupt", "speech"],
      ["say", { type: "transcript", text: "stop please", final: false }],
    ]);
  });

  test("reckons with the echo a little longer than the assistant speaks", async () => {
    const ears = await open();
    ears.assistantSpeaks(true);
    ears.assistantSays("On Tuesday.");
    ears.assistantSpeaks(false);
    recogniser().hears("on tuesday", true);
    expect(transcripts()).toEqual([]);
    clock.forward(1_500);
    recogniser().hears("on tuesday", true);
    expect(transcripts()).toHaveLength(1);
  });

  test("lets go of the microphone at once, and does not begin anew", async () => {
    const ears = await open();
    ears.close();
    ears.close();
    clock.forward(10_000);
    expect(recogniser().done).toEqual(["start", "abort"]);
    expect(recogniser().isRunning).toBe(false);
  });
});
