import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBrowserEars } from "../../../widget/call/browser-ears.ts";
import { openBrowserVoice } from "../../../widget/call/browser-voice.ts";
import type { AssistantVoice, Ears, EarsNews, Saying, VoiceNews } from "../../../widget/call/call-ports.ts";
import { CallFault } from "../../../widget/call/call-ports.ts";
import type { RecogniserResult } from "../../../widget/call/web-speech.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** No browser of a test has recognisers or voices: these stand in for them, and do what the specification says. */
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

class StandInUtterance {
  volume = 1;
  lang = "";
  onstart: (() => void) | null = null;
  onboundary: ((event: { charIndex: number }) => void) | null = null;
  onend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const synthesis = {
  spoken: [] as StandInUtterance[],
  cancelled: 0,
  speak: (one: StandInUtterance) => void synthesis.spoken.push(one),
  cancel: () => void synthesis.cancelled++,
};

const said: unknown[] = [];
const note =
  (name: string) =>
  (...given: readonly unknown[]): void =>
    void said.push(given.length === 0 ? [name] : [name, ...given]);
const news = new Proxy({}, { get: (_, name) => note(String(name)) }) as EarsNews & VoiceNews;

beforeEach(() => {
  vi.stubGlobal("webkitSpeechRecognition", StandInRecogniser);
  vi.stubGlobal("SpeechSynthesisUtterance", StandInUtterance);
  vi.stubGlobal("speechSynthesis", synthesis);
  said.length = synthesis.spoken.length = synthesis.cancelled = 0;
});
afterEach(() => vi.unstubAllGlobals());

describe("the browser's own recogniser", () => {
  const clock = new ManualClock();
  const open = (): Promise<Ears> => openBrowserEars("de", news, clock);
  const recogniser = (): StandInRecogniser => StandInRecogniser.last;
  const transcripts = (): unknown[] => said.filter((one) => (one as unknown[])[0] === "say").map((one) => (one as unknown[])[1]);

  test("is missing in some browsers", async () => {
    vi.stubGlobal("webkitSpeechRecognition", undefined);
    await expect(open()).rejects.toEqual(new CallFault("unsupported"));
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

describe("the browser's own voice", () => {
  let clock: ManualClock;
  beforeEach(() => (clock = new ManualClock()));
  const open = (volume = 0.5): Promise<AssistantVoice> =>
    openBrowserVoice("de", { mode: "hands-free", microphoneId: "", loudspeakerId: "", volume }, news, clock);
  const piece = (number: number, text: string): Saying => ({
    type: "saying",
    piece: number,
    kind: "answer",
    text,
    fromMs: 0,
    sampleRate: 0,
  });

  test("is missing in some browsers", async () => {
    vi.stubGlobal("speechSynthesis", undefined);
    await expect(open()).rejects.toEqual(new CallFault("unsupported"));
  });

  test("says what it is given, and tells how far it came", async () => {
    const voice = await open();
    voice.begin(piece(3, "Auf dem Weg."));
    const [utterance] = synthesis.spoken;
    expect(utterance).toMatchObject({ text: "Auf dem Weg.", lang: "de", volume: 0.5 });
    utterance?.onstart?.();
    utterance?.onboundary?.({ charIndex: 4 });
    utterance?.onend?.();
    expect(said).toEqual([
      ["note", "not-spoken", false],
      ["audible", true],
      ["caption", "Auf dem Weg."],
      ["say", { type: "spoke", piece: 3, characters: 4, done: false }],
      ["say", { type: "spoke", piece: 3, characters: 12, done: true }],
      ["audible", false],
    ]);
  });

  test("is cut: it tells how far it came, and says nothing more until it is hushed", async () => {
    const voice = await open();
    voice.begin(piece(0, "Eins zwei drei."));
    synthesis.spoken[0]?.onstart?.();
    synthesis.spoken[0]?.onboundary?.({ charIndex: 5 });
    said.length = 0;
    expect(await voice.cut()).toBe(0);
    expect(said).toEqual([
      ["say", { type: "spoke", piece: 0, characters: 5, done: false }],
      ["audible", false],
    ]);
    expect(synthesis.cancelled).toBe(1);
    synthesis.spoken[0]?.onend?.();
    expect(said).toHaveLength(2);
    voice.begin(piece(1, "Noch davon."));
    expect(await voice.cut()).toBeUndefined();
    voice.hush();
    voice.begin(piece(2, "Etwas Neues."));
    expect(synthesis.spoken.map(({ text }) => text)).toEqual(["Eins zwei drei.", "Etwas Neues."]);
  });

  test("that fails says so, and that nothing more of it will be heard", async () => {
    const voice = await open();
    voice.begin(piece(0, "Eins."));
    synthesis.spoken[0]?.onerror?.();
    expect(said).toEqual([["note", "not-spoken", true], ["failed"]]);
  });

  const FAILED = [["note", "not-spoken", true], ["failed"]];

  test("that does not begin has failed after 4 s, and only once", async () => {
    const voice = await open();
    voice.begin(piece(0, "Eins."));
    clock.forward(3_999);
    expect(said).toEqual([]);
    clock.forward(1);
    expect(said).toEqual(FAILED);
    clock.forward(60_000);
    expect(said).toEqual(FAILED);
  });

  test("that does not end has failed, later with a longer text", async () => {
    const voice = await open();
    for (const [number, text] of ["Eins.", "Eins, zwei, drei, vier, fünf."].entries()) {
      voice.begin(piece(number, text));
      synthesis.spoken[number]?.onstart?.();
      said.length = 0;
      clock.forward(4_000 + 300 * text.length - 1);
      expect(said).toEqual([]);
      clock.forward(1);
      expect(said).toEqual(FAILED);
      // As a call does.
      await voice.cut();
      voice.hush();
    }
  });

  test.each([
    ["ended", () => synthesis.spoken[0]?.onend?.()],
    ["failed", () => synthesis.spoken[0]?.onerror?.()],
    ["was cut", (voice: AssistantVoice) => void voice.cut()],
    ["was closed", (voice: AssistantVoice) => voice.close()],
  ])("waits for nothing more of what %s", async (_, ends) => {
    const voice = await open();
    voice.begin(piece(0, "Eins."));
    synthesis.spoken[0]?.onstart?.();
    expect(clock.next()).toBe(5_500);
    ends(voice);
    expect(clock.next()).toBeUndefined();
  });

  test("is silent at once when the call ends", async () => {
    const voice = await open();
    voice.begin(piece(0, "Eins."));
    synthesis.spoken[0]?.onstart?.();
    voice.close();
    expect(synthesis.cancelled).toBe(1);
    expect(said.at(-1)).toEqual(["audible", false]);
  });
});
