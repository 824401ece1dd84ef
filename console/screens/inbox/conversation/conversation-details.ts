import { html, nothing, type TemplateResult } from "lit";
import type { Assistant, Conversation } from "../../../api/types.ts";
import { formatDateTime, formatNumber } from "../../../foundation/format.ts";
import { router } from "../../../foundation/router.ts";
import { copyField } from "../../../parts/copy-field.ts";
import { conversationLink, publishedId } from "../../../parts/conversation-names.ts";
import { customerSaid } from "../../../parts/customer-said.ts";
import { hiddenShown } from "../../../parts/hidden-shown.ts";
import { ago } from "../../../parts/status.ts";
import { conversationWords } from "./conversation-words.ts";
import type { Read } from "./journal.ts";
import { organiseButton, organisedPairs } from "./organised.ts";
import { pairs } from "../../../parts/pairs.ts";

/** The page of whoever the conversation is with. */
export function customerPath({ customer }: Pick<Conversation, "customer">): string {
  return router.href(`/customers/${encodeURIComponent(customer)}`);
}

/** Whose conversation it is, with which assistant or published server, since when. */
export function conversationDetails({ summary }: Read, assistant: Assistant | undefined, name: string | undefined): TemplateResult {
  const { id, customer, assistant: key, createdAt, updatedAt, events, waitingApprovals } = summary;
  return html`<div class="conversation-details" tabindex="0" role="region" aria-label=${conversationWords.details}>
    ${pairs([
      [
        conversationWords.customer,
        html`<a href=${customerPath(summary)}>${summary.verified === true ? customerSaid(summary) : html`<code>${customer}</code>`}</a>`,
      ],
      [
        conversationWords.subject,
        summary.customerSubject === undefined ? nothing : html`<code>${hiddenShown(summary.customerSubject)}</code>`,
      ],
      [publishedId(key) === undefined ? conversationWords.assistant : conversationWords.publishedServer, conversationLink(key, name)],
      ...organisedPairs(summary),
      [conversationWords.began, formatDateTime(createdAt)],
      [conversationWords.lastEvent, ago(updatedAt)],
      [conversationWords.events, formatNumber(events)],
      [conversationWords.openApprovals, waitingApprovals === 0 ? nothing : formatNumber(waitingApprovals)],
      [conversationWords.window, assistant === undefined ? nothing : conversationWords.tokens(formatNumber(assistant.model.contextTokens))],
    ])}
    ${organiseButton(summary)}
    <h2>${conversationWords.id}</h2>
    ${copyField(conversationWords.id, id)}
  </div>`;
}
