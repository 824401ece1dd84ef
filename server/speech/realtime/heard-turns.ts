import type { Clock } from "../../foundation/clock.ts";
import { Resampler } from "../../../voice/activity/resampler.ts";
import { fromPcm16, toPcm16 } from "../../../voice/activity/pcm16.ts";
import { HEARING_RATE, SAMPLE_BYTES, type Transcript } from "../ports/hearing.ts";
import { type ClientEvent, REALTIME_RATE } from "./client-events.ts";

/** Shorter than any word, and refused. */
const SHORTEST_BYTES = (REALTIME_RATE / 10) * SAMPLE_BYTES;
/** How long the words of an ended turn may take. */
const SILENT_MS = 10_000;
/** An ended turn of which something was understood is over when nothing more comes for so long. */
const SETTLED_MS = 2_500;
/** What of a turn is kept for another connection: about 90 seconds. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** A turn whose final has not been told. */
interface OpenTurn {
  readonly number: number;
  readonly resampler: Resampler;
  ended: boolean;
  /** Undefined: it was too long to be kept. */
  kept: string[] | undefined;
  bytes: number;
  /** The provider's item. */
  itemId: string | undefined;
  words: string;
  /** All was understood; an earlier turn is still waited for. */
  whole: boolean;
  /** It was sent on a connection that is gone. */
  again: boolean;
}

export interface HeardTurnsPorts {
  readonly clock: Pick<Clock, "after">;
  readonly send: (event: ClientEvent) => string;
  readonly tell: (transcript: Transcript) => void;
  /** What the customer said in a provider's item is known. */
  readonly onWords: (itemId: string, text: string) => void;
  /** The words of a turn do not come. */
  readonly onSilence: (ms: number) => void;
}

/** What the customer says, turn by turn: audio to the provider, its words back. */
export class HeardTurns {
  readonly #ports: HeardTurnsPorts;
  #turns: OpenTurn[] = [newTurn(0)];
  /** Sent to be committed, in their order. */
  #committing: { readonly turn: OpenTurn; readonly eventId: string }[] = [];
  /** Items of turns that are over: what is still said of them is nobody's. */
  readonly #past = new Set<string>();
  #failures = 0;
  #callOff: () => void = () => undefined;

  constructor(ports: HeardTurnsPorts) {
    this.#ports = ports;
  }

  /** Whether something was said that a new connection would have to be told. */
  get hasAudio(): boolean {
    return this.#turns.some(({ bytes, whole }) => bytes > 0 && !whole);
  }

  send(pcm: Uint8Array): void {
    const turn = this.#turns.at(-1);
    if (turn === undefined || pcm.length === 0) return;
    const audio = toPcm16(turn.resampler.resample([fromPcm16(pcm)]));
    if (audio.length === 0) return;
    turn.bytes += audio.length;
    const encoded = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString("base64");
    if (turn.bytes > KEPT_BYTES) turn.kept = undefined;
    else turn.kept?.push(encoded);
    this.#ports.send({ type: "input_audio_buffer.append", audio: encoded });
  }

  endTurn(): void {
    const turn = this.#turns.at(-1);
    if (turn === undefined) return;
    turn.ended = true;
    this.#turns.push(newTurn(turn.number + 1));
    this.#commit(turn);
    this.#look();
  }

  /** The provider made an item of a turn. */
  committed(itemId: string): void {
    const turn = this.#committing.shift()?.turn;
    if (turn === undefined) return;
    if (this.#turns.includes(turn)) turn.itemId = itemId;
    else this.#forget(itemId, turn);
  }

  /** False: the error is about nothing of ours. */
  refused(eventId: string): boolean {
    const at = this.#committing.findIndex((one) => one.eventId === eventId);
    const [refused] = at < 0 ? [] : this.#committing.splice(at, 1);
    if (refused !== undefined) this.#understood(refused.turn);
    return refused !== undefined;
  }

  /** More was understood; some models tell it before the turn has ended. */
  understoodMore(itemId: string, words: string): void {
    const turn = this.#turnOf(itemId);
    if (turn === undefined || words === "") return;
    turn.words += words;
    const text = turn.words.trim();
    if (text !== "") this.#ports.tell({ type: "partial", turn: turn.number, text });
    this.#look();
  }

  understood(itemId: string, transcript: string): void {
    const turn = this.#turnOf(itemId);
    if (turn === undefined) return;
    turn.words = transcript;
    this.#failures = 0;
    this.#understood(turn);
  }

  /** It has no words for a turn. False: that is the second one after the other. */
  notUnderstood(itemId: string): boolean {
    const turn = this.#turnOf(itemId);
    if (turn === undefined) return true;
    this.#failures += 1;
    if (this.#failures > 1) return false;
    this.#understood(turn);
    return true;
  }

  /** A new connection knows nothing of what was said. False: it cannot be told. */
  sendAgain(): boolean {
    this.#committing = [];
    for (const turn of this.#turns) {
      if (turn.bytes === 0 || turn.whole) continue;
      if (turn.kept === undefined || turn.again) return false;
      turn.again = true;
      turn.itemId = undefined;
      turn.words = "";
      for (const audio of turn.kept) this.#ports.send({ type: "input_audio_buffer.append", audio });
      if (turn.ended) this.#commit(turn);
    }
    return true;
  }

  close(): void {
    this.#callOff();
    this.#turns = [];
  }

  #commit(turn: OpenTurn): void {
    if (turn.bytes >= SHORTEST_BYTES) this.#committing.push({ turn, eventId: this.#ports.send({ type: "input_audio_buffer.commit" }) });
    else {
      if (turn.bytes > 0) this.#ports.send({ type: "input_audio_buffer.clear" });
      this.#understood(turn);
    }
  }

  #turnOf(itemId: string): OpenTurn | undefined {
    if (this.#past.has(itemId)) return undefined;
    const known = this.#turns.find((turn) => turn.itemId === itemId);
    const next = known ?? this.#turns.find((turn) => turn.itemId === undefined && turn.bytes > 0 && !turn.whole);
    if (next !== undefined) next.itemId = itemId;
    return next;
  }

  #understood(turn: OpenTurn): void {
    turn.whole = true;
    for (let [first] = this.#turns; first?.ended === true && first.whole; [first] = this.#turns) {
      if (first.itemId !== undefined) this.#forget(first.itemId, first);
      this.#turns.shift();
      this.#ports.tell({ type: "final", turn: first.number, text: first.words.trim() });
    }
    this.#look();
  }

  #forget(itemId: string, { words }: OpenTurn): void {
    this.#past.add(itemId);
    this.#ports.onWords(itemId, words.trim());
  }

  /** Sees to it that what has to come comes, or is not waited for. */
  #look(): void {
    this.#callOff();
    const [turn] = this.#turns;
    if (turn?.ended !== true) return;
    this.#callOff =
      turn.words.trim() === ""
        ? this.#ports.clock.after(SILENT_MS, () => this.#ports.onSilence(SILENT_MS))
        : this.#ports.clock.after(SETTLED_MS, () => this.#understood(turn));
  }
}

function newTurn(number: number): OpenTurn {
  return {
    number,
    resampler: new Resampler(HEARING_RATE, REALTIME_RATE),
    ended: false,
    kept: [],
    bytes: 0,
    itemId: undefined,
    words: "",
    whole: false,
    again: false,
  };
}
