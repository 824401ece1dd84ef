import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { WireError } from "../../protocol/errors.ts";
import type { ProgressFrame, RunningText, TextFrame } from "../../protocol/frames.ts";
import type { Presence, StaffConversation, StaffEvent, StaffTypingFrame, TYPING_SHOWN_MS } from "../../protocol/staff-frames.ts";
import type { ConversationWatch, Doing } from "./conversation-watch.ts";
import { line } from "./staff-line.ts";

const typingShownMs: typeof TYPING_SHOWN_MS = 6_000;

/** Who a conversation belongs to, and who answers in it. */
export type ConversationHead = Pick<StaffConversation, "assistant" | "customer" | "preview" | "person">;

/**
 * One conversation for a screen, as it happens: its events so far, what is being said, how far calls are, and who else
 * is there. It is watched while the host is in the page.
 */
export class WatchedConversation implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #conversationId: () => string | undefined;
  #watch: ConversationWatch | undefined;
  #watched: string | undefined;
  readonly #typing = new Map<string, { readonly frame: StaffTypingFrame; readonly timer: ReturnType<typeof setTimeout> }>();
  #isPaging = false;
  #events: readonly StaffEvent[] = [];
  /** Undefined: not read yet. */
  head: ConversationHead | undefined;
  /** Whether there are events before the first. */
  more = false;
  /** What the model says in the step that runs. */
  running: RunningText | undefined;
  /** By call. */
  progress: ReadonlyMap<string, ProgressFrame> = new Map();
  people: readonly Presence[] = [];
  refusal: WireError | undefined;
  /** Whether all that the server has is here; false: it is loading, or the line is away. */
  isCurrent = false;

  constructor(host: ReactiveControllerHost, conversationId: () => string | undefined) {
    this.#host = host;
    this.#conversationId = conversationId;
    host.addController(this);
  }

  /** In order, without gaps. */
  get events(): readonly StaffEvent[] {
    return this.#events;
  }

  /** Who writes at this moment. */
  get typing(): readonly StaffTypingFrame[] {
    return [...this.#typing.values()].map(({ frame }) => frame);
  }

  hostConnected(): void {
    this.#settle();
  }

  hostUpdate(): void {
    this.#settle();
  }

  hostDisconnected(): void {
    this.#leave();
  }

  /** Before something is sent: resolves once everything that the server has is here. */
  async caughtUp(): Promise<void> {
    await this.#watch?.caughtUp();
  }

  /** What this tab does here, for the others who watch. */
  does(doing: Doing): void {
    this.#watch?.presence(doing);
  }

  /** Somebody types here; call it with each key. The customer sees it of replies, while this person answers them. */
  types(what: "reply" | "note"): void {
    this.#watch?.typing(what);
  }

  /** Reads the page before the first event; while that goes on, and without a line, it does nothing. */
  async loadOlder(): Promise<void> {
    const before = this.#events[0]?.seq;
    const watch = this.#watch;
    if (!this.more || this.#isPaging || before === undefined || watch === undefined) return;
    this.#isPaging = true;
    try {
      const page = await watch.page(before);
      if (page === undefined || this.#watch !== watch || this.#events[0]?.seq !== before) return;
      this.#events = [...page.events, ...this.#events];
      this.more = page.more;
      this.#host.requestUpdate();
    } catch {
      // `more` stays true, so the page can be asked for again.
    } finally {
      this.#isPaging = false;
    }
  }

  #settle(): void {
    const conversationId = this.#conversationId();
    if (conversationId === this.#watched) return;
    this.#leave();
    this.#watched = conversationId;
    if (conversationId === undefined) return;
    const changed = (work: () => void): void => {
      if (this.#watched !== conversationId) return;
      work();
      this.#host.requestUpdate();
    };
    this.#watch = line.watch(conversationId, {
      opened: (conversation, after) => changed(() => this.#opened(conversation, after)),
      events: (events) => changed(() => this.#take(events)),
      text: (frame) => changed(() => this.#say(frame)),
      progress: (frame) => changed(() => (this.progress = new Map(this.progress).set(frame.callId, frame))),
      presence: (people) => changed(() => (this.people = people)),
      typing: (frame) => changed(() => this.#types(frame)),
      lost: () => changed(() => (this.isCurrent = false)),
      refused: (error) => changed(() => (this.refusal = error)),
    });
  }

  #leave(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#watched = undefined;
    for (const { timer } of this.#typing.values()) clearTimeout(timer);
    this.#typing.clear();
    this.#events = [];
    this.head = this.running = this.refusal = undefined;
    this.people = [];
    this.progress = new Map();
    this.more = this.isCurrent = false;
  }

  #opened(conversation: StaffConversation, after: number | undefined): void {
    const { assistant, customer, preview, person, events, more, running, progress, people } = conversation;
    this.head = {
      assistant,
      customer,
      ...(preview === undefined ? {} : { preview }),
      ...(person === undefined ? {} : { person }),
    };
    if (after === undefined) {
      this.#events = events;
      this.more = more;
    } else this.#take(events);
    this.running = running;
    this.progress = new Map(progress.map((frame) => [frame.callId, frame]));
    this.people = people;
    this.refusal = undefined;
    this.isCurrent = true;
  }

  #take(events: readonly StaffEvent[]): void {
    this.#events = [...this.#events, ...events];
    for (const event of events) {
      if (event.type === "step-ended" || event.type === "turn-ended") this.running = undefined;
      else if (event.type === "tool-call-ended") {
        const progress = new Map(this.progress);
        if (progress.delete(event.callId)) this.progress = progress;
      } else if (event.type === "person-joined")
        this.head = this.head && { ...this.head, person: { id: event.by.id, name: event.by.name ?? "" } };
      else if (event.type === "handed-back" || event.type === "conversation-closed") {
        const { person: _person, ...head } = this.head ?? {};
        this.head = this.head && (head as ConversationHead);
      } else if (event.type === "message-received" || event.type === "reply-sent" || event.type === "note-written") this.#hush(event.by.id);
    }
  }

  /** A piece that does not fit is left out: the whole text comes with the end of the step. */
  #say({ turnId, step, offset, text }: TextFrame): void {
    const { running } = this;
    const before = running?.turnId === turnId && running.step === step ? running.text : "";
    if (offset <= before.length) this.running = { turnId, step, text: before.slice(0, offset) + text };
  }

  #types(frame: StaffTypingFrame): void {
    const { id } = frame.by;
    clearTimeout(this.#typing.get(id)?.timer);
    const timer = setTimeout(() => {
      this.#hush(id);
      this.#host.requestUpdate();
    }, typingShownMs);
    this.#typing.set(id, { frame, timer });
  }

  #hush(id: string): void {
    clearTimeout(this.#typing.get(id)?.timer);
    this.#typing.delete(id);
  }
}
