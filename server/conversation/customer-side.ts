import { RequestError } from "../../protocol/errors.ts";
import type { EventDraft } from "../../protocol/events.ts";
import type {
  CallDetails,
  CustomerConnection,
  CustomerConversation,
  DecisionName,
  EventPage,
  OpenedConversation,
  ParsedRequest,
} from "../../protocol/frames.ts";
import type { Spoken } from "../../protocol/voice-events.ts";
import { readCallDetails } from "./call-details.ts";
import type { Customer, CustomerDesk, Written } from "./customer-desk.ts";
import { isOpen } from "./people/business-hours.ts";
import { customerView } from "./customer-view.ts";
import type { SpokenEvidence } from "./decisions/approval-decision.ts";
import { customerDecision } from "./decisions/customer-decisions.ts";
import { permissionNow } from "./permission-now.ts";
import { decide } from "./decisions/decide.ts";
import { startSignIn } from "./decisions/start-sign-in.ts";
import { findEndedTurn, findTurn } from "./find-turn.ts";
import { openConversation } from "./open-conversation.ts";
import { type PageLimits, readPage } from "./read-page.ts";
import { assistantOf, creation, customerActor as actor, findOwn, isOf, ownConversation } from "./own-conversation.ts";
import type { Journal } from "./journal/journal.ts";
import type { Live } from "./journal/live.ts";
import { type Assistant, peopleOf } from "./ports/assistant.ts";
import type { FindApprover } from "./ports/approvers.ts";
import type { Assistants } from "./ports/assistants.ts";
import type { SignIns } from "./ports/sign-ins.ts";
import { type Append, assistantName, type Conversation, type Store } from "./ports/store.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Runner } from "./turn/runner.ts";
import { viewedCall } from "./views/viewed-call.ts";
import type { TypingNews } from "./typing.ts";

export interface CustomerSidePorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly live: Live;
  readonly runner: Pick<Runner, "expect" | "isBusy" | "stop" | "wake">;
  readonly assistants: Assistants;
  readonly approvers: FindApprover;
  readonly signIns: SignIns;
  readonly clock: Clock;
  readonly typing: TypingNews;
  readonly page: PageLimits;
}

/** When a customer who was turned away may try again. */
const BUSY_MS = 5_000;

/** The customers' side of the desk. */
export class CustomerSide implements CustomerDesk {
  readonly #ports: CustomerSidePorts;

  constructor(ports: CustomerSidePorts) {
    this.#ports = ports;
  }

  async canListen(customer: Customer, conversationId: string): Promise<boolean> {
    const conversation = await this.#ports.store.find(conversationId);
    return conversation === undefined || isOf(conversation, customer);
  }

