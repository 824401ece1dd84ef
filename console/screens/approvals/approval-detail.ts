import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { DecideApprovalAnswer, DecideApprovalBody, WaitingApproval, WaitingApprovalDetail } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may, me } from "../../foundation/screen.ts";
import { customerNamed, customerSaid } from "../../parts/customer-said.ts";
import { icon } from "../../parts/icon.ts";
import { show, skeleton } from "../../parts/states.ts";
import { ago } from "../../parts/status.ts";
import { toast } from "../../parts/toasts.ts";
import { conversationLink, conversationName } from "../../parts/conversation-names.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { approvalsWords } from "./approvals-words.ts";
import { reasonField, risks, timeLeft } from "./approval-parts.ts";
import "./arguments-editor.ts";
import type { Edited } from "./arguments-editor.ts";
import { around } from "./around.ts";
import { whoDecided } from "./decided-by.ts";

type Decision = DecideApprovalBody["decision"];

/** Codes that say that there is nothing to decide any more. */
const OVER: ReadonlySet<string> = new Set(["already-decided", "unknown-approval", "approval-expired"]);

/** One call that waits, with what is around it, what it would send, and the decision below that. Sends `decided` with its id. */
@customElement("desk-approval")
export class DeskApproval extends PageElement {
  @property({ attribute: false }) approval!: WaitingApproval;
  /** The list has it no more: somebody else decided, or its time was over. */
  @property({ type: Boolean }) gone = false;
  /** Undefined: whoever looks may not see what it is of. */
  @property({ attribute: false }) assistantName: string | undefined;
  @state() private edited: Edited | undefined;
  @state() private faults: ReadonlyMap<string, string> = new Map();
  @state() private problem: string | undefined;
  @state() private over: string | undefined;
  @state() private reason = "";
  @state() private remembers = false;
  @state() private deciding: Decision | undefined;
  readonly #detail = new Resource<WaitingApprovalDetail>(this, {
    load: async (signal) => (await api.get<WaitingApprovalDetail>(`/approvals/${this.approval.approvalId}`, { signal })).body,
  });

  /** Their own decision is under way: the queue waits for it. */
  get isDeciding(): boolean {
    return this.deciding !== undefined;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("approval");
    // Somebody of several has changed the values meanwhile: these are other ones to decide about.
    if (before !== undefined && before.argumentsHash !== this.approval.argumentsHash) void this.#detail.reload();
    if (this.gone && changed.has("gone") && this.deciding === undefined) void this.#learnWho();
  }

  override render() {
    return html`<article class="approval" aria-labelledby="approval-title">
      ${this.#head()}
      ${this.over === undefined ? nothing : html`<p class="note" role="alert">${icon("alert")}<span>${this.over}</span></p>`}
      ${show(
        this.#detail,
        (detail) => this.#body(detail),
        () => skeleton(5),
      )}
    </article>`;
  }

  #head(): TemplateResult {
    const { assistant, conversationId, preview, serverName, title, requestedAt, because, expiresAt } = this.approval;
    return html`<header>
      <h2 id="approval-title" tabindex="-1">${hiddenShown(title)}</h2>
      <p>
        <span class="muted">${hiddenShown(serverName)}</span> ·
        ${conversationLink(assistant, this.assistantName, approvalsWords.of(conversationName(assistant, this.assistantName)))} ·
        ${ago(requestedAt)} · ${timeLeft(expiresAt)}
        ${preview ? nothing : html`· <a href=${router.href(`/inbox/${conversationId}`)}>${approvalsWords.openConversation}</a>`}
      </p>
      ${this.#who()}
      <p>${risks(this.approval)}</p>
      ${because === undefined ? nothing : html`<p>${approvalsWords.because(hiddenShown(because))}</p>`}
    </header>`;
  }

  #who(): TemplateResult | typeof nothing {
    const { approval } = this;
    if (approval.preview) return nothing;
    const said = approval.verified === true ? customerSaid(approval) : customerNamed(approval);
    return html`<p><a href=${router.href(`/customers/${encodeURIComponent(approval.customer)}`)}>${said}</a></p>`;
  }

  #body(detail: WaitingApprovalDetail): TemplateResult {
    const { inputSchema, boundArguments, arguments: values, fields } = detail;
    return html`${around(detail.events, detail.callId)}
      <h3>${approvalsWords.wouldSend}</h3>
      <desk-arguments-editor
        .schema=${this.#mayDecide ? inputSchema : undefined}
        .values=${values}
        .fields=${fields}
        .bound=${boundArguments}
        .faults=${this.faults}
        @edited=${(event: CustomEvent<Edited>) => this.#wasEdited(event.detail)}
      ></desk-arguments-editor>
      ${this.#given()}
      ${this.problem === undefined ? nothing : html`<p class="form-fault" role="alert">${icon("alert")}<span>${this.problem}</span></p>`}
      ${this.over !== undefined || this.gone ? nothing : this.#mayDecide ? this.#choices(detail) : html`<p class="note">${this.#whyNot()}</p>`}`;
  }

  get #mayDecide(): boolean {
    return this.approval.mayDecide && may("approvals.decide");
  }

  #given(): TemplateResult | typeof nothing {
    const { people, given, argumentsHash } = this.approval;
    if (people === 1 && given.length === 0) return nothing;
    const count = new Set(given.filter((one) => one.argumentsHash === argumentsHash && one.lapsed === undefined).map(({ by }) => by)).size;
    return html`<p><strong>${approvalsWords.people(people, count)}</strong></p>
      <ul class="plain-list">
        ${given.map(
          (one) =>
            html`<li>
              ${approvalsWords.given(hiddenShown(one.name ?? approvalsWords.somebody))} ${ago(one.at)}
              ${one.argumentsHash === argumentsHash ? nothing : html`<span class="muted">${approvalsWords.otherArguments}</span>`}
              ${one.lapsed === undefined ? nothing : html`<br /><span class="muted">${approvalsWords.lapsed}</span>`}
            </li>`,
        )}
      </ul>`;
  }

  #whyNot(): string {
    const { approver, groups, given } = this.approval;
    if (approver === "customer") return approvalsWords.customers;
    if (given.some(({ by }) => by === me.self?.id)) return approvalsWords.alreadyGave;
    return groups === undefined ? approvalsWords.customers : approvalsWords.onlyGroups;
  }

  #choices({ rememberable, approver }: WaitingApprovalDetail): TemplateResult {
    const isChanged = this.edited?.isChanged ?? false;
    const isBusy = this.deciding === undefined ? "false" : "true";
    return html`${approver === "either" ? html`<p class="muted">${approvalsWords.either}</p>` : nothing}
      ${
        rememberable && !isChanged
          ? html`<label class="inline"
              ><input
                type="checkbox"
                .checked=${this.remembers}
                @change=${(event: Event) => (this.remembers = (event.currentTarget as HTMLInputElement).checked)}
              />
              ${approvalsWords.forConversation}</label
            >`
          : nothing
      }
      ${reasonField("approval-reason", approvalsWords.reason, {
        reason: this.reason,
        set: (reason) => (this.reason = reason),
        onEnter: () => void this.decide("rejected"),
      })}
      <div class="actions">
        <button aria-disabled=${isBusy} @click=${() => void this.decide("rejected")}>${approvalsWords.reject}</button>
        <button class="primary" aria-disabled=${isBusy} @click=${() => void this.decide("approved")}>
          ${isChanged ? approvalsWords.approveChanged : approvalsWords.approve}
        </button>
      </div>`;
  }

  #wasEdited(edited: Edited): void {
    this.edited = edited;
    this.problem = undefined;
    this.faults = new Map();
  }

  focusReason(): void {
    this.querySelector<HTMLElement>("#approval-reason")?.focus();
  }

  /** About what is drawn and no other arguments: the server compares their hash. */
  async decide(decision: Decision): Promise<void> {
    const detail = this.#detail.value;
    const isOpen = this.#mayDecide && this.deciding === undefined && this.over === undefined && !this.gone;
    const body = detail === undefined || !isOpen ? undefined : this.#said(decision, detail);
    if (detail === undefined || body === undefined) return;
    this.deciding = decision;
    this.problem = undefined;
    try {
      const { decided } = (await api.post<DecideApprovalAnswer>(`/approvals/${detail.approvalId}/decision`, body)).body;
      const title = hiddenShown(detail.title);
      const said = body.arguments === undefined ? approvalsWords.approved : approvalsWords.approvedChanged;
      const approved = decided ? said(title) : approvalsWords.gave(title);
      toast(decision === "rejected" ? approvalsWords.rejected(title) : approved);
      this.#tell(decided);
    } catch (error) {
      await this.#refused(error);
    } finally {
      this.deciding = undefined;
    }
  }

  /** Undefined: what was typed cannot be read yet. */
  #said(decision: Decision, { argumentsHash }: WaitingApprovalDetail): DecideApprovalBody | undefined {
    const reason = this.reason.trim();
    if (decision === "rejected") return { decision, argumentsHash, ...(reason === "" ? {} : { reason }) };
    if (this.edited?.isChanged !== true) return { decision, argumentsHash, scope: this.remembers ? "conversation" : "once" };
    const { values } = this.edited;
    return values === undefined ? undefined : { decision, argumentsHash, arguments: { ...values } };
  }

  async #refused(error: unknown): Promise<void> {
    if (!(error instanceof ApiProblem)) throw error;
    if (OVER.has(error.code)) return this.#learnWho();
    const places = error.faults.filter(({ path }) => path.startsWith("/arguments/"));
    this.faults = new Map(places.map(({ path, message }) => [path.slice("/arguments".length), message]));
    const rest = error.faults.filter((one) => !places.includes(one)).map(({ message }) => message);
    this.problem = rest.length > 0 ? rest.join(" ") : error.message;
    if (error.code === "approval-changed") await this.#detail.reload();
  }

  async #learnWho(): Promise<void> {
    const { conversationId, approvalId } = this.approval;
    this.over = await whoDecided(conversationId, approvalId);
  }

  #tell(isDecided: boolean): void {
    const { approvalId } = this.approval;
    this.dispatchEvent(new CustomEvent("decided", { detail: { approvalId, isDecided }, bubbles: true }));
  }
}
