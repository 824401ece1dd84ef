import { html, nothing } from "lit";
import { api } from "../../../api/client.ts";
import type { AssistantState, ReadDeletionAnswer } from "../../../api/types.ts";
import { formatList } from "../../../foundation/format.ts";
import { router } from "../../../foundation/router.ts";
import { ask, showDialog } from "../../../parts/dialogs.ts";
import { ago } from "../../../parts/status.ts";
import { toast, toastFault } from "../../../parts/toasts.ts";
import "./duplicate-form.ts";
import { editorWords } from "./editor-words.ts";
import "./owner-form.ts";

export async function duplicateAssistant({ key, name }: AssistantState): Promise<void> {
  await showDialog(
    editorWords.duplicateTitle(name),
    (close) => html`<desk-duplicate .assistantKey=${key} .original=${name} @made=${close}></desk-duplicate>`,
  );
}

/** Admins only: the server refuses everybody else. */
export async function giveAway({ key, name, owner }: AssistantState, version: string | undefined): Promise<void> {
  await showDialog(
    editorWords.giveTitle(name),
    (close) => html`<desk-owner .assistantKey=${key} .ownerId=${owner?.id ?? ""} .version=${version} @given=${close}></desk-owner>`,
  );
}

/** Says what hangs on it, and asks for the name. */
export async function deleteAssistant({ key, name }: AssistantState, forget: () => void): Promise<void> {
  try {
    const { body, version } = await api.get<ReadDeletionAnswer>(`/assistants/${key}/deletion`);
    const isSure = await ask({
      title: editorWords.removeTitle(name),
      text: whatHangsOn(body),
      confirm: editorWords.remove,
      isDangerous: true,
      typeName: name,
    });
    if (!isSure) return;
    await api.delete(`/assistants/${key}`, version);
  } catch (error) {
    return toastFault(error);
  }
  forget();
  await router.go("/assistants");
  toast(editorWords.removed(name));
}

function whatHangsOn({ allowedOrigins, connectors, conversations, conversationDays, hasDraft, lastSeen }: ReadDeletionAnswer) {
  const pair = (label: string, value: unknown) =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<p>${editorWords.removeText}${hasDraft ? html` ${editorWords.draftLost}` : nothing}</p>
    <dl class="pairs">
      ${pair(editorWords.websites, formatList(allowedOrigins))}
      ${pair(editorWords.connectors, connectors.length === 0 ? editorWords.none : formatList(connectors))}
      ${pair(editorWords.conversations, conversations.total === 0 ? editorWords.none : whatStays(conversations, conversationDays))}
      ${pair(editorWords.lastSeen, lastSeen === undefined ? editorWords.never : ago(lastSeen))}
    </dl>`;
}

function whatStays({ total, open }: ReadDeletionAnswer["conversations"], days: number | undefined) {
  const stay = editorWords.conversationsStay(total, open);
  return days === undefined ? stay : html`${stay}<br />${editorWords.conversationsEnd(days)}`;
}
