import type { EventDraft, JournalEvent, VisibleEvent } from "../../../protocol/events.ts";
import type { WireError } from "../../../protocol/errors.ts";
import type { RunningText } from "../../../protocol/frames.ts";
import type { ReactiveController } from "lit";
import type { Identify } from "../../../widget/controllers/identify.ts";
import { ThreadController } from "../../../widget/controllers/thread-controller.ts";
import type { ThreadNews } from "../../../widget/controllers/thread-news.ts";
import type { SurroundingsListener } from "../../../widget/controllers/surroundings.ts";
import type { Shelf } from "../../../widget/thread/shelf.ts";
import { memoryShelf } from "../../../widget/thread/shelf.ts";
import { MemoryLine, welcomeFrame } from "../../support/memory-line.ts";

/** A server behind memory lines: keeps journals, takes each message once. */
export class Desk {
  readonly line = new MemoryLine();
  readonly journals = new Map<string, VisibleEvent[]>();
  pageLength = 100;
  /** What runs in a conversation, for who opens it. */
  running: (conversationId: string) => { readonly running?: RunningText } = () => ({});
  /** Refuses a request, when it gives something. */
  refuse: (name: string, frame: Record<string, unknown>) => WireError | undefined = () => undefined;

  constructor() {
    this.line.answer = (name, frame) => this.#answer(name, frame);
    let customers = 0;
    this.line.welcome = ({ token }) => welcomeFrame({ token: token ?? `token-${++customers}` });
  }

  journal(conversationId: string): VisibleEvent[] {
    const journal = this.journals.get(conversationId) ?? [];
    this.journals.set(conversationId, journal);
    return journal;
  }

  /** Appends without telling anybody: what happens while a tab is away. */
  append(conversationId: string, ...drafts: readonly EventDraft[]): readonly VisibleEvent[] {
    const journal = this.journal(conversationId);
    const events = drafts.map((draft, index) => ({ ...draft, seq: journal.length + 1 + index, at: 5_000 }) as JournalEvent);
    journal.push(...events);
    return events;
  }

  say(conversationId: string, ...drafts: readonly EventDraft[]): void {
    this.line.send("events", { conversationId, events: this.append(conversationId, ...drafts) });
  }

  sent(name: string): readonly Record<string, unknown>[] {
    return this.line.requests.filter((request) => request.name === name).map((request) => request.frame);
  }

  #answer(name: string, frame: Record<string, unknown>): object {
    const error = this.refuse(name, frame);
    if (error !== undefined) return { ok: false, error };
    const conversationId = String(frame["conversationId"]);
    const journal = this.journal(conversationId);
    if (name === "conversation-open") {
      const after = frame["after"] as number | undefined;
      const events = after === undefined ? journal.slice(-this.pageLength) : journal.slice(after);
      const more = (events[0]?.seq ?? 1) > 1;
      const running = this.running(conversationId);
      return { ok: true, events: [...events], more, lastSeq: journal.length, reset: false, progress: [], ...running };
    }
    if (name === "conversation-page") {
      const older = journal.slice(0, Number(frame["before"]) - 1);
      return { ok: true, events: older.slice(-this.pageLength), more: older.length > this.pageLength };
    }
    if (name === "message-send") {
      const messageId = String(frame["messageId"]);
      const known = journal.find((event) => event.type === "message-received" && event.messageId === messageId);
      if (known !== undefined) return { ok: true, seq: known.seq };
      this.say(conversationId, {
        type: "message-received",
        messageId,
        text: String(frame["text"]),
        by: { kind: "customer", id: "customer-1" },
      });
      return { ok: true, seq: journal.length };
    }
    return { ok: true, seq: journal.length };
  }
}

/** The storage that the tabs of one site share. */
export class Site {
  readonly #inner = memoryShelf();
  readonly #watchers = new Map<object, (key: string) => void>();

  tab(): Shelf {
    const tab = {};
    const tell = (key: string): void => {
      for (const [other, watcher] of this.#watchers) if (other !== tab) watcher(key);
    };
    return {
      ...this.#inner,
      write: (key, text) => {
        this.#inner.write(key, text);
        tell(key);
        return true;
      },
      remove: (key) => {
        this.#inner.remove(key);
        tell(key);
      },
      watch: (changed) => {
        this.#watchers.set(tab, changed);
        return () => this.#watchers.delete(tab);
      },
    };
  }

  read(key: string): string | undefined {
    return this.#inner.read(key);
  }
}

let ids = 0;

/** One page view with one element. Time, frames and the network move only when the test says so. */
export class Tab {
  readonly desk: Desk;
  readonly thread: ThreadController;
  readonly news: ThreadNews[] = [];
  updates = 0;
  lines = 0;
  visible = true;
  online = true;
  surroundings: SurroundingsListener | undefined;
  now = 10_000;
  name = "";
  /** What the page says of its customer. */
  identify: Identify | undefined;
  #controller: ReactiveController | undefined;
  readonly #frames: (() => void)[] = [];
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  constructor(
    desk: Desk,
    site: Site,
    tabShelf: Shelf = memoryShelf(),
    { name = "", identify }: { name?: string; identify?: Identify | undefined } = {},
  ) {
    this.desk = desk;
    this.identify = identify;
    this.name = name;
    const host = {
      addController: (controller: ReactiveController) => {
        this.#controller = controller;
      },
      removeController: () => {},
      requestUpdate: () => {
        this.updates += 1;
      },
      updateComplete: Promise.resolve(true),
    };
    const options = {
      place: () => ({ server: "https://desk.example", assistant: "shop", name: this.name }),
      identify: () => this.identify,
      news: (news: ThreadNews) => void this.news.push(news),
    };
    this.thread = new ThreadController(host, options, {
      openLine: (ports) => {
        this.lines += 1;
        return desk.line.openLine(ports);
      },
      shelves: { shared: site.tab(), tab: tabShelf },
      clock: {
        now: () => this.now,
        after: (delayMs, run) => {
          const timer = { at: this.now + delayMs, run };
          this.#timers.push(timer);
          return () => {
            this.#timers = this.#timers.filter((other) => other !== timer);
          };
        },
      },
      surroundings: {
        isOnline: () => this.online,
        isVisible: () => this.visible,
        page: () => ({ language: "en", page: "/" }),
        watch: (listener) => {
          this.surroundings = listener;
          return () => {
            this.surroundings = undefined;
          };
        },
      },
      newId: () => `id-${String(++ids).padStart(6, "0")}`,
      nextFrame: (run) => void this.#frames.push(run),
    });
    this.connect();
  }

  get id(): string {
    return this.thread.state.conversationId;
  }

  connect(): void {
    this.#controller?.hostConnected?.();
  }

  disconnect(): void {
    this.#controller?.hostDisconnected?.();
  }

  draw(): void {
    for (const frame of this.#frames.splice(0)) frame();
  }

  /** Lets everything travel and be drawn until nothing moves any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      await this.desk.line.flush();
      this.draw();
    }
  }

  async pass(timeMs: number): Promise<void> {
    this.now += timeMs;
    const due = this.#timers.filter((timer) => timer.at <= this.now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.now);
    for (const timer of due) timer.run();
    await this.settle();
  }

  async start(): Promise<this> {
    this.thread.start();
    await this.settle();
    return this;
  }

  texts(): readonly string[] {
    const { turns, queued } = this.thread.state;
    return [...turns.flatMap((turn) => (turn.message ? [turn.message] : [])), ...queued].map(({ text, status }) => `${text}: ${status}`);
  }
}
