import type { JournalEvent } from "../../protocol/events.ts";
import type { Store } from "../conversation/ports/store.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import type { SearchQueue } from "../inbox/search-queue.ts";
import type { SearchStanding, TextSearch } from "../inbox/search.ts";
import { readSearchedText } from "./searched-text.ts";
import type { IndexedText } from "./search-index.ts";
import { SearchThread } from "./search-thread.ts";

export interface JournalSearchPorts {
  readonly journal: Pick<Store, "find" | "readFrom" | "readResult">;
  readonly queue: SearchQueue;
  readonly clock: Pick<Clock, "after">;
  readonly log: Pick<Log, "info" | "error">;
  /** The file of the thread's program. */
  readonly program: URL | string;
  /** The database file of the search. */
  readonly path: string;
}

interface TextsOfPage {
  readonly texts: readonly IndexedText[];
  /** Where the journal goes on. */
  readonly next?: number;
}

/** Texts that come within this time go to the thread together. */
const GATHER_MS = 300;
/** Between two steps that read what was there before the search was: conversations come first. */
const FILL_PAUSE_MS = 25;
/** After a fault, such as a full disk. */
const AGAIN_MS = 30_000;
const TEXTS_AT_ONCE = 100;
const EVENTS_AT_ONCE = 200;

/**
 * The search over all journals. It reads new texts from the queue, a moment after they are written, and those of before
 * it was there conversation by conversation; where it stopped, it goes on after a restart.
 */
export class JournalSearch implements TextSearch {
  readonly #ports: JournalSearchPorts;
  readonly #thread: SearchThread;
  /** One after the other: what is removed is not added again by a step that began before. */
  #steps: Promise<unknown> = Promise.resolve();
  #planned: (() => void) | undefined;
  #isFilled = false;
  #unlisten: (() => void) | undefined;
  #ended = false;

  constructor(ports: JournalSearchPorts) {
    this.#ports = ports;
    this.#thread = new SearchThread(ports);
  }

  /** Begins to follow the journals. */
  start(): void {
    this.#unlisten = this.#ports.queue.onQueued(() => this.#plan(GATHER_MS));
    this.#plan(GATHER_MS);
  }

  async search(question: Parameters<TextSearch["search"]>[0]): ReturnType<TextSearch["search"]> {
    return this.#thread.ask({ do: "search", question });
  }

  async standing(): Promise<SearchStanding> {
    const waiting = await this.#ports.queue.countTexts();
    if (this.#isFilled) return { waiting };
    const through = await this.#thread.ask({ do: "filled" });
    return through === undefined ? { waiting } : { waiting, conversationsLeft: await this.#ports.queue.countConversationsAfter(through) };
  }

  removeFromSearch(conversationIds: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#thread.ask({ do: "remove", conversationIds }));
  }

  /** What is gone from these journals is gone from the search as well. */
  readAgain(conversationIds: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      await this.#thread.ask({ do: "remove", conversationIds });
      for (const id of conversationIds) await this.#readWhole(id);
    });
  }

  /** Everything that is written by now is found from now on. */
  async catchUp(): Promise<void> {
    while (await this.#inTurn(() => this.#step()));
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#unlisten?.();
    this.#planned?.();
    await this.#steps.catch(() => undefined);
    await this.#thread.close();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#steps.then(work);
    this.#steps = done.catch(() => undefined);
    return done;
  }

  #plan(ms: number): void {
    if (this.#ended || this.#planned !== undefined) return;
    this.#planned = this.#ports.clock.after(ms, () => {
      this.#inTurn(() => this.#step()).then(
        (more) => {
          this.#planned = undefined;
          if (more) this.#plan(FILL_PAUSE_MS);
        },
        (error: unknown) => {
          this.#planned = undefined;
          if (this.#ended) return;
          this.#ports.log.error({ error: String(error) }, "The search cannot read what was written. It tries again in half a minute.");
          this.#plan(AGAIN_MS);
        },
      );
    });
  }

  /** Whether there is more to do. New texts come first. */
  async #step(): Promise<boolean> {
    if (this.#ended) return false;
    const { queue } = this.#ports;
    const queued = await queue.nextTexts(TEXTS_AT_ONCE);
    const last = queued.at(-1);
    if (last === undefined) return this.#fillStep();
    const texts: IndexedText[] = [];
    for (const { conversationId, seq } of queued) texts.push(...(await this.#textsOf(conversationId, seq, 1)).texts);
    await this.#thread.ask({ do: "add", texts });
    await queue.textsRead(last.id);
    return true;
  }

  async #fillStep(): Promise<boolean> {
    if (this.#isFilled) return false;
    const through = await this.#thread.ask({ do: "filled" });
    if (through === undefined) {
      this.#isFilled = true;
      return false;
    }
    const [conversationId] = await this.#ports.queue.conversationsAfter(through, 1);
    if (conversationId === undefined) {
      await this.#thread.ask({ do: "add", texts: [], filled: null });
      this.#isFilled = true;
      if (through !== "") this.#ports.log.info({}, "The search has read all earlier conversations.");
      return false;
    }
    if (through === "") this.#ports.log.info({}, "The search begins to read all earlier conversations.");
    await this.#readWhole(conversationId);
    if (!this.#ended) await this.#thread.ask({ do: "add", texts: [], filled: conversationId });
    return true;
  }

  async #readWhole(conversationId: string): Promise<void> {
    const ownCalls = new Set<string>();
    for (let from: number | undefined = 1; from !== undefined && !this.#ended;) {
      const { texts, next }: TextsOfPage = await this.#textsOf(conversationId, from, EVENTS_AT_ONCE, ownCalls);
      await this.#thread.ask({ do: "add", texts });
      from = next;
    }
  }

  /** `ownCalls` gathers the calls of our own tools, whose results are not searched; the queue has none of them. */
  async #textsOf(conversationId: string, from: number, limit: number, ownCalls: Set<string> = new Set()): Promise<TextsOfPage> {
    const { journal } = this.#ports;
    const conversation = await journal.find(conversationId);
    if (conversation === undefined) return { texts: [] };
    const events = await this.#eventsOf(conversationId, from, limit);
    const texts: IndexedText[] = [];
    for (const event of events) {
      if (event.type === "tool-call-proposed" && event.tool.source === "host") ownCalls.add(event.callId);
      if (event.type === "tool-call-ended" && ownCalls.has(event.callId)) continue;
      const text = await readSearchedText(journal, conversationId, event);
      if (text !== undefined) texts.push({ conversationId, seq: event.seq, at: event.at, assistant: conversation.assistant, ...text });
    }
    return { texts, ...(events.length < limit ? {} : { next: from + limit }) };
  }

  /** A row that is damaged is found by nothing, and keeps no other from being found. */
  async #eventsOf(conversationId: string, from: number, limit: number): Promise<readonly JournalEvent[]> {
    try {
      return await this.#ports.journal.readFrom(conversationId, from, limit);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "StoredRowError") throw error;
      this.#ports.log.error({ conversationId, error: error.message }, "The search passes over a text that cannot be read.");
      return [];
    }
  }
}
