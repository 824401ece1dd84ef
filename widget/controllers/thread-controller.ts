import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Replies, RequestFrame, RequestName } from "../../protocol/frames.ts";
import type { PageCallFrame } from "../../protocol/page-tools.ts";
import { LineLostError } from "../line/line.ts";
import { emptyThread } from "../thread/reduce.ts";
import type { ThreadState } from "../thread/state.ts";
import { cardId, findCard, isOver } from "../thread/turns.ts";
import type { MessageFrom } from "../thread/outbox-entry.ts";
import type { CardDecision, Within } from "./card-decision.ts";
import type { Identify } from "./identify.ts";
import type { ThreadPlace } from "./place.ts";
import { refusalOf } from "./refusal-of.ts";
import type { ThreadNews } from "./thread-news.ts";
import { browserPorts } from "./thread-ports.ts";
import type { ThreadPorts } from "./thread-ports.ts";
import { ThreadSession } from "./thread-session.ts";

export interface ThreadOwner {
  /** Read when the host is put into a page, and at `start`. Another place is another thread. */
  readonly place: () => ThreadPlace;
  /** Who the customer is, where the page says it; asked with every hello. */
  readonly identify?: () => Identify | undefined;
  /** Who offers the page's tools. */
  readonly page?: {
    /** Called with each new connection, before anything is asked on it. */
    readonly welcomed: () => void;
    /** The server calls a tool that was offered. */
    readonly told: (frame: PageCallFrame) => void;
  };
  /** Called for what just happened, after `state` has it. */
  readonly news?: (news: ThreadNews) => void;
}

/** A host that is moved within the page, or swapped out and put back, keeps its line for this long. */
const PUT_BACK_MS = 2_000;

/**
 * The only bridge between elements and the conversation. Every change asks the host for an update, at most one per
 * animation frame.
 */
