import type { WireError } from "../../protocol/errors.ts";
import type { HelloFrame, Replies, RequestFrame, RequestName, TextFrame, WelcomeFrame } from "../../protocol/frames.ts";
import type { PageCallFrame } from "../../protocol/page-tools.ts";
import type { CustomerIdentity } from "./customer-identity.ts";
import { LineLostError, RequestRefusedError } from "../line/line.ts";
import type { Line, LineListener } from "../line/line.ts";
import { needsOpen } from "../thread/reduce.ts";
import type { ThreadState } from "../thread/state.ts";
import type { ThreadFrame } from "../thread/thread-frame.ts";
import { refusalOf } from "./refusal-of.ts";
import type { ThreadPorts } from "./thread-ports.ts";

/** How long a line may be silent after the page woke before it is taken for dead. */
const CHECK_MS = 5_000;
/** A page that never had a connection says so when a try fails this long after the first that did. */
const FAILING_MS = 1_500;
/** Whoever writes says so again within this time. */
const TYPING_MS = 6_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface LinkOwner {
  readonly server: string;
  readonly assistant: string;
  hello(): HelloFrame | Promise<HelloFrame>;
  state(): ThreadState;
  /** Takes a frame in, sooner or later, in order. */
  take(frame: ThreadFrame): void;
  /** Takes in all that waits. */
  flush(): void;
  /** Whether to go on with this welcome; otherwise the link says hello again. */
  welcome(frame: WelcomeFrame): boolean;
  /** The conversation is open: what waits can be sent. */
  opened(): void;
  lost(): void;
  /** The server calls a tool that the page has offered. */
  pageCall(frame: PageCallFrame): void;
  readonly identity: Pick<CustomerIdentity, "renew" | "mayRetry">;
  /** The server does not let this customer into the conversation. */
  noConversation(): void;
}

/** Keeps a line open and the conversation on it complete, through whatever happens. */
export class ConversationLink {
  readonly #ports: ThreadPorts;
  readonly #owner: LinkOwner;
  #line: Line | undefined;
  #online = false;
  /** Whether this page ever was. */
  #wasOnline = false;
  /** When the first try failed, with a network. */
  #failingSince: number | undefined;
  /** The question that is being answered; a reply to one that another overtook does not count. */
  #asked: symbol | undefined;
  /** The step whose text `more` frames go on with, under the name that they call it by. */
  #named: Pick<TextFrame, "conversationId" | "turnId" | "step" | "stream"> | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  /** The conversation was just replaced by a new one, which has not been opened yet. */
  #replaced = false;
  #unwatch: (() => void) | undefined;
  #callOff: (() => void) | undefined;

  constructor(ports: ThreadPorts, owner: LinkOwner) {
    this.#ports = ports;
    this.#owner = owner;
  }

