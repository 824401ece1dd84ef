import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { VirtualizerController } from "@tanstack/lit-virtual";
import { api } from "../../api/client.ts";
import type { Conversation } from "../../api/types.ts";
import { formatNumber } from "../../foundation/format.ts";
import { PageElement } from "../../foundation/page-element.ts";
import { hasShortcuts } from "../../foundation/preferences.ts";
import { Resource } from "../../foundation/resource.ts";
import { PLACE_CHANGED, router } from "../../foundation/router.ts";
import { may } from "../../foundation/screen.ts";
import { isTyping } from "../../foundation/typing.ts";
import { InboxNews } from "../../line/inbox-news.ts";
import { menu } from "../../parts/menu.ts";
import { faultState, skeleton } from "../../parts/states.ts";
import { conversationName, type ConversationNames, conversationNames } from "../../parts/conversation-names.ts";
import { customerName } from "../../parts/customer-said.ts";
import { addressOf, close, reply, take } from "./inbox-actions.ts";
import { emptyInbox } from "./inbox-empty.ts";
import { rowActions } from "./inbox-menu.ts";
import { queryAt } from "./inbox-query.ts";
import { isOfOtherRows, rowContent, stepOf, stillReading } from "./inbox-row.ts";
import { inboxRows, ROWS_CHANGED } from "./inbox-rows.ts";
import { inboxWords } from "./inbox-words.ts";
import { keptScroll } from "./kept-scroll.ts";

/** Heights in CSS pixels; all rows of a list are alike, so that any place of a long one is known at once. */
const [WIDE_ROW, NARROW_ROW] = [64, 92];
/** Below this the marks have a line of their own. */
const WIDE_FROM = 720;
const OVERSCAN = 15;
/** Where the line is not there, and in case something is missed. */
const AGAIN_MS = 15_000;

/**
 * The conversations of a view, however many. While the pointer or the keys are at it, no row comes, goes or moves: a
 * button says how many changes wait. `compact` stands beside a conversation, `current` is the one that is open.
 */
