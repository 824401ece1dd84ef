import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { api, type Page } from "../../api/client.ts";
import type { DecideApprovalAnswer, WaitingApproval } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { filledMark } from "../../parts/customer-said.ts";
import { argumentText, type NamedArgument } from "../../parts/argument-value.ts";
import { conversationLink, conversationName, type ConversationNames } from "../../parts/conversation-names.ts";
import { ask } from "../../parts/dialogs.ts";
import { ago, badge, status } from "../../parts/status.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { forWhom, reasonField } from "../approvals/approval-parts.ts";
import { approvalsWords } from "../approvals/approvals-words.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { waitingWords } from "./waiting-words.ts";

export type Waiting = Page<WaitingApproval>;
type Decision = "approved" | "rejected";

const SHOWN = 20;
/** Less than this is soon. */
const SOON_MS = 5 * 60_000;
/** In a row; the question before a decision has them all. */
const SHOWN_ARGUMENTS = 6;
const SHOWN_CHARACTERS = 160;

/** The calls that staff may decide now, for those who may. */
export async function readWaiting(signal: AbortSignal): Promise<Waiting> {
  if (!may("approvals.decide")) return { items: [] };
  return (await api.get<Waiting>("/approvals", { query: { approver: "staff", order: "risk", limit: SHOWN }, signal })).body;
}

/** What waits for the team, each with what would be sent, and the decision. Sends `decided`. */
@customElement("desk-waiting-calls")
export class DeskWaitingCalls extends PageElement {
  @property({ attribute: false }) waiting: Waiting = { items: [] };
  @property({ attribute: false }) names: ConversationNames = new Map();
  /** The approvals whose decision is under way. */
  @state() private deciding: ReadonlySet<string> = new Set();
  /** Where the row was whose decision the keyboard was at. */
  #leftAt: number | undefined;

  override render() {
    const { items, next } = this.waiting;
    if (items.length === 0) return html``;
    return html`<section aria-labelledby="home-waits">
      <h2 id="home-waits">${waitingWords.title(`${formatNumber(items.length)}${next === undefined ? "" : "+"}`)}</h2>
      <p class="muted">${waitingWords.lead} <a href=${router.href("/approvals")}>${waitingWords.all}</a></p>
      <ul class="plain-list waiting-calls">
        ${repeat(
          items,
          ({ approvalId }) => approvalId,
          (call) => this.#row(call),
        )}
      </ul>
    </section>`;
  }

  /** The row that had the focus is gone: the next one has it, or the page's beginning. */
  override updated(): void {
    const at = this.#leftAt;
    if (at === undefined) return;
    this.#leftAt = undefined;
    const rows = this.querySelectorAll<HTMLElement>("li");
    const row = rows[Math.min(at, rows.length - 1)];
    const heading = this.querySelector<HTMLElement>("h2") ?? document.querySelector<HTMLElement>("h1");
    heading?.setAttribute("tabindex", "-1");
    (row?.querySelector<HTMLElement>("button") ?? heading)?.focus();
  }

