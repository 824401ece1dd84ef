import { html, nothing, type TemplateResult } from "lit";
import type { Conversation } from "../../api/types.ts";
import { formatDateTime, formatNumber } from "../../foundation/format.ts";
import { plainText } from "../../foundation/plain-text.ts";
import { customerName, emailBeside, verifiedMark } from "../../parts/customer-said.ts";
import { ago, badge } from "../../parts/status.ts";
import { inboxWords } from "./inbox-words.ts";

const SHOWN_TAGS = 2;

/** What a row says: who, with which assistant, what was said last, and what waits. */
export function rowContent(conversation: Conversation, assistantName: string): TemplateResult {
  const { unread, activeAt, updatedAt, snoozedUntil } = conversation;
  // What was put off stands where it comes back, which is no time at which anything happened.
  const at = snoozedUntil === undefined ? (activeAt ?? updatedAt) : updatedAt;
  const name = customerName(conversation);
  return html`<span class="inbox-head"
      >${unread === true ? html`<span class="unread-dot"><span class="visually-hidden">${inboxWords.unread}. </span></span>` : nothing}<span
        class="inbox-customer"
        data-name=${name}
        >${name}</span
      >${verifiedMark(conversation)}${emailBeside(conversation)}<span class="visually-hidden">, </span
      ><span class="muted inbox-assistant">${assistantName}</span></span
    ><span class="inbox-time muted">${ago(conversation.found?.at ?? at)}</span
    ><span class="inbox-said">${conversation.found === undefined ? lastSaid(conversation) : found(conversation.found)}</span
    ><span class="inbox-marks">${marks(conversation)}</span>`;
}

function lastSaid({ lastMessage }: Conversation): TemplateResult {
  if (lastMessage === undefined) return html`<span class="muted">${inboxWords.nothingSaid}</span>`;
  const by = { customer: undefined, assistant: inboxWords.byAssistant, staff: inboxWords.byStaff }[lastMessage.by];
  return html`${by === undefined ? nothing : html`<span class="muted">${by}</span> `}${lastMessage.by === "customer" ? lastMessage.text : plainText(lastMessage.text)}`;
}

function found({ kind, pieces }: NonNullable<Conversation["found"]>): TemplateResult {
  const by = {
    message: undefined,
    answer: inboxWords.byAssistant,
    reply: inboxWords.byStaff,
    note: inboxWords.inNote,
    result: inboxWords.inResult,
  }[kind];
  return html`${by === undefined ? nothing : html`<span class="muted">${by}</span> `}${pieces.map(({ text, hit }) => {
    const shown = kind === "answer" || kind === "reply" ? plainText(text) : text;
    return hit ? html`<mark>${shown}</mark>` : shown;
  })}`;
}

function marks(conversation: Conversation): TemplateResult {
  const {
    waitingApprovals,
    askedAt,
    onCallSince,
    unknownCalls = 0,
    closed,
    person,
    assignee,
    priority,
    snoozedUntil,
    tags = [],
  } = conversation;
  return html`${askedAt === undefined ? nothing : badge(inboxWords.waitsForPerson, "warning")}
  ${onCallSince === undefined ? nothing : badge(inboxWords.onCall)}
  ${waitingApprovals > 0 ? badge(inboxWords.waitsForApproval, "warning") : nothing}
  ${unknownCalls > 0 ? badge(inboxWords.unknownOutcome, "bad") : nothing}
  ${priority === "urgent" ? badge(inboxWords.urgent, "bad") : priority === "high" ? badge(inboxWords.high, "warning") : nothing}
  ${closed === true ? badge(inboxWords.isClosed) : nothing}
  ${snoozedUntil === undefined || snoozedUntil <= Date.now() ? nothing : badge(inboxWords.until(formatDateTime(snoozedUntil)))}
  ${tags.slice(0, SHOWN_TAGS).map((tag) => html`<span class="badge inbox-tag">${tag}</span>`)}
  ${tags.length > SHOWN_TAGS ? html`<span class="badge inbox-tag" title=${tags.slice(SHOWN_TAGS).join(", ")}>${inboxWords.moreTags(formatNumber(tags.length - SHOWN_TAGS))}</span>` : nothing}
  ${person === undefined ? assigneeOf(assignee) : html`<span class="inbox-assignee">${inboxWords.answers(person.name)}</span>`}`;
}

function assigneeOf(assignee: Conversation["assignee"]): TemplateResult | typeof nothing {
  if (assignee === undefined) return nothing;
  return html`<span class="inbox-assignee"><span class="visually-hidden">${inboxWords.givenTo("")}</span>${assignee.name}</span>`;
}

/** What a search found is a step of the conversation, which is opened there. */
export function stepOf({ found }: Conversation): Readonly<Record<string, string>> {
  return found === undefined ? {} : { step: String(found.seq) };
}

/** Why a search may not have found all. */
export function stillReading({ conversationsLeft }: { readonly conversationsLeft?: number }): string {
  return conversationsLeft === undefined ? inboxWords.stillReading : inboxWords.stillReadingLeft(formatNumber(conversationsLeft));
}

/** Whether a key is for the rows of something else, such as the steps of a trace. */
export function isOfOtherRows(target: EventTarget | null, list: Element): boolean {
  return target instanceof Element && !list.contains(target) && target.closest("[role=row], [role=tree]") !== null;
}
