import type { WireError } from "../../protocol/errors.ts";
import type { Replies, RequestFrame, RequestName, WelcomeFrame } from "../../protocol/frames.ts";
import type { PageCallFrame } from "../../protocol/page-tools.ts";
import { coalesce } from "../thread/coalesce.ts";
import { Outbox } from "../thread/outbox.ts";
import { emptyThread, needsOpen, reduce } from "../thread/reduce.ts";
import type { ThreadState } from "../thread/state.ts";
import type { ThreadFrame } from "../thread/thread-frame.ts";
import type { MessageFrom } from "../thread/outbox-entry.ts";
import type { Identify } from "./identify.ts";
import { CustomerIdentity } from "./customer-identity.ts";
import { ConversationLink } from "./conversation-link.ts";
import type { ThreadPlace } from "./place.ts";
import { refusalOf } from "./refusal-of.ts";
import { SessionCustomer } from "./session-customer.ts";
import { ThreadMemory } from "./thread-memory.ts";
import { countUnread, newsAfter } from "./thread-news.ts";
import type { ThreadNews } from "./thread-news.ts";
import type { ThreadPorts } from "./thread-ports.ts";

/** As often as the person who answers has to hear it. */
const TYPING_EVERY_MS = 3_000;

export interface SessionOwner {
  /** `state` or `unread` has changed. */
  changed(): void;
  news(news: ThreadNews): void;
  /** Every time the conversation is open and complete. */
  opened(): void;
  /** There is a new connection, of this customer. */
  welcomed(): void;
  /** The server calls a tool that the page has offered. */
  pageCall(frame: PageCallFrame): void;
  /** Who the customer is, where the page says it. */
  identify(): Identify | undefined;
}

/**
 * One place's thread: joins what is remembered, what is sent and what arrives into one state, changed at most once per
 * frame.
 */
export class ThreadSession {
  readonly place: ThreadPlace;
  readonly memory: ThreadMemory;
  readonly outbox: Outbox;
  state: ThreadState;
  unread: number;
  readonly #ports: ThreadPorts;
  readonly #owner: SessionOwner;
  readonly #link: ConversationLink;
  readonly #waiting: ThreadFrame[] = [];
  #built = false;
  #scheduled = false;
  #reading = false;
  readonly #customer: SessionCustomer;
  readonly #identity: CustomerIdentity;
  /** A person who answers was told within the last seconds that something is coming. */
  #isTyping = false;
  #newsSeq: number | undefined;
  #unwatch: (() => void) | undefined;

