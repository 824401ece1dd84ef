import { SAMPLE_BYTES } from "../ports/hearing.ts";
import type { SpokenAudio, WrittenPiece } from "../ports/speaking.ts";
import { REALTIME_RATE } from "./client-events.ts";
import { quietPlace } from "./quiet-place.ts";

const BYTES_PER_MS = (REALTIME_RATE / 1000) * SAMPLE_BYTES;
/** How far around where a piece should end its pause is looked for: this share of it, and at most so long. */
const WINDOW_SHARE = 0.4;
const WINDOW_MS = 800;
/** Between the items of an answer, in its text. */
const BETWEEN_ITEMS = "\n\n";

/** How long a letter takes when it is said; learnt from what was said in the call. */
export interface Pace {
  msPerCharacter: number;
}

/** One of the provider's items in an answer. */
interface Part {
  readonly itemId: string;
  readonly fromCharacter: number;
  readonly fromByte: number;
}

interface Claim {
  readonly toCharacter: number;
  readonly fromCharacter: number;
  fromByte: number | undefined;
  toByte: number | undefined;
}

/** What of an item was heard; `endMs` undefined: nothing of it. */
export interface HeardOfItem {
  readonly itemId: string;
  readonly endMs: number | undefined;
}

/**
 * The words and the audio of one answer. They come side by side, and nobody says which audio belongs to which words: a
 * piece ends at the pause nearest to where its share of the letters ends. The last has all that is left.
 */
export class SpokenAnswer {
  text = "";
  readonly #pace: Pace;
  readonly #parts: Part[] = [];
  readonly #chunks: { readonly from: number; readonly pcm: Uint8Array }[] = [];
  readonly #claims = new Map<WrittenPiece, Claim>();
  #received = 0;
  #claimedTo = 0;
  #isOver = false;
  /** Counts the interruptions. */
  #cuts = 0;
  /** It was interrupted, and is not said on. */
  #isCut = false;
  /** How far it was heard by the last one. */
  #heard: number | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** What is now added to the text. */
  say(itemId: string, words: string): string {
    const isNew = this.#begin(itemId);
    const added = isNew && this.text !== "" && !this.text.endsWith(BETWEEN_ITEMS) ? BETWEEN_ITEMS + words : words;
    this.text += added;
    this.#tell();
    return added;
  }

