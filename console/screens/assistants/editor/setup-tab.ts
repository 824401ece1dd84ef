import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { choiceField, linesField, switchField, textField } from "../../../parts/fields.ts";
import { saveBar } from "../../../parts/save-bar.ts";
import { router } from "../../../foundation/router.ts";
import "../model-fields.ts";
import { advancedFields } from "./advanced-fields.ts";
import type { AssistantData, Opened } from "./assistant-data.ts";
import { FIELD_NAMES, isDrawn } from "./field-names.ts";
import type { ToolAtHand } from "./tools-at-hand.ts";
import { peopleFields } from "./people-fields.ts";
import { setupWords } from "./setup-words.ts";

const TRACES = [
  ["full", setupWords.traceFull],
  ["summary", setupWords.traceSummary],
  ["hidden", setupWords.traceHidden],
] as const;

interface Setup {
  readonly data: AssistantData;
  readonly opened: Opened;
  readonly save: (event: Event) => void;
}

/** What the assistant is told, who answers for it, and what customers may. */
export function setupTab({ data, opened, save }: Setup): TemplateResult {
  const { form } = data;
  const { assistant, draft, tools } = opened;
  const isReadOnly = draft === undefined;
  return html`<form class="setup" novalidate @submit=${save}>
    <section class="group">
      <h2>${setupWords.task}</h2>
      ${textField(form, { path: "/name", label: setupWords.name, hint: setupWords.nameHint, isReadOnly })}
      ${textField(form, { path: "/prompt", label: setupWords.prompt, hint: setupWords.promptHint, lines: 8, isReadOnly })}
      ${tools === undefined ? nothing : toolsAtHand(assistant.key, tools, isReadOnly)}
    </section>
    <section class="group" id="model">
      <h2>${setupWords.model}</h2>
      <desk-model-fields
        .form=${form}
        .values=${form.whole()}
        .assistantKey=${assistant.key}
        ?hasKey=${(draft?.settings ?? assistant).model.apiKeySet}
        ?isReadOnly=${isReadOnly}
      ></desk-model-fields>
    </section>
    <section class="group">
      <h2>${setupWords.welcome}</h2>
      ${textField(form, { path: "/greeting", label: setupWords.greeting, hint: setupWords.greetingHint, lines: 2, isOptional: true, isReadOnly })}
      ${linesField(form, { path: "/starters", label: setupWords.starters, hint: setupWords.startersHint, isOptional: true, isReadOnly })}
    </section>
    <section class="group">
      <h2>${setupWords.safety}</h2>
      ${switchField(form, { path: "/feedback", label: FIELD_NAMES["/feedback"] ?? "", hint: setupWords.feedbackHint, isReadOnly })}
      ${switchField(form, { path: "/careful", label: setupWords.careful, hint: setupWords.carefulHint, isReadOnly })}
      ${choiceField(form, { path: "/trace", label: setupWords.trace, hint: setupWords.traceHint, options: TRACES, isReadOnly })}
    </section>
    ${peopleFields(form, isReadOnly)}
    <section class="group" id="origins">
      <h2>${setupWords.websites}</h2>
      ${linesField(form, { path: "/allowedOrigins", label: setupWords.origins, hint: setupWords.originsHint, isCode: true, isReadOnly })}
    </section>
    <section class="group">${advancedFields(form, { key: assistant.key, isReadOnly })}</section>
    ${isReadOnly ? nothing : saveBar(form, { drawn: isDrawn })}
  </form>`;
}

/** What the prompt can count on. */
function toolsAtHand(key: string, tools: readonly ToolAtHand[], isReadOnly: boolean): TemplateResult {
  const href = router.href(`/assistants/${key}/tools`);
  if (tools.length === 0)
    return html`<p class="muted">${setupWords.noTools} ${isReadOnly ? nothing : html`<a href=${href}>${setupWords.toTools}</a>`}</p>`;
  return html`<details class="disclosure" ?open=${tools.length <= 6}>
    <summary>${setupWords.toolsAtHand(tools.length)}</summary>
    <dl class="tools-at-hand">
      ${repeat(
        tools,
        ({ server, name }) => `${server} ${name}`,
        ({ server, serverName, name, title, description }) =>
          html`<div>
            <dt>
              <a href=${router.href(`/assistants/${key}/tools/${server}`, { q: name })}>${title || name}</a>
              <span class="muted">${serverName}</span>
            </dt>
            ${description === undefined ? nothing : html`<dd>${description}</dd>`}
          </div>`,
      )}
    </dl>
  </details>`;
}