  #row(call: WaitingApproval): TemplateResult {
    const { assistant, approver, preview, requestedAt, expiresAt } = call;
    const title = hiddenShown(call.title);
    return html`<li>
      <div>
        <strong>${title}</strong> ${forWhom(call)} ${preview ? badge(waitingWords.preview) : nothing}
        ${callArguments(call, SHOWN_ARGUMENTS)}
        <p>
          ${conversationLink(assistant, this.names.get(assistant), waitingWords.of(this.#nameOf(call)))}
          <span class="muted"
            >· ${approver === "either" ? waitingWords.customerToo : waitingWords.onlyStaff} · ${waitingWords.asked} ${ago(requestedAt)}
            ·</span
          >
          ${timeLeft(expiresAt)}
        </p>
      </div>
      ${expiresAt <= Date.now() ? nothing : call.mayDecide ? this.#buttons(call, title) : html`<p class="muted">${waitingWords.notYou}</p>`}
    </li>`;
  }

  #buttons(call: WaitingApproval, title: string): TemplateResult {
    const isBusy = this.deciding.has(call.approvalId) ? "true" : "false";
    return html`<div class="actions">
      <button aria-label=${waitingWords.rejectOf(title)} aria-disabled=${isBusy} @click=${() => void this.#decide(call, "rejected")}>
        ${waitingWords.reject}
      </button>
      <button
        class="primary"
        aria-label=${waitingWords.approveOf(title)}
        aria-disabled=${isBusy}
        @click=${() => void this.#decide(call, "approved")}
      >
        ${waitingWords.approve}
      </button>
    </div>`;
  }

  #nameOf({ assistant }: WaitingApproval): string {
    return conversationName(assistant, this.names.get(assistant));
  }

  /** About what was drawn and no other arguments: the server compares their hash. */
  async #decide(call: WaitingApproval, decision: Decision): Promise<void> {
    const { approvalId, argumentsHash } = call;
    const title = hiddenShown(call.title);
    if (this.deciding.has(approvalId)) return;
    const sure = await this.#isSure(call, title, decision);
    if (sure === undefined) return;
    this.deciding = new Set([...this.deciding, approvalId]);
    // The line may take the row away before the answer is here.
    const place = this.waiting.items.findIndex((one) => one.approvalId === approvalId);
    const at = this.contains(document.activeElement) ? place : -1;
    try {
      const body = { decision, argumentsHash, ...(sure.reason === "" ? {} : { reason: sure.reason }) };
      const { decided } = (await api.post<DecideApprovalAnswer>(`/approvals/${approvalId}/decision`, body)).body;
      toast(decision === "rejected" ? waitingWords.rejected(title) : decided ? approvalsWords.approved(title) : approvalsWords.gave(title));
      const { items } = this.waiting;
      const isHere = this.contains(document.activeElement) || document.activeElement === document.body;
      this.#leftAt = at === -1 || !isHere ? undefined : at;
      this.waiting = { ...this.waiting, items: items.filter((one) => one.approvalId !== approvalId) };
    } catch (error) {
      toastFault(error);
    } finally {
      this.deciding = new Set([...this.deciding].filter((one) => one !== approvalId));
      this.dispatchEvent(new CustomEvent("decided", { bubbles: true }));
    }
  }

  /** Undefined: they are not. */
  async #isSure(call: WaitingApproval, title: string, decision: Decision): Promise<{ readonly reason: string } | undefined> {
    const isApproval = decision === "approved";
    const name = this.#nameOf(call);
    let reason = "";
    const isSure = await ask({
      title: isApproval ? waitingWords.approveTitle(title) : waitingWords.rejectTitle(title),
      text: html`<p>${isApproval ? waitingWords.approveText(name) : waitingWords.rejectText(name)}</p>
        ${callArguments(call, Infinity)}
        ${isApproval ? nothing : reasonField("home-reason", approvalsWords.reason, { reason, set: (given) => (reason = given) })}`,
      confirm: isApproval ? waitingWords.approve : waitingWords.reject,
      isDangerous: !isApproval,
    });
    return isSure ? { reason: reason.trim() } : undefined;
  }
}

/** Each value by what people call it. Fewer than all: long ones are cut. */
function callArguments({ title, fields }: WaitingApproval, most: number): TemplateResult {
  if (fields.length === 0) return html`<p class="muted">${waitingWords.noArguments}</p>`;
  const left = fields.length - most;
  return html`<dl class="call-arguments" aria-label=${waitingWords.argumentsOf(hiddenShown(title))}>
      ${fields.slice(0, most).map(
        (field) =>
          html`<div>
            <dt>${hiddenShown(field.title)}</dt>
            <dd>${shownValue(field, most === Infinity ? Infinity : SHOWN_CHARACTERS)}${filledMark(field)}</dd>
          </div>`,
      )}
    </dl>
    ${left > 0 ? html`<p class="muted">${waitingWords.more(left)}</p>` : nothing}`;
}

function shownValue(field: NamedArgument, most: number): string {
  const text = hiddenShown(argumentText(field));
  return text.length > most ? `${text.slice(0, most)} …` : text;
}

/** How long it can still be decided. */
function timeLeft(expiresAt: number): TemplateResult {
  const left = expiresAt - Date.now();
  if (left <= 0) return status("neutral", waitingWords.over);
  return html`<span class="status" data-tone=${left < SOON_MS ? "warning" : "neutral"}
    ><span>${waitingWords.ends} ${ago(expiresAt)}</span></span
  >`;
}
