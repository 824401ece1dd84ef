import { html, type TemplateResult } from "lit";
import { api, type Page } from "../../api/client.ts";
import type { Conversation } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { conversationName, type ConversationNames } from "../../parts/conversation-names.ts";
import { customerNamed } from "../../parts/customer-said.ts";
import { ago } from "../../parts/status.ts";
import { waitingWords } from "./waiting-words.ts";

export type WaitingPeople = Page<Conversation>;

const SHOWN = 20;

/** The conversations whose customer waits for a person, for those who may answer. */
export async function readWaitingPeople(signal: AbortSignal): Promise<WaitingPeople> {
  if (!may("conversations.write")) return { items: [] };
  return (await api.get<WaitingPeople>("/conversations", { query: { view: "person", limit: SHOWN }, signal })).body;
}

/** Each leads to its conversation, where somebody joins. */
export function waitingPeople({ items, next }: WaitingPeople, names: ConversationNames): TemplateResult {
  if (items.length === 0) return html``;
  return html`<section aria-labelledby="home-asked">
    <h2 id="home-asked">${waitingWords.people(`${formatNumber(items.length)}${next === undefined ? "" : "+"}`)}</h2>
    <p class="muted"><a href=${router.href("/inbox", { view: "person" })}>${waitingWords.allPeople}</a></p>
    <ul class="plain-list">
      ${items.map(
        (one) =>
          html`<li>
            <span
              ><a href=${router.href(`/inbox/${one.id}`)}>${customerNamed(one)}</a>
              <span class="muted"
                >${waitingWords.of(conversationName(one.assistant, names.get(one.assistant)))} · ${ago(one.updatedAt)}</span
              ></span
            >
          </li>`,
      )}
    </ul>
  </section>`;
}
