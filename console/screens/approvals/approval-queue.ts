import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { api, type Page } from "../../api/client.ts";
import type { Assistant, WaitingApproval } from "../../api/types.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { hasShortcuts } from "../../foundation/preferences.ts";
import { Resource } from "../../foundation/resource.ts";
import { router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { InboxNews, isOfApproval } from "../../line/inbox-news.ts";
import { line } from "../../line/staff-line.ts";
import { type ConversationNames, namesFor } from "../../parts/conversation-names.ts";
import { emptyState, show, skeleton } from "../../parts/states.ts";
import { SteadyList } from "../../parts/steady-list.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import "./approval-detail.ts";
import type { DeskApproval } from "./approval-detail.ts";
import { forWhom, inOneLine, risks, timeLeft } from "./approval-parts.ts";
import { approvalsWords } from "./approvals-words.ts";
import "./decide-many.ts";

interface Queue {
  readonly items: readonly WaitingApproval[];
  readonly names: ConversationNames;
}

/** While nobody tells it. */
const FRESH_MS = 3_000;
const TICK_MS = 1_000;
const MOST = 200;

/** What waits for the team, the riskiest first, and the one that is looked at. */
@customElement("desk-approval-queue")
export class DeskApprovalQueue extends PageElement {
  /** The one that is looked at; absent: the first. */
  @property() approvalId: string | undefined;
  @state() private chosen: ReadonlySet<string> = new Set();
  readonly #list = new SteadyList<WaitingApproval>(({ approvalId }) => approvalId);
  readonly #queue = new Resource<Queue>(this, { load: (signal) => this.#load(signal), everyMs: FRESH_MS, isTold: () => line.isLive });
  #isPointed = false;
  #isDetailPointed = false;
  /** Where the list was that the next one is taken from. */
  #focusAt: number | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;
  /** The key that decided last is still down. */
  #isDown = false;

  constructor() {
    super();
    new InboxNews(this, { concerns: isOfApproval, refresh: () => void this.#queue.refresh() });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
    addEventListener("keyup", this.#released);
    this.#tick = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
    removeEventListener("keyup", this.#released);
    clearInterval(this.#tick);
  }

  override render() {
    return show(
      this.#queue,
      (queue) => this.#drawn(queue),
      () => skeleton(6),
    );
  }

  override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const at = this.#focusAt;
    if (at === undefined) return;
    this.#focusAt = undefined;
    const rows = this.querySelectorAll<HTMLElement>(".queue-row");
    (rows[Math.min(at, rows.length - 1)] ?? document.querySelector<HTMLElement>("h1"))?.focus();
  }

  #drawn({ names }: Queue): TemplateResult {
    const { items, fresh } = this.#list;
    if (items.length === 0 && fresh === 0)
      return emptyState({ icon: "done", title: approvalsWords.nothing, text: approvalsWords.nothingText });
    const selected = this.#selected;
    return html`<div class="queue">
      <div
        class="queue-list"
        @pointerenter=${() => (this.#isPointed = true)}
        @pointerleave=${() => this.#left(() => (this.#isPointed = false))}
        @focusout=${(event: FocusEvent) => this.#focusLeft(event)}
      >
        <p class="fresh" role="status">
          ${fresh === 0 ? nothing : html`${approvalsWords.fresh(fresh)} <button class="quiet" @click=${() => this.#settle()}>${approvalsWords.showFresh}</button>`}
        </p>
        <ol class="plain-list" aria-label=${approvalsWords.queue}>
          ${repeat(
            items,
            ({ approvalId }) => approvalId,
            (approval) => this.#row(approval, approval === selected),
          )}
        </ol>
        <desk-decide-many
          .approvals=${items.filter(({ approvalId }) => this.chosen.has(approvalId))}
          @decided-many=${(event: CustomEvent<readonly string[]>) => this.#decidedMany(event.detail)}
        ></desk-decide-many>
        <p class="hint only-keys">${approvalsWords.keys}</p>
      </div>
      ${
        selected === undefined
          ? html`<p class="muted">${approvalsWords.select}</p>`
          : keyed(
              selected.approvalId,
              html`<desk-approval
                .approval=${selected}
                .gone=${this.#list.isGone(selected)}
                .assistantName=${names.get(selected.assistant)}
                @pointerenter=${() => (this.#isDetailPointed = true)}
                @pointerleave=${() => this.#left(() => (this.#isDetailPointed = false))}
                @focusout=${(event: FocusEvent) => this.#focusLeft(event)}
                @decided=${(event: CustomEvent<{ approvalId: string; isDecided: boolean }>) => this.#decided(event.detail)}
              ></desk-approval>`,
            )
      }
    </div>`;
  }

  get #selected(): WaitingApproval | undefined {
    const { items } = this.#list;
    return items.find(({ approvalId }) => approvalId === this.approvalId) ?? items[0];
  }

  #row(approval: WaitingApproval, isSelected: boolean): TemplateResult {
    const { approvalId, expiresAt, mayDecide } = approval;
    const title = hiddenShown(approval.title);
    const isGone = this.#list.isGone(approval);
    return html`<li class=${isGone ? "gone" : ""}>
      ${
        mayDecide && may("approvals.decide")
          ? html`<input
              type="checkbox"
              aria-label=${approvalsWords.choose(title)}
              .checked=${this.chosen.has(approvalId)}
              @change=${() => this.#choose(approvalId)}
            />`
          : html`<span></span>`
      }
      <button class="queue-row" aria-current=${isSelected ? "true" : nothing} @click=${() => this.#select(approvalId)}>
        <strong>${title}</strong>
        ${forWhom(approval)}
        <span class="muted queue-values">${inOneLine(approval)}</span>
        <span>${isGone ? approvalsWords.gone : html`${risks(approval)} ${timeLeft(expiresAt)}`}</span>
      </button>
    </li>`;
  }

  #choose(approvalId: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(approvalId)) chosen.add(approvalId);
    this.chosen = chosen;
  }

  #select(approvalId: string): void {
    this.approvalId = approvalId;
    router.restate({ approval: approvalId });
  }

  readonly #released = (): void => void (this.#isDown = false);

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || !hasShortcuts() || isTyping(event)) return;
    const { key, repeat: isHeld } = event;
    if (key === "j" || key === "k") {
      event.preventDefault();
      return this.#move(key === "j" ? 1 : -1);
    }
    if (key !== "a" && key !== "x") return;
    event.preventDefault();
    // A key that is held decides one.
    if (isHeld || this.#isDown) return;
    this.#isDown = true;
    const detail = this.querySelector<DeskApproval>("desk-approval");
    if (key === "a") void detail?.decide("approved");
    else detail?.focusReason();
  };

  #move(step: number): void {
    const { items } = this.#list;
    const at = items.findIndex((one) => one === this.#selected);
    const isIn = this.querySelector(".queue-list")?.contains(document.activeElement) ?? false;
    const next = Math.max(0, Math.min(items.length - 1, isIn ? at + step : at));
    const item = items[next];
    if (item === undefined) return;
    this.#select(item.approvalId);
    this.#focusAt = next;
    this.requestUpdate();
  }

  /** Their own decision: the next one has the focus. */
  #decided({ approvalId, isDecided }: { readonly approvalId: string; readonly isDecided: boolean }): void {
    const at = this.#list.items.findIndex((one) => one.approvalId === approvalId);
    // The next one comes under the pointer by itself.
    this.#isDetailPointed = false;
    if (isDecided) this.#takeOut([approvalId]);
    const next = this.#list.items[Math.min(isDecided ? at : at + 1, this.#list.items.length - 1)];
    this.approvalId = next?.approvalId;
    router.restate({ approval: next?.approvalId });
    this.#focusAt = isDecided ? at : at + 1;
    this.requestUpdate();
    void this.#queue.reload();
  }

  #decidedMany(decided: readonly string[]): void {
    this.#takeOut(decided);
    this.chosen = new Set();
    this.#focusAt = 0;
    void this.#queue.reload();
  }

  #takeOut(decided: readonly string[]): void {
    for (const approvalId of decided) this.#list.remove(approvalId);
    this.chosen = new Set([...this.chosen].filter((one) => !decided.includes(one)));
  }

  get #isHeld(): boolean {
    if (this.querySelector<DeskApproval>("desk-approval")?.isDeciding === true) return true;
    return this.#isPointed || (this.querySelector(".queue-list")?.contains(document.activeElement) ?? false);
  }

  /** Somebody is about to decide: what they look at does not go from under their hand, and says who was first. */
  get #isDetailHeld(): boolean {
    return this.#isDetailPointed || (this.querySelector("desk-approval")?.contains(document.activeElement) ?? false);
  }

  #focusLeft({ relatedTarget, currentTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node) || (currentTarget as HTMLElement).contains(relatedTarget)) return;
    this.#left(() => undefined);
  }

  #left(note: () => void): void {
    note();
    // Where the focus went is known a moment later.
    queueMicrotask(() => {
      if (!this.#isHeld && !this.#isDetailHeld) this.#settle();
    });
  }

  #settle(): void {
    const before = this.#selected;
    this.#list.settle();
    // What is being looked at stays on the screen until somebody chooses another.
    if (before !== undefined && this.approvalId === undefined) this.approvalId = before.approvalId;
    this.requestUpdate();
  }

  async #load(signal: AbortSignal): Promise<Queue> {
    const [{ body }, { body: assistants }] = await Promise.all([
      api.get<Page<WaitingApproval>>("/approvals", { query: { approver: "staff", order: "risk", limit: MOST }, signal }),
      api.get<Page<Assistant>>("/assistants", { query: { limit: 200 }, signal }),
    ]);
    const names = await namesFor(body.items, assistants.items, signal);
    const held = this.#selected;
    this.#list.take(body.items, this.#isHeld, this.#isDetailHeld ? held : undefined);
    // The first one is what is looked at, until another is chosen: it does not change under the reader.
    if (this.approvalId === undefined && held !== undefined) this.approvalId = held.approvalId;
    return { items: body.items, names };
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  const box = target.closest("input, textarea, select, dialog, [role=menu]");
  return target.isContentEditable || (box !== null && !(box instanceof HTMLInputElement && box.type === "checkbox"));
}
