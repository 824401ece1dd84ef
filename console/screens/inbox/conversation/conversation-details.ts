import { html, nothing, type TemplateResult } from "lit";
import type { Assistant, Conversation } from "../../../api/types.ts";
import { formatDateTime, formatNumber } from "../../../foundation/format.ts";
import { router } from "../../../foundation/router.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { ago } from "../../../parts/status.ts";
import { customerName, verifiedMark } from "../customer-name.ts";
import { conversationWords } from "./conversation-words.ts";
import type { Read } from "./journal.ts";
import { pairs } from "./trace/detail-parts.ts";

/** Whose conversation it is, with which assistant, since when. */
export function conversationDetails({ summary }: Read, assistant: Assistant | undefined): TemplateResult {
  const { id, assistant: key, createdAt, updatedAt, events, waitingApprovals } = summary;
  return html`<div class="conversation-details" tabindex="0" role="region" aria-label=${conversationWords.details}>
    ${pairs([
      [conversationWords.customer, whose(summary)],
      [conversationWords.email, hiddenShown(summary.customerEmail ?? "")],
      [
        conversationWords.subject,
        summary.customerSubject === undefined ? nothing : html`<code>${hiddenShown(summary.customerSubject)}</code>`,
      ],
      [conversationWords.customerId, summary.customerSubject === undefined ? nothing : html`<code>${summary.customer}</code>`],
      [conversationWords.assistant, html`<a href=${router.href(`/assistants/${key}`)}>${assistant?.name ?? key}</a>`],
      [conversationWords.began, formatDateTime(createdAt)],
      [conversationWords.lastEvent, ago(updatedAt)],
      [conversationWords.events, formatNumber(events)],
      [conversationWords.openApprovals, waitingApprovals === 0 ? nothing : formatNumber(waitingApprovals)],
      [conversationWords.window, assistant === undefined ? nothing : conversationWords.tokens(formatNumber(assistant.model.contextTokens))],
    ])}
    <h2>${conversationWords.id}</h2>
    ${copyField(conversationWords.id, id)}
  </div>`;
}

/** Leads to what else they said and, for those who may, to handing out and erasing it. */
function whose(summary: Conversation): TemplateResult {
  const name = summary.customerName === undefined ? html`<code>${summary.customer}</code>` : customerName(summary);
  const { preview, customer } = summary;
  if (preview) return html`${name}`;
  return html`<a href=${router.href(`/customers/${encodeURIComponent(customer)}`)}>${name}</a> ${verifiedMark(summary)}`;
}
