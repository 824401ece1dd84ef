import type { Media } from "../../protocol/content.ts";
import type { WireError } from "../../protocol/errors.ts";
import type { Actor, EventOf, Outcome, Refusal, ToolReference, VisibleEvent } from "../../protocol/events.ts";
import type { ProgressFrame, Trace, TypingFrame, VoiceOffer, WelcomeFrame } from "../../protocol/frames.ts";
import type { Via } from "../../protocol/identifiers.ts";
import type { ShownStatus } from "../../protocol/shown-status.ts";

/**
 * What events alone decide. `reduceEvent` makes it, and the thread carries it whole: a new state of the conversation
 * needs a member here, its beginning in `NOTHING_FOLDED`, and its events in `reduceEvent`.
 */
export interface Folded {
  /** In the order they are drawn, which is the order in which they began. */
  readonly turns: readonly Turn[];
  /** Stored messages that wait for their turn. Nothing to draw: they are in the thread's `queued`. */
  readonly waiting: readonly CustomerMessage[];
  /** The member of the staff who answers; undefined: the assistant does, as far as this page knows. */
  readonly person?: Actor | undefined;
  /** A person writes a reply at this moment. Gone by itself when they stop, and with the reply. */
  readonly typing?: TypingFrame | undefined;
}

/** What a member of the team did, or was asked for, as the customer sees it. */
export type PersonEvent = EventOf<"person-asked" | "contact-left" | "person-joined" | "reply-sent" | "handed-back" | "conversation-closed">;

/** A voice call began or ended. */
export type VoiceCallEvent = EventOf<"voice-call-started" | "voice-call-ended">;
/** An answer that was said aloud was cut. */
export type SpeechCut = EventOf<"speech-cut">;

/**
 * What the thread shows, computed from frames alone by `reduce`. Nothing in it is ever changed in place: a new object
 * means "draw again".
 */
export interface ThreadState extends Folded {
  readonly conversationId: string;
  /** The newest event that was taken in; the next one has `lastSeq + 1`. */
  readonly lastSeq: number;
  /** The oldest event that was taken in, and whether there are older ones to page in. */
  readonly firstSeq: number;
  readonly more: boolean;
  /** `unreached`: this page never had a connection, and tries have failed for a while. */
  readonly connection: "connecting" | "unreached" | "online" | "reconnecting" | "offline" | "refused";
  /** Why the server refused the connection, when `connection` is `refused`. */
  readonly refusal?: WireError;
  readonly assistant?: AssistantInfo;
  /** Drawn after the turns: messages that wait for their turn, then messages not yet acknowledged. */
  readonly queued: readonly CustomerMessage[];
  /** Server clock minus ours, milliseconds. */
  readonly clockOffsetMs: number;
  /**
   * Whether the conversation was read from the server at least once: before that, an empty thread means "not known
   * yet".
   */
  readonly opened: boolean;
  /** The reducer's own memory; nothing to draw. */
  readonly ledger: Ledger;
}

/** What `reduce` has to remember beside what is drawn. */
export interface Ledger {
  /**
   * Every event taken in that means something to a reader, in order: an older page is put before them and all are
   * folded anew.
   */
  readonly events: readonly VisibleEvent[];
  /** The newest event that was heard of. Beyond `lastSeq`: some were lost on the way. */
  readonly heardSeq: number;
  /** A piece of running text was lost on the way. */
  readonly textMissed: boolean;
  /** This browser's messages that are not yet acknowledged. */
  readonly outbox: readonly CustomerMessage[];
}

export interface AssistantInfo {
  readonly name: string;
  readonly greeting?: string;
  readonly starters: readonly string[];
  readonly trace: Trace;
  readonly messageCharacters: number;
  /** Absent: the customer cannot ask for a person. */
  readonly people?: PeopleInfo;
  /** Whether answers may be rated. */
  readonly feedback?: boolean;
  /** Absent: the customer cannot call. */
  readonly voice?: VoiceOffer;
}

export type PeopleInfo = NonNullable<WelcomeFrame["assistant"]["people"]>;

