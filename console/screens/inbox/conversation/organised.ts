import { html, nothing, type TemplateResult } from "lit";
import type { Conversation } from "../../../api/types.ts";
import { formatDateTime } from "../../../foundation/format.ts";
import { may } from "../../../foundation/screen.ts";
import { customerName } from "../../../parts/customer-said.ts";
import { icon } from "../../../parts/icon.ts";
import { menu } from "../../../parts/menu.ts";
import { badge } from "../../../parts/status.ts";
import { organise, rowActions } from "../inbox-menu.ts";
import { inboxWords } from "../inbox-words.ts";
import { conversationWords } from "./conversation-words.ts";

/** What the team has put on a conversation, in one line: whom it is given to, how urgent it is, and what it is about. */
export function organisedLine({ assignee, priority, tags = [], ...conversation }: Conversation): TemplateResult | typeof nothing {
  const until = snoozed(conversation);
  if (assignee === undefined && (priority ?? "normal") === "normal" && tags.length === 0 && until === undefined) return nothing;
  return html`<p class="conversation-marks">
    ${assignee === undefined ? nothing : html`<span>${inboxWords.givenTo(assignee.name)}</span>`}
    ${priority === undefined || priority === "normal" ? nothing : badge(inboxWords[priority], TONES[priority])}
    ${until === undefined ? nothing : badge(inboxWords.until(until))} ${tags.map((tag) => badge(tag))}
  </p>`;
}

/** The same as names with values, and a button that changes it. */
export function organisedPairs(conversation: Conversation): readonly (readonly [string, string | undefined])[] {
  const { assignee, priority = "normal", tags = [] } = conversation;
  return [
    [inboxWords.assignee, assignee?.name ?? inboxWords.nobody],
    [inboxWords.priority, inboxWords[priority]],
    [inboxWords.tags, tags.length === 0 ? conversationWords.noTags : tags.join(", ")],
    [inboxWords.snoozed, snoozed(conversation)],
  ];
}

export function organiseButton(conversation: Conversation): TemplateResult | typeof nothing {
  if (!may("conversations.write")) return nothing;
  return html`<p><button type="button" @click=${() => void organise(conversation)}>${icon("edit")}${inboxWords.organise}</button></p>`;
}

/** What can be done with it in the list, where it is read. */
export function conversationMenu(conversation: Conversation): TemplateResult | typeof nothing {
  const actions = rowActions(conversation);
  return actions.length === 0 ? nothing : menu(inboxWords.actions(customerName(conversation)), actions);
}

const TONES = { urgent: "bad", high: "warning", low: "neutral" } as const;

function snoozed({ snoozedUntil }: Pick<Conversation, "snoozedUntil">): string | undefined {
  return snoozedUntil === undefined || snoozedUntil <= Date.now() ? undefined : formatDateTime(snoozedUntil);
}
