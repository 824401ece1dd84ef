/**
 * The customer line: socket.io events with acknowledgements. The client's requests are parsed by these schemas at the
 * border. Ids in them are the client's, so a repeat after a lost acknowledgement is harmless.
 *
 * Order on one socket: the handshake's `auth` is `HelloFrame`; the server answers with `welcome` before anything else,
 * or refuses with a `connect_error` whose `data` is a `WireError`. Then any number of requests, each acknowledged with
 * `Reply<…>`.
 */
import * as z from "zod";
import type { ToolContent } from "./content.ts";
import type { WireError } from "./errors.ts";
import type { VisibleEvent } from "./events.ts";
import { idSchema, keySchema, viaSchema } from "./identifiers.ts";
import { inputValueSchema } from "./input-fields.ts";
import type { EventsFrame, MoreFrame, ProgressFrame, RenewFrame, TextFrame, TypingFrame } from "./told-frames.ts";
import { type PageFrames, pageRequestSchemas, type PageReplies } from "./page-tools.ts";
import { type ViewReplies, viewRequestSchemas } from "./views.ts";

export type { EventsFrame, MoreFrame, ProgressFrame, RenewFrame, TextFrame, TypingFrame } from "./told-frames.ts";

/** How much of a tool call a customer may open. */
export const traceSchema = z.enum(["full", "summary", "hidden"]);
export type Trace = z.infer<typeof traceSchema>;

/** socket.io path on the server. */
export const LINE_PATH = "/line";

/** The longest token that says who a customer is. */
const IDENTITY_CHARACTERS = 8192;

export const helloSchema = z.object({
  version: z.int(),
  assistant: keySchema,
  /** The anonymous customer token of an earlier visit. Absent, or no longer good: the server makes one. */
  token: z.string().max(512).optional(),
  /** What the site's backend says of its customer: a signed JWT. Absent: an anonymous customer. */
  identity: z.string().max(IDENTITY_CHARACTERS).optional(),
  /** One page view; tells tabs apart in logs and in MCP headers. */
  sessionId: idSchema,
  /** Whether the reader knows `more` frames. Absent, as in the first widgets: all text comes in `text` frames. */
  more: z.boolean().optional(),
  /** Of the page, a BCP 47 tag: staff find conversations by it. What does not fit is no reason to refuse anybody. */
  language: z.string().max(35).optional().catch(undefined),
  /** The path of the page. Its origin is in the request; its query may be private. */
  page: z.string().max(300).optional().catch(undefined),
});
export type HelloFrame = z.infer<typeof helloSchema>;

export interface WelcomeFrame {
  readonly version: number;
  /** Keep it, send it with the next hello. */
  readonly token: string;
  readonly customerId: string;
  /** The site has said who the customer is. */
  readonly identified?: true;
  /** An identified customer's newest conversation, for a device that has none of theirs. */
  readonly newest?: string;
  readonly assistant: {
    readonly key: string;
    readonly name: string;
    readonly greeting?: string;
    readonly starters: readonly string[];
    readonly trace: Trace;
    /** Absent: the customer cannot ask for a person. */
    readonly people?: {
      /** What to say when nobody is there. */
      readonly outside?: string;
      /** Whether the customer may leave an address to be answered at. */
      readonly takeContact: boolean;
    };
    /** Whether customers may rate answers. Absent: no, as in older servers. */
    readonly feedback?: boolean;
    /** The customer may call. Absent: no. */
    readonly voice?: VoiceOffer;
  };
  readonly limits: { readonly messageCharacters: number };
  /** The server's clock, for remaining times (milliseconds since 1970). */
  readonly now: number;
}

/** How a call of this assistant is heard and spoken: by the server's engines, or by the browser's own. */
export interface VoiceOffer {
  readonly hearing: "server" | "browser";
  readonly speaking: "server" | "browser";
  /** A BCP 47 tag, for the browser's own. */
  readonly language?: string;
  /** The call will be recorded, and the customer is told so before it begins. */
  readonly recorded?: true;
}

