import { Resampler } from "../activity/resampler.ts";
import { checkAudio, closeContext } from "../context/audio-context.ts";
import { AudioFault, type AudioFaultReason } from "../context/audio-fault.ts";
import { followDevices, hasDevice } from "../context/devices.ts";
import { followState } from "../context/follow-state.ts";
import type { CapturedPiece } from "../worklet/messages.ts";
import { askMicrophone, endTracks } from "./ask-microphone.ts";
import { type CaptureGraph, openCapture } from "./capture-graph.ts";
import { levelOf } from "./level.ts";
import { Silence } from "./silence.ts";

/**
 * What the microphone does. `silent`: nothing at all came for 2 s: it is switched off, or was taken away without a word. `interrupted`: by a telephone call for example; it goes on by itself after it.
 */
export type MicrophoneState = "running" | "silent" | "suspended" | "interrupted";

export interface MicrophoneOptions {
  /** Of the desk's own origin: `assets/voice-worklet-….js`. */
  readonly workletUrl: string;
  /** The device; undefined or one that is gone: the default. */
  readonly deviceId?: string | undefined;
  readonly signal?: AbortSignal;
  /**
   * About 20 ms, one channel at 16 kHz.
   *
   * @param capturedMs when the first sample was captured, in milliseconds since the microphone was opened
   */
  readonly onFrames: (samples: Float32Array, capturedMs: number) => void;
  readonly onState?: (state: MicrophoneState) => void;
  /** It is over, and every track has ended. */
  readonly onEnd: (reason: AudioFaultReason) => void;
}

/**
 * Opens the microphone: the browser asks the customer. Call it while a press is handled.
 *
 * @throws AudioFault
 */
export async function openMicrophone(options: MicrophoneOptions): Promise<Microphone> {
  checkAudio();
  const microphone = new Microphone(options);
  try {
    await microphone.open();
  } catch (error) {
    microphone.stop();
    throw error;
  }
  return microphone;
}

/** A microphone that is open. Its use is visible in the browser until {@link stop}. */
export class Microphone {
  readonly #options: MicrophoneOptions;
  readonly #openedAt = performance.now();
  readonly #end = new AbortController();
  readonly #silence = new Silence();
  #deviceId: string;
  #stream: MediaStream | undefined;
  #graph: CaptureGraph | undefined;
  #resampler: Resampler | undefined;
  /** Ends what follows the stream, and the graph. */
  #following = new AbortController();
  /** The capture time of the context's first sample, and of the last that came. */
  #originMs: number | undefined;
  #lastMs = 0;
  #isMuted = false;
  #level = 0;
  #state: MicrophoneState | undefined;
  #isReopening = false;

  /** Use {@link openMicrophone}. */
  constructor(options: MicrophoneOptions) {
    this.#options = options;
    this.#deviceId = options.deviceId ?? "";
  }

