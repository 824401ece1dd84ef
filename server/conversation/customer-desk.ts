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
import type { SpokenEvidence } from "./decisions/approval-decision.ts";

/** A customer on one page view, as the line identified them. */
export interface Customer {
  readonly id: string;
  /** Key of the assistant they talk with, or the name of its preview. */
  readonly assistant: string;
  readonly sessionId: string;
  /** Of the page that they write on, as it says. */
  readonly language?: string;
  readonly page?: string;
}

/** What was written: the number of its event in the journal. */
export interface Written {
  readonly seq: number;
}

/**
 * What a customer may do, whichever line they come by. Every method checks that the conversation is the customer's own,
 * and throws `RequestError` when it cannot do what is asked; nothing has changed then.
 */
export interface CustomerDesk {
  /** Whether the customer may listen: the conversation is theirs, or it does not exist yet. */
  canListen(customer: Customer, conversationId: string): Promise<boolean>;
  /**
   * What was missed after `after`, or the last page, and what is passing at this moment. Listen before you call this:
   * what is written while it reads comes as a frame of its own.
   */
  open(customer: Customer, request: ParsedRequest<"conversation-open">): Promise<OpenedConversation>;
  /** The customer's conversations, newest first. */
  list(customer: Customer, request: ParsedRequest<"conversations-list">): Promise<readonly CustomerConversation[]>;
  /** The id of the newest of them; undefined: there is none. */
  newest(customer: Customer): Promise<string | undefined>;
  page(customer: Customer, request: ParsedRequest<"conversation-page">): Promise<EventPage>;
  /**
   * Keeps the message; acknowledged only then. The same id again changes nothing. `spoken`: it was said in a voice call,
   * as the server's own voice line knows.
   */
  send(customer: Customer, request: ParsedRequest<"message-send">, spoken?: Spoken): Promise<Written>;
  /** Stops the running turn; one that has ended meanwhile stays as it is. */
  stop(customer: Customer, request: ParsedRequest<"turn-stop">): Promise<void>;
  /** Answers the message of a failed turn again. Only the newest turn can be tried again, and once at a time. */
  retry(customer: Customer, request: ParsedRequest<"turn-retry">): Promise<Written>;
  /** Asks for a person. Throws `no-people` where the assistant allows none. */
  askForPerson(customer: Customer, request: ParsedRequest<"person-ask">): Promise<Written>;
  /** Keeps an address to be answered at. */
  leaveContact(customer: Customer, request: ParsedRequest<"contact-leave">): Promise<Written>;
  /** Keeps what the customer thinks of an answer, where the assistant asks for it. */
  giveFeedback(customer: Customer, request: ParsedRequest<"feedback-give">): Promise<Written>;
  /** The raw call behind a row of Sources, as far as the assistant shows it. */
  readCall(customer: Customer, request: ParsedRequest<"call-read">): Promise<CallDetails>;
  /**
   * What the customer decides about a request for approval, a sign-in or a question; taken once, from whichever tab.
   * `spoken`: an approval was decided aloud.
   */
  decide<N extends DecisionName>(customer: Customer, name: N, request: ParsedRequest<N>, spoken?: SpokenEvidence): Promise<Written>;
  /** Begins the sign-in that a card asks for; `Desk.connected` reports its end. */
  startConnection(customer: Customer, request: ParsedRequest<"connection-start">): Promise<{ url: string; proof: string }>;
  /** Whether the last sign-in for this card ended because the customer declined. */
  lookAtConnection(customer: Customer, request: ParsedRequest<"connection-look">): Promise<{ declined: boolean }>;
  /** The customer's own connections, of this assistant's servers. */
  listConnections(customer: Customer): Promise<readonly CustomerConnection[]>;
  removeConnection(customer: Customer, connectionId: string): Promise<void>;
  /** The customer writes: told to whoever of the staff watches, while a person answers. */
  typing(customer: Customer, request: ParsedRequest<"typing">): Promise<void>;
}
