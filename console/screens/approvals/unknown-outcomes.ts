import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import type { Call } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { PagedList } from "../../foundation/paged-list.ts";
import { router } from "../../foundation/router.ts";
import { InboxNews } from "../../line/inbox-news.ts";
import { line } from "../../line/staff-line.ts";
import "../../parts/more.ts";
import type { DeskSettleForm } from "../../parts/settle-form.ts";
import { emptyState, show, skeleton } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { callTitle, whoseCall } from "../../parts/call-texts.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { approvalsWords } from "./approvals-words.ts";
import "./unknown-call.ts";

/** While nobody tells it. */
const FRESH_MS = 10_000;
/** What begins and ends that nobody knows how a call ended. */
const CONCERNS = ["tool-call-ended", "tool-call-settled"];

/** Calls that were sent and never answered, and saying how each ended. */
@customElement("desk-unknown-outcomes")
export class DeskUnknownOutcomes extends PageElement {
  /** The one that is looked at; empty: the first. */
  @property() callId = "";
  readonly #calls = new PagedList<Call>(this, {
    from: () => ({ path: "/activity", query: { outcome: "unknown" } }),
    everyMs: FRESH_MS,
    isTold: () => line.isLive,
  });
  #focuses = false;

  constructor() {
    super();
    new InboxNews(this, {
      concerns: (what) => CONCERNS.includes(what),
      // What this person settles now is read anew once that is done: the next call has the focus then.
      refresh: () => this.querySelector<DeskSettleForm>("desk-settle-form")?.isBusy === true || void this.#calls.refresh(),
    });
  }

  override render() {
    return show(
      this.#calls,
      ({ items }) => this.#drawn(items.filter(({ conversation }) => conversation !== undefined)),
      () => skeleton(5),
    );
  }

  override updated(): void {
    if (!this.#focuses) return;
    this.#focuses = false;
    (this.querySelector<HTMLElement>(".queue-row") ?? document.querySelector<HTMLElement>("h1"))?.focus();
  }

  #drawn(calls: readonly Call[]): TemplateResult {
    if (calls.length === 0)
      return emptyState({ icon: "done", title: approvalsWords.settledNothing, text: approvalsWords.settledNothingText });
    const selected = calls.find(({ callId }) => callId === this.callId) ?? calls[0];
    return html`<div class="queue">
      <div class="queue-list">
        <ol class="plain-list" aria-label=${approvalsWords.unknown}>
          ${calls.map((call) => this.#row(call, call === selected))}
        </ol>
        ${this.#calls.value?.next === undefined ? nothing : html`<desk-more .shown=${calls.length} @more=${() => void this.#calls.more()}></desk-more>`}
      </div>
      ${
        selected === undefined
          ? nothing
          : keyed(
              selected.callId,
              html`<desk-unknown-call
                .call=${selected}
                @settled=${(event: CustomEvent<boolean>) => this.#settled(selected.callId, event.detail)}
              ></desk-unknown-call>`,
            )
      }
    </div>`;
  }

  #row(call: Call, isSelected: boolean): TemplateResult {
    const { callId, tool, at, arguments: given } = call;
    return html`<li>
      <button
        class="queue-row"
        aria-current=${isSelected ? "true" : nothing}
        @click=${() => {
          this.callId = callId;
          router.restate({ call: callId });
        }}
      >
        <strong title=${hiddenShown(tool)}>${callTitle(call)}</strong>
        <span class="muted">${whoseCall(call)}</span>
        <span class="muted queue-values">${hiddenShown(JSON.stringify(given ?? {}))}</span>
        <span class="muted">${approvalsWords.sent} ${ago(at)}</span>
      </button>
    </li>`;
  }

  /** One that is left stays; one that is settled goes, and the next has the focus. */
  #settled(callId: string, isOver: boolean): void {
    if (isOver) {
      this.#calls.change((items) => items.filter((one) => one.callId !== callId));
      this.callId = "";
      router.restate({ call: undefined });
      this.#focuses = true;
    }
    void this.#calls.reload();
  }
}
