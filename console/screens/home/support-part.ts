import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { InboxNews, isOfApproval, isOfAsked } from "../../line/inbox-news.ts";
import { line } from "../../line/staff-line.ts";
import { router } from "../../foundation/router.ts";
import { type ConversationNames, namesFor } from "../../parts/conversation-names.ts";
import { show, skeleton } from "../../parts/states.ts";
import { status } from "../../parts/status.ts";
import { homeWords } from "./home-words.ts";
import "./waiting-calls.ts";
import { readWaiting, type Waiting } from "./waiting-calls.ts";
import { readWaitingPeople, type WaitingPeople, waitingPeople } from "./waiting-people.ts";

interface Known {
  readonly waiting: Waiting;
  readonly people: WaitingPeople;
  readonly assistants: readonly Assistant[];
  readonly names: ConversationNames;
}

/** While nobody tells it. */
const FRESH_MS = 10_000;

/** What waits for the team, and what somebody on it can do. */
@customElement("desk-support-home")
export class DeskSupportHome extends PageElement {
  readonly #home = new Resource<Known>(this, {
    load: async (signal) => {
      const [waiting, people, { body }] = await Promise.all([
        readWaiting(signal),
        readWaitingPeople(signal),
        api.get<Page<Assistant>>("/assistants", { query: { limit: 50 }, signal }),
      ]);
      const names = await namesFor([...waiting.items, ...people.items], body.items, signal);
      return { waiting, people, assistants: body.items, names };
    },
    everyMs: FRESH_MS,
    isTold: () => line.isLive,
  });

  constructor() {
    super();
    new InboxNews(this, { concerns: (what) => isOfApproval(what) || isOfAsked(what), refresh: () => void this.#home.refresh() });
  }

  override render() {
    return show(
      this.#home,
      ({ waiting, people, assistants, names }) =>
        html`<div class="home">
          ${waiting.items.length + people.items.length === 0 ? calm() : nothing} ${waitingPeople(people, names)}
          <desk-waiting-calls .waiting=${waiting} .names=${names} @decided=${() => void this.#home.reload()}></desk-waiting-calls>
          ${now(assistants)}
        </div>`,
      () => skeleton(5),
    );
  }
}

function calm(): TemplateResult {
  return html`<section class="group">
    <h2>${status("good", homeWords.supportNothing)}</h2>
    <p class="muted">${homeWords.supportNothingText}</p>
  </section>`;
}

function now(assistants: readonly Assistant[]): TemplateResult {
  return html`<section aria-labelledby="home-now">
    <h2 id="home-now">${homeWords.supportNow}</h2>
    <ul class="plain-list">
      ${assistants.map(
        ({ key, name }) => html`<li><a href=${router.href(`/assistants/${key}`)}>${homeWords.supportAssistant(name)}</a></li>`,
      )}
      <li><a href=${router.href("/account")}>${homeWords.supportAccount}</a></li>
      <li><span>${homeWords.supportKeys}</span></li>
    </ul>
  </section>`;
}
