import { LONGEST_PIECE, RECORDING_RATE, type RecordedPiece } from "../../conversation/ports/recordings.ts";

/** Nothing follows for so long: what is there can be written. */
const IDLE_MS = 2_000;
const SAMPLES_A_MS = RECORDING_RATE / 1000;

/** One side of a call: puts together what follows on each other, and cuts it into pieces that can be kept. */
export class RecordedTrack {
  readonly #side: RecordedPiece["side"];
  readonly #leeway: number;
  readonly #ready: RecordedPiece[] = [];
  /** What is not long enough yet, and its place. */
  #open: Uint8Array[] = [];
  #from = 0;
  /** The place after the last sample. */
  #end = 0;

  /** @param leewayMs by which what follows on the last sample may seem to be somewhere else */
  constructor(side: RecordedPiece["side"], leewayMs: number) {
    this.#side = side;
    this.#leeway = leewayMs * SAMPLES_A_MS;
  }

  /** `atMs`: when its first sample was, since the call began. What would lie over earlier audio is cut off. */
  put(audio: Uint8Array, atMs: number): void {
    const from = Math.round(atMs * SAMPLES_A_MS);
    if (Math.abs(from - this.#end) > this.#leeway) {
      const over = Math.max(0, this.#end - from);
      this.close();
      this.#from = this.#end = from + over;
      this.#add(audio.subarray(over));
    } else this.#add(audio);
  }

  /** What can be written by now. */
  take(nowMs: number): readonly RecordedPiece[] {
    if (this.#end + IDLE_MS * SAMPLES_A_MS < nowMs * SAMPLES_A_MS) this.close();
    return this.#ready.splice(0);
  }

  /** Nothing is added to what is open. */
  close(): void {
    const audio = Buffer.concat(this.#open);
    this.#open = [];
    if (audio.length > 0) this.#ready.push({ side: this.#side, from: this.#from, audio });
    this.#from = this.#end;
  }

  #add(audio: Uint8Array): void {
    for (let rest = audio; rest.length > 0;) {
      const part = rest.subarray(0, LONGEST_PIECE - (this.#end - this.#from));
      this.#open.push(part);
      this.#end += part.length;
      rest = rest.subarray(part.length);
      if (this.#end - this.#from === LONGEST_PIECE) this.close();
    }
  }
}