export class ThreadController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #owner: ThreadOwner;
  readonly #ports: ThreadPorts;
  readonly #decisions = new Map<string, CardDecision>();
  #session: ThreadSession | undefined;
  #started = false;
  #paging: Promise<void> | undefined;
  #callOff: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, owner: ThreadOwner, ports: ThreadPorts = browserPorts()) {
    this.#host = host;
    this.#owner = owner;
    this.#ports = ports;
    host.addController(this);
  }

  /** What to draw; a new object whenever something changed, unchanged turns and parts keep their identity. */
  get state(): ThreadState {
    return this.#session?.state ?? NOTHING;
  }

  /** Number of answers and cards that came while the panel was closed. */
  get unread(): number {
    return this.#session?.unread ?? 0;
  }

  /** Whether the panel was left open before a reload of this tab. */
  get wasOpen(): boolean {
    return this.#session?.memory.wasOpen ?? false;
  }

  /**
   * Opens the line; nothing is sent before. Call it when the panel is opened, and when the place
   * changed. Harmless when repeated. It starts by itself where a message of an earlier page still has to be sent.
   */
  start(): void {
    this.#started = true;
    this.#settle().start();
  }

  /**
   * Whether the panel is open: while it is and the page is visible, everything counts as read. Remembered for
   * `wasOpen`.
   */
  get reading(): boolean {
    return this.#session?.reading ?? false;
  }
  set reading(reading: boolean) {
    this.#settle().reading = reading;
  }

  /** Whether the page before was in a call when it went. */
  get wasInCall(): boolean {
    return this.#session?.memory.wasInCall ?? false;
  }

  /** What an earlier page of this tab left in the text field; write to it what is there now. */
  get draft(): string {
    return this.#session?.draft ?? "";
  }
  set draft(text: string) {
    this.#session?.keepDraft(text);
  }

  /**
   * Sends a message, starting if needed; drawn at once as `sending`. Returns its id. Only white space: sends nothing,
   * returns undefined. `from`: whose words they are, where the customer did not write them.
   */
  send(text: string, from?: MessageFrom): string | undefined {
    const trimmed = text.trim();
    if (trimmed === "") return undefined;
    this.start();
    const messageId = this.#settle().write(trimmed, from);
    this.#owner.news?.({ kind: "message", messageId, text: trimmed });
    return messageId;
  }

  /** Stops the running turn; harmless when there is none. */
  stop(): void {
    const { conversationId, turns } = this.state;
    const turn = turns.findLast((other) => !isOver(other));
    if (turn === undefined || turn.stopping) return;
    const { turnId } = turn;
    this.#session?.act({ type: "stop", turnId, stopping: true });
    this.#request("turn-stop", { conversationId, turnId }, () => this.#session?.act({ type: "stop", turnId, stopping: false }));
  }

  /** Asks for another try of a failed turn. */
  retry(turnId: string): void {
    this.#request("turn-retry", { conversationId: this.state.conversationId, turnId });
  }

  /** Sends a `failed` message again. */
  retryMessage(messageId: string): void {
    this.start();
    this.#session?.outbox.retry(messageId);
  }

  /** Takes a `failed` message away, unsent. */
  removeMessage(messageId: string): void {
    this.#session?.outbox.remove(messageId);
  }

  /**
   * Decides a card that is shown; a second decision while one is on its way is ignored. How it went comes through
   * `state`: `deciding`, then `status` or `error`. Without a line it is sent as soon as there is one, if the card still
   * waits then.
   */
  decide(decision: CardDecision): void {
    const id = cardId(decision.frame);
    const card = findCard(this.state.turns, id)?.card;
    if (card?.status !== "waiting" || card.deciding !== undefined) return;
    this.#decisions.set(id, decision);
    this.#session?.act({ type: "decide", cardId: id, deciding: decision.deciding });
    this.#sendDecision(id);
  }

  /**
   * Leaves the conversation and begins an empty one, in this tab only (see `ThreadMemory`). What was not sent yet is
   * still sent to the old one.
   */
  newConversation(): void {
    this.#decisions.clear();
    this.#settle().switchTo(this.#ports.newId());
  }

  /** What `identify` gives has changed: the line begins anew with it. */
  identified(): void {
    this.#session?.identified();
  }

  /** Wipes what this customer left in the browser, and begins as a stranger. */
  logout(): void {
    this.#decisions.clear();
    this.#settle().logout();
  }

  /**
   * Reads the page before the oldest event. Resolves when it is in `state` or could not be read; at once if there is
   * none.
   */
  loadOlder(): Promise<void> {
    this.#paging ??= this.#page().finally(() => (this.#paging = undefined));
    return this.#paging;
  }

  /**
   * Asks the server something in this conversation. Rejects with `RequestRefusedError` or `LineLostError`; their
   * messages are for the customer.
   */
  async request<N extends RequestName>(name: N, frame: Within<N>): Promise<Replies[N]> {
    if (this.#session === undefined) throw new LineLostError();
    return this.#session.request(name, { conversationId: this.state.conversationId, ...frame } as unknown as RequestFrame<N>);
  }

  /** Asks for what opens a call in this conversation, which is this tab's from now on. Rejects as `request`. */
  async startCall(voiceCallId: string, takeOver: boolean | string): Promise<Replies["call-start"]> {
    const { conversationId } = this.state;
    this.start();
    this.#session?.memory.keepConversation(conversationId, true);
    return this.request("call-start", { voiceCallId, takeOver });
  }

  hostConnected(): void {
    this.#callOff?.();
    const session = this.#settle();
    if (session.outbox.messages(session.state.conversationId).some((message) => message.status === "sending")) this.#started = true;
    if (this.#started) session.start();
  }

  hostDisconnected(): void {
    this.#callOff?.();
    this.#callOff = this.#ports.clock.after(PUT_BACK_MS, () => this.#session?.stop());
  }

  /** The session of the place where the host is now. */
  #settle(): ThreadSession {
    const place = this.#owner.place();
    const { server, assistant, name = "" } = this.#session?.place ?? {};
    if (this.#session !== undefined && server === place.server && assistant === place.assistant && name === (place.name ?? ""))
      return this.#session;
    this.#session?.stop();
    this.#decisions.clear();
    const session: ThreadSession = new ThreadSession(place, this.#ports, {
      changed: () => this.#session === session && this.#host.requestUpdate(),
      news: (news) => this.#session === session && this.#owner.news?.(news),
      opened: () => this.#session === session && this.#opened(),
      welcomed: () => this.#session === session && this.#owner.page?.welcomed(),
      pageCall: (frame) => this.#session === session && this.#owner.page?.told(frame),
      identify: () => this.#owner.identify?.(),
    });
    this.#session = session;
    this.#host.requestUpdate();
    return session;
  }

  #opened(): void {
    for (const id of this.#decisions.keys()) {
      if (findCard(this.state.turns, id)?.card.status === "waiting") this.#sendDecision(id);
      else this.#decisions.delete(id);
    }
    void this.#completeTurn();
  }

  /** A card that waits must be seen, even if its call was proposed on a page before. */
  async #completeTurn(): Promise<void> {
    for (let before = Infinity; this.state.firstSeq < before;) {
      before = this.state.firstSeq;
      const first = this.state.turns[0];
      if (first?.partial === true && !isOver(first)) await this.loadOlder();
    }
  }

  #sendDecision(id: string): void {
    const decision = this.#decisions.get(id);
    const session = this.#session;
    if (decision === undefined || session === undefined) return;
    this.request(decision.name, decision.frame).then(
      () => this.#decisions.delete(id),
      (error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal === undefined) return;
        this.#decisions.delete(id);
        session.act({ type: "decide", cardId: id, error: refusal });
        this.#owner.news?.({ kind: "error", error: refusal });
      },
    );
  }

  #request(name: "turn-stop" | "turn-retry", frame: { conversationId: string; turnId: string }, failed?: () => void): void {
    this.#session?.request(name, frame).catch((error: unknown) => {
      failed?.();
      const refusal = refusalOf(error);
      if (refusal !== undefined) this.#owner.news?.({ kind: "error", error: refusal });
    });
  }

  async #page(): Promise<void> {
    const session = this.#session;
    if (session === undefined || !session.state.more) return;
    const { conversationId, firstSeq: before } = session.state;
    try {
      const reply = await session.request("conversation-page", { conversationId, before });
      if (session.state.conversationId === conversationId) session.act({ type: "paged", reply, before });
    } catch {
      // `more` stays true, so the page can be asked for again.
    }
  }
}

const NOTHING = emptyThread("");