  async open(): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    signal?.addEventListener("abort", () => this.stop(), { signal: this.#end.signal });
    await this.#take(await askMicrophone(this.#deviceId, this.#end.signal));
    followDevices(() => void this.#missDevice(), this.#end.signal);
  }

  /** Of what was captured last: 0 up to −60 dB, 1 is the loudest there can be. */
  get level(): number {
    return this.#level;
  }

  /** The browser takes the loudspeaker's sound out of it, or does not say. */
  get cancelsEcho(): boolean {
    return this.#track?.getSettings().echoCancellation !== false;
  }

  /** Muted, the browser gives the page nothing but zeros, and the page hands on none of them. */
  set muted(isMuted: boolean) {
    this.#isMuted = isMuted;
    this.#level = 0;
    this.#silence.reset();
    if (this.#track !== undefined) this.#track.enabled = !isMuted;
  }

  /** Takes another microphone; "" is the default. The one before is kept if that fails. Throws AudioFault. */
  async setDevice(deviceId: string): Promise<void> {
    const stream = await askMicrophone(deviceId, this.#end.signal);
    this.#deviceId = deviceId;
    try {
      await this.#take(stream);
    } catch (error) {
      this.#finish("lost");
      throw error;
    }
  }

  /** Ends every track before it returns. */
  stop(): void {
    this.#end.abort();
    this.#leave();
  }

  get #track(): MediaStreamTrack | undefined {
    return this.#stream?.getAudioTracks()[0];
  }

  /** Leaves what was captured from, and captures from this. */
  async #take(stream: MediaStream): Promise<void> {
    if (stream !== this.#stream) this.#leave();
    this.#stream = stream;
    this.muted = this.#isMuted;
    const following = new AbortController();
    this.#following = following;
    this.#track?.addEventListener("ended", () => void this.#loseTrack(), { signal: following.signal });
    const graph = await openCapture(this.#options.workletUrl, stream, (piece) => this.#hear(piece, graph));
    if (following.signal.aborted) {
      closeContext(graph.context);
      this.#end.signal.throwIfAborted();
      return;
    }
    this.#graph = graph;
    this.#resampler = new Resampler(graph.context.sampleRate);
    this.#originMs = undefined;
    followState(graph.context, { onState: (state) => this.#setState(state), onReturn: () => void this.#return(stream) }, following.signal);
  }

  #leave(): void {
    if (this.#stream !== undefined) endTracks(this.#stream);
    this.#stream = undefined;
    this.#leaveGraph();
  }

  #leaveGraph(): void {
    this.#following.abort();
    if (this.#graph !== undefined) closeContext(this.#graph.context);
    this.#graph = undefined;
    this.#level = 0;
    this.#silence.reset();
  }

  #hear({ samples, frame }: CapturedPiece, { context }: CaptureGraph): void {
    const resampler = this.#resampler;
    if (context !== this.#graph?.context || resampler === undefined || this.#isMuted) return;
    const { sampleRate } = context;
    const [atMs, durationMs] = [(frame / sampleRate) * 1000, (samples.length / sampleRate) * 1000];
    // Once for each context: then its own clock counts, which is as even as its samples.
    this.#originMs ??= Math.max(performance.now() - this.#openedAt - durationMs, this.#lastMs) - atMs;
    this.#level = levelOf(samples);
    this.#silence.hear(samples, durationMs);
    this.#hearSilence();
    const capturedMs = Math.max(0, this.#originMs + atMs - resampler.delayMs);
    this.#lastMs = this.#originMs + atMs + durationMs;
    const heard = resampler.resample([samples]);
    if (heard.length > 0) this.#options.onFrames(heard, capturedMs);
  }

  #hearSilence(): void {
    if (this.#silence.isSilent && this.#state === "running") {
      this.#setState("silent");
      void this.#missDevice();
    } else if (!this.#silence.isSilent && this.#state === "silent") this.#setState("running");
  }

  #setState(state: MicrophoneState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }

  /** A context that was interrupted may stand still, and its track may have ended. */
  async #return(stream: MediaStream): Promise<void> {
    this.#leaveGraph();
    try {
      const isLive = this.#track?.readyState === "live";
      await this.#take(isLive ? stream : await askMicrophone(this.#deviceId, this.#end.signal));
    } catch {
      this.#finish("interrupted");
    }
  }

  /** A device may go without a word to its track. */
  async #missDevice(): Promise<void> {
    const deviceId = this.#track?.getSettings().deviceId;
    if (deviceId !== undefined && (await hasDevice("audioinput", deviceId)) === false) await this.#fallBack();
  }

  async #loseTrack(): Promise<void> {
    const deviceId = this.#track?.getSettings().deviceId ?? "";
    const isAllowed = await mayCapture();
    if (!isAllowed && (await hasDevice("audioinput", deviceId)) !== false) this.#finish("withdrawn");
    else await this.#fallBack();
  }

  /** To the one that was chosen if it is back, else to the default. */
  async #fallBack(): Promise<void> {
    if (this.#isReopening || this.#end.signal.aborted) return;
    this.#isReopening = true;
    try {
      await this.#take(await askMicrophone(this.#deviceId, this.#end.signal));
    } catch (error) {
      const reason = error instanceof AudioFault ? error.reason : "lost";
      this.#finish(reason === "denied" ? "withdrawn" : reason === "no-microphone" ? "lost" : reason);
    } finally {
      this.#isReopening = false;
    }
  }

  #finish(reason: AudioFaultReason): void {
    if (this.#end.signal.aborted) return;
    this.stop();
    this.#options.onEnd(reason);
  }
}

/** Whether the customer still allows the microphone; false also where that was for once only. */
async function mayCapture(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
  } catch {
    return true;
  }
}
