import { fromPcm16 } from "../activity/pcm16.ts";
import { Resampler } from "../activity/resampler.ts";
import { closeContext, openContext } from "../context/audio-context.ts";
import { followDevices, hasDevice } from "../context/devices.ts";
import { followState, type SoundState } from "../context/follow-state.ts";
import { PLAYBACK, type PlaybackOrder, type PlaybackReport } from "../worklet/messages.ts";
import { HeardPlaces } from "./heard-places.ts";
import { OutputClock } from "./output-clock.ts";
import { deviceUnderruns, sendTo } from "./output.ts";

/** While somebody may be speaking: −18 dB. */
const DUCKED = 10 ** (-18 / 20);
/** From one loudness to another, in seconds. */
const DUCK_SECONDS = 0.015;
const RAISE_SECONDS = 0.08;
/** Between two reports of what was heard. */
const HEARD_EVERY_MS = 250;
/** An answer of the worklet takes some milliseconds; where it does not come, nothing is played. */
const FLUSH_WITHIN_MS = 500;

export interface SpeakerOptions {
  /** Of the desk's own origin: `assets/voice-worklet-….js`. */
  readonly workletUrl: string;
  /** The device; undefined or one that is gone: the default. */
  readonly sinkId?: string | undefined;
  /** From 0 to 1. */
  readonly volume?: number;
  /** About every 250 ms, and where nothing more comes: everything before this place was heard. */
  readonly onHeard: (untilMs: number) => void;
  /** Whether the assistant's voice is out. */
  readonly onSpeaking: (isSpeaking: boolean) => void;
  readonly onState?: (state: SoundState) => void;
}

export interface SpeakerStats {
  readonly underruns: number;
  readonly underrunMs: number;
  readonly bufferMs: number;
  readonly outputLatencyMs: number;
}

interface Sound {
  readonly context: AudioContext;
  readonly clock: OutputClock;
  readonly node: AudioWorkletNode;
  readonly gain: GainNode;
  /** Ends what follows the context. */
  readonly end: AbortController;
}

/**
 * Opens the loudspeaker. Call it while a press is handled: browsers let nothing else begin to sound.
 *
 * @throws AudioFault
 */
export async function openSpeaker(options: SpeakerOptions): Promise<Speaker> {
  const speaker = new Speaker(options);
  await speaker.open();
  return speaker;
}

