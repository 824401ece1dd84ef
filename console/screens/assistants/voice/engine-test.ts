import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import { ApiProblem, type Fault } from "../../../api/problem.ts";
import type { TestAssistantVoiceBody, VoiceTest } from "../../../api/types.ts";
import { formatNumber } from "../../../foundation/format.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { icon } from "../../../parts/icon.ts";
import { playPcm } from "./play-pcm.ts";
import type { EngineKind } from "./voice-form.ts";
import { voiceWords } from "./voice-words.ts";

type Spoken = VoiceTest["speaking"];
type Heard = NonNullable<VoiceTest["hearing"]>;

export type EngineNames = { readonly [kind in EngineKind]?: string };

const FIELDS: Readonly<Record<string, string>> = {
  provider: voiceWords.provider,
  model: voiceWords.model,
  baseUrl: voiceWords.baseUrl,
  apiKey: voiceWords.key,
  language: voiceWords.language,
  voice: voiceWords.voice,
  speed: voiceWords.speed,
  sampleRate: voiceWords.sampleRate,
};

/** Has one engine say a sentence and another hear it, or a model do both, as they are typed, and says how it went. */
@customElement("desk-engine-test")
export class DeskEngineTest extends PageElement {
  @property() assistantKey = "";
  /** What is asked; undefined: nothing can be. */
  @property({ attribute: false }) engines: TestAssistantVoiceBody | undefined;
  /** What the engines of a pair are called on the page. */
  @property({ attribute: false }) names: EngineNames = {};
  /** Of the button, for whoever does not see where it stands. */
  @property() name = "";
  @state() private test: VoiceTest | ApiProblem | "running" | undefined;
  @state() private isPlaying = false;
  #tested = "";

  override render() {
    const isRunning = this.test === "running";
    const isBusy = isRunning || this.engines === undefined;
    return html`<div class="engine-test">
      <button
        type="button"
        aria-label=${voiceWords.testOf(this.name)}
        aria-disabled=${isBusy ? "true" : "false"}
        aria-busy=${isRunning ? "true" : nothing}
        @click=${() => void this.#run()}
      >
        ${icon("play")}${isRunning ? voiceWords.testing : voiceWords.test}
      </button>
      ${this.engines === undefined ? html`<span class="hint">${voiceWords.nothingSpeaks}</span>` : nothing}
      <div role="status" aria-live="polite">${this.#result()}</div>
    </div>`;
  }

  #result(): TemplateResult | typeof nothing {
    const { test } = this;
    if (test === undefined || test === "running") return nothing;
    // Something else was typed meanwhile: what was found out is about what was there before.
    if (this.#tested !== JSON.stringify(this.engines)) return nothing;
    if (test instanceof ApiProblem) {
      const faults = test.faults.map((fault) => faultSaid(fault, this.names));
      return note("bad", voiceWords.notTested, faults.length > 0 ? faults : [test.message]);
    }
    const { speaking, hearing } = test;
    const lines = [...spokenLines(speaking), ...(hearing === undefined ? [] : heardLines(hearing, test.said))];
    const tone = ({ works: "good", misunderstood: "warning", fails: "bad" } as const)[test.status];
    return html`${note(tone, voiceWords.results[test.status], lines)}${this.#play(speaking)}`;
  }

  #play({ audio }: Spoken): TemplateResult | typeof nothing {
    if (audio === undefined) return nothing;
    const play = async (): Promise<void> => {
      if (this.isPlaying) return;
      this.isPlaying = true;
      await playPcm(audio).finally(() => (this.isPlaying = false));
    };
    return html`<button type="button" class="quiet" aria-disabled=${this.isPlaying ? "true" : "false"} @click=${() => void play()}>
      ${icon("play")}${this.isPlaying ? voiceWords.playing : voiceWords.play}
    </button>`;
  }

  async #run(): Promise<void> {
    const { engines } = this;
    if (engines === undefined || this.test === "running") return;
    this.#tested = JSON.stringify(engines);
    this.test = "running";
    try {
      this.test = (await api.post<VoiceTest>(`/assistants/${this.assistantKey}/voice/test`, engines)).body;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.test = error;
    }
    await this.updateComplete;
    this.querySelector("[role=status]")?.scrollIntoView({ block: "nearest" });
  }
}

/** The field of which engine, such as `/speaking/0/model`: what is wrong may be of the other one of a pair. */
function faultSaid({ path, message }: Fault, names: EngineNames): string {
  const [, kind, ...places] = path.split("/");
  const field = FIELDS[places.at(-1) ?? ""];
  if (field !== undefined && kind === "realtime") return `${field}: ${message}`;
  if ((kind !== "hearing" && kind !== "speaking") || field === undefined) return message;
  return voiceWords.faultOf(voiceWords.kinds[kind], names[kind] ?? "", field, message);
}

function spokenLines({ engine, outcome, fault, firstMs = 0, audioMs = 0 }: Spoken): readonly string[] {
  if (fault !== undefined) return [voiceWords.faults[fault.kind], fault.cause];
  if (outcome === "not-tried") return [voiceWords.byBrowser];
  return [voiceWords.spoke(engine, formatNumber(firstMs), formatNumber(audioMs))];
}

function heardLines({ engine, outcome, fault, finalMs = 0, text = "" }: Heard, said: string): readonly string[] {
  if (fault !== undefined) return [voiceWords.faults[fault.kind], fault.cause];
  switch (outcome) {
    case "ok":
      return [voiceWords.heard(engine, text, formatNumber(finalMs))];
    case "misunderstood":
      return [voiceWords.heard(engine, text, formatNumber(finalMs)), voiceWords.wasSaid(said)];
    case "nothing":
      return [voiceWords.heardNothing(engine, said)];
    default:
      return [];
  }
}

function note(tone: "good" | "bad" | "warning", title: string, lines: readonly string[]): TemplateResult {
  return html`<div class="note" data-tone=${tone}>
    ${icon(tone === "good" ? "done" : "alert")}
    <div>
      <strong>${title}</strong>
      <ul>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>
    </div>
  </div>`;
}
