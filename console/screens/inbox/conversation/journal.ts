import type { ReactiveControllerHost } from "lit";
import type { JournalEvent } from "../../../../protocol/events.ts";
import { api, type Page } from "../../../api/client.ts";
import { ApiProblem } from "../../../api/problem.ts";
import type { Conversation } from "../../../api/types.ts";
import { Resource } from "../../../foundation/resource.ts";

export interface Read {
  readonly summary: Conversation;
  /** From some event to the newest, in order, without gaps. */
  readonly events: readonly JournalEvent[];
  /** Leads to the events before them; absent: these are all. */
  readonly older: string | undefined;
}

/** A conversation of a thousand steps opens as one of ten does. */
const FIRST_PAGE = 200;
/** The most that the API gives at once. */
const LONGEST_PAGE = 1_000;
/** Where the line is away, and for what it does not tell. */
const EVERY_MS = 3_000;

/** The journal of a conversation, from its end backwards, and on as it grows. */
export class ConversationJournal {
  readonly #resource: Resource<Read>;
  readonly #host: ReactiveControllerHost;
  readonly #id: () => string;
  #reading: Promise<boolean> | undefined;

  constructor(host: ReactiveControllerHost, id: () => string) {
    this.#host = host;
    this.#id = id;
    this.#resource = new Resource(host, { load: async (signal) => this.#load(signal), everyMs: EVERY_MS, isGone });
  }

  get state(): Resource<Read>["state"] {
    return this.#resource.state;
  }

  get value(): Read | undefined {
    return this.#resource.value;
  }

  /** It was erased, or never was. */
  get isGone(): boolean {
    const { state } = this;
    return state.status === "failed" && isGone(state.problem);
  }

  get isReadingOlder(): boolean {
    return this.#reading !== undefined;
  }

  async reload(): Promise<void> {
    await this.#resource.reload();
  }

  async restart(): Promise<void> {
    await this.#resource.restart();
  }

  /** What came by itself. What came before it and is not here is asked for. */
  take(news: readonly JournalEvent[]): void {
    const { value } = this;
    const last = value?.events.at(-1)?.seq;
    if (value === undefined || last === undefined) return;
    const fresh = news.filter(({ seq }) => seq > last);
    if (fresh.length === 0) return;
    if (fresh[0]!.seq > last + 1) return void this.reload();
    const events = [...value.events, ...fresh];
    const summary = { ...value.summary, events: Math.max(value.summary.events, fresh.at(-1)!.seq), updatedAt: fresh.at(-1)!.at };
    this.#resource.set({ ...value, events, summary });
  }

  /** The page before what is there. False: there is none, or it could not be read, which is said then. */
  async readOlder(): Promise<boolean> {
    this.#reading ??= this.#readOlder().finally(() => {
      this.#reading = undefined;
      this.#host.requestUpdate();
    });
    this.#host.requestUpdate();
    return this.#reading;
  }

  /** Until this event is there. */
  async readBackTo(seq: number): Promise<void> {
    while ((this.value?.events[0]?.seq ?? 0) > seq && (await this.readOlder()));
  }

  async #readOlder(): Promise<boolean> {
    const before = this.value;
    if (before?.older === undefined) return false;
    try {
      const { body } = await this.#page(before.summary.id, { limit: LONGEST_PAGE, cursor: before.older });
      const now = this.value;
      // It may have grown meanwhile, at its other end.
      if (now === undefined || now.older !== before.older) return false;
      this.#resource.set({ ...now, events: [...body.items, ...now.events], older: body.next });
      return true;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      this.#resource.blame(error);
      return false;
    }
  }

  async #load(signal: AbortSignal): Promise<Read> {
    const id = this.#id();
    const { body: summary } = await api.get<Conversation>(`/conversations/${encodeURIComponent(id)}`, { signal });
    const known = this.value?.summary.id === id ? this.value : undefined;
    if (known === undefined) {
      const { body } = await this.#page(id, { limit: FIRST_PAGE }, signal);
      return { summary, events: body.items, older: body.next };
    }
    const news = await this.#since(id, known.events.at(-1)?.seq ?? 0, summary.events, signal);
    // What was read before it is there meanwhile, perhaps.
    const { events, older } = this.value ?? known;
    return { summary, events: news.length === 0 ? events : [...events, ...news], older };
  }

  /** What was written since. */
  async #since(id: string, seq: number, lastSeq: number, signal: AbortSignal): Promise<readonly JournalEvent[]> {
    let news: readonly JournalEvent[] = [];
    let cursor: string | undefined;
    while ((news[0]?.seq ?? lastSeq + 1) > seq + 1) {
      const missing = (news[0]?.seq ?? lastSeq + 1) - seq - 1;
      const { body } = await this.#page(
        id,
        { limit: Math.min(LONGEST_PAGE, missing), ...(cursor === undefined ? {} : { cursor }) },
        signal,
      );
      news = [...body.items, ...news];
      cursor = body.next;
      if (cursor === undefined) break;
    }
    return news.filter((event) => event.seq > seq);
  }

  async #page(id: string, query: Readonly<Record<string, string | number>>, signal?: AbortSignal) {
    return api.get<Page<JournalEvent>>(`/conversations/${encodeURIComponent(id)}/events`, { query, signal });
  }
}

function isGone({ status }: ApiProblem): boolean {
  return status === 404;
}