  constructor(place: ThreadPlace, ports: ThreadPorts, owner: SessionOwner) {
    this.place = place;
    this.#ports = ports;
    this.#owner = owner;
    this.memory = new ThreadMemory(place, ports.shelves);
    this.unread = this.memory.unread;
    this.state = emptyThread(this.memory.conversationId ?? ports.newId());
    this.outbox = new Outbox({
      shelf: ports.shelves.shared,
      prefix: this.memory.outboxPrefix,
      clock: ports.clock,
      newId: ports.newId,
      send: (frame) => this.#send(frame),
      changed: () => this.#takeOutbox(),
      failed: (error) => owner.news({ kind: "error", error }),
    });
    this.#customer = new SessionCustomer({
      assistant: place.assistant,
      memory: this.memory,
      outbox: this.outbox,
      state: () => this.state,
      newId: ports.newId,
      page: () => ports.surroundings.page(),
      switchTo: (conversationId) => this.switchTo(conversationId),
    });
    this.#identity = new CustomerIdentity({
      identify: () => owner.identify(),
      request: (name, frame) => this.#link.request(name, frame),
      reconnect: () => this.#link.reconnect(),
    });
    this.#link = new ConversationLink(ports, {
      server: place.server,
      assistant: place.assistant,
      identity: this.#identity,
      hello: () => this.#identity.hello((said) => this.#customer.hello(said)),
      state: () => this.state,
      take: (frame) => this.take(frame),
      flush: () => this.flush(),
      welcome: (frame) => this.#welcome(frame),
      opened: () => {
        this.outbox.resume();
        if (this.#countUnread()) owner.changed();
        owner.opened();
      },
      lost: () => this.outbox.pause(),
      pageCall: (frame) => owner.pageCall(frame),
      noConversation: () => this.#replaceConversation(),
    });
    this.state = reduce({ type: "outbox", messages: this.outbox.messages(this.state.conversationId) }, this.state);
    this.#built = true;
  }

  start(): void {
    this.#unwatch ??= this.memory.watch({
      outbox: () => this.outbox.sync(),
      conversation: () => this.#adopt(),
      seen: () => this.#countUnread() && this.#owner.changed(),
      // Another tab signed out, or in as somebody else.
      named: () => this.#customer.isAnother() && this.#link.reconnect(),
    });
    this.#link.start();
  }

  /** Ends the line; the state stays, `start` goes on from it. */
  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#link.stop();
    this.flush();
  }

  request<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Replies[N]> {
    return this.#link.request(name, frame);
  }

  /** A frame from the line: taken in with the next drawing. */
  take(frame: ThreadFrame): void {
    coalesce(frame, this.#waiting);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#ports.nextFrame(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** What the customer did: taken in at once, after all that came before it. */
  act(frame: ThreadFrame): void {
    coalesce(frame, this.#waiting);
    this.flush();
  }

  flush(): void {
    const before = this.state;
    for (const frame of this.#waiting.splice(0)) this.state = reduce(frame, this.state);
    if (this.state === before) return;
    if (this.state.lastSeq !== before.lastSeq) this.outbox.seen(this.state.conversationId, this.state.lastSeq);
    if (needsOpen(this.state)) this.#link.complete();
    if (this.state.lastSeq !== before.lastSeq || this.state.opened !== before.opened) this.#countUnread();
    this.#owner.changed();
    this.#tell(before);
  }

  write(text: string, from?: MessageFrom): string {
    const { conversationId } = this.state;
    this.#customer.keepToken();
    this.memory.keepConversation(conversationId, true);
    return this.outbox.add(conversationId, text, from);
  }

  /** What an earlier page left in the text field, once the server has said who the customer is. */
  get draft(): string {
    return this.#customer.draft;
  }

  /** What is in the text field now. */
  keepDraft(text: string): void {
    this.#customer.keepDraft(text);
    if (!this.state.person || this.#isTyping) return;
    // A person who answers sees that something is coming.
    this.#isTyping = true;
    const { conversationId } = this.state;
    this.request("typing", { conversationId }).catch(() => {});
    this.#ports.clock.after(TYPING_EVERY_MS, () => (this.#isTyping = false));
  }

  /** The thread is another conversation's from now on, in this tab. */
  switchTo(conversationId: string): void {
    this.flush();
    const left = this.state.conversationId;
    const { connection, refusal, assistant, clockOffsetMs } = this.state;
    const kept = {
      connection,
      clockOffsetMs,
      ...(refusal === undefined ? {} : { refusal }),
      ...(assistant === undefined ? {} : { assistant }),
    };
    this.state = { ...emptyThread(conversationId), ...kept };
    this.#newsSeq = undefined;
    this.memory.keepConversation(conversationId, false);
    this.#link.switched(left);
    this.#takeOutbox();
    this.#countUnread();
    this.#owner.changed();
  }

  get reading(): boolean {
    return this.#reading;
  }
  set reading(reading: boolean) {
    if (reading === this.#reading) return;
    this.#reading = reading;
    this.memory.wasOpen = reading;
    if (this.#countUnread()) this.#owner.changed();
  }

  #send(frame: RequestFrame<"message-send">): Promise<{ ok: true; seq: number } | { ok: false; error: WireError }> {
    return this.#link.request("message-send", frame).then(
      ({ seq }) => ({ ok: true, seq }) as const,
      (error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        return { ok: false, error: refusal } as const;
      },
    );
  }

  /** The page says anew who the customer is. */
  identified(): void {
    this.#identity.welcomed();
    this.#link.reconnect();
  }

  /** Forgets all that this customer left in the browser, and begins as a stranger. */
  logout(): void {
    this.#customer.logout();
    this.#link.reconnect();
  }

  #welcome(frame: WelcomeFrame): boolean {
    this.#identity.welcomed();
    const isTheirs = this.#customer.welcome(frame);
    if (isTheirs) this.#owner.welcomed();
    return isTheirs;
  }

  /** Another tab wrote in a new conversation: a tab with an empty thread goes along, every other keeps its own. */
  #adopt(): void {
    const shared = this.memory.sharedConversationId;
    const empty = this.state.lastSeq === 0 && this.state.queued.length === 0;
    if (shared === undefined || shared === this.state.conversationId || !empty) return;
    this.switchTo(shared);
    if (this.#customer.takesOther()) this.#link.reconnect();
  }

  /** The customer of this conversation is forgotten (the token expired): what was not sent goes into a new one. */
  #replaceConversation(): void {
    const from = this.state.conversationId;
    const to = this.#ports.newId();
    this.outbox.move(from, to);
    this.switchTo(to);
    if (this.memory.sharedConversationId === from) this.memory.keepConversation(to, true);
  }

  #takeOutbox(): void {
    // The outbox reports changes already while it is constructed.
    if (this.#built) this.act({ type: "outbox", messages: this.outbox.messages(this.state.conversationId) });
  }

  /** Whether the number has changed. */
  #countUnread(): boolean {
    const { conversationId, lastSeq, opened } = this.state;
    const before = this.unread;
    if (this.#reading && this.#ports.surroundings.isVisible()) {
      if (opened) this.memory.keepSeen(conversationId, lastSeq);
      this.unread = 0;
    } else if (opened) this.unread = countUnread(this.memory.seen(conversationId) ?? lastSeq, this.state);
    if (this.unread !== before || opened) this.memory.keepUnread(this.unread);
    return this.unread !== before;
  }

  #tell(before: ThreadState): void {
    if (this.state.connection === "refused" && before.connection !== "refused" && this.state.refusal !== undefined) {
      this.#owner.news({ kind: "error", error: this.state.refusal });
    }
    if (!this.state.opened) return;
    const from = this.#newsSeq;
    this.#newsSeq = this.state.lastSeq;
    if (from === undefined || from === this.state.lastSeq) return;
    for (const news of newsAfter(from, this.state)) this.#owner.news(news);
  }
}