@customElement("desk-inbox-list")
export class DeskInboxList extends PageElement {
  @property({ type: Boolean, reflect: true }) compact = false;
  @property({ attribute: false }) current = "";
  @state() private focusedId: string | undefined;
  @state() private isPointedAt = false;
  #width = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #names = new Resource<ConversationNames>(this, { load: (signal) => conversationNames(signal) });
  readonly #resized = new ResizeObserver(() => {
    if (this.clientWidth !== this.#width) this.requestUpdate();
  });
  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    estimateSize: () => WIDE_ROW,
    overscan: OVERSCAN,
    getScrollElement: () => this,
  });
  readonly #rowsChanged = (): void => this.requestUpdate();
  readonly #placeChanged = (): void => {
    // On the way to a conversation this list is still there, and the address says nothing of it any longer.
    if (!this.compact && router.place.path === "/inbox") void inboxRows.show(queryAt(router.place));
  };

  constructor() {
    super();
    new InboxNews(this, { concerns: () => true, refresh: () => void inboxRows.refresh(() => this.#isHeld) });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    inboxRows.addEventListener(ROWS_CHANGED, this.#rowsChanged);
    router.addEventListener(PLACE_CHANGED, this.#placeChanged);
    // Before the page's own keys, of which j is one.
    addEventListener("keydown", this.#pressed, { capture: true });
    this.#timer = setInterval(() => {
      if (document.visibilityState === "visible" && !api.isSignedOut) void inboxRows.refresh(() => this.#isHeld);
    }, AGAIN_MS);
    void inboxRows.show(this.compact ? inboxRows.query : queryAt(router.place));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    inboxRows.removeEventListener(ROWS_CHANGED, this.#rowsChanged);
    router.removeEventListener(PLACE_CHANGED, this.#placeChanged);
    removeEventListener("keydown", this.#pressed, { capture: true });
    clearInterval(this.#timer);
  }

  /** Somebody is at the list: with the pointer, or with the focus on a row. */
  get #isHeld(): boolean {
    return this.isPointedAt || this.contains(document.activeElement);
  }

  get #rowHeight(): number {
    return this.#width < WIDE_FROM ? NARROW_ROW : WIDE_ROW;
  }

  override willUpdate(changed: PropertyValues): void {
    this.#width = this.clientWidth;
    if (changed.has("current") && this.current !== "") this.focusedId = this.current;
    const { items } = inboxRows;
    const virtualizer = this.#virtual.getVirtualizer();
    const height = this.#rowHeight;
    const before = virtualizer.options.estimateSize(0);
    virtualizer.setOptions({
      ...virtualizer.options,
      count: items.length,
      estimateSize: () => height,
      getItemKey: (index) => items[index]?.id ?? index,
      // The row that has the focus stays drawn, so that the focus is not lost when it is scrolled out of view.
      rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
        const from = Math.max(0, startIndex - overscan);
        const to = Math.min(count - 1, endIndex + overscan);
        const seen = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
        const focused = this.#focusedIndex;
        if (focused < 0 || focused >= count) return seen;
        return focused < from ? [focused, ...seen] : focused > to ? [...seen, focused] : seen;
      },
    });
    if (before !== height) virtualizer.measure();
    this.#anchor(items);
  }

  #shown: readonly Conversation[] = [];
  #scrollTo: number | undefined;

  #anchor(items: readonly Conversation[]): void {
    const before = this.#shown;
    this.#shown = items;
    if (before !== items) this.#scrollTo = keptScroll({ before, items, scrollTop: this.scrollTop, height: this.#rowHeight });
  }

  override updated(): void {
    if (this.#scrollTo !== undefined) {
      this.scrollTop = this.#scrollTo;
      this.#scrollTo = undefined;
    }
    const last = this.#virtual.getVirtualizer().getVirtualItems().at(-1);
    const { state: shown } = inboxRows;
    if (
      shown.status === "ready" &&
      shown.value.next !== undefined &&
      last !== undefined &&
      last.index >= shown.value.items.length - OVERSCAN
    )
      void inboxRows.more();
  }

  get #focusedIndex(): number {
    return this.focusedId === undefined ? -1 : inboxRows.items.findIndex(({ id }) => id === this.focusedId);
  }

  override render() {
    const { state: shown } = inboxRows;
    if (shown.status === "loading") return skeleton(8);
    if (shown.status === "failed") return faultState(shown.problem, () => void inboxRows.reload());
    const { items, next, searching } = shown.value;
    return html`${shown.problem === undefined ? nothing : faultState(shown.problem, () => void inboxRows.reload())}${this.#waiting()}
    ${searching === undefined ? nothing : html`<p class="muted inbox-hint" role="status">${stillReading(searching)}</p>`}
    ${items.length === 0 && next === undefined ? emptyInbox(inboxRows.query) : this.#rows(items, next)}`;
  }

  #waiting(): TemplateResult {
    const changes = inboxRows.heldChanges;
    return html`<div class="inbox-news" role="status">
      ${changes === 0 ? nothing : html`<button type="button" @click=${() => inboxRows.release()}>${inboxWords.news(changes)}</button>`}
    </div>`;
  }

  #rows(items: readonly Conversation[], next: string | undefined): TemplateResult {
    const virtualizer = this.#virtual.getVirtualizer();
    return html`<ul
        class="inbox-rows"
        aria-label=${inboxWords.list}
        ?data-narrow=${this.#width < WIDE_FROM}
        .style=${`height: ${virtualizer.getTotalSize()}px`}
        @pointerenter=${() => (this.isPointedAt = true)}
        @pointerleave=${() => this.#left()}
        @focusout=${() => requestAnimationFrame(() => this.#left(this.isPointedAt))}
      >
        ${repeat(
          virtualizer.getVirtualItems().filter(({ index }) => index < items.length),
          ({ index }) => items[index]!.id,
          ({ index, start }) => this.#row(items, index, { start, hasMore: next !== undefined }),
        )}
      </ul>
      <p class="table-foot muted">${next === undefined ? inboxWords.shown(formatNumber(items.length)) : inboxWords.more}</p>`;
  }

  #left(isPointedAt = false): void {
    this.isPointedAt = isPointedAt;
    if (!this.#isHeld) inboxRows.release();
  }

  #row(items: readonly Conversation[], index: number, { start, hasMore }: { start: number; hasMore: boolean }): TemplateResult {
    const conversation = items[index]!;
    const { id, assistant, unread = false } = conversation;
    const isCurrent = id === this.current;
    const isTabStop = this.#focusedIndex === -1 ? index === 0 : id === this.focusedId;
    return html`<li
      class="inbox-row"
      aria-setsize=${hasMore ? -1 : items.length}
      aria-posinset=${index + 1}
      ?data-unread=${unread}
      ?data-current=${isCurrent}
      .style=${`transform: translateY(${start}px); height: ${this.#rowHeight}px`}
    >
      <a
        class="row-link"
        href=${router.href(addressOf(id), stepOf(conversation))}
        data-id=${id}
        tabindex=${isTabStop ? 0 : -1}
        aria-current=${isCurrent ? "true" : nothing}
        @focus=${() => (this.focusedId = id)}
        >${rowContent(conversation, conversationName(assistant, this.#names.value?.get(assistant)))}</a
      >
      ${this.#menu(conversation)}
    </li>`;
  }

  #menu(conversation: Conversation): TemplateResult | typeof nothing {
    const actions = this.compact ? [] : rowActions(conversation);
    if (actions.length === 0) return nothing;
    return html`<span class="inbox-menu">${menu(inboxWords.actions(customerName(conversation)), actions)}</span>`;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
    if (isOfOtherRows(event.target, this)) return;
    const isOnRow = event.target instanceof HTMLElement && this.contains(event.target) && event.target.classList.contains("row-link");
    const isLetter = event.key.length === 1;
    if (isLetter && !hasShortcuts()) return;
    if (!isLetter && !isOnRow) return;
    const at = this.#focusedIndex;
    const last = inboxRows.items.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, j: at + 1, k: at - 1, Home: 0, End: last }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      return this.#go(Math.max(0, Math.min(last, to)), isLetter);
    }
    const conversation = inboxRows.items[at];
    if (conversation === undefined) return;
    if (this.#act(event.key, conversation, at)) event.preventDefault();
  };

  /** Beside a conversation, j and k open the next one; in the list they go to it. */
  #go(index: number, isLetter: boolean): void {
    const conversation = inboxRows.items[index]!;
    this.focusedId = conversation.id;
    this.#virtual.getVirtualizer().scrollToIndex(index, { align: "auto" });
    if (this.compact && isLetter && !this.contains(document.activeElement)) {
      void router.go(addressOf(conversation.id), { query: stepOf(conversation) });
      return;
    }
    void this.updateComplete.then(() => this.#link(conversation.id)?.focus({ preventScroll: true }));
  }

  #link(id: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(`.row-link[data-id="${CSS.escape(id)}"]`);
  }

  #act(key: string, conversation: Conversation, at: number): boolean {
    if (key === "o") {
      void router.go(addressOf(conversation.id), { query: stepOf(conversation) });
      return true;
    }
    if (!may("conversations.write")) return false;
    if (key === "r") reply(conversation);
    else if (key === "a") void take(conversation);
    else if (key === "e" && conversation.closed !== true) void this.#close(conversation, at);
    else return false;
    return true;
  }

  /** The next one has the focus then, never the page. */
  async #close(conversation: Conversation, at: number): Promise<void> {
    const hadFocus = this.contains(document.activeElement);
    if (!(await close(conversation))) return;
    if (inboxRows.query["view"] === "closed" || inboxRows.query["view"] === "all") inboxRows.change(conversation.id, { closed: true });
    else inboxRows.remove(conversation.id);
    const next = inboxRows.items[Math.min(at, inboxRows.items.length - 1)];
    this.focusedId = next?.id;
    await this.updateComplete;
    if (hadFocus && next !== undefined) this.#link(next.id)?.focus();
  }
}
