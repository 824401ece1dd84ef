import { html, type TemplateResult } from "lit";
import { router } from "../../foundation/router.ts";
import { emptyState } from "../../parts/states.ts";
import { filtersIn, type InboxQuery, type View } from "./inbox-query.ts";
import { inboxWords } from "./inbox-words.ts";

const TITLES: Readonly<Record<View, string>> = {
  open: inboxWords.emptyOpen,
  approval: inboxWords.emptyApproval,
  person: inboxWords.emptyPerson,
  unknown: inboxWords.emptyUnknown,
  mine: inboxWords.emptyMine,
  closed: inboxWords.emptyClosed,
  snoozed: inboxWords.emptySnoozed,
  all: inboxWords.emptyOpen,
};

/** Why there is nothing, and what to do. */
export function emptyInbox(query: InboxQuery): TemplateResult {
  const view = (query["view"] ?? "open") as View;
  const action = html`<a class="button" href=${router.href("/inbox", { view })}>${inboxWords.clearAll}</a>`;
  if (query["q"] !== undefined)
    return emptyState({ icon: "search", title: inboxWords.nothingFound, text: inboxWords.nothingFoundText, action });
  if (filtersIn(query).length > 0) return emptyState({ icon: "inbox", title: inboxWords.nothingFits, text: inboxWords.emptyText, action });
  const text = { open: inboxWords.emptyOpenText, all: inboxWords.emptyOpenText, mine: inboxWords.emptyMineText }[view as string];
  return emptyState({ icon: "inbox", title: TITLES[view], text: text ?? inboxWords.emptyText });
}
