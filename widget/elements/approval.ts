import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ApprovalCard, CallPart } from "../thread/state.ts";
import { callWords } from "../words/call-words.ts";
import { actionText, decidedText, questionText } from "./approval-text.ts";
import { define } from "./define.ts";
import { fieldText } from "./field-text.ts";
import { checkIcon } from "./call-icons.ts";
import { crossIcon } from "./icons.ts";
import { IntentEvent } from "./intents.ts";
import { LightElement } from "./light-element.ts";
import type { ThreadContext } from "./thread-context.ts";
import { visibleText } from "./visible-text.ts";

/** Asks a person before a tool acts; after the decision, one line that says who decided and when. */
export class FrontDeskApproval extends LightElement {
  static override properties = { call: { attribute: false }, context: { attribute: false } };
  declare call: CallPart;
  declare context: ThreadContext;

  #timer: ReturnType<typeof setTimeout> | undefined;
  #hadFocus = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#hadFocus = changed.has("call") && this.querySelector(":focus") !== null;
  }

  protected override updated(): void {
    clearTimeout(this.#timer);
    const left = this.#leftMs();
    // Wakes when the words for the remaining time change: each minute, each second at the end.
    if (left > 0)
      this.#timer = setTimeout(
        () => this.requestUpdate(),
        Math.min(left, left > 60_000 ? left % 60_000 || 60_000 : left % 1000 || 1000) + 20,
      );
    // Whoever decided had the focus on a button that is gone.
    if (this.#hadFocus && this.querySelector(":focus") === null)
      this.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  }

  #leftMs(): number {
    const approval = this.call.approval;
    return approval?.status === "waiting" ? approval.expiresAt - this.context.now() : 0;
  }

  #decide(decision: "approved" | "rejected", scope: "once" | "conversation" = "once"): void {
    const approval = this.call.approval;
    if (approval === undefined || approval.deciding !== undefined) return;
    const reason = decision === "rejected" ? this.querySelector("input")?.value.trim() : "";
    this.dispatchEvent(
      new IntentEvent({ kind: "decide", approvalId: approval.approvalId, decision, scope, ...(reason ? { reason } : {}) }),
    );
  }

  protected override render(): unknown {
    const approval = this.call.approval;
    if (approval === undefined) return nothing;
    return approval.status === "waiting" ? this.#card(approval) : this.#line(approval);
  }

  #line(approval: ApprovalCard): TemplateResult {
    const words = callWords(this.context.words);
    return html`<div class="decided" part="approval-decided" tabindex="-1">
      ${approval.status === "approved" ? checkIcon : crossIcon}
      <div>
        <span>${actionText(this.call)} · ${decidedText(approval, this.context)}</span>
        ${approval.reason ? html`<span class="quiet">${words.reasonGiven(approval.reason)}</span>` : nothing}
        ${approval.error ? html`<span class="quiet">${this.#errorText(approval)}</span>` : nothing}
      </div>
    </div>`;
  }

  #card(approval: ApprovalCard): TemplateResult {
    const { formats } = this.context;
    const words = callWords(this.context.words);
    const { tool } = this.call;
    const left = this.#leftMs();
    const id = `title-${approval.approvalId}`;
    return html`<section class="approval" part="approval" aria-labelledby=${id}>
      <p class="title" id=${id} tabindex="-1">${questionText(this.call, this.context)}</p>
      <p class="quiet">${words.via(tool.serverName)}</p>
      <dl>
        ${approval.fields.map(
          (field) =>
            html`<div>
              <dt>${visibleText(field.title)}</dt>
              <dd>${visibleText(fieldText(field, this.context))}</dd>
            </div>`,
        )}
      </dl>
      <details>
        <summary>${words.exactArguments}</summary>
        <pre tabindex="0" role="group" aria-label=${words.exactArguments} dir="ltr">
${visibleText(JSON.stringify(approval.arguments, null, 2))}</pre>
      </details>
      ${tool.destructive ? html`<p class="warning">${words.destructive}</p>` : nothing} ${left > 0 ? this.#choices(approval) : nothing}
      ${approval.error ? html`<p class="danger">${this.#errorText(approval)}</p>` : nothing}
      <p class="quiet time">${left > 0 ? words.timeLeft(formats.left(left)) : words.timeOver}</p>
    </section>`;
  }

  #choices(approval: ApprovalCard): TemplateResult {
    const words = callWords(this.context.words);
    if (approval.approver === "staff") return html`<p>${words.staffDecides}</p>`;
    const { deciding } = approval;
    // Not `disabled`: that would take the focus away from whoever pressed it.
    const busy = deciding === undefined ? "false" : "true";
    return html`<details class="reason">
        <summary>${words.reason}</summary>
        <input dir="auto" maxlength="500" aria-label=${words.reason} placeholder=${words.reasonPlaceholder} />
      </details>
      <div class="choices">
        <button class="button" part="reject" aria-disabled=${busy} @click=${() => this.#decide("rejected")}>
          ${deciding === "rejected" ? words.rejecting : words.reject}
        </button>
        <button class="button primary" part="approve" aria-disabled=${busy} @click=${() => this.#decide("approved")}>
          ${deciding === "approved" ? words.approving : words.approve}
        </button>
        ${
          approval.rememberable
            ? html`<button class="link" aria-disabled=${busy} @click=${() => this.#decide("approved", "conversation")}>
                ${words.approveAlways}
              </button>`
            : nothing
        }
      </div>`;
  }

  #errorText({ error }: ApprovalCard): string {
    const words = callWords(this.context.words);
    if (error?.code === "already-decided") return words.cameSecond;
    return words.errors[error?.code ?? ""] ?? error?.message ?? "";
  }
}

define("front-desk-approval", FrontDeskApproval);