  sound(itemId: string, pcm: Uint8Array): void {
    if (pcm.length < SAMPLE_BYTES) return;
    this.#begin(itemId);
    this.#chunks.push({ from: this.#received, pcm });
    this.#received += pcm.length;
    this.#tell();
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const characters = this.text.trim().length;
    if (characters >= 20 && this.#received > 0) this.#pace.msPerCharacter = this.#received / BYTES_PER_MS / characters;
    this.#tell();
  }

  /** Whether it was interrupted, and not asked for again since. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Whether the piece is among its words that were not claimed yet. What lies before it will not be asked for. */
  claim(piece: WrittenPiece): boolean {
    const at = this.text.indexOf(piece.written, this.#claimedTo);
    if (at < 0) return false;
    const before = [...this.#claims.values()].at(-1);
    const fromByte = before === undefined ? 0 : before.toByte;
    this.#claims.set(piece, { fromCharacter: this.#claimedTo, toCharacter: at + piece.written.length, fromByte, toByte: undefined });
    this.#claimedTo = at + piece.written.length;
    this.#isCut = false;
    return true;
  }

  /** Whether the piece was claimed and not interrupted. */
  isClaimed(piece: WrittenPiece): boolean {
    return this.#claims.has(piece);
  }

  /** The audio of a claimed piece, as it comes. Throws the signal's reason. */
  async *audioOf(piece: WrittenPiece, signal: AbortSignal): AsyncGenerator<SpokenAudio, void> {
    const claim = this.#claims.get(piece);
    if (claim === undefined) return;
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve(), { once: true });
    const cuts = this.#cuts;
    let given: number | undefined;
    try {
      while (cuts === this.#cuts) {
        signal.throwIfAborted();
        const { promise: changed } = this.#changed;
        claim.fromByte = this.#beginningOf(claim);
        if (claim.fromByte !== undefined) {
          given ??= claim.fromByte;
          const { safe, end } = this.#endOf(claim, claim.fromByte);
          const pieces = this.#between(given, Math.max(safe, given));
          given = Math.max(safe, given);
          claim.toByte = end;
          for (const pcm of pieces) {
            if (cuts === this.#cuts) yield { pcm, sampleRate: REALTIME_RATE };
          }
          if (end !== undefined) return;
        }
        await Promise.race([changed, aborted.promise]);
      }
    } finally {
      // Also where its reader left: the next begins there.
      claim.toByte ??= given ?? this.#received;
      this.#tell();
    }
  }

  /**
   * So much of the piece was heard, and nothing after it. It may be said again from this piece on: an interruption may
   * have been none.
   */
  cut(piece: WrittenPiece, heardMs: number): void {
    const claim = this.#claims.get(piece);
    if (claim === undefined) return;
    this.#cuts += 1;
    this.#isCut = true;
    const fromByte = claim.fromByte ?? this.#received;
    const heard = Math.min(fromByte + Math.max(0, heardMs) * BYTES_PER_MS, claim.toByte ?? Number.POSITIVE_INFINITY, this.#received);
    // What was heard the first time was heard, however little of it the second time.
    this.#heard = Math.max(this.#heard ?? 0, heard);
    this.#claimedTo = claim.fromCharacter;
    const later = [...this.#claims.keys()];
    for (const one of later.slice(later.indexOf(piece))) this.#claims.delete(one);
    this.#tell();
  }

  /** The piece was heard to its end: its audio, and what comes before, is asked for no more. */
  heard(piece: WrittenPiece): void {
    const { toByte } = this.#claims.get(piece) ?? {};
    if (toByte === undefined) return;
    const kept = this.#chunks.findIndex(({ from, pcm }) => from + pcm.length > toByte);
    this.#chunks.splice(0, kept < 0 ? this.#chunks.length : kept);
  }

  /** Nothing of it will be said any more. */
  release(): void {
    this.#chunks.length = 0;
  }

  /** Of its items, those that were not heard whole when it was interrupted last. Undefined: it never was. */
  heardOfItems(): HeardOfItem[] | undefined {
    const heard = this.#heard;
    if (heard === undefined) return undefined;
    return this.#parts.flatMap(({ itemId, fromByte }, index) => {
      const next = this.#parts[index + 1];
      const toByte = next?.fromByte ?? this.#received;
      if (heard >= toByte && (this.#isOver || next !== undefined)) return [];
      const endMs = Math.floor((Math.min(heard, toByte) - fromByte) / BYTES_PER_MS);
      return [{ itemId, endMs: endMs > 0 ? endMs : undefined }];
    });
  }

  #begin(itemId: string): boolean {
    if (this.#parts.at(-1)?.itemId === itemId) return false;
    this.#parts.push({ itemId, fromCharacter: this.text.length, fromByte: this.#received });
    return true;
  }

  /** Where the audio of the claim before ends; undefined: not known yet. */
  #beginningOf(claim: Claim): number | undefined {
    if (claim.fromByte !== undefined) return claim.fromByte;
    const all = [...this.#claims.values()];
    const before = all[all.indexOf(claim) - 1];
    return before === undefined ? 0 : before.toByte;
  }

  /** `safe`: up to where the audio is its own in any case. */
  #endOf({ fromCharacter, toCharacter }: Claim, fromByte: number): { readonly safe: number; readonly end?: number } {
    const isLast = this.text.slice(toCharacter).trim() === "";
    if (isLast && this.#isOver) return { safe: this.#received, end: this.#received };
    const written = this.text.slice(fromCharacter, toCharacter);
    const endOfWords = fromCharacter + written.trimEnd().length;
    const next = this.#parts.find((part) => part.fromCharacter >= endOfWords && part.fromByte > fromByte);
    if (next !== undefined && this.text.slice(endOfWords, next.fromCharacter).trim() === "")
      return { safe: next.fromByte, end: next.fromByte };
    const until = next?.fromByte ?? this.#received;
    const own = written.trim().length;
    const left = this.text.slice(fromCharacter, next?.fromCharacter).trim().length;
    const isWhole = this.#isOver || next !== undefined;
    const length = isWhole ? ((until - fromByte) * own) / Math.max(1, left) : own * this.#pace.msPerCharacter * BYTES_PER_MS;
    const window = Math.min(WINDOW_MS * BYTES_PER_MS, length * WINDOW_SHARE);
    const [first, last] = [wholeSample(fromByte + length - window), wholeSample(fromByte + length + window)];
    if (!isWhole && (isLast || this.#received < last)) return { safe: Math.min(first, this.#received) };
    const share = Math.min(wholeSample(fromByte + length), until);
    const end = this.#pauseIn(first, Math.min(last, until), share) ?? share;
    return { safe: end, end };
  }

  #pauseIn(from: number, to: number, near: number): number | undefined {
    const place = quietPlace(Buffer.concat(this.#between(from, to)), near - from);
    return place === undefined ? undefined : from + place;
  }

  #between(from: number, to: number): Uint8Array[] {
    return this.#chunks.flatMap(({ from: at, pcm }) => {
      const [first, last] = [Math.max(0, from - at), Math.min(pcm.length, to - at)];
      return first < last ? [pcm.subarray(first, last)] : [];
    });
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

function wholeSample(bytes: number): number {
  return Math.max(0, Math.floor(bytes / SAMPLE_BYTES) * SAMPLE_BYTES);
}