  start(): void {
    if (this.#line !== undefined) return;
    this.#tellWaiting();
    this.#unwatch = this.#ports.surroundings.watch({
      online: () => this.#hurry(),
      offline: () => this.#owner.take({ type: "connection", connection: "offline" }),
      woke: () => this.#check(),
    });
    const { server, assistant } = this.#owner;
    this.#line = this.#ports.openLine({ server, assistant, hello: () => this.#owner.hello(), listener: this.#listener() });
  }

  stop(): void {
    this.#online = false;
    this.#asked = undefined;
    this.#unwatch?.();
    this.#rest();
    this.#line?.close();
    this.#line = undefined;
    this.#owner.lost();
  }

  /** Says hello again, with another token. */
  reconnect(): void {
    this.#line?.reconnect();
  }

  /** Resolves with the reply; rejects with `RequestRefusedError` or `LineLostError`. */
  async request<N extends RequestName>(name: N, frame: RequestFrame<N>): Promise<Replies[N]> {
    if (this.#line === undefined) throw new LineLostError();
    let reply = await this.#line.request(name, frame);
    // Nothing was done. Asked once more, as the same customer, or not at all.
    if (!reply.ok && reply.error.code === "identity-expired") {
      if (!(await this.#owner.identity.renew())) throw new LineLostError();
      reply = await this.#line.request(name, frame);
    }
    if (!reply.ok) throw new RequestRefusedError(reply.error);
    return reply;
  }

  /** Opens the conversation, or reads what was missed; does nothing while that goes on. */
  complete(): void {
    if (this.#online && this.#asked === undefined && this.#callOff === undefined) void this.#open();
  }

  /** Another conversation is the thread's from now on. */
  switched(left: string): void {
    this.#asked = undefined;
    this.#rest();
    if (!this.#online) return;
    void this.request("conversation-leave", { conversationId: left }).catch(() => {});
    void this.#open();
  }

  #listener(): LineListener {
    const owner = this.#owner;
    return {
      welcome: (frame) => {
        owner.take({ type: "welcome", frame, receivedAt: this.#ports.clock.now() });
        if (!owner.welcome(frame)) {
          this.#line?.reconnect();
          return;
        }
        this.#online = this.#wasOnline = true;
        this.#rest();
        void this.#open();
      },
      events: (frame) => owner.take({ type: "events", frame }),
      text: (frame) => {
        this.#named = frame;
        owner.take({ type: "text", frame });
      },
      more: ([stream, offset, text]) => {
        if (this.#named?.stream === stream) owner.take({ type: "text", frame: { ...this.#named, offset, text } });
        else this.complete();
      },
      progress: (frame) => owner.take({ type: "progress", frame }),
      typing: (frame) => {
        owner.take({ type: "typing", frame });
        this.#ports.clock.after(TYPING_MS, () => owner.state().typing === frame && owner.take({ type: "typing" }));
      },
      "page-call": (frame) => owner.pageCall(frame),
      renew: () => void owner.identity.renew(),
      lost: () => this.#lose(),
      refused: (error) => {
        this.#lose();
        if (owner.identity.mayRetry(error)) return this.reconnect();
        owner.take({ type: "connection", connection: "refused", refusal: error });
      },
    };
  }

  async #open(): Promise<void> {
    const mine = Symbol("open");
    this.#asked = mine;
    this.#owner.flush();
    const { conversationId, lastSeq } = this.#owner.state();
    const after = lastSeq === 0 ? {} : { after: lastSeq };
    let reply: Replies["conversation-open"];
    try {
      reply = await this.request("conversation-open", { conversationId, ...after });
    } catch (error) {
      if (this.#asked !== mine) return;
      this.#asked = undefined;
      const refusal = refusalOf(error);
      if (refusal !== undefined) this.#refused(refusal);
      return;
    }
    if (this.#asked !== mine) return;
    this.#asked = undefined;
    this.#replaced = false;
    if (reply.running) this.#named = { conversationId, ...reply.running };
    this.#owner.take({ type: "opened", reply, ...after });
    this.#owner.flush();
    if (needsOpen(this.#owner.state())) this.#wait(() => this.complete());
    else this.#pauseMs = FIRST_PAUSE_MS;
    this.#owner.opened();
  }

  #refused(error: WireError): void {
    // A new conversation cannot be unknown; asking a server that says so again would never end.
    if (error.code === "unknown-conversation" && !this.#replaced) {
      this.#replaced = true;
      this.#owner.noConversation();
    } else this.#wait(() => this.complete(), error.retryAfterMs);
  }

  #lose(): void {
    this.#online = false;
    this.#asked = undefined;
    this.#named = undefined;
    this.#owner.lost();
    if (this.#ports.surroundings.isOnline()) this.#failingSince ??= this.#ports.clock.now();
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    const { surroundings, clock } = this.#ports;
    const never = clock.now() - this.#failingSince! >= FAILING_MS ? "unreached" : "connecting";
    const connection = !surroundings.isOnline() ? "offline" : this.#wasOnline ? "reconnecting" : never;
    this.#owner.take({ type: "connection", connection });
  }

  /** There is a network again: no reason to wait for the pause to end. */
  #hurry(): void {
    this.#failingSince = undefined;
    this.#tellWaiting();
    this.reconnect();
  }

  /** Asks for what was missed; a line that does not answer soon is dead. */
  #check(): void {
    if (this.#owner.state().connection === "refused") return;
    if (!this.#online) {
      this.reconnect();
      return;
    }
    this.#rest();
    const asked = this.#open();
    const callOff = this.#ports.clock.after(CHECK_MS, () => this.#line?.reconnect());
    void asked.finally(callOff);
  }

  #wait(run: () => void, delayMs = this.#pauseMs): void {
    this.#callOff?.();
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#callOff = this.#ports.clock.after(delayMs, () => {
      this.#callOff = undefined;
      run();
    });
  }

  #rest(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
