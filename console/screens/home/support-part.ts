import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, WaitingApproval } from "../../api/types.ts";
import { formatList, formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { show, skeleton } from "../../parts/states.ts";
import { ago, status } from "../../parts/status.ts";
import { homeWords } from "./home-words.ts";

interface Waiting {
  readonly approvals: readonly WaitingApproval[];
  readonly more: boolean;
  readonly assistants: readonly Assistant[];
}

const FRESH_MS = 10_000;
const SHOWN = 20;

/** What waits for the team, and what somebody on it can do. */
@customElement("desk-support-home")
export class DeskSupportHome extends PageElement {
  /** Whether it is the whole of Home. */
  @property({ type: Boolean }) isAlone = false;
  readonly #waiting = new Resource<Waiting>(this, { load: async (signal) => load(signal), everyMs: FRESH_MS });

  override render() {
    return show(this.#waiting, (waiting) => this.#page(waiting), () => (this.isAlone ? skeleton(5) : html``));
  }

  #page(waiting: Waiting): TemplateResult | typeof nothing {
    const { approvals } = waiting;
    if (!this.isAlone) return approvals.length === 0 ? nothing : waits(waiting);
    return html`<div class="home">
      ${approvals.length === 0 ? calm() : waits(waiting)} ${now(waiting.assistants)}
    </div>`;
  }
}

async function load(signal: AbortSignal): Promise<Waiting> {
  const [approvals, assistants] = await Promise.all([
    api.get<Page<WaitingApproval>>("/approvals", { query: { approver: "staff", limit: SHOWN }, signal }),
    api.get<Page<Assistant>>("/assistants", { query: { limit: 50 }, signal }),
  ]);
  return { approvals: approvals.body.items, more: approvals.body.next !== undefined, assistants: assistants.body.items };
}

function calm(): TemplateResult {
  return html`<section class="group">
    <h2>${status("good", homeWords.supportNothing)}</h2>
    <p class="muted">${homeWords.supportNothingText}</p>
  </section>`;
}

function waits({ approvals, more, assistants }: Waiting): TemplateResult {
  const nameOf = (key: string): string => assistants.find((one) => one.key === key)?.name ?? key;
  return html`<section aria-labelledby="home-waits">
    <h2 id="home-waits">${homeWords.supportWaits(`${formatNumber(approvals.length)}${more ? "+" : ""}`)}</h2>
    <p class="muted">${homeWords.supportWaitsText}</p>
    <ul class="plain-list">
      ${approvals.map(
        ({ title, assistant, requestedAt }) =>
          html`<li>
            <span><strong>${title}</strong> <span class="muted">${homeWords.of(nameOf(assistant))}</span></span>
            ${ago(requestedAt)}
          </li>`,
      )}
    </ul>
  </section>`;
}

function now(assistants: readonly Assistant[]): TemplateResult {
  return html`<section aria-labelledby="home-now">
    <h2 id="home-now">${homeWords.supportNow}</h2>
    <ul class="plain-list">
      <li><a href=${router.href("/account")}>${homeWords.supportAccount}</a></li>
      <li><span>${homeWords.supportKeys}</span></li>
      ${assistants.length === 0 ? nothing : html`<li><span>${homeWords.supportAssistants(formatList(assistants.map(({ name }) => name)))}</span></li>`}
    </ul>
  </section>`;
}
