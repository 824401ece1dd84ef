import { html, nothing, type TemplateResult } from "lit";
import type { Form } from "../../../foundation/form.ts";
import { choiceField, textField } from "../../../parts/fields.ts";
import { budgetFields, isBudgetFaulty } from "./budget-fields.ts";
import "./retention-preview.ts";
import { FIELD_NAMES } from "./field-names.ts";
import { setupWords } from "./setup-words.ts";

const MINUTE = 60_000;

interface NumberField {
  readonly path: string;
  readonly unit: string;
  readonly scale?: number;
  readonly hint?: string;
  readonly isOptional?: boolean;
}

const GROUPS: readonly (readonly [title: string, fields: readonly NumberField[]])[] = [
  [
    setupWords.answers,
    [
      { path: "/maxSteps", unit: setupWords.times, hint: setupWords.maxStepsHint },
      { path: "/turnTimeoutMs", unit: setupWords.minutes, scale: MINUTE, hint: setupWords.turnTimeoutHint },
      { path: "/turnTokens", unit: setupWords.tokens },
      { path: "/approvalTimeoutMs", unit: setupWords.minutes, scale: MINUTE },
      { path: "/resultBytes", unit: setupWords.bytes, hint: setupWords.resultBytesHint },
    ],
  ],
  [
    setupWords.customers,
    [
      { path: "/limits/messageCharacters", unit: setupWords.characters },
      { path: "/limits/messagesPerMinute", unit: setupWords.perMinute },
      { path: "/limits/messagesPerMinutePerAddress", unit: setupWords.perMinute },
      { path: "/limits/concurrentTurns", unit: setupWords.answersUnit, hint: setupWords.concurrentHint },
    ],
  ],
  [
    setupWords.retention,
    [
      { path: "/retention/conversationDays", unit: setupWords.days, isOptional: true, hint: setupWords.retentionHint },
      { path: "/retention/traceDays", unit: setupWords.days, isOptional: true, hint: setupWords.traceDaysHint },
      { path: "/retention/resultDays", unit: setupWords.days, isOptional: true, hint: setupWords.resultDaysHint },
    ],
  ],
  [
    setupWords.model,
    [
      { path: "/model/contextTokens", unit: setupWords.tokens },
      { path: "/model/maxOutputTokens", unit: setupWords.tokens },
      { path: "/model/silenceTimeoutMs", unit: setupWords.seconds, scale: 1000, isOptional: true, hint: setupWords.silenceHint },
      { path: "/toolSearch/tools", unit: setupWords.tools, hint: setupWords.toolSearchHint },
      { path: "/toolSearch/windowShare", unit: "%", scale: 0.01 },
    ],
  ],
];

/** Numbers that are good as they are for most. */
export function advancedFields(
  form: Form<object>,
  { key, isReadOnly }: { readonly key: string; readonly isReadOnly: boolean },
): TemplateResult {
  const paths = GROUPS.flatMap(([, fields]) => fields.map(({ path }) => path));
  // A fault must not hide in what is closed.
  const isOpen = isBudgetFaulty(form) || paths.some((path) => form.fault(path) !== undefined);
  return html`<details class="disclosure" ?open=${isOpen}>
    <summary>${setupWords.advanced}</summary>
    <p class="muted">${setupWords.advancedHint}</p>
    ${GROUPS.map(
      ([title, fields]) =>
        html`<h3>${title}</h3>
          <div class="two" id=${title === setupWords.retention ? "retention" : nothing}>
            ${fields.map((field) => textField(form, { ...field, label: FIELD_NAMES[field.path] ?? field.path, type: "number", isReadOnly }))}
          </div>
          ${title === setupWords.retention ? retentionPreview(form, key) : nothing}`,
    )}
    ${choiceField(form, {
      path: "/model/showThoughts",
      label: FIELD_NAMES["/model/showThoughts"] ?? "",
      options: [
        ["", setupWords.thoughtsNever],
        ["staff", setupWords.thoughtsStaff],
      ],
      isReadOnly,
    })}
    ${budgetFields(form, isReadOnly)}
  </details>`;
}

function retentionPreview(form: Form<object>, key: string): TemplateResult {
  const { retention = {} } = form.whole() as { readonly retention?: object };
  return html`<desk-retention-preview assistantKey=${key} .days=${retention}></desk-retention-preview>`;
}
