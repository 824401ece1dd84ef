import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import type { DecideApprovalsAnswer, DecideApprovalsBody, WaitingApproval } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { GERMAN_PROBLEMS } from "../../foundation/problem-words.ts";
import { saidBy } from "../../foundation/words.ts";
import { ask } from "../../parts/dialogs.ts";
import { toast, toastFault } from "../../parts/toasts.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { inOneLine, reasonField } from "./approval-parts.ts";
import { approvalsWords } from "./approvals-words.ts";

type Decision = DecideApprovalsBody["decision"];

/** Several calls of one tool at once: counted, asked about, and told which failed. Sends `decided-many` with the ids of those decided. */
@customElement("desk-decide-many")
export class DeskDecideMany extends PageElement {
  @property({ attribute: false }) approvals: readonly WaitingApproval[] = [];
  @state() private isBusy = false;
  @state() private failed: readonly string[] = [];

  override render() {
    const { approvals } = this;
    const tools = new Set(approvals.map(({ server, tool }) => `${server} ${tool}`));
    return html`${approvals.length === 0 ? nothing : this.#bar(tools.size === 1)}
      <div role="alert">
        ${
          this.failed.length === 0
            ? nothing
            : html`<p>${approvalsWords.manyFailed(this.failed.length)}</p>
                <ul>
                  ${this.failed.map((line) => html`<li>${line}</li>`)}
                </ul>`
        }
      </div>`;
  }

  #bar(isOneTool: boolean): TemplateResult {
    const count = this.approvals.length;
    if (!isOneTool) return html`<p class="note">${approvalsWords.onlySameTool}</p>`;
    const isBusy = this.isBusy ? "true" : "false";
    return html`<div class="toolbar">
      <span>${approvalsWords.chosen(count)}</span>
      <button aria-disabled=${isBusy} @click=${() => void this.#decide("rejected")}>${approvalsWords.rejectMany(count)}</button>
      <button class="primary" aria-disabled=${isBusy} @click=${() => void this.#decide("approved")}>
        ${approvalsWords.approveMany(count)}
      </button>
    </div>`;
  }

  async #decide(decision: Decision): Promise<void> {
    if (this.isBusy) return;
    const approvals = this.approvals;
    let reason = "";
    const title = hiddenShown(approvals[0]?.title ?? "");
    const isSure = await ask({
      title:
        decision === "approved"
          ? approvalsWords.approveManyTitle(approvals.length, title)
          : approvalsWords.rejectManyTitle(approvals.length, title),
      text: html`<p>${approvalsWords.manyText}</p>
        <ul>
          ${approvals.map((approval) => html`<li>${inOneLine(approval)}</li>`)}
        </ul>
        ${decision === "approved" ? nothing : reasonField("many-reason", approvalsWords.reasonMany, { reason, set: (given) => (reason = given) })}`,
      confirm: decision === "approved" ? approvalsWords.approveMany(approvals.length) : approvalsWords.rejectMany(approvals.length),
      isDangerous: decision === "rejected",
    });
    if (!isSure) return;
    this.isBusy = true;
    try {
      const body = {
        decision,
        ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
        approvals: approvals.map(({ approvalId, argumentsHash }) => ({ approvalId, argumentsHash })),
      };
      const { results } = (await api.post<DecideApprovalsAnswer>("/approvals/decisions", body)).body;
      this.#told(approvals, results);
    } catch (error) {
      toastFault(error);
    } finally {
      this.isBusy = false;
    }
  }

  #told(approvals: readonly WaitingApproval[], results: DecideApprovalsAnswer["results"]): void {
    const done = results.filter(({ code }) => code === undefined);
    this.failed = results.flatMap(({ approvalId, code, message = "" }) => {
      const approval = approvals.find((one) => one.approvalId === approvalId);
      return code === undefined || approval === undefined
        ? []
        : [`${inOneLine(approval)} – ${saidBy(GERMAN_PROBLEMS, code, message, undefined)}`];
    });
    if (done.length > 0) toast(approvalsWords.manyDone(done.length));
    const decided = done.filter((one) => one.decided === true).map(({ approvalId }) => approvalId);
    this.dispatchEvent(new CustomEvent("decided-many", { detail: decided, bubbles: true }));
  }
}
