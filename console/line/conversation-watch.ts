import type { WireError } from "../../protocol/errors.ts";
import type { ProgressFrame, Reply, TextFrame } from "../../protocol/frames.ts";
import type {
  Presence,
  StaffConversation,
  StaffEvent,
  StaffEventPage,
  StaffEventsFrame,
  StaffReplies,
  StaffRequestFrame,
  StaffRequestName,
  StaffTypingFrame,
} from "../../protocol/staff-frames.ts";

/** What a watch reports. Events come in order and without gaps, whatever the network does. */
export interface ConversationListener {
  /** It is read up to now, at the beginning and after each break. With `after`, its events go on from there. */
  opened(conversation: StaffConversation, after: number | undefined): void;
  events(events: readonly StaffEvent[]): void;
  text?(frame: TextFrame): void;
  progress?(frame: ProgressFrame): void;
  /** Everybody who is there now. */
  presence?(people: readonly Presence[]): void;
  typing?(frame: StaffTypingFrame): void;
  /** From now until `opened`, it may be out of date. */
  lost?(): void;
  /** It is not there, or this role may not read it. */
  refused?(error: WireError): void;
}

export interface ConversationWatchPorts {
  /** Rejects while there is no line. */
  readonly request: <N extends StaffRequestName>(name: N, frame: StaffRequestFrame<N>) => Promise<Reply<StaffReplies[N]>>;
  /** For how long the server has said nothing; `Infinity` while there is no line. */
  readonly silentMs: () => number;
  readonly reconnect: () => void;
  readonly closed: () => void;
}

export type Doing = StaffRequestFrame<"presence">["doing"];

const TYPING_EVERY_MS = 3_000;
/** The server says something at least every 25 s. */
const ALIVE_MS = 30_000;
const AGAIN_MS = 2_000;

/** One conversation that is watched: what was missed is read by number, and nothing is told twice. */
export class ConversationWatch {
  readonly conversationId: string;
  readonly listener: ConversationListener;
  readonly #ports: ConversationWatchPorts;
  #lastSeq: number | undefined;
  /** The question that is being answered; a reply to one that another overtook does not count. */
  #asked: symbol | undefined;
  /** What came while it was read. */
  #early: StaffEventsFrame[] = [];
  #isOpen = false;
  #isClosed = false;
  #doing: Doing = "nothing";
  #typedAt = 0;
  #waiting: (() => void)[] = [];

  constructor(conversationId: string, listener: ConversationListener, ports: ConversationWatchPorts) {
    this.conversationId = conversationId;
    this.listener = listener;
    this.#ports = ports;
  }

  /** Whether everything that the server has is here. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Reads it, or what was missed of it. For the line. */
  open(): void {
    void this.#open();
  }

  /** For the line. */
  events(frame: StaffEventsFrame): void {
    if (this.#asked !== undefined || this.#lastSeq === undefined) this.#early.push(frame);
    else this.#take(frame.events);
  }

  /** For the line. */
  lost(): void {
    this.#asked = undefined;
    this.#early = [];
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.listener.lost?.();
  }

  /**
   * Resolves once everything that the server has is here, and before that nothing ought to be sent: a page that slept
   * looks as it did an hour ago. Resolves at once on a line that is alive.
   */
  caughtUp(): Promise<void> {
    if (this.#isOpen && this.#ports.silentMs() < ALIVE_MS) return Promise.resolve();
    const opened = new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isOpen) this.#ports.reconnect();
    return opened;
  }

  /** Older events. Rejects while there is no line; undefined: refused. */
  async page(before: number): Promise<StaffEventPage | undefined> {
    const reply = await this.#ports.request("conversation-page", { conversationId: this.conversationId, before });
    return reply.ok ? reply : undefined;
  }

  /** What this tab does here, for the others who watch. */
  presence(doing: Doing): void {
    if (doing === this.#doing) return;
    this.#doing = doing;
    if (this.#isOpen) this.#tell("presence", { conversationId: this.conversationId, doing });
  }

  /** Somebody types here; call it with each key. */
  typing(what: "reply" | "note"): void {
    const now = Date.now();
    if (!this.#isOpen || now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#tell("typing", { conversationId: this.conversationId, what });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#asked = undefined;
    this.#ports.closed();
  }

  async #open(): Promise<void> {
    const mine = Symbol("open");
    this.#asked = mine;
    const { conversationId } = this;
    const after = this.#lastSeq;
    let reply: Reply<StaffConversation>;
    try {
      reply = await this.#ports.request("conversation-open", { conversationId, ...(after === undefined ? {} : { after }) });
    } catch {
      // The line is lost: it opens again when it is back.
      if (this.#asked === mine) this.#asked = undefined;
      return;
    }
    if (this.#asked !== mine) return;
    this.#asked = undefined;
    if (!reply.ok) return this.#refused(reply.error);
    this.#isOpen = true;
    this.#lastSeq = reply.lastSeq;
    this.listener.opened(reply, reply.reset ? undefined : after);
    for (const frame of this.#early.splice(0)) this.#take(frame.events);
    if (this.#doing !== "nothing") this.#tell("presence", { conversationId, doing: this.#doing });
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #refused(error: WireError): void {
    if (error.retryAfterMs === undefined && error.code !== "internal") return this.listener.refused?.(error);
    setTimeout(() => {
      if (!this.#isClosed && !this.#isOpen && this.#asked === undefined) void this.#open();
    }, error.retryAfterMs ?? AGAIN_MS);
  }

  #take(events: readonly StaffEvent[]): void {
    const lastSeq = this.#lastSeq ?? 0;
    const fresh = events.filter(({ seq }) => seq > lastSeq);
    const [first] = fresh;
    if (first === undefined) return;
    if (first.seq > lastSeq + 1) return void this.#open();
    this.#lastSeq = fresh.at(-1)!.seq;
    this.listener.events(fresh);
  }

  #tell<N extends StaffRequestName>(name: N, frame: StaffRequestFrame<N>): void {
    this.#ports.request(name, frame).catch(() => undefined);
  }
}
