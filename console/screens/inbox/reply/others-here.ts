import { html, nothing, type TemplateResult } from "lit";
import { formatList } from "../../../foundation/format.ts";
import type { WatchedConversation } from "../../../line/watched-conversation.ts";
import { replyWords } from "./reply-words.ts";

/** Who else looks at a conversation and who writes in it, and whether that may be out of date. */
export function othersHere({ people, typing, isCurrent }: WatchedConversation, self: string): TemplateResult | typeof nothing {
  const others = people.filter(({ id }) => id !== self);
  const said = [
    ...(others.length === 0 ? [] : [replyWords.here(formatList(others.map(({ name }) => name)), others.length)]),
    ...typing
      .filter(({ by }) => by.id !== self)
      .map(({ by, what }) => (what === "message" ? replyWords.customerWrites : replyWords.writing(by.name ?? replyWords.aColleague))),
    ...(isCurrent ? [] : [replyWords.behind]),
  ];
  return said.length === 0 ? nothing : html`<p class="reply-others muted">${said.join(" · ")}</p>`;
}