  async open(customer: Customer, request: ParsedRequest<"conversation-open">): Promise<OpenedConversation> {
    return openConversation(this.#ports, await this.#find(customer, request.conversationId), request.after, customerView);
  }

  async list(customer: Customer, { limit }: ParsedRequest<"conversations-list">): Promise<readonly CustomerConversation[]> {
    const found = await this.#ports.store.listOf(customer.id, limit);
    return found
      .filter((conversation) => isOf(conversation, customer))
      .map(({ id, createdAt, updatedAt }) => ({ conversationId: id, createdAt, updatedAt }));
  }

  async newest(customer: Customer): Promise<string | undefined> {
    return (await this.list(customer, { limit: 1 }))[0]?.conversationId;
  }

  async page(customer: Customer, request: ParsedRequest<"conversation-page">): Promise<EventPage> {
    const conversation = await this.#own(customer, request.conversationId);
    const { store, page } = this.#ports;
    const events = await readPage(store, page, { id: conversation.id, before: request.before });
    return { events: events.map(customerView), more: (events[0]?.seq ?? 1) > 1 };
  }

  async send(customer: Customer, request: ParsedRequest<"message-send">, spoken?: Spoken): Promise<Written> {
    const assistant = this.#assistant(customer);
    const { conversationId, messageId, text, via, view } = request;
    if (text.length > assistant.limits.messageCharacters) {
      throw new RequestError("too-long", {
        detail: `It may have ${assistant.limits.messageCharacters} characters and has ${text.length}.`,
      });
    }
    const { runner } = this.#ports;
    // Overload first delays the first word of new answers, so new messages are refused; nothing that was taken waits
    // for ever.
    if (runner.isBusy(conversationId, customer.assistant, assistant.limits.concurrentTurns))
      throw new RequestError("busy", { retryAfterMs: BUSY_MS });
    // A stranger's message takes no lease and no place.
    await this.#find(customer, conversationId);
    if (view !== undefined) await viewedCall(this.#ports.store, conversationId, view);
    const said = { type: "message-received", messageId, text, by: actor(customer), sessionId: customer.sessionId } as const;
    const from = { ...(via === undefined ? {} : { via }), ...(view === undefined ? {} : { view }) };
    const event = { ...said, ...from, ...(spoken === undefined ? {} : { spoken }) };
    const kept = this.#append(conversationId, event, creation(assistant, customer));
    runner.expect(conversationId, customer.assistant, kept);
    const written = await kept;
    runner.wake(conversationId, customer.assistant, written.seq);
    return written;
  }

  async stop(customer: Customer, request: ParsedRequest<"turn-stop">): Promise<void> {
    const conversation = await this.#own(customer, request.conversationId);
    const { store, runner } = this.#ports;
    const { turnId } = request;
    const turn = await findTurn(store, conversation.id, turnId);
    if (turn.ended) return;
    await this.#append(conversation.id, { type: "stop-requested", turnId, by: actor(customer) });
    runner.stop(conversation.id, customer.assistant, turnId);
  }

  async retry(customer: Customer, request: ParsedRequest<"turn-retry">): Promise<Written> {
    const conversation = await this.#own(customer, request.conversationId);
    const { turnId } = request;
    const turn = await findTurn(this.#ports.store, conversation.id, turnId);
    if (turn.retriedSeq === undefined)
      throw new RequestError("unknown-turn", { detail: "Only the newest answer can be tried again, when it failed." });
    if (turn.retriedSeq > 0) return { seq: turn.retriedSeq };
    const written = await this.#append(conversation.id, { type: "retry-requested", turnId, messageId: turn.messageId });
    this.#wake(conversation);
    return written;
  }

  async askForPerson(customer: Customer, { conversationId }: ParsedRequest<"person-ask">): Promise<Written> {
    const people = peopleOf(this.#assistant(customer));
    if (people === undefined) throw new RequestError("no-people");
    const found = await this.#find(customer, conversationId);
    if (found?.person !== undefined || found?.askedAt !== undefined) return { seq: found.lastSeq };
    const open = isOpen(people.hours, this.#ports.clock.now());
    return this.#tell(customer, conversationId, { type: "person-asked", by: actor(customer), open });
  }

  async leaveContact(customer: Customer, request: ParsedRequest<"contact-leave">): Promise<Written> {
    if (peopleOf(this.#assistant(customer))?.takeContact !== true) throw new RequestError("no-people");
    const { conversationId, contactId, email, text } = request;
    await this.#find(customer, conversationId);
    const said = text === undefined ? {} : { text };
    return this.#tell(customer, conversationId, { type: "contact-left", contactId, email, ...said, by: actor(customer) });
  }

  async giveFeedback(customer: Customer, request: ParsedRequest<"feedback-give">): Promise<Written> {
    const conversation = await this.#own(customer, request.conversationId);
    const { turnId, rating } = request;
    if (this.#assistant(customer).feedback === false) throw new RequestError("not-rated");
    await findEndedTurn(this.#ports.store, conversation.id, turnId);
    const comment = rating === "none" ? undefined : request.comment?.trim();
    const event = { type: "feedback-given", turnId, rating, by: actor(customer) } as const;
    return this.#append(conversation.id, comment ? { ...event, comment } : event);
  }

  async readCall(customer: Customer, request: ParsedRequest<"call-read">): Promise<CallDetails> {
    await this.#own(customer, request.conversationId);
    return readCallDetails(this.#ports.store, request, this.#assistant(customer).trace);
  }

  async decide<N extends DecisionName>(customer: Customer, name: N, request: ParsedRequest<N>, spoken?: SpokenEvidence): Promise<Written> {
    const conversation = await this.#own(customer, request.conversationId);
    const { assistants, approvers } = this.#ports;
    const deciding = { permission: permissionNow(assistants), approvers, ...(spoken === undefined ? {} : { spoken }) };
    const seq = await decide(this.#ports, customerDecision(name, request, actor(customer), deciding));
    this.#wake(conversation);
    return { seq };
  }

  async startConnection(customer: Customer, request: ParsedRequest<"connection-start">): Promise<{ url: string; proof: string }> {
    const conversation = await this.#own(customer, request.conversationId);
    const onDone = () => this.#wake(conversation);
    const { requestId } = request;
    return startSignIn(this.#ports, conversation, { assistant: this.#assistant(customer), requestId, onDone });
  }

  async lookAtConnection(customer: Customer, request: ParsedRequest<"connection-look">): Promise<{ declined: boolean }> {
    const { conversationId, requestId } = request;
    await this.#own(customer, conversationId);
    return { declined: await this.#ports.signIns.wasDeclined({ customerId: customer.id, conversationId, requestId }) };
  }

  async listConnections(customer: Customer): Promise<readonly CustomerConnection[]> {
    return this.#ports.signIns.list(customer.id, this.#assistant(customer));
  }

  async removeConnection(customer: Customer, connectionId: string): Promise<void> {
    await this.#ports.signIns.remove(customer.id, connectionId);
  }

  async typing(customer: Customer, { conversationId }: ParsedRequest<"typing">): Promise<void> {
    const { person } = await this.#own(customer, conversationId);
    if (person === undefined) return;
    this.#ports.typing.tell({ conversationId, by: actor(customer), what: "message", forCustomer: false });
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #wake(conversation: Conversation): void {
    this.#ports.runner.wake(conversation.id, assistantName(conversation));
  }

  /** What the customer wants of the staff, in a conversation that may begin with it. */
  async #tell(customer: Customer, conversationId: string, event: EventDraft): Promise<Written> {
    const written = await this.#append(conversationId, event, creation(this.#assistant(customer), customer));
    this.#ports.runner.wake(conversationId, customer.assistant, written.seq);
    return written;
  }

  #assistant(customer: Customer): Assistant {
    return assistantOf(this.#ports.assistants, customer);
  }

  async #append(conversationId: string, event: EventDraft, create?: NonNullable<Append["create"]>): Promise<Written> {
    const { journal, clock } = this.#ports;
    const appended = await journal.append({
      conversationId,
      events: [event],
      at: clock.now(),
      ...(create === undefined ? {} : { create }),
    });
    return { seq: appended.repeated ?? appended.events[0]?.seq ?? 0 };
  }

  #find(customer: Customer, conversationId: string): Promise<Conversation | undefined> {
    return findOwn(this.#ports.store, customer, conversationId);
  }

  #own(customer: Customer, conversationId: string): Promise<Conversation> {
    return ownConversation(this.#ports.store, customer, conversationId);
  }
}
