import { RequestError } from "../../protocol/errors.ts";
import type { Actor, EventDraft, JournalEvent } from "../../protocol/events.ts";
import type { CallDetails, CustomerConnection, EventPage, OpenedConversation, ParsedRequest } from "../../protocol/frames.ts";
import { decideApproval } from "./decisions/decide-approval.ts";
import type { Assistant } from "./ports/assistant.ts";
import { readCallDetails } from "./call-details.ts";
import { customerView } from "./customer-view.ts";
import { ConversationTakenError } from "./ports/errors.ts";
import { answerInput } from "./decisions/input-answers.ts";
import { Journal } from "./journal/journal.ts";
import { Live } from "./journal/live.ts";
import type { Conversation } from "./ports/store.ts";
import type { Room } from "./ports/room.ts";
import type { SignIns } from "./ports/sign-ins.ts";
import { settleCall, type Settlement } from "./decisions/settle-call.ts";
import { signedIn, skipSignIn, startSignIn, type SignInDependencies } from "./decisions/sign-in-requests.ts";
import type { RunDependencies } from "./turn/run.ts";
import { Runner, type RunnerSettings } from "./turn/runner.ts";

/** A customer on one page view, as the gateway identified them. */
export interface Customer {
  readonly id: string;
  /** Key of the assistant they talk with. */
  readonly assistant: string;
  readonly sessionId: string;
}

export interface DeskSettings extends RunnerSettings {
  /** Events of one page. */
  readonly pageEvents: number;
}

/** When a customer who was turned away may try again. */
const BUSY_MS = 5_000;

export type DeskDependencies = Omit<RunDependencies, "journal"> & { readonly room: Room; readonly signIns: SignIns };

/**
 * The part of the server that receives messages and decides who answers. Every method checks that the conversation is the customer's own, and throws
 * `RequestError` when it cannot do what is asked; nothing has changed then.
 */
export class Desk {
  readonly #dependencies: RunDependencies & SignInDependencies;
  readonly #settings: DeskSettings;
  readonly #live: Live;
  readonly #runner: Runner;

  constructor({ room, ...dependencies }: DeskDependencies, settings: DeskSettings) {
    this.#live = new Live(room);
    this.#dependencies = { ...dependencies, journal: new Journal(dependencies.store, this.#live) };
    this.#settings = settings;
    this.#runner = new Runner(this.#dependencies, this.#live, settings);
  }

  /** Takes up what an earlier process left. */
  start(): void {
    this.#runner.start();
  }

  drain(graceMs: number): Promise<void> {
    return this.#runner.drain(graceMs);
  }

  /** Whether the customer may listen: it is theirs, or it does not exist yet. */
  async canListen(customer: Customer, conversationId: string): Promise<boolean> {
    const conversation = await this.#dependencies.store.find(conversationId);
    return conversation === undefined || isOf(conversation, customer);
  }

  /**
   * What was missed after `after`, or the last page, and what is passing at this moment. Listen before you call this: what is written while it reads comes
   * as a frame of its own.
   */
  async open(customer: Customer, request: ParsedRequest<"conversation-open">): Promise<OpenedConversation> {
    const { store } = this.#dependencies;
    const { pageEvents } = this.#settings;
    const conversation = await this.#find(customer, request.conversationId);
    if (conversation === undefined) return { events: [], more: false, lastSeq: 0, reset: (request.after ?? 0) > 0, progress: [] };
    const { id, lastSeq } = conversation;
    const after = request.after;
    const resume = after !== undefined && after <= lastSeq && lastSeq - after <= pageEvents;
    const events = resume ? await store.readFrom(id, after + 1, pageEvents) : await store.readBefore(id, lastSeq + 1, pageEvents);
    const { running, progress } = this.#live.snapshot(id);
    return {
      events: events.map(customerView),
      more: (events[0]?.seq ?? 1) > 1 && !resume,
      lastSeq: events.at(-1)?.seq ?? lastSeq,
      reset: after !== undefined && !resume,
      ...(running === undefined ? {} : { running }),
      progress,
    };
  }

  async page(customer: Customer, request: ParsedRequest<"conversation-page">): Promise<EventPage> {
    const conversation = await this.#own(customer, request.conversationId);
    const events = await this.#dependencies.store.readBefore(conversation.id, request.before, this.#settings.pageEvents);
    return { events: events.map(customerView), more: (events[0]?.seq ?? 1) > 1 };
  }

