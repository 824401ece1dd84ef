import type { Clock } from "../thread/clock.ts";
import type { CallNote } from "./call-ports.ts";

/** What is worse comes first: one at a time is said. */
const ORDER: readonly CallNote[] = ["interrupted", "no-sound", "not-heard", "silent", "not-spoken", "nothing-understood", "no-activity"];
/** What happened once is not said for ever. */
const PASSES_MS: Partial<Record<CallNote, number>> = { "nothing-understood": 12_000, "not-heard": 12_000, "not-spoken": 30_000 };

/** What is wrong with a call at this moment, and passes. */
export class CallNotes {
  readonly #clock: Clock;
  readonly #changed: (worst: CallNote | undefined, isSpoken: boolean) => void;
  /** By who says so, with what takes it back in time. */
  readonly #set = new Map<string, { readonly note: CallNote; readonly callOff: (() => void) | undefined }>();
  #isMuted = false;

  /** @param changed is told whether the assistant is heard, too: what is worse may hide that it is not */
  constructor(clock: Clock, changed: (worst: CallNote | undefined, isSpoken: boolean) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  set(note: CallNote, is: boolean, by: "ears" | "voice" | "" = ""): void {
    const key = `${by} ${note}`;
    const before = this.#set.get(key);
    if (!is && before === undefined) return;
    before?.callOff?.();
    this.#set.delete(key);
    const passesMs = PASSES_MS[note];
    if (is)
      this.#set.set(key, {
        note,
        callOff: passesMs === undefined ? undefined : this.#clock.after(passesMs, () => this.set(note, false, by)),
      });
    this.#tell();
  }

  /** Words were understood. */
  understood(): void {
    this.set("nothing-understood", false);
    for (const by of ["ears", ""] as const) this.set("not-heard", false, by);
  }

  /** Of who is muted, a silent microphone is nothing wrong. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#tell();
  }

  clear(): void {
    for (const { callOff } of this.#set.values()) callOff?.();
    this.#set.clear();
    this.#tell();
  }

  #tell(): void {
    const notes = [...this.#set.values()].map((one) => one.note);
    const isSpoken = ![...this.#set.keys()].some((key) => key.startsWith("voice") || key.endsWith("not-spoken"));
    this.#changed(
      ORDER.find((one) => notes.includes(one) && !(one === "silent" && this.#isMuted)),
      isSpoken,
    );
  }
}
