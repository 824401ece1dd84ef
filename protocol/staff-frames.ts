/**
 * The staff line: socket.io events with acknowledgements, beside the customers' (`frames.ts`) and at its own path.
 * Browsers come with the session of the console, programs with an API key in the hello.
 *
 * Order on one socket: the handshake's `auth` is as `staffHelloSchema` has it; the server answers with `welcome` before anything else,
 * or refuses with a `connect_error` whose `data` is a `WireError`. Then any number of requests, each acknowledged with
 * `Reply<…>`. A session that ends, a key that is revoked and rights that are taken away end the socket at once, after an
 * `ended` frame.
 */
import * as z from "zod";
import type { JournalEvent } from "./events.ts";
import type { ProgressFrame, Reply, RunningText, TextFrame } from "./frames.ts";
import { idSchema } from "./identifiers.ts";

/** socket.io path on the server. */
export const STAFF_LINE_PATH = "/staff-line";

/** The version of the staff line; what makes it grow is said at `PROTOCOL_VERSION`. */
export const STAFF_LINE_VERSION = 1;

/** Typing is said again while it goes on; whoever reads a frame shows it for so long. */
export const TYPING_SHOWN_MS = 6_000;

export const staffHelloSchema = z.object({
  version: z.int(),
  /** An API key, `fd_…`. Absent: the session's cookie, or an `Authorization` header, says who it is. */
  key: z.string().max(200).optional(),
});

export const staffRequestSchemas = {
  /** Watch a conversation and get what was missed: events after `after`, or, without it, the last page. */
  "conversation-open": z.object({ conversationId: idSchema, after: z.int().min(0).optional() }),
  /** Older events: the page that ends before `before`. */
  "conversation-page": z.object({ conversationId: idSchema, before: z.int().min(1) }),
  /** Watch it no longer. */
  "conversation-leave": z.object({ conversationId: idSchema }),
  /** From now on `inbox` frames say which conversations change. */
  "inbox-watch": z.object({}),
  "inbox-leave": z.object({}),
  /** What this socket does in a conversation that it watches, for the others who watch it. */
  presence: z.object({ conversationId: idSchema, doing: z.enum(["looking", "writing", "nothing"]) }),
  /** Somebody writes, in a conversation that this socket watches. Say it again every 3 s while it goes on. */
  typing: z.object({ conversationId: idSchema, what: z.enum(["reply", "note"]) }),
} as const;

export type StaffRequestName = keyof typeof staffRequestSchemas;
export type StaffRequestFrame<N extends StaffRequestName> = z.input<(typeof staffRequestSchemas)[N]>;
export type ParsedStaffRequest<N extends StaffRequestName> = z.output<(typeof staffRequestSchemas)[N]>;

/** Who is on the line. `kind` `key`: a program. */
export interface StaffWelcome {
  readonly version: number;
  readonly staff: { readonly kind: "person" | "key"; readonly id: string; readonly name: string };
  /** Requests that this member's role, or this key's scopes, include. */
  readonly may: readonly StaffRequestName[];
  /** The server's clock (milliseconds since 1970). */
  readonly now: number;
}

/** An event whole, with what customers are not shown; of what the model thought only its words, where staff may read them. */
export type StaffEvent = JournalEvent & { readonly thoughtsText?: string };

export interface StaffEventPage {
  readonly events: readonly StaffEvent[];
  /** Whether there are events before the first of this page. */
  readonly more: boolean;
}

/** Somebody who is there: one row, however many tabs they have open. */
export interface Presence {
  readonly id: string;
  readonly name: string;
  readonly doing: "looking" | "writing";
  /** An API key. */
  readonly program?: true;
}

export interface StaffConversation extends StaffEventPage {
  /** The newest `seq` of the journal. */
  readonly lastSeq: number;
  /** `after` was too far behind: this page is the last one, drop what you have. */
  readonly reset: boolean;
  readonly running?: RunningText;
  readonly progress: readonly ProgressFrame[];
  readonly assistant: string;
  readonly customer: string;
  /** Somebody tries out a draft in it; no customer does. */
  readonly preview?: true;
  /** Who of the staff answers in it; absent: the assistant does. */
  readonly person?: { readonly id: string; readonly name: string };
  readonly people: readonly Presence[];
}

export interface StaffReplies {
  "conversation-open": StaffConversation;
  "conversation-page": StaffEventPage;
  "conversation-leave": Record<string, never>;
  "inbox-watch": Record<string, never>;
  "inbox-leave": Record<string, never>;
  presence: Record<string, never>;
  typing: Record<string, never>;
}

/** One or more journal entries, in order, without gaps between them. */
export interface StaffEventsFrame {
  readonly conversationId: string;
  readonly events: readonly StaffEvent[];
}

/** A conversation that changed. */
export interface InboxChange {
  readonly conversationId: string;
  readonly assistant: string;
  readonly preview?: true;
  /** The newest event and its time; older ones may have come with it. */
  readonly seq: number;
  readonly at: number;
  /** The types of what happened, and names of what is beside the journal, such as `assignment`. */
  readonly what: readonly string[];
}

/** What changed within the last quarter of a second. `all`: so much, or something is gone, that lists are better read anew. */
export type InboxFrame = { readonly changes: readonly InboxChange[] } | { readonly all: true };

/** Everybody who is in a conversation now. */
export interface PresenceFrame {
  readonly conversationId: string;
  readonly people: readonly Presence[];
}

/** `message`: the customer writes one. It holds for `TYPING_SHOWN_MS`, or until the text itself comes. */
export interface StaffTypingFrame {
  readonly conversationId: string;
  readonly by: { readonly kind: "customer" | "staff"; readonly id: string; readonly name?: string };
  readonly what: "message" | "reply" | "note";
}

/** Why the server ends a socket: nobody is signed in there any more, or they may do less than when it was opened. */
export interface EndedFrame {
  readonly reason: "signed-out" | "rights-changed";
}

export interface StaffServerFrames {
  welcome: StaffWelcome;
  events: StaffEventsFrame;
  /** As on the customer line. Every piece has its ids: staff are few. */
  text: TextFrame;
  progress: ProgressFrame;
  inbox: InboxFrame;
  presence: PresenceFrame;
  typing: StaffTypingFrame;
  ended: EndedFrame;
}

/** Events of socket.io from server to client, for its typings. */
export type StaffServerToClient = { [N in keyof StaffServerFrames]: (frame: StaffServerFrames[N]) => void };
/** Events of socket.io from client to server, for its typings. */
export type StaffClientToServer = {
  [N in StaffRequestName]: (frame: StaffRequestFrame<N>, acknowledge: (reply: Reply<StaffReplies[N]>) => void) => void;
};
