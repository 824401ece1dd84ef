import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { BASE_PATH } from "../../../../api/base-path.ts";
import type { Recording } from "../../../../api/types.ts";
import { formatTime } from "../../../../foundation/format.ts";
import { PageElement } from "../../../../foundation/page-element.ts";
import { icon } from "../../../../parts/icon.ts";
import { voiceTraceWords } from "./voice-trace-words.ts";

/**
 * Plays the recording of a call; nothing of it is fetched before. Says `playhead` with the moment that is heard. The
 * browser's own controls would move when they learn how long it is, which is known here.
 */
@customElement("desk-recording")
export class DeskRecording extends PageElement {
  @property({ attribute: false }) conversationId = "";
  @property({ attribute: false }) recording: Recording | undefined;
  @state() private isFailed = false;
  @state() private isPlaying = false;
  /** The place that is heard, in milliseconds. */
  @state() private at = 0;
  @query("audio") private audio!: HTMLAudioElement | null;

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("recording");
    if (before === undefined || before.voiceCallId === this.recording?.voiceCallId) return;
    this.isFailed = this.isPlaying = false;
    this.at = 0;
  }

  override render(): TemplateResult | typeof nothing {
    const { recording, isPlaying, at } = this;
    if (recording === undefined) return nothing;
    const { pause, play, seek, download, notPlayed } = voiceTraceWords;
    const address = `${BASE_PATH}/api/v1/conversations/${encodeURIComponent(this.conversationId)}/recordings/${encodeURIComponent(recording.voiceCallId)}.wav`;
    const whole = clock(recording.durationMs);
    return html`<p>${voiceTraceWords.player(formatTime(recording.startedAt))}</p>
      <button
        type="button"
        class="quiet icon-only"
        aria-label=${isPlaying ? pause : play}
        title=${isPlaying ? pause : play}
        @click=${() => (isPlaying ? this.audio?.pause() : void this.#start())}
      >
        ${icon(isPlaying ? "pause" : "play")}
      </button>
      <input
        type="range"
        min="0"
        max=${recording.durationMs}
        step="100"
        .value=${String(at)}
        aria-label=${seek}
        aria-valuetext=${`${clock(at)} / ${whole}`}
        @input=${(event: Event) => this.#seek(Number((event.target as HTMLInputElement).value))}
      />
      <span class="recording-time">${clock(at)} / ${whole}</span>
      <a class="button quiet icon-only" href=${address} download aria-label=${download} title=${download}>${icon("download")}</a>
      ${this.isFailed ? html`<p class="bad" role="alert">${notPlayed}</p>` : nothing}
      <audio
        preload="none"
        src=${address}
        @loadedmetadata=${() => this.#takePlace()}
        @timeupdate=${() => this.#tell()}
        @play=${() => this.#tell()}
        @pause=${() => this.#tell()}
        @ended=${() => this.#tell()}
        @error=${() => (this.isFailed = true)}
      ></audio>`;
  }

  /** From a moment on, in milliseconds since 1970. */
  async play(at: number): Promise<void> {
    await this.updateComplete;
    if (this.recording === undefined) return;
    this.#seek(Math.max(0, at - this.recording.startedAt));
    await this.#start();
  }

  async #start(): Promise<void> {
    const { audio } = this;
    if (audio === null) return;
    if (this.isFailed) {
      this.isFailed = false;
      audio.load();
    }
    // What it cannot play is said where the player hears of it.
    await audio.play().catch(() => undefined);
  }

  #seek(ms: number): void {
    this.at = ms;
    this.#takePlace();
    this.#say();
  }

  /** Before anything of it is there, Firefox forgets the place that it is given. */
  #takePlace(): void {
    if (this.audio !== null && this.audio.readyState > HTMLMediaElement.HAVE_NOTHING) this.audio.currentTime = this.at / 1000;
  }

  #tell(): void {
    const { audio } = this;
    if (audio === null) return;
    this.isPlaying = !audio.paused && !audio.ended;
    if (audio.readyState > HTMLMediaElement.HAVE_NOTHING && !audio.seeking) this.at = audio.currentTime * 1000;
    this.#say();
  }

  #say(): void {
    if (this.recording === undefined) return;
    const detail = { at: this.recording.startedAt + this.at, isPlaying: this.isPlaying };
    this.dispatchEvent(new CustomEvent("playhead", { detail }));
  }
}

/** "1:07". */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The recording in which a moment is heard. */
export function recordingAt(recordings: readonly Recording[], at: number): Recording | undefined {
  return recordings.find(({ startedAt, durationMs }) => at >= startedAt && at < startedAt + durationMs);
}
