import { api, type Page } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import type { Conversation, ListConversationsAnswer } from "../../api/types.ts";
import type { Loading } from "../../foundation/resource.ts";
import { asSeen } from "./said-seen.ts";
import { askedBy, FIRST_QUERY, type InboxQuery, sameQuery } from "./inbox-query.ts";

/** `inboxRows` shows something else. */
export const ROWS_CHANGED = "rows-changed";

const FIRST_PAGE = 100;
const LONGEST_PAGE = 200;

export interface Shown {
  readonly items: readonly Conversation[];
  readonly next: string | undefined;
  /** With words: what the search has not read yet. */
  readonly searching: ListConversationsAnswer["searching"];
}

/**
 * The list of conversations of this tab: one, so that whoever opens a conversation and comes back finds it as it was,
 * results of a search as well.
 */
class InboxRows extends EventTarget {
  query: InboxQuery = FIRST_QUERY;
  state: Loading<Shown> = { status: "loading" };
  /** What came and is not shown, because somebody is at the list. */
  #held: Shown | undefined;
  #running: AbortController | undefined;
  /** Something changed while it was read. */
  #again: (() => boolean) | undefined;
  #isLoadingMore = false;

  get items(): readonly Conversation[] {
    return this.state.status === "ready" ? this.state.value.items : [];
  }

  /** How many conversations would come or go; 1 where they would only change places. */
  get heldChanges(): number {
    if (this.#held === undefined) return 0;
    const [shown, fresh] = [this.items.map(({ id }) => id), this.#held.items.map(({ id }) => id)];
    const [had, has] = [new Set(shown), new Set(fresh)];
    const changes = fresh.filter((id) => !had.has(id)).length + shown.filter((id) => !has.has(id)).length;
    return changes > 0 || shown.every((id, index) => id === fresh[index]) ? changes : 1;
  }

  /** Shows what this query finds; what is there of it already stays, and is asked for anew. */
  async show(query: InboxQuery): Promise<void> {
    const isSame = sameQuery(query, this.query);
    this.query = query;
    if (isSame && this.state.status === "ready") return this.refresh(() => false);
    this.#held = undefined;
    this.#become({ status: "loading" });
    await this.#load((fresh) => this.#become({ status: "ready", value: fresh }));
  }

  async reload(): Promise<void> {
    await this.#load((fresh) => this.#become({ status: "ready", value: fresh }));
  }

  /**
   * `isHeld`, once it is there: nothing comes, goes or moves; only what the rows say changes. Results of a search stay
   * what they were, unless it had not read everything. What is being read already is read once more.
   */
  async refresh(isHeld: () => boolean): Promise<void> {
    if (this.state.status !== "ready") return;
    this.#again = this.#running === undefined ? undefined : isHeld;
    if (this.#again !== undefined) return;
    if (this.query["q"] !== undefined && this.state.value.searching === undefined) return;
    await this.#load((fresh) => {
      const merged = this.#merged(fresh);
      if (!isHeld()) {
        this.#held = undefined;
        return this.#become({ status: "ready", value: merged });
      }
      const byId = new Map(merged.items.map((item) => [item.id, item]));
      this.#held = merged;
      this.#setItems(this.items.map((item) => byId.get(item.id) ?? item));
    }, true);
  }

  /** Shows what was held back. */
  release(): void {
    if (this.#held === undefined) return;
    const value = this.#held;
    this.#held = undefined;
    this.#become({ status: "ready", value });
  }

  async more(): Promise<void> {
    if (this.state.status !== "ready" || this.state.problem !== undefined || this.#isLoadingMore) return;
    const shown = this.state.value;
    if (shown.next === undefined) return;
    this.#isLoadingMore = true;
    try {
      const { body } = await api.get<Page<Conversation>>("/conversations", {
        query: { ...askedBy(this.query), limit: LONGEST_PAGE, cursor: shown.next },
      });
      if (this.state.status !== "ready" || this.state.value.next !== shown.next) return;
      const known = new Set(this.items.map(({ id }) => id));
      const items = [...this.items, ...body.items.filter(({ id }) => !known.has(id)).map(asSeen)];
      this.#become({ status: "ready", value: { ...this.state.value, items, next: body.next } });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (this.state.status === "ready") this.#become({ ...this.state, problem: error });
    } finally {
      this.#isLoadingMore = false;
    }
  }

  /** Shows a change at once, before the server is asked again. */
  change(id: string, change: Partial<Conversation>): void {
    this.#setItems(this.items.map((item) => (item.id === id ? { ...item, ...change } : item)));
  }

  remove(id: string): void {
    this.#setItems(this.items.filter((item) => item.id !== id));
  }

  #setItems(items: readonly Conversation[]): void {
    if (this.state.status === "ready") this.#become({ ...this.state, value: { ...this.state.value, items } });
  }

  /** The newest page, and of what was shown after it the rest. */
  #merged(fresh: Shown): Shown {
    const last = fresh.items.at(-1);
    if (fresh.next === undefined || last === undefined || this.state.status !== "ready") return fresh;
    const known = new Set(fresh.items.map(({ id }) => id));
    const rest = this.items.filter((item) => !known.has(item.id) && isAfter(item, last));
    return rest.length === 0 ? fresh : { ...fresh, items: [...fresh.items, ...rest], next: this.state.value.next };
  }

  async #load(done: (fresh: Shown) => void, isByItself = false): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const { query } = this;
    try {
      const { body } = await api.get<ListConversationsAnswer>("/conversations", {
        query: { ...askedBy(query), limit: FIRST_PAGE },
        signal: running.signal,
      });
      if (this.#running === running) done({ items: body.items.map(asSeen), next: body.next, searching: body.searching });
    } catch (error) {
      if (!(error instanceof ApiProblem)) {
        if (error instanceof DOMException && error.name === "AbortError") return;
        throw error;
      }
      // What fails by itself is told only when somebody asks for it.
      if (this.#running !== running || isByItself) return;
      this.#become(this.state.status === "ready" ? { ...this.state, problem: error } : { status: "failed", problem: error });
    } finally {
      if (this.#running === running) {
        this.#running = undefined;
        if (this.#again !== undefined) void this.refresh(this.#again);
      }
    }
  }

  #become(state: Loading<Shown>): void {
    this.state = state;
    this.dispatchEvent(new Event(ROWS_CHANGED));
  }
}

function isAfter(item: Conversation, last: Conversation): boolean {
  const [own, other] = [item.activeAt ?? 0, last.activeAt ?? 0];
  return own < other || (own === other && item.id < last.id);
}

export const inboxRows = new InboxRows();
