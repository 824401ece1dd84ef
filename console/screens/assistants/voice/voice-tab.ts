import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../../../api/client.ts";
import type { AssistantState, AssistantVoice } from "../../../api/types.ts";
import { Form } from "../../../foundation/form.ts";
import { PageElement } from "../../../foundation/page-element.ts";
import { Resource } from "../../../foundation/resource.ts";
import { may } from "../../../foundation/screen.ts";
import { askToLeave } from "../../../parts/dialogs.ts";
import { choiceField, focusFirstFault, linesField, switchField, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { show } from "../../../parts/states.ts";
import { toast } from "../../../parts/toasts.ts";
import { engineRows } from "./engine-rows.ts";
import { realtimeFields } from "./realtime-fields.ts";
import { isVoiceField, lackingOf, NEW_VOICE, unrecordedOf, voiceBody, type VoiceForm, voiceForm } from "./voice-form.ts";
import { voiceWords } from "./voice-words.ts";

const MINUTE = 60_000;
const STYLES = Object.entries(voiceWords.styles);
const TURNS = ["endMs", "confirmedMs", "holdingMs", "earlyMs"] as const;
/** As measured: docs/voice.md. */
const MEASURED = { endMs: 600, confirmedMs: 350, holdingMs: 1200, earlyMs: 350 } as const;

/** How customers talk with an assistant aloud. It is no part of the draft: what is saved holds at once. */
@customElement("desk-voice")
export class DeskVoice extends PageElement {
  @property({ attribute: false }) assistant!: AssistantState;
  @property({ type: Boolean }) isReadOnly = false;
  readonly #form = new Form<VoiceForm>(this, NEW_VOICE, { mayLeave: askToLeave, place: "-voice" });
  readonly #voice = new Resource<AssistantVoice>(this, { load: (signal) => this.#load(signal) });

  get #path(): string {
    return `/assistants/${this.assistant.key}/voice`;
  }

  override render() {
    return html`<div class="measure">${show(this.#voice, (voice) => this.#fields(voice))}</div>`;
  }

  #fields({ source, realtime }: AssistantVoice): TemplateResult {
    const form = this.#form;
    const isReadOnly = this.isReadOnly || source === "file";
    const rows = { form, isReadOnly, assistantKey: this.assistant.key, mayTest: may("assistants.test") };
    return html`<form novalidate @submit=${(event: Event) => void this.#save(event)}>
      <section class="group">
        <h2>${voiceWords.title}</h2>
        <p class="muted">${voiceWords.lead}</p>
        ${switchField(form, { path: "/enabled", label: voiceWords.enabled, hint: voiceWords.enabledHint, isReadOnly })}
        <div role="status">${this.#lacking()}</div>
        ${engineRows({ ...rows, kind: "hearing" })} ${engineRows({ ...rows, kind: "speaking" })}
        ${realtimeFields({ ...rows, hasKey: realtime?.apiKeySet === true })}
      </section>
      ${this.#calls(isReadOnly)} ${this.#recording(isReadOnly)} ${isReadOnly ? nothing : saveBar(form, { drawn: isVoiceField })}
    </form>`;
  }

  get #whole(): VoiceForm {
    return this.#form.whole() as unknown as VoiceForm;
  }

  #lacking(): TemplateResult | typeof nothing {
    const lacking = lackingOf(this.#whole);
    if (lacking === undefined) return nothing;
    return html`<p class="note" data-tone="warning">${icon("warning")}<span>${voiceWords.cannotCall[lacking]}</span></p>`;
  }

  #calls(isReadOnly: boolean): TemplateResult {
    const form = this.#form;
    const number = { type: "number", isOptional: true, isReadOnly } as const;
    const minutes = { ...number, unit: voiceWords.minutes, scale: MINUTE } as const;
    return html`<section class="group">
      <h2>${voiceWords.calls}</h2>
      ${textField(form, { path: "/greeting", label: voiceWords.greeting, hint: voiceWords.greetingHint, lines: 2, isOptional: true, isReadOnly })}
      ${linesField(form, { path: "/fillers", label: voiceWords.fillers, hint: voiceWords.fillersHint, isOptional: true, isReadOnly })}
      ${choiceField(form, { path: "/style", label: voiceWords.style, hint: voiceWords.styleHint, options: STYLES, isReadOnly })}
      <div class="two">
        ${textField(form, { ...minutes, path: "/longestMs", label: voiceWords.longest, placeholder: "30" })}
        ${textField(form, { ...minutes, path: "/idleMs", label: voiceWords.idle, hint: voiceWords.idleHint, placeholder: "3" })}
        ${textField(form, { ...number, path: "/concurrentCalls", label: voiceWords.concurrent, hint: voiceWords.concurrentHint, placeholder: "20" })}
      </div>
      <details class="disclosure">
        <summary>${voiceWords.turns}</summary>
        <p class="muted">${voiceWords.turnsHint}</p>
        <div class="two">
          ${TURNS.map((name) =>
            textField(form, {
              ...number,
              path: `/turns/${name}`,
              label: voiceWords.turnTimes[name],
              unit: "ms",
              placeholder: String(MEASURED[name]),
            }),
          )}
        </div>
      </details>
    </section>`;
  }

  #recording(isReadOnly: boolean): TemplateResult {
    const form = this.#form;
    const isRecorded = form.get("/recording/enabled") === true;
    const unrecorded = unrecordedOf(this.#whole);
    return html`<section class="group">
      <h2>${voiceWords.recording}</h2>
      ${switchField(form, { path: "/recording/enabled", label: voiceWords.record, hint: voiceWords.recordHint, isReadOnly })}
      ${isRecorded && unrecorded !== "both" ? html`<p class="note">${icon("help")}<span>${voiceWords.customersRead}</span></p>` : nothing}
      <div role="status">
        ${
          isRecorded && unrecorded !== undefined
            ? html`<p class="note" data-tone="warning">${icon("warning")}<span>${voiceWords.notRecorded[unrecorded]}</span></p>`
            : nothing
        }
      </div>
    </section>`;
  }

  async #load(signal?: AbortSignal): Promise<AssistantVoice> {
    const { body, version } = await api.get<AssistantVoice>(this.#path, { signal });
    this.#form.rebase(voiceForm(body), version);
    return body;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    const answer = await form.submit(async () => api.put<AssistantVoice>(this.#path, voiceBody(this.#whole), form.version));
    if (answer === undefined) {
      if (form.problem?.code === "version-changed") await this.#voice.reload();
      await this.updateComplete;
      return focusFirstFault(this);
    }
    form.done();
    // A key that was typed is nowhere on the page from here on.
    form.rebase(voiceForm(answer.body), answer.version);
    this.#voice.set(answer.body);
    toast(voiceWords.saved);
  }
}
