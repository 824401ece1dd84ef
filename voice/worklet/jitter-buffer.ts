import { SampleQueue } from "./sample-queue.ts";
import { MOST_LEFT_SECONDS, shorten, shorteningNeeds } from "./shorten.ts";

/** So much has to wait before playing begins, */
const START_MS = 60;
/** and so much after audio ran out, */
const AFTER_STALL_MS = 75;
/** until it did not for so long. */
const STEADY_MS = 5000;
/** From one shortening to the next: by about a tenth faster. */
const SHORTEN_EVERY_MS = 75;
/** From silence to full and back, without a click. */
const FADE_SECONDS = 0.003;

/** The end is this near to where the samples end. */
const ROUNDED_MS = 5;

const NOTHING = new Float32Array(0);

/**
 * Evens out when audio arrives. It begins with a little in hand. Where audio runs out before its end, what follows is as
 * late as the pause was long; it makes up for that, by leaving out pieces of pauses and periods of tones. What was sent
 * ahead on purpose is not late, and is played as it is.
 *
 * It has no clock: {@link read} is called for each quantum that is played.
 */
export class JitterBuffer {
  readonly #rate: number;
  readonly #queue: SampleQueue;
  readonly #fadeStep: number;
  /** Comes before the queue: what a shortening made. */
  #crossing: Float32Array = NOTHING;
  /** Comes before everything: what is left of a flush. */
  #fading: Float32Array = NOTHING;
  #isPlaying = false;
  /** Nothing more is awaited. */
  #isWhole = true;
  /** Where it ends. */
  #endMs = 0;
  /** Audio ran out before its end. */
  #isStarved = false;
  /** How loud the last sample was played, of 1. */
  #gain = 0;
  /** By how much what is played is later than it would be without stalls. */
  #lateMs = 0;
  #sinceStallMs = Infinity;
  #sinceShortenedMs = Infinity;
  #underruns = 0;
  #underrunMs = 0;

  /** @param rate samples per second */
  constructor(rate: number) {
    this.#rate = rate;
    this.#queue = new SampleQueue(rate);
    this.#fadeStep = 1 / Math.round(FADE_SECONDS * rate);
  }

  /** What comes before this place was played. */
  get placeMs(): number {
    return this.#queue.placeMs - this.#toMs(this.#crossing.length);
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get bufferMs(): number {
    return this.#toMs(this.#queue.length + this.#crossing.length);
  }

  /** How often audio ran out before its end, */
  get underruns(): number {
    return this.#underruns;
  }

  /** and for how long altogether. */
  get underrunMs(): number {
    return this.#underrunMs;
  }

  /** @param placeMs of the first sample, in all audio of the call */
  push(samples: Float32Array, placeMs: number): void {
    this.#queue.push(samples, placeMs);
    this.#isWhole = false;
  }

  /** What was pushed is whole up to this place: its end is no stall. */
  end(placeMs: number): void {
    this.#isWhole = true;
    this.#endMs = placeMs;
    if (this.bufferMs === 0 && !this.#isPlaying) this.#finish();
  }

  /** Fades out and drops what is left. Returns the place after which nothing is played. */
  flush(): number {
    if (this.#isPlaying) {
      const fading = new Float32Array(Math.round(1 / this.#fadeStep));
      this.#fading = fading.subarray(0, this.#take(fading));
    }
    const untilMs = this.placeMs;
    this.#crossing = NOTHING;
    this.#queue.clear();
    this.#settle();
    return untilMs;
  }

  /** Fills one channel. */
  read(output: Float32Array): void {
    const ms = this.#toMs(output.length);
    this.#sinceStallMs += ms;
    this.#sinceShortenedMs += ms;
    output.fill(0);
    if (this.#fading.length > 0) {
      this.#fadeOut(output);
      return;
    }
    if (!this.#isPlaying) this.#begin(ms);
    if (!this.#isPlaying) return;
    this.#makeUp();
    const waiting = this.#queue.length + this.#crossing.length;
    this.#follow(output.subarray(0, this.#take(output)), waiting);
    if (waiting <= output.length) this.#runOut();
  }

  /** Begins where enough waits, or where no more is to come. */
  #begin(ms: number): void {
    const { bufferMs } = this;
    if (this.#isStarved && !this.#isWhole) {
      this.#underrunMs += ms;
      this.#lateMs += ms;
      this.#sinceStallMs = 0;
    }
    this.#isPlaying = bufferMs > 0 && (this.#isWhole || bufferMs >= this.#neededMs);
    if (this.#isPlaying || this.#isWhole) this.#isStarved = false;
  }

  get #neededMs(): number {
    return this.#sinceStallMs < STEADY_MS ? AFTER_STALL_MS : START_MS;
  }

  #runOut(): void {
    if (this.#isWhole) {
      this.#finish();
      return;
    }
    this.#isPlaying = false;
    this.#isStarved = true;
    this.#underruns += 1;
    this.#sinceStallMs = 0;
  }

  /** All of it was played. */
  #finish(): void {
    // Samples are counted in whole ones: the sum of their times is not quite the place that was said.
    if (Math.abs(this.#endMs - this.#queue.placeMs) < ROUNDED_MS) this.#queue.placeMs = this.#endMs;
    this.#settle();
  }

  /** Nothing is left, and nothing awaited. */
  #settle(): void {
    this.#isPlaying = false;
    this.#isWhole = true;
    this.#isStarved = false;
    this.#lateMs = 0;
  }

  /** Leaves out a piece of what comes next, if that is late and enough waits. */
  #makeUp(): void {
    const isDue = this.#lateMs > 0 && !this.#isWhole && this.#sinceShortenedMs >= SHORTEN_EVERY_MS && this.#crossing.length === 0;
    if (!isDue || this.bufferMs < this.#neededMs + MOST_LEFT_SECONDS * 1000) return;
    const sound = new Float32Array(shorteningNeeds(this.#rate));
    if (this.#queue.peek(sound) < sound.length) return;
    const { crossing, count } = shorten(sound, this.#rate);
    this.#queue.skip(count);
    this.#crossing = crossing;
    this.#lateMs -= this.#toMs(count - crossing.length);
    this.#sinceShortenedMs = 0;
  }

  /** Takes what comes next, and returns how much there was. */
  #take(output: Float32Array): number {
    const before = this.#crossing.subarray(0, output.length);
    output.set(before);
    this.#crossing = this.#crossing.subarray(before.length);
    return before.length + this.#queue.take(output.subarray(before.length));
  }

  /** Rises from silence, and falls to it where no more than so many samples wait: more may come, or may not. */
  #follow(samples: Float32Array, waiting: number): void {
    for (let index = 0; index < samples.length; index += 1) {
      this.#gain = Math.min(1, this.#gain + this.#fadeStep, (waiting - index - 1) * this.#fadeStep);
      samples[index]! *= this.#gain;
    }
  }

  #fadeOut(output: Float32Array): void {
    const samples = this.#fading.subarray(0, output.length);
    output.set(samples);
    this.#follow(output.subarray(0, samples.length), this.#fading.length);
    this.#fading = this.#fading.subarray(samples.length);
  }

  #toMs(samples: number): number {
    return (samples / this.#rate) * 1000;
  }
}
