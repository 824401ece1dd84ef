import { html, nothing, type TemplateResult } from "lit";
import type { Event as JournalEvent } from "../../api/types.ts";
import { plainText } from "../../foundation/plain-text.ts";
import { ago } from "../../parts/status.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { approvalsWords } from "./approvals-words.ts";

interface Told extends JournalEvent {
  readonly text?: string;
  readonly by?: { readonly kind: string; readonly name?: string };
  readonly tool?: { readonly title?: string };
  readonly callId?: string;
}

const SHOWN = 12;

/** What was said before a call, and which calls were made: enough to judge it. */
export function around(events: readonly JournalEvent[], callId: string): TemplateResult {
  const lines = (events as readonly Told[]).flatMap((told) => {
    const shown = lineOf(told, callId);
    return shown === undefined ? [] : [{ at: told.at, ...shown }];
  });
  const last = lines.slice(-SHOWN);
  return html`<h3>${approvalsWords.around}</h3>
    ${lines.length > SHOWN || (events[0]?.seq ?? 1) > 1 ? html`<p class="muted">${approvalsWords.earlier}</p>` : nothing}
    <ol class="plain-list said-around" tabindex="0" aria-label=${approvalsWords.around}>
      ${last.map(({ who, text, at }) => html`<li><strong>${who}</strong> <span class="muted">${ago(at)}</span>${text === "" ? nothing : html`<p>${hiddenLines(text)}</p>`}</li>`)}
    </ol>`;
}

function lineOf(told: Told, callId: string): { readonly who: string; readonly text: string } | undefined {
  const { type, text = "", by } = told;
  if (type === "message-received") return { who: approvalsWords.customer, text };
  if (type === "step-ended") return text === "" ? undefined : { who: approvalsWords.assistant, text: plainText(text) };
  if (type === "reply-sent") return { who: approvalsWords.staff(hiddenShown(by?.name ?? "")), text: plainText(text) };
  if (type === "note-written") return { who: approvalsWords.noteOf(hiddenShown(by?.name ?? "")), text };
  if (type === "tool-call-proposed" && told.callId !== callId)
    return { who: approvalsWords.called(hiddenShown(told.tool?.title ?? "")), text: "" };
  return undefined;
}

/** Line breaks stay; what nobody would see is shown. */
function hiddenLines(text: string): string {
  return text.split("\n").map(hiddenShown).join("\n");
}