  /** Keeps the message; acknowledged only then. The same id again changes nothing. */
  async send(customer: Customer, request: ParsedRequest<"message-send">): Promise<{ seq: number }> {
    const assistant = this.#assistant(customer);
    const { conversationId, messageId, text } = request;
    if (text.length > assistant.limits.messageCharacters) {
      throw new RequestError("too-long", {
        detail: `It may have ${assistant.limits.messageCharacters} characters and has ${text.length}.`,
      });
    }
    // Overload shows first in the first word of new answers, so that is where it is turned away; nothing that was taken waits for ever.
    if (this.#runner.queued(customer.assistant) >= assistant.limits.concurrentTurns)
      throw new RequestError("busy", { retryAfterMs: BUSY_MS });
    const event = { type: "message-received", messageId, text, by: actor(customer), sessionId: customer.sessionId } as const;
    const kept = this.#append(customer, conversationId, event, { assistant: customer.assistant, customerId: customer.id });
    this.#runner.expect(conversationId, customer.assistant);
    const seq = await kept;
    this.#runner.wake(conversationId, customer.assistant);
    return { seq };
  }

  /** A decision by the customer; staff use `decideAsStaff`. */
  async decide(customer: Customer, request: ParsedRequest<"approval-decide">): Promise<{ seq: number }> {
    const conversation = await this.#own(customer, request.conversationId);
    return this.#decide(conversation, actor(customer), request);
  }

  async decideAsStaff(staff: Actor & { kind: "staff" }, request: ParsedRequest<"approval-decide">): Promise<{ seq: number }> {
    const conversation = await this.#dependencies.store.find(request.conversationId);
    if (conversation === undefined) throw new RequestError("unknown-conversation");
    return this.#decide(conversation, staff, request);
  }

  /** A person says what became of a call that ended unknown. */
  async settleAsStaff(staff: Actor & { kind: "staff" }, settlement: Settlement): Promise<{ seq: number }> {
    return { seq: await settleCall(this.#dependencies, staff, settlement) };
  }

  /** Stops the running turn; one that ended meanwhile stays as it is. */
  async stop(customer: Customer, request: ParsedRequest<"turn-stop">): Promise<void> {
    const conversation = await this.#own(customer, request.conversationId);
    const turn = await this.#findTurn(conversation, request.turnId);
    if (turn.ended) return;
    await this.#append(customer, conversation.id, { type: "stop-requested", turnId: request.turnId, by: actor(customer) });
    this.#runner.stop(conversation.id, conversation.assistant, request.turnId);
  }

  /** Answers the message of a failed turn anew. Only the newest turn can be tried again, and once at a time. */
  async retry(customer: Customer, request: ParsedRequest<"turn-retry">): Promise<{ seq: number }> {
    const conversation = await this.#own(customer, request.conversationId);
    const turn = await this.#findTurn(conversation, request.turnId);
    if (turn.messageId === undefined || turn.retriedSeq === undefined)
      throw new RequestError("unknown-turn", { detail: "Only the newest answer can be tried again, when it failed." });
    if (turn.retriedSeq > 0) return { seq: turn.retriedSeq };
    const event = { type: "retry-requested", turnId: request.turnId, messageId: turn.messageId } as const;
    const seq = await this.#append(customer, conversation.id, event);
    this.#runner.wake(conversation.id, conversation.assistant);
    return { seq };
  }

  /** The raw call behind a row of Sources, as far as the assistant shows it. */
  async readCall(customer: Customer, request: ParsedRequest<"call-read">): Promise<CallDetails> {
    await this.#own(customer, request.conversationId);
    return readCallDetails(this.#dependencies.store, request, this.#assistant(customer).trace);
  }

  /** Begins the sign-in that a card asks for; `Desk.connected` says when it is done. */
  async startConnection(customer: Customer, request: ParsedRequest<"connection-start">): Promise<{ url: string; proof: string }> {
    const conversation = await this.#own(customer, request.conversationId);
    const onDone = () => this.#runner.wake(conversation.id, conversation.assistant);
    const { requestId } = request;
    return startSignIn(this.#dependencies, conversation, { assistant: this.#assistant(customer), requestId, onDone });
  }

  async skipConnection(customer: Customer, request: ParsedRequest<"connection-decide">): Promise<{ seq: number }> {
    const conversation = await this.#own(customer, request.conversationId);
    const seq = await skipSignIn(this.#dependencies, conversation, request.requestId, actor(customer));
    this.#runner.wake(conversation.id, conversation.assistant);
    return { seq };
  }

  /**
   * The sign-in of a request is done: the calls that wait for it go on, in every tab. For the one who keeps the connections, not for customers. Harmless when
   * repeated, and when the request is over or unknown.
   */
  async connected(request: { conversationId: string; requestId: string; customerId?: string }): Promise<void> {
    const conversation = await this.#dependencies.store.find(request.conversationId);
    if (conversation === undefined || (request.customerId ?? conversation.customerId) !== conversation.customerId) return;
    if (await signedIn(this.#dependencies, conversation, request.requestId)) this.#runner.wake(conversation.id, conversation.assistant);
  }

  /** The customer's own connections, of this assistant's servers. */
  async listConnections(customer: Customer): Promise<readonly CustomerConnection[]> {
    return this.#dependencies.signIns.list(customer.id, this.#assistant(customer));
  }

  async removeConnection(customer: Customer, connectionId: string): Promise<void> {
    await this.#dependencies.signIns.remove(customer.id, connectionId);
  }

  /** The answer to a server's question; taken once, by whichever tab. */
  async answerInput(customer: Customer, request: ParsedRequest<"input-decide">): Promise<{ seq: number }> {
    const conversation = await this.#own(customer, request.conversationId);
    const seq = await answerInput(this.#dependencies, conversation, request, actor(customer));
    this.#runner.wake(conversation.id, conversation.assistant);
    return { seq };
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #decide(conversation: Conversation, by: Actor, request: ParsedRequest<"approval-decide">): Promise<{ seq: number }> {
    const seq = await decideApproval(this.#dependencies, by, request);
    this.#runner.wake(conversation.id, conversation.assistant);
    return { seq };
  }

  #assistant(customer: Customer): Assistant {
    const assistant = this.#dependencies.assistants.find(customer.assistant);
    if (assistant === undefined) throw new RequestError("unknown-assistant");
    return assistant;
  }

  async #append(
    customer: Customer,
    conversationId: string,
    event: EventDraft,
    create?: { assistant: string; customerId: string },
  ): Promise<number> {
    const { journal, clock } = this.#dependencies;
    try {
      const appended = await journal.append({
        conversationId,
        events: [event],
        at: clock.now(),
        ...(create === undefined ? {} : { create }),
      });
      return appended.repeated ?? appended.events[0]?.seq ?? 0;
    } catch (error) {
      if (error instanceof ConversationTakenError) throw new RequestError("unknown-conversation");
      throw error;
    }
  }

  async #find(customer: Customer, conversationId: string): Promise<Conversation | undefined> {
    const conversation = await this.#dependencies.store.find(conversationId);
    if (conversation !== undefined && !isOf(conversation, customer)) throw new RequestError("unknown-conversation");
    return conversation;
  }

  async #own(customer: Customer, conversationId: string): Promise<Conversation> {
    const conversation = await this.#find(customer, conversationId);
    if (conversation === undefined) throw new RequestError("unknown-conversation");
    return conversation;
  }

  /** A turn among the newest events: whether it ended, and whether it may be tried again (`retriedSeq` 0) or was (its number). */
  async #findTurn(conversation: Conversation, turnId: string): Promise<{ ended: boolean; messageId?: string; retriedSeq?: number }> {
    const { store } = this.#dependencies;
    let newer: readonly JournalEvent[] = [];
    for (let before = conversation.lastSeq + 1; before > 1;) {
      const page = await store.readBefore(conversation.id, before, this.#settings.pageEvents);
      newer = [...page, ...newer];
      const started = page.find((event) => event.type === "turn-started" && event.turnId === turnId);
      if (started?.type === "turn-started") return describeTurn(newer, started.turnId, started.messageId);
      if (newer.some((event) => event.type === "turn-started") || page.length === 0) break;
      before = page[0]?.seq ?? 1;
    }
    throw new RequestError("unknown-turn");
  }
}

function describeTurn(
  newer: readonly JournalEvent[],
  turnId: string,
  messageId: string,
): { ended: boolean; messageId: string; retriedSeq?: number } {
  const end = newer.find((event) => event.type === "turn-ended" && event.turnId === turnId);
  const retried = newer.find((event) => event.type === "retry-requested" && event.turnId === turnId);
  const failed = end?.type === "turn-ended" && end.outcome === "failed";
  const newest = newer.findLast((event) => event.type === "turn-started")?.turnId === turnId;
  return { ended: end !== undefined, messageId, ...(failed && (newest || retried !== undefined) ? { retriedSeq: retried?.seq ?? 0 } : {}) };
}

function isOf(conversation: Conversation, customer: Customer): boolean {
  return conversation.customerId === customer.id && conversation.assistant === customer.assistant;
}

function actor(customer: Customer): Actor {
  return { kind: "customer", id: customer.id };
}