/** Plays what the assistant says, and knows how much of it was heard. */
export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #places = new HeardPlaces();
  readonly #end = new AbortController();
  #sound: Sound | undefined;
  #resampler: Resampler | undefined;
  #sourceRate = 0;
  #sinkId: string;
  #volume: number;
  #isDucked = false;
  #isSpeaking = false;
  #toldMs = 0;
  #toldAtMs = 0;
  #report: PlaybackReport | undefined;
  /** Of the device while something was played, of contexts that are closed, and what the device said last. */
  #gaps = { underruns: 0, underrunMs: 0 };
  #deviceGaps = { underruns: 0, underrunMs: 0 };
  #flushes: ((untilMs: number) => void)[] = [];

  /** Use {@link openSpeaker}. */
  constructor(options: SpeakerOptions) {
    this.#options = options;
    this.#sinkId = options.sinkId ?? "";
    this.#volume = options.volume ?? 1;
  }

  async open(): Promise<void> {
    await this.#makeSound();
    followDevices(() => void this.#missDevice(), this.#end.signal);
  }

  /** Everything before this place was heard. */
  get heardMs(): number {
    return this.#places.heardMs(this.#sound?.clock.at ?? -Infinity);
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** From 0 to 1. */
  set volume(volume: number) {
    this.#volume = volume;
    this.#adjust(DUCK_SECONDS);
  }

  /**
   * @param pcm 16-bit samples of one channel, right after those of the last call
   * @param sampleRate samples per second
   * @param placeMs their place in all audio of the call
   */
  play(pcm: Uint8Array, sampleRate: number, placeMs: number): void {
    const sound = this.#sound;
    if (sound === undefined) return;
    if (this.#resampler === undefined || sampleRate !== this.#sourceRate) {
      this.#sourceRate = sampleRate;
      this.#resampler = new Resampler(sampleRate, sound.context.sampleRate);
    }
    this.#order({ type: "play", samples: this.#resampler.resample([fromPcm16(pcm)]), placeMs });
  }

  /** All audio before this place was sent: it is played to its end, and nothing is missing after it. */
  end(placeMs: number): void {
    this.#order({ type: "end", placeMs });
  }

  /** Lowers the voice by 18 dB: perhaps somebody speaks. */
  duck(): void {
    this.#isDucked = true;
    this.#adjust(DUCK_SECONDS);
  }

  unduck(): void {
    this.#isDucked = false;
    this.#adjust(RAISE_SECONDS);
  }

  /**
   * Is silent at once, and drops what is left.
   *
   * @returns the place after which nothing was heard, or will be
   */
  async flush(): Promise<number> {
    this.#resampler = undefined;
    const untilMs = await this.#flushed();
    this.unduck();
    return untilMs;
  }

  /** The device; "" is the default. One that is gone: the default. */
  async setSink(sinkId: string): Promise<void> {
    this.#sinkId = sinkId;
    if (this.#sound !== undefined) await sendTo(this.#sound.context, sinkId);
  }

  /** Where the browser waited for a press that the page's document does not hear of. */
  resume(): void {
    void this.#sound?.context.resume();
  }

  /** Since it was opened: how often and how long there was a gap in what was played, here or in the device. */
  stats(): SpeakerStats {
    return {
      underruns: this.#gaps.underruns + (this.#report?.underruns ?? 0),
      underrunMs: this.#gaps.underrunMs + (this.#report?.underrunMs ?? 0),
      bufferMs: this.#report?.bufferMs ?? 0,
      outputLatencyMs: (this.#sound?.clock.latency ?? 0) * 1000,
    };
  }

  /** Silent at once, for good. */
  close(): void {
    this.#end.abort();
    this.#closeSound();
    this.#setSpeaking(false);
  }

  async #makeSound(): Promise<void> {
    const context = await openContext(this.#options.workletUrl);
    if (this.#end.signal.aborted) {
      closeContext(context);
      return;
    }
    const node = new AudioWorkletNode(context, PLAYBACK, { numberOfInputs: 0, outputChannelCount: [1] });
    const gain = new GainNode(context, { gain: this.#volume });
    node.connect(gain).connect(context.destination);
    const end = new AbortController();
    this.#sound = { context, clock: new OutputClock(context), node, gain, end };
    node.port.onmessage = ({ data }: MessageEvent<PlaybackReport>) => context === this.#sound?.context && this.#hear(data);
    if (this.#sinkId !== "") await sendTo(context, this.#sinkId);
    followState(context, { onState: (state) => this.#change(state), onReturn: () => void this.#renew() }, end.signal);
  }

  #closeSound(): void {
    if (this.#sound === undefined) return;
    const { underruns, underrunMs } = this.stats();
    this.#gaps = { underruns, underrunMs };
    this.#deviceGaps = { underruns: 0, underrunMs: 0 };
    this.#report = undefined;
    this.#sound.end.abort();
    closeContext(this.#sound.context);
    this.#sound = undefined;
    this.#resampler = undefined;
    this.#places.restart();
    this.#answerFlushes();
  }

  /** A context that was interrupted may stand still. What was in it will not be heard. */
  async #renew(): Promise<void> {
    this.#closeSound();
    await this.#makeSound().catch(() => this.#options.onState?.("interrupted"));
  }

  #change(state: SoundState): void {
    if (state !== "running") this.#answerFlushes();
    if (state === "interrupted") this.#setSpeaking(false);
    this.#options.onState?.(state);
  }

  #order(order: PlaybackOrder): void {
    this.#sound?.node.port.postMessage(order, order.type === "play" ? [order.samples.buffer] : []);
  }

  #flushed(): Promise<number> {
    this.#order({ type: "flush" });
    const context = this.#sound?.context;
    if (context?.state !== "running") return Promise.resolve(this.heardMs);
    return new Promise((resolve) => {
      this.#flushes.push(resolve);
      setTimeout(() => resolve(this.heardMs), FLUSH_WITHIN_MS);
    });
  }

  #answerFlushes(): void {
    for (const answer of this.#flushes.splice(0)) answer(this.heardMs);
  }

  #hear(report: PlaybackReport): void {
    // What was said before the end may arrive after it.
    if (this.#sound?.context.state !== "running") return;
    this.#countGaps(this.#sound.context);
    this.#report = report;
    this.#places.mark(report.at, report.placeMs);
    if (report.flushed) this.#flushes.shift()?.(report.placeMs);
    if (report.isPlaying) this.#setSpeaking(true);
    const { heardMs } = this;
    const isOver = !report.isPlaying && heardMs >= this.#places.playedMs;
    if (isOver) this.#setSpeaking(false);
    if (heardMs <= this.#toldMs || (!isOver && report.at * 1000 - this.#toldAtMs < HEARD_EVERY_MS)) return;
    this.#toldMs = heardMs;
    this.#toldAtMs = report.at * 1000;
    this.#options.onHeard(heardMs);
  }

  /** What the device lacks counts only while something is played: it lacks much while a page begins. */
  #countGaps(context: AudioContext): void {
    const now = deviceUnderruns(context);
    if (this.#report?.isPlaying) {
      this.#gaps.underruns += now.underruns - this.#deviceGaps.underruns;
      this.#gaps.underrunMs += now.underrunMs - this.#deviceGaps.underrunMs;
    }
    this.#deviceGaps = now;
  }

  #setSpeaking(isSpeaking: boolean): void {
    if (isSpeaking === this.#isSpeaking) return;
    this.#isSpeaking = isSpeaking;
    this.#options.onSpeaking(isSpeaking);
  }

  #adjust(seconds: number): void {
    if (this.#sound === undefined) return;
    const { context, gain } = this.#sound;
    const { currentTime } = context;
    gain.gain.cancelScheduledValues(currentTime);
    gain.gain.setValueAtTime(gain.gain.value, currentTime);
    gain.gain.linearRampToValueAtTime(this.#volume * (this.#isDucked ? DUCKED : 1), currentTime + seconds);
  }

  async #missDevice(): Promise<void> {
    if (this.#sinkId !== "" && (await hasDevice("audiooutput", this.#sinkId)) === false) await this.setSink("");
  }
}