export interface CustomerMessage {
  readonly messageId: string;
  readonly text: string;
  /** When it was written, milliseconds since 1970. */
  readonly at: number;
  /**
   * `sending`: in the outbox; `queued`: stored, an earlier answer is still running; `failed`: refused, `error` says
   * why. `sending` with an `error`: the server asked to wait, it is sent again by itself.
   */
  readonly status: "sending" | "queued" | "stored" | "failed";
  readonly error?: WireError;
  /** It was said aloud. */
  readonly isSpoken?: true;
  /** Who sent it in the customer's name. Absent: they did. */
  readonly via?: Via;
}

/**
 * One message and its answer. `message` is missing if it is before the page that was read, and in another try, whose
 * message is drawn with the first.
 */
export interface Turn {
  readonly turnId: string;
  readonly message?: CustomerMessage;
  readonly parts: readonly Part[];
  readonly status: "running" | "waiting" | "done" | "stopped" | "failed";
  /** A code of TURN_ERRORS when `status` is `failed`. */
  readonly error?: string;
  readonly endedAt?: number;
  readonly stopping: boolean;
  /** The customer asked for another try, which has (or waits for) a turn of its own: no "Try again" here any more. */
  readonly retried?: boolean;
  /** Not a turn of the assistant's: what a person did, and their reply in `parts`. */
  readonly person?: PersonEvent;
  /** Not a turn of the assistant's: a voice call began or ended. */
  readonly voiceCall?: VoiceCallEvent;
  /** Where its answer was cut while it was said aloud. */
  readonly cuts?: readonly SpeechCut[];
  /** They have left an address since they asked. */
  readonly contactLeft?: true;
  /** What the customer thinks of it. Absent and `none`: nothing. */
  readonly rating?: "up" | "down" | "none";
  /** The turn began before the oldest page that was read: its first parts are missing. */
  readonly partial?: boolean;
}

export type Part = TextPart | CallPart;

/** What the model said in one step. While `open`, text grows at the end only. */
export interface TextPart {
  readonly kind: "text";
  readonly step: number;
  readonly text: string;
  readonly open: boolean;
  readonly cut?: "stopped" | "broken";
}

export interface CallPart {
  readonly kind: "call";
  readonly callId: string;
  readonly step: number;
  readonly tool: ToolReference;
  readonly status: ShownStatus;
  /** What people were asked before the call went on, oldest first; several may wait at once. */
  readonly cards: readonly Card[];
  readonly progress?: ProgressFrame;
  readonly startedAt?: number;
  readonly outcome?: Outcome;
  readonly refusal?: Refusal;
  readonly durationMs?: number;
  readonly media: readonly Media[];
  /** Its server can show it by a page of its own. */
  readonly hasView?: true;
  /** A view made it, and reads its result: the assistant has not asked for it. */
  readonly isByView?: true;
  readonly settled?: { readonly outcome: "ok" | "failed"; readonly by: Actor; readonly note?: string };
}

/** How a request was decided, on top of the request itself as the journal has it. */
interface Decided<Status extends string> {
  readonly status: "waiting" | Status;
  readonly by?: Actor;
  readonly reason?: string;
  readonly decidedAt?: number;
  /**
   * This tab's own decision on its way, or what the server said to it (`already-decided`, `request-over`,
   * `unfit-answer` …).
   */
  readonly deciding?: string;
  readonly error?: WireError;
}

/** May this call run? */
export type ApprovalCard = EventOf<"approval-requested"> &
  Decided<EventOf<"approval-decided">["decision"]> & {
    /** What was asked for, where the team changed the arguments before they approved: `fields` are what ran. */
    readonly before?: EventOf<"approval-requested">["fields"];
  };
/** The call needs the customer's own sign-in at the server. */
export type ConnectionCard = EventOf<"connection-requested"> & Decided<EventOf<"connection-decided">["decision"]>;
/** The server asks something: a form, or a page to visit. */
export type InputCard = EventOf<"input-requested"> & Decided<EventOf<"input-decided">["action"]>;
/** Something a person is asked, and what they decided. `type` says which. */
export type Card = ApprovalCard | ConnectionCard | InputCard;