export const requestSchemas = {
  /**
   * Listen to a conversation and get what was missed: events after `after`, or, without it, the last page. A
   * conversation that does not exist yet is empty; its first message makes it.
   */
  "conversation-open": z.object({ conversationId: idSchema, after: z.int().min(0).optional() }),
  /** Older events: the page that ends before `before`. */
  "conversation-page": z.object({ conversationId: idSchema, before: z.int().min(1) }),
  /** Stop listening. */
  "conversation-leave": z.object({ conversationId: idSchema }),
  "message-send": z.object({
    conversationId: idSchema,
    messageId: idSchema,
    text: z.string().min(1),
    /** The call whose view wrote it; the customer read it and pressed Send. Absent: the customer wrote it. */
    view: idSchema.optional(),
    via: viaSchema.catch(undefined),
  }),
  "approval-decide": z.object({
    conversationId: idSchema,
    approvalId: idSchema,
    decision: z.enum(["approved", "rejected"]),
    /** The `argumentsHash` of the card that was shown. */
    argumentsHash: z.string().max(128),
    scope: z.enum(["once", "conversation"]).default("once"),
    reason: z.string().max(500).optional(),
  }),
  "turn-stop": z.object({ conversationId: idSchema, turnId: idSchema }),
  "turn-retry": z.object({ conversationId: idSchema, turnId: idSchema }),
  /**
   * Begins the customer's own sign-in that a `connection-requested` asks for; the reply says which page to open in a
   * new window. That page asks the page that opened it for `proof`, so that nobody can be sent into somebody else's
   * sign-in.
   */
  "connection-start": z.object({ conversationId: idSchema, requestId: idSchema }),
  /** Asked when the window of a sign-in was closed: whether the customer declined there. */
  "connection-look": z.object({ conversationId: idSchema, requestId: idSchema }),
  /** A newer token of the same customer, for the line that is open. */
  "identity-renew": z.object({ identity: z.string().max(IDENTITY_CHARACTERS) }),
  /** The customer's conversations, newest first. */
  "conversations-list": z.object({ limit: z.int().min(1).max(100).default(20) }),
  /** Signing in itself decides `connected`; what a customer can say here is that they do not want to. */
  "connection-decide": z.object({ conversationId: idSchema, requestId: idSchema, decision: z.enum(["skipped"]) }),
  /** The customer's own connections, of this assistant's servers. */
  "connections-list": z.object({}),
  "connection-remove": z.object({ connectionId: idSchema }),
  /** The answer to an `input-requested`. */
  "input-decide": z.object({
    conversationId: idSchema,
    requestId: idSchema,
    action: z.enum(["accept", "decline", "cancel"]),
    content: z.record(z.string().max(200), inputValueSchema).optional(),
  }),
  /** The customer wants a person. Asked for already, or there: changes nothing. */
  "person-ask": z.object({ conversationId: idSchema }),
  /** The customer leaves an address to be answered at. */
  "contact-leave": z.object({
    conversationId: idSchema,
    contactId: idSchema,
    email: z.email().max(254),
    text: z.string().max(2000).optional(),
  }),
  /** What the customer thinks of an answer that has ended; `none` takes it back. The newest counts. */
  "feedback-give": z.object({
    conversationId: idSchema,
    turnId: idSchema,
    rating: z.enum(["up", "down", "none"]),
    comment: z.string().max(2000).optional(),
  }),
  /**
   * Wants a voice call; the token opens `/voice`, once. The same id again, within 10 s of its page's end, goes on with
   * that call. `takeOver`: what ends for it: `true`, whatever call the customer is in; an id, that call and no other.
   */
  "call-start": z.object({ conversationId: idSchema, voiceCallId: idSchema, takeOver: z.union([z.boolean(), idSchema]).default(false) }),
  /** The raw call behind a row of Sources, as far as the assistant's `trace` allows; `media` always. */
  "call-read": z.object({ conversationId: idSchema, callId: idSchema }),
  /** The customer writes, for the person who answers. Say it again every 3 s while it goes on. */
  typing: z.object({ conversationId: idSchema }),
  ...pageRequestSchemas,
  ...viewRequestSchemas,
} as const;

export type RequestName = keyof typeof requestSchemas;
/** The requests with which a customer decides what they were asked: all whose name says so. */
export type DecisionName = Extract<RequestName, `${string}-decide`>;
export type RequestFrame<N extends RequestName> = z.input<(typeof requestSchemas)[N]>;
export type ParsedRequest<N extends RequestName> = z.output<(typeof requestSchemas)[N]>;

/** A model step that is running: what it has said so far. `stream` as in `TextFrame`. */
export interface RunningText {
  readonly turnId: string;
  readonly step: number;
  readonly text: string;
  readonly stream?: number;
}

/** A run of events in order. */
export interface EventPage {
  readonly events: readonly VisibleEvent[];
  /** Whether there are events before the first of this page. */
  readonly more: boolean;
}

export interface OpenedConversation extends EventPage {
  /** The newest `seq` of the journal; 0 when the conversation does not exist yet. */
  readonly lastSeq: number;
  /** `after` was too far behind: this page is the last one, drop what you have. */
  readonly reset: boolean;
  readonly running?: RunningText;
  readonly progress: readonly ProgressFrame[];
}

export interface CallDetails {
  readonly callId: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
  /** The stored result was cut to this many bytes for the reading. */
  readonly cutToBytes?: number;
}

export interface Replies extends PageReplies, ViewReplies {
  "conversation-open": OpenedConversation;
  "conversation-page": EventPage;
  "conversation-leave": Record<string, never>;
  "message-send": { readonly seq: number };
  "approval-decide": { readonly seq: number };
  "turn-stop": Record<string, never>;
  "turn-retry": { readonly seq: number };
  "connection-start": { readonly url: string; readonly proof: string };
  "connection-look": { readonly declined: boolean };
  "connection-decide": { readonly seq: number };
  "identity-renew": Record<string, never>;
  "conversations-list": { readonly conversations: readonly CustomerConversation[] };
  "connections-list": { readonly connections: readonly CustomerConnection[] };
  "connection-remove": Record<string, never>;
  "input-decide": { readonly seq: number };
  "person-ask": { readonly seq: number };
  "contact-leave": { readonly seq: number };
  "feedback-give": { readonly seq: number };
  "call-start": { readonly token: string; readonly expiresInMs: number };
  "call-read": CallDetails;
  typing: Record<string, never>;
}

/** A conversation in its customer's own list. Times are milliseconds since 1970. */
export interface CustomerConversation {
  readonly conversationId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A sign-in of the customer at an MCP server. */
export interface CustomerConnection {
  readonly connectionId: string;
  readonly server: string;
  readonly serverName: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  readonly status: "connected" | "expired";
}

export type Reply<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly error: WireError };

export interface ServerFrames extends PageFrames {
  renew: RenewFrame;
  welcome: WelcomeFrame;
  events: EventsFrame;
  text: TextFrame;
  more: MoreFrame;
  progress: ProgressFrame;
  typing: TypingFrame;
}

/** Events of socket.io from server to client, for its typings. */
export type ServerToClient = { [N in keyof ServerFrames]: (frame: ServerFrames[N]) => void };
/** Events of socket.io from client to server, for its typings. */
export type ClientToServer = { [N in RequestName]: (frame: RequestFrame<N>, acknowledge: (reply: Reply<Replies[N]>) => void) => void };
