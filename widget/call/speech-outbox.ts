import type { VoiceFrame } from "../../protocol/voice-frame.ts";
import type { VoiceClientMessage } from "../../protocol/voice-frames.ts";
import type { CallLine } from "./call-line.ts";

type Spoken = Extract<VoiceClientMessage, { type: "speech" | "talk" | "transcript" }>;
type Item = Spoken | Omit<VoiceFrame, "seq">;

/** Of speech that waits for a connection: as PCM it is 12 s. The server takes no more at once. */
const MOST_BYTES = 400_000;

/**
 * The customer's speech on its way. What they are saying when the connection breaks, and what they say until it is
 * back, is said again to the next one, which has forgotten it. What they had finished is not: whether it was
 * understood, and done, is not known.
 */
export class SpeechOutbox {
  readonly #line: Pick<CallLine, "say" | "frame">;
  #isOn = false;
  #kept: Item[] = [];
  #bytes = 0;
  /** Nothing more of what is kept is to come. */
  #isFinished = true;

  constructor(line: Pick<CallLine, "say" | "frame">) {
    this.#line = line;
  }

  add(item: Item): void {
    const begins = begun(item);
    if (begins && this.#isOn) this.#forget();
    // What is too long is not said twice, and never its end alone.
    this.#bytes += "audio" in item ? item.audio.byteLength : 0;
    if (this.#bytes > MOST_BYTES) this.#kept = [];
    else this.#kept.push(item);
    this.#isFinished = begins ? false : this.#isFinished || finished(item);
    if (item.type === "speech" && item.event === "resumed") this.#isFinished = false;
    if (this.#isOn) this.#send(item);
  }

  /** The server has taken a turn in: what was said before is its own. */
  understood(): void {
    if (this.#isFinished) this.#forget();
  }

  lost(): void {
    this.#isOn = false;
    if (this.#isFinished) this.#forget();
  }

  /** There is a connection, which has heard nothing yet. */
  goOn(): void {
    this.#isOn = true;
    for (const item of this.#kept) this.#send(item);
    if (this.#isFinished) this.#forget();
  }

  #send(item: Item): void {
    if ("audio" in item) this.#line.frame(item);
    else this.#line.say(item);
  }

  #forget(): void {
    this.#kept = [];
    this.#bytes = 0;
  }
}

function begun(item: Item): boolean {
  return (item.type === "speech" && item.event === "started") || (item.type === "talk" && item.held);
}

function finished(item: Item): boolean {
  if (item.type === "speech") return item.event === "paused" || item.event === "ended";
  return (item.type === "talk" && !item.held) || (item.type === "transcript" && item.final);
}
