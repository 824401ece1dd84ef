import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, WaitingApproval } from "../../api/types.ts";
import { formatList, formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { show, skeleton } from "../../parts/states.ts";
import { ago, badge, status } from "../../parts/status.ts";
import { hiddenShown } from "../assistants/hidden-shown.ts";
import { homeWords } from "./home-words.ts";

export type Waiting = Page<WaitingApproval>;

const FRESH_MS = 10_000;
const SHOWN = 20;
/** Less than this is soon. */
const SOON_MS = 5 * 60_000;

/** What waits for the team, and what somebody on it can do. */
@customElement("desk-support-home")
export class DeskSupportHome extends PageElement {
  readonly #home = new Resource<{ readonly waiting: Waiting; readonly assistants: readonly Assistant[] }>(this, {
    load: async (signal) => {
      const [waiting, { body }] = await Promise.all([
        readWaiting(signal),
        api.get<Page<Assistant>>("/assistants", { query: { limit: 50 }, signal }),
      ]);
      return { waiting, assistants: body.items };
    },
    everyMs: FRESH_MS,
  });

  override render() {
    return show(
      this.#home,
      ({ waiting, assistants }) =>
        html`<div class="home">${waiting.items.length === 0 ? calm() : waits(waiting, assistants)} ${now(assistants)}</div>`,
      () => skeleton(5),
    );
  }
}

/** The calls that staff may decide now, for those who may. */
export async function readWaiting(signal: AbortSignal): Promise<Waiting> {
  if (!may("approvals.decide")) return { items: [] };
  return (await api.get<Waiting>("/approvals", { query: { approver: "staff", limit: SHOWN }, signal })).body;
}

function calm(): TemplateResult {
  return html`<section class="group">
    <h2>${status("good", homeWords.supportNothing)}</h2>
    <p class="muted">${homeWords.supportNothingText}</p>
  </section>`;
}

export function waits({ items, next }: Waiting, assistants: readonly Assistant[]): TemplateResult {
  const nameOf = (key: string): string => assistants.find((one) => one.key === key)?.name ?? key;
  return html`<section aria-labelledby="home-waits">
    <h2 id="home-waits">${homeWords.supportWaits(`${formatNumber(items.length)}${next === undefined ? "" : "+"}`)}</h2>
    <p class="muted">${homeWords.supportWaitsText}</p>
    <ul class="plain-list">
      ${items.map(
        ({ title, assistant, server, approver, preview, requestedAt, expiresAt }) =>
          html`<li>
            <span>
              <strong>${hiddenShown(title)}</strong>
              <span class="muted">${server}</span> ${preview ? badge(homeWords.preview) : nothing}<br />
              <a href=${router.href(`/assistants/${assistant}`)}>${homeWords.of(nameOf(assistant))}</a>
              <span class="muted"
                >· ${approver === "either" ? homeWords.customerToo : homeWords.onlyStaff} · ${homeWords.asked} ${ago(requestedAt)}</span
              >
            </span>
            ${timeLeft(expiresAt)}
          </li>`,
      )}
    </ul>
  </section>`;
}

/** How long it can still be decided. */
function timeLeft(expiresAt: number): TemplateResult {
  const left = expiresAt - Date.now();
  if (left <= 0) return status("neutral", homeWords.over);
  return html`<span class="status" data-tone=${left < SOON_MS ? "warning" : "neutral"}>${homeWords.ends} ${ago(expiresAt)}</span>`;
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
