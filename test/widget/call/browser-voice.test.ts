import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBrowserVoice } from "../../../widget/call/browser-voice.ts";
import { type AssistantVoice, CallFault, type Saying } from "../../../widget/call/call-ports.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { news, said } from "./noted-news.ts";

/** No browser of a test has a voice: these stand in for it, and do what the specification says. */
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

beforeEach(() => {
  vi.stubGlobal("SpeechSynthesisUtterance", StandInUtterance);
  vi.stubGlobal("speechSynthesis", synthesis);
  said.length = synthesis.spoken.length = synthesis.cancelled = 0;
});
afterEach(() => vi.unstubAllGlobals());

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
