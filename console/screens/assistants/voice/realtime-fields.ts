import { html, nothing, type TemplateResult } from "lit";
import type { Form } from "../../../foundation/form.ts";
import { switchField, textField } from "../../../parts/fields.ts";
import "./engine-test.ts";
import { realtimeTest, type VoiceForm } from "./voice-form.ts";
import { voiceWords } from "./voice-words.ts";

interface Given {
  readonly form: Form<VoiceForm>;
  readonly assistantKey: string;
  readonly hasKey: boolean;
  readonly isReadOnly: boolean;
  readonly mayTest: boolean;
}

/** A model that hears, thinks and speaks in calls, in place of the engines and of the assistant's own. */
export function realtimeFields(given: Given): TemplateResult {
  const { form, isReadOnly } = given;
  return html`<fieldset class="rows">
    <legend>${voiceWords.realtime}</legend>
    ${switchField(form, { path: "/isRealtime", label: voiceWords.isRealtime, hint: voiceWords.realtimeHint, isReadOnly })}
    ${form.get("/isRealtime") === true ? fields(given) : nothing}
  </fieldset>`;
}

function fields({ form, assistantKey, hasKey, isReadOnly, mayTest }: Given): TemplateResult {
  const more = { isOptional: true, isReadOnly } as const;
  const amount = { ...more, type: "number", isFraction: true } as const;
  const key = textField(form, {
    path: "/realtime/apiKey",
    label: voiceWords.key,
    type: "password",
    placeholder: hasKey ? voiceWords.keySet : "",
    hint: hasKey ? voiceWords.keyKept : voiceWords.keyHint,
  });
  const tested = realtimeTest(form.whole() as unknown as VoiceForm);
  return html`<div class="engine">
    <div class="two">
      ${textField(form, { ...more, path: "/realtime/model", label: voiceWords.model, placeholder: "gpt-realtime-2.1", isCode: true })}
      ${textField(form, { ...more, path: "/realtime/voice", label: voiceWords.voice, placeholder: "marin" })}
    </div>
    ${isReadOnly ? html`<p class="muted">${hasKey ? voiceWords.keySet : voiceWords.noKey}</p>` : key}
    <div class="two">
      ${textField(form, { ...more, path: "/realtime/language", label: voiceWords.language, hint: voiceWords.languageHint, placeholder: "en" })}
      ${textField(form, { ...amount, path: "/realtime/speed", label: voiceWords.speed, hint: voiceWords.realtimeSpeedHint, placeholder: "1" })}
    </div>
    <details class="disclosure">
      <summary>${voiceWords.otherAddress}</summary>
      ${textField(form, { ...more, path: "/realtime/baseUrl", label: voiceWords.baseUrl, hint: voiceWords.baseUrlHint, isCode: true, placeholder: "https://" })}
    </details>
    <details class="disclosure">
      <summary>${voiceWords.costs}</summary>
      <p class="muted">${voiceWords.costsHint}</p>
      <div class="two">
        ${textField(form, { ...amount, path: "/realtime/prices/input", label: voiceWords.input })}
        ${textField(form, { ...amount, path: "/realtime/prices/cached", label: voiceWords.cached })}
        ${textField(form, { ...amount, path: "/realtime/prices/output", label: voiceWords.output })}
        ${textField(form, { ...more, path: "/realtime/prices/currency", label: voiceWords.currency, hint: voiceWords.currencyHint })}
      </div>
    </details>
    ${mayTest ? html`<desk-engine-test .assistantKey=${assistantKey} .engines=${tested} .name=${voiceWords.realtimeName}></desk-engine-test>` : nothing}
  </div>`;
}
