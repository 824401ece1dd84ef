import type { HelloFrame, WelcomeFrame } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Outbox } from "../thread/outbox.ts";
import type { ThreadState } from "../thread/state.ts";
import type { ThreadMemory } from "./thread-memory.ts";

/** The session whose customer it is. */
export interface CustomersSession {
  readonly assistant: string;
  readonly memory: ThreadMemory;
  readonly outbox: Pick<Outbox, "clear">;
  state(): ThreadState;
  newId(): string;
  page(): Pick<HelloFrame, "language" | "page">;
  switchTo(conversationId: string): void;
}

/** The customer of one page's session, as far as this page and the browser's storage know them. */
export class SessionCustomer {
  /** What an earlier page left in the text field, once the server has said who the customer is. */
  draft = "";
  readonly #session: CustomersSession;
  readonly #sessionId: string;
  #sentToken: string | undefined;
  /** This page's own token: the storage may be empty by now, or another customer's. */
  #token: string | undefined;
  #customerId: string | undefined;
  /** The id of the customer whom the site named; undefined: an anonymous one. */
  #named: string | undefined;
  #typed: string | undefined;

  constructor(session: CustomersSession) {
    this.#session = session;
    this.#sessionId = session.newId();
  }

  hello(said: Pick<HelloFrame, "identity">): HelloFrame {
    const { memory, assistant } = this.#session;
    const token = this.#token ?? memory.token;
    this.#sentToken = token;
    const known = token === undefined ? {} : { token };
    const page = this.#session.page();
    return { version: PROTOCOL_VERSION, assistant, sessionId: this.#sessionId, more: true, ...page, ...known, ...said };
  }

  /**
   * Two tabs of a first visit each get a token: the one that was kept first counts, so that both are the same customer.
   * Puts back what the page may have taken out of the storage, and leaves there what another tab has put in since.
   */
  welcome({ token, customerId, identified, newest }: WelcomeFrame): boolean {
    const { memory } = this.#session;
    const kept = memory.token;
    if (this.#sentToken === undefined && kept !== undefined && kept !== token) return false;
    this.#token = token;
    if (kept === this.#sentToken) memory.token = token;
    this.#becomes(identified && customerId, newest);
    const { conversationId, lastSeq } = this.#session.state();
    if (lastSeq > 0) memory.keepConversation(conversationId, memory.sharedConversationId === conversationId);
    this.#customerId = customerId;
    if (this.#typed === undefined) this.draft = memory.draft(customerId);
    else this.keepDraft(this.#typed);
    return true;
  }

  /** What is in the text field now. */
  keepDraft(text: string): void {
    this.#typed = text;
    this.#session.memory.keepDraft(this.#customerId, text);
  }

  /** Puts the token back, in case that the page has emptied its storage. */
  keepToken(): void {
    if (this.#token !== undefined) this.#session.memory.token = this.#token;
  }

  /** Whether another tab's token is in the storage now; the next hello takes it. */
  takesOther(): boolean {
    if (this.#session.memory.token === this.#sentToken) return false;
    this.#token = undefined;
    return true;
  }

  /** Whether another tab signed out, or in as somebody else; the next hello finds out who the customer is. */
  isAnother(): boolean {
    if (this.#named === undefined || this.#session.memory.named === this.#named) return false;
    this.#token = undefined;
    return true;
  }

  /** Forgets all that this customer left in the browser. */
  logout(): void {
    this.#forget();
    this.#token = this.#customerId = this.#named = undefined;
    this.#session.memory.forget(true);
  }

  /**
   * What one customer left is not the next one's. What this browser did before its customer was known goes along with
   * them, and on a device that has nothing of theirs, their newest conversation is opened.
   */
  #becomes(named: string | undefined, newest: string | undefined): void {
    const { memory } = this.#session;
    const { lastSeq, queued } = this.#session.state();
    const before = this.#named ?? memory.named;
    if (before !== undefined && before !== named) this.#forget(newest);
    else if (newest && lastSeq === 0 && queued.length === 0 && memory.sharedConversationId === undefined) this.#session.switchTo(newest);
    this.#named = memory.named = named;
  }

  #forget(conversationId = this.#session.newId()): void {
    this.#session.outbox.clear();
    this.#session.memory.forget();
    this.#typed = undefined;
    this.draft = "";
    this.#session.switchTo(conversationId);
  }
}
