import { html, type TemplateResult } from "lit";
import type { Webhook } from "../../api/types.ts";
import type { Form } from "../../foundation/form.ts";
import { choices } from "../../parts/choices.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { switchField, textField } from "../../parts/fields.ts";
import { EVENT_WORDS, webhooksWords } from "./webhooks-words.ts";

export type WebhookForm = Pick<Webhook, "name" | "url" | "events" | "assistants" | "enabled">;

const FIELDS = ["/name", "/url", "/events", "/assistants", "/enabled"];

export function isWebhookField(path: string): boolean {
  return FIELDS.some((field) => path === field || path.startsWith(`${field}/`));
}

const NONE: ReadonlyMap<string, string> = new Map();

/** All assistants, and those that are chosen though they are deleted, or not loaded (yet). */
function assistantOptions(form: Form<WebhookForm>, names: ReadonlyMap<string, string>): readonly { value: string; label: string }[] {
  const assistants = form.get("/assistants") as readonly string[];
  const keys = [...names.keys(), ...assistants.filter((key) => !names.has(key))];
  return keys.map((value) => ({ value, label: hiddenShown(names.get(value) ?? value) }));
}

/** What is said of a webhook, new or not; `names` of assistants by their keys. */
export function webhookFields(
  form: Form<WebhookForm>,
  { isNew, isReadOnly = false, names = NONE }: { isNew: boolean; isReadOnly?: boolean; names?: ReadonlyMap<string, string> | undefined },
): TemplateResult {
  const options = Object.entries(EVENT_WORDS).map(([value, label]) => ({ value, label }));
  return html`${textField(form, { path: "/name", label: webhooksWords.name, hint: webhooksWords.nameHint, autofocus: isNew, isReadOnly })}
  ${textField(form, { path: "/url", label: webhooksWords.url, hint: webhooksWords.urlHint, isCode: true, placeholder: "https://", isReadOnly })}
  ${choices(form, { path: "/events", label: webhooksWords.events, options, isReadOnly })}
  ${choices(form, {
    path: "/assistants",
    label: webhooksWords.assistants,
    hint: webhooksWords.assistantsHint,
    options: assistantOptions(form, names),
    isReadOnly,
  })}
  ${isNew ? "" : switchField(form, { path: "/enabled", label: webhooksWords.enabled, isReadOnly })}`;
}
