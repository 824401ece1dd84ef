import { html, type TemplateResult } from "lit";
import type { Webhook } from "../../api/types.ts";
import type { Form } from "../../foundation/form.ts";
import { choices } from "../../parts/choices.ts";
import { linesField, switchField, textField } from "../../parts/fields.ts";
import { EVENT_WORDS, webhooksWords } from "./webhooks-words.ts";

export type WebhookForm = Pick<Webhook, "name" | "url" | "events" | "assistants" | "enabled">;

const FIELDS = ["/name", "/url", "/events", "/assistants", "/enabled"];

export function isWebhookField(path: string): boolean {
  return FIELDS.some((field) => path === field || path.startsWith(`${field}/`));
}

/** What is said of a webhook, new or not. */
export function webhookFields(
  form: Form<WebhookForm>,
  { isNew, isReadOnly = false }: { isNew: boolean; isReadOnly?: boolean },
): TemplateResult {
  const options = Object.entries(EVENT_WORDS).map(([value, label]) => ({ value, label }));
  return html`${textField(form, { path: "/name", label: webhooksWords.name, hint: webhooksWords.nameHint, autofocus: isNew, isReadOnly })}
  ${textField(form, { path: "/url", label: webhooksWords.url, hint: webhooksWords.urlHint, isCode: true, placeholder: "https://", isReadOnly })}
  ${choices(form, { path: "/events", label: webhooksWords.events, options, isReadOnly })}
  ${linesField(form, {
    path: "/assistants",
    label: webhooksWords.assistants,
    hint: webhooksWords.assistantsHint,
    isOptional: true,
    isCode: true,
    lines: 2,
    isReadOnly,
  })}
  ${isNew ? "" : switchField(form, { path: "/enabled", label: webhooksWords.enabled, isReadOnly })}`;
}
