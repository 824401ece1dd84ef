import { html, nothing, type TemplateResult } from "lit";
import type { ArgumentField } from "../../../../protocol/content.ts";
import { toJson } from "../../../native/to-json.ts";
import type { ApprovalCard, CallPart } from "../../../thread/state.ts";
import { same } from "../../../thread/same.ts";
import { callWords } from "../../../words/call-words.ts";
import { actionText, decidedText, questionText } from "./approval-text.ts";
import { decidedLine } from "../card/decided-line.ts";
import { CardLife } from "../card/card-life.ts";
import { errorText } from "../../foundation/error-text.ts";
import { define } from "../../foundation/define.ts";
import { fieldText } from "./field-text.ts";
import { decide } from "../card/decide.ts";
import { LightElement } from "../../foundation/light-element.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";
import { visibleText } from "../card/visible-text.ts";

/** Who presses so soon after a card came, or after a view moved it, meant what was there before. */
const UNREAD_MS = 600;

/** Asks a person before a tool acts; after the decision, one line that says who decided and when. */
export class FrontDeskApproval extends LightElement {
  static override properties = { call: { attribute: false }, card: { attribute: false }, context: { attribute: false } };
  declare call: CallPart;
  declare card: ApprovalCard;
  declare context: ThreadContext;

  readonly #life = new CardLife(this);
  readonly #since = performance.now();

  #approve({ detail, timeStamp }: MouseEvent, scope?: "conversation"): void {
    const views = (this.getRootNode() as ParentNode & Node).querySelectorAll<HTMLElement>("front-desk-view");
    // With a key, nobody presses what they did not go to.
    const isUnread =
      detail > 0 && [...views].some(({ dataset }) => timeStamp - Math.max(this.#since, Number(dataset["moved"] ?? 0)) < UNREAD_MS);
    if (!isUnread) this.#decide("approved", scope);
  }

  #decide(decision: "approved" | "rejected", scope: "once" | "conversation" = "once"): void {
    const { approvalId, argumentsHash } = this.card;
    const reason = decision === "rejected" ? this.querySelector("input")?.value.trim() : "";
    const frame = { approvalId, decision, argumentsHash, scope, ...(reason ? { reason } : {}) };
    decide(this, { name: "approval-decide", frame, deciding: decision });
  }

  protected override render(): unknown {
    const { card } = this;
    return card.status === "waiting" ? this.#card(card) : this.#line(card);
  }

  #line(approval: ApprovalCard): TemplateResult {
    const { reason, status, before } = approval;
    const words = callWords(this.context.words);
    return decidedLine(
      status === "approved",
      `${actionText(this.call, approval)} · ${decidedText(approval, this.context)}`,
      "approval-decided",
      [
        before &&
          words.edited(
            changes(approval.fields, before)
              .map((field) => `${field.title}: ${fieldText(field, this.context)}`)
              .join(", "),
          ),
        reason && words.reasonGiven(reason),
        this.#errorText(approval),
      ].map((line) => line && visibleText(line)),
    );
  }

  #card(approval: ApprovalCard): TemplateResult {
    const { formats } = this.context;
    const words = callWords(this.context.words);
    const { tool } = this.call;
    const left = this.#life.leftMs;
    const id = `title-${approval.approvalId}`;
    // A line break before it, however the template is written, would push its first line aside.
    const exact = visibleText(toJson(approval.arguments, 2));
    return html`<section class="card approval" part="approval" aria-labelledby=${id}>
      <p class="title" id=${id} tabindex="-1">${questionText(this.call, approval, this.context)}</p>
      <p class="quiet">${tool.source === "page" ? words.viaPage : words.via(tool.serverName)}</p>
      <dl>
        ${approval.fields.map(
          (field) =>
            html`<div>
              <dt>${visibleText(field.title)}</dt>
              <dd>${visibleText(fieldText(field, this.context))}${field.filled ? html` <small>${words.filled}</small>` : nothing}</dd>
            </div>`,
        )}
      </dl>
      <details>
        <summary>${words.exactArguments}</summary>
        <pre tabindex="0" role="group" aria-label=${words.exactArguments} dir="ltr">${exact}</pre>
      </details>
      ${tool.destructive && approval.approver !== "staff" ? html`<p class="warning">${words.destructive}</p>` : nothing}
      ${left > 0 ? this.#choices(approval) : nothing} ${approval.error ? html`<p class="danger">${this.#errorText(approval)}</p>` : nothing}
      <p class="quiet time">${left > 0 ? words.timeLeft(formats.left(left)) : words.timeOver}</p>
    </section>`;
  }

  #choices(approval: ApprovalCard): TemplateResult {
    const words = callWords(this.context.words);
    if (approval.approver === "staff") return html`<p>${words.staffDecides}</p>`;
    const { deciding } = approval;
    // Not `disabled`: that would take the focus from the person who pressed it.
    const busy = deciding === undefined ? "false" : "true";
    return html`<details class="reason">
        <summary>${words.reason}</summary>
        <input dir="auto" maxlength="500" aria-label=${words.reason} placeholder=${words.reasonPlaceholder} />
      </details>
      <div class="choices">
        <button class="button" part="reject" aria-disabled=${busy} @click=${() => this.#decide("rejected")}>
          ${deciding === "rejected" ? words.rejecting : words.reject}
        </button>
        <button class="button primary" part="approve" aria-disabled=${busy} @click=${(event: MouseEvent) => this.#approve(event)}>
          ${deciding === "approved" ? words.approving : words.approve}
        </button>
        ${
          approval.rememberable
            ? html`<button class="link" aria-disabled=${busy} @click=${(event: MouseEvent) => this.#approve(event, "conversation")}>
                ${words.approveAlways}
              </button>`
            : nothing
        }
      </div>`;
  }

  #errorText({ error }: ApprovalCard): string | undefined {
    const words = callWords(this.context.words);
    if (error?.code === "already-decided") return words.cameSecond;
    return errorText(error, words);
  }
}

/** Those of `now` that are not as they were, and without a value those that are gone. All of them where none shows it. */
function changes(now: readonly ArgumentField[], before: readonly ArgumentField[]): readonly ArgumentField[] {
  const gone = before.filter(({ name }) => !now.some((field) => field.name === name));
  const found = [
    ...now.filter((field) => !before.some((other) => same(other, field))),
    ...gone.map((field) => ({ ...field, value: undefined })),
  ];
  return found.length > 0 ? found : now;
}

define("front-desk-approval", FrontDeskApproval);
