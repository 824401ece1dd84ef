/**
 * What the conversation needs from the rest of the server, declared by its user. Makers live in `model/`, `tools/`, `store/`, `live/`; `main.ts` joins
 * them. Each port has one contract test that all of its makers run (`test/contract/`).
 */
import type { ToolContent } from "../../protocol/content.ts";
import type { EventDraft, JournalEvent, ToolReference, Usage } from "../../protocol/events.ts";
import type { CustomerConnection, ProgressFrame, TextFrame } from "../../protocol/frames.ts";
import type { InputField, InputValue } from "../../protocol/input-fields.ts";
import type { Assistant, ModelSettings } from "./assistant.ts";

// ─── Store ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One customer talking with one assistant. */
export interface Conversation {
  readonly id: string;
  readonly assistant: string;
  readonly customerId: string;
  readonly lastSeq: number;
  /** Where the oldest message without an ended turn lies: recovery reads from here. */
  readonly openSeq: number;
  /** The newest `summary-written` event, 0 without one. */
  readonly summarySeq: number;
}

/** The right of one node to run a conversation's turn. `fence` grows with every lease; an append under an older one is refused. */
export interface Lease {
  readonly conversationId: string;
  readonly fence: number;
}

export interface Append {
  readonly conversationId: string;
  readonly events: readonly EventDraft[];
  readonly at: number;
  /** Absent: an entry from outside a run (a message, a decision, Stop). */
  readonly lease?: Lease;
  /** The journal's last number as the writer knows it, where that decides: an answer is taken once, whoever else answers or gives up in the same moment. */
  readonly afterSeq?: number;
  /** Full results of `tool-call-ended` events in `events`, by call id. */
  readonly results?: Readonly<Record<string, StoredResult>>;
  /** Calls whose results are not kept longer: their stored results are deleted. */
  readonly forgetResults?: readonly string[];
  /** Makes the conversation with the first entry. An existing one of another customer or assistant refuses it (`ConversationTakenError`). */
  readonly create?: { readonly assistant: string; readonly customerId: string };
}

export interface StoredResult {
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
}

/** An approval as decisions need it. */
export interface StoredApproval {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly callId: string;
  readonly turnId: string;
  readonly status: "waiting" | "approved" | "rejected" | "expired" | "withdrawn" | "consumed";
  readonly approver: "customer" | "staff" | "either";
  readonly argumentsHash: string;
  readonly rememberable: boolean;
  readonly expiresAt: number;
}

/** "Approve for this conversation": a standing approval of one tool in exactly one definition. */
export interface Grant {
  readonly server: string;
  readonly tool: string;
  readonly definitionHash: string;
}

/**
 * The journal's keeping. An append is one transaction that numbers the events and moves everything derived from them:
 *
 * - `message-received`: a repeated `messageId` changes nothing; the answer has `repeated` with the first one's number.
 * - `approval-requested`: keeps the approval as `waiting`.
 * - `approval-decided`: only a `waiting` approval takes a decision, else `ApprovalTakenError` and nothing is written. A decision `approved`
 *   at or after `expiresAt` is refused likewise. With scope `conversation` the grant is kept.
 * - `tool-call-started` with an `approvalId`: turns `approved` to `consumed`, else `ApprovalTakenError` and nothing is written.
 * - `summary-written`: moves `summarySeq`.
 *
 * With `afterSeq`, an append is refused with `JournalMovedError` when the journal has grown past it; nothing is written then.
 *
 * Every method's cost is independent of the conversation's length, but for what a read returns.
 */
export interface Store {
  /** Throws `LeaseLostError`, `JournalMovedError`, `ApprovalTakenError`, `ConversationTakenError`, `ConversationMissingError`. */
  append(append: Append): Promise<Appended>;
  find(conversationId: string): Promise<Conversation | undefined>;
  /** Events with `from <= seq`, ascending, at most `limit`. */
  readFrom(conversationId: string, from: number, limit: number): Promise<readonly JournalEvent[]>;
  /** The last `limit` events with `seq < before`, ascending. */
  readBefore(conversationId: string, before: number, limit: number): Promise<readonly JournalEvent[]>;
  readResult(conversationId: string, callId: string): Promise<StoredResult | undefined>;
  /** The `tool-call-proposed` event of a call. */
  findCall(conversationId: string, callId: string): Promise<JournalEvent | undefined>;
  findApproval(approvalId: string): Promise<StoredApproval | undefined>;
  grants(conversationId: string): Promise<readonly Grant[]>;
  /** Takes the lease if nobody else's is still good; undefined otherwise. */
  acquireLease(request: {
    conversationId: string;
    holder: string;
    now: number;
    untilMs: number;
  }): Promise<{ lease: Lease; conversation: Conversation } | undefined>;
  /** False: the lease is lost. */
  renewLease(lease: Lease, untilMs: number): Promise<boolean>;
  /**
   * Gives the lease back and says when to look again: `wakeAt` undefined means when something is appended. False, and the lease is kept, when
   * the journal has grown past `seenSeq` meanwhile. Throws `LeaseLostError` when it is not this holder's any more.
   */
  releaseLease(lease: Lease, state: { seenSeq: number; openSeq: number; wakeAt?: number; runnable: boolean }): Promise<boolean>;
  /** Conversations with work and nobody at it: something unanswered, or `wakeAt` reached. */
  listDue(now: number, limit: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Appended {
  readonly events: readonly JournalEvent[];
  /** The number of the earlier event when `message-received` was a repeat; `events` is empty then. */
  readonly repeated?: number;
}

// ─── Model ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The prompt in the words of no provider. */
export type PromptMessage =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls: readonly PromptToolCall[] }
  | { readonly role: "tool"; readonly modelCallId: string; readonly name: string; readonly text: string; readonly failed: boolean };

export interface PromptToolCall {
  readonly modelCallId: string;
  readonly name: string;
  /** JSON text of an object. */
  readonly argumentsText: string;
}

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly OfferedTool[];
  /** `none`: the tools are told, but may not be called in this step. */
  readonly toolChoice: "auto" | "none";
  readonly maxOutputTokens: number;
}

export type ModelPart =
  | { readonly type: "text"; readonly text: string }
  /** Complete once yielded; `argumentsText` is whatever the model wrote, perhaps not JSON. */
  | { readonly type: "tool-call"; readonly modelCallId: string; readonly name: string; readonly argumentsText: string }
  | { readonly type: "finish"; readonly reason: "stop" | "tool-calls" | "length" | "refused"; readonly usage: Usage };

/** A language model. The iterable ends after exactly one `finish`, or throws `ModelError`, or the signal's reason when aborted. */
export interface Model {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>;
}

/** Makes the model of an assistant's settings; cached by the maker. Throws `ModelError` of kind `misconfigured`. */
export interface Models {
  of(settings: ModelSettings): Promise<Model>;
}

export type ModelErrorKind =
  /** Wrong key, unknown model, bad request: trying again does not help. */
  | "misconfigured"
  | "rate-limited"
  | "overloaded"
  | "context-overflow"
  | "refused"
  /** The stream ended or failed in the middle. */
  | "broken"
  | "unreachable";

/** A model call that failed. `message` is the cause for staff; it never has a key in it. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly kind: ModelErrorKind;
  /** What the provider said about when to come back. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: ModelErrorKind, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

// ─── Tools ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Something the model may call. */
export interface Tool {
  /** The name the model sees, unique in its toolbox. */
  readonly name: string;
  readonly reference: ToolReference;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** SHA-256 over the canonical JSON of the definition (name, title, description, schemas, annotations). */
  readonly definitionHash: string;
  /** New at its source, and nobody has looked at it yet: it asks before each call, whatever the connector allows. */
  readonly alwaysAsks?: boolean;
  /** Undefined: the arguments fit. Otherwise what is wrong with them, for the model. */
  check(input: Readonly<Record<string, unknown>>): string | undefined;
  /** The sign-in that has to be done before the call; undefined: none. Absent: this tool never needs one. Never throws. */
  needsConnection?(): Promise<ConnectionNeed | undefined>;
  /** Never throws: whatever happens is a result. */
  call(input: Readonly<Record<string, unknown>>, context: CallContext): Promise<ToolResult | ToolPause | ConnectionNeeded>;
}

/** Why a step or a call is interrupted. `stop`: the customer. `time`: the turn's budget. `shutdown`, `lease`: this run must leave; the journal keeps the rest. */
export type Interruption = "stop" | "time" | "shutdown" | "lease";

export interface CallContext {
  readonly callId: string;
  /**
   * Aborted with a reason (`Interruption`): with `stop` and `time` the tool is told to cancel; with `shutdown` and `lease` this process leaves, and a task,
   * which another run goes on with, is left alone.
   */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { progress: number; total?: number; message?: string }) => void;
  /** A question of the server while the call runs (legacy era). Resolves when a person answered, the time is over or the turn is stopped; never rejects. */
  readonly ask: (request: InputRequest) => Promise<InputAnswer>;
  /** The server wants our model to say something; refused unless an admin allowed it. Never rejects. */
  readonly sample: (request: SamplingRequest) => Promise<SamplingAnswer>;
  /** The server took the call as a task. Resolves once that is in the journal; poll only then. */
  readonly onTask: (task: TaskHandle) => Promise<void>;
  /** What the call goes on with, where it does not begin. */
  readonly continuation?: Continuation;
}

export interface ConnectionNeed {
  readonly server: string;
  readonly serverName: string;
  readonly scopes: readonly string[];
  readonly reason: "first" | "expired" | "scope";
}

/** The server refused the sign-in, so the call certainly did nothing. */
export interface ConnectionNeeded {
  readonly outcome: "needs-connection";
  readonly need: ConnectionNeed;
}

/** The server keeps nothing and wants answers first (`input_required`, revision 2026-07-28). */
export interface ToolPause {
  readonly outcome: "paused";
  readonly requestState?: string;
  /** By the server's key of the question. */
  readonly inputs: Readonly<Record<string, InputRequest | SamplingRequest>>;
}

export type InputRequest =
  | { readonly kind: "form"; readonly message: string; readonly fields: readonly InputField[] }
  | { readonly kind: "url"; readonly message: string; readonly url: string };

export interface InputAnswer {
  readonly kind: "input";
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Readonly<Record<string, InputValue>>;
}

export interface SamplingRequest {
  readonly kind: "sampling";
  readonly system?: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  readonly maxTokens: number;
  /** What the admin lets this server use in one call; 0: sampling is not allowed. */
  readonly tokenBudget: number;
  /** As of the server's results: with `redacted` or `none` its words are not written down, which may be a result's. Absent: `full`. */
  readonly keep?: "full" | "redacted" | "none";
}

export type SamplingAnswer =
  | { readonly kind: "sampled"; readonly model: string; readonly text: string; readonly stopReason: "endTurn" | "maxTokens" }
  | { readonly kind: "refused"; readonly cause: string };

export interface TaskHandle {
  readonly taskId: string;
  readonly pollMs: number;
  readonly keptUntil?: number;
}

export type Continuation =
  | {
      readonly kind: "answers";
      readonly requestState?: string;
      readonly answers: Readonly<Record<string, InputAnswer | SamplingAnswer>>;
    }
  | { readonly kind: "task"; readonly task: TaskHandle };

export interface ToolResult {
  /** `unknown`: the request may have arrived, and no answer came. */
  readonly outcome: "ok" | "failed" | "cancelled" | "unknown";
  readonly content: readonly ToolContent[];
  readonly structured?: unknown;
  /** The cause for staff, when not `ok`. */
  readonly cause?: string;
  /**
   * How much of it outlives the turn. `redacted`: its shape, with every value masked. `none`: outcome and size. The model reads it whole until the turn ends.
   * Absent: `full`.
   */
  readonly keep?: "full" | "redacted" | "none";
}

/** The tools of one conversation, as they are now. */
export interface Toolbox {
  readonly tools: readonly Tool[];
  /** Servers that could not be used. */
  readonly unavailable: readonly { readonly server: string; readonly serverName: string; readonly cause: string }[];
}

export interface Tools {
  /**
   * The tools of an assistant for a conversation: fetched when it starts, and again when a server said that they changed or their time to live is over;
   * otherwise as they were. Never throws for a server that is down.
   */
  open(request: {
    assistant: Assistant;
    conversationId: string;
    /** Whose personal connections are used. */
    customerId: string;
    sessionId: string;
    signal: AbortSignal;
  }): Promise<Toolbox>;
  /** Nothing is running in the conversation: connections may be closed after a while. */
  rest(conversationId: string): void;
  close(): Promise<void>;
}

// ─── Sign-ins ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The customers' own sign-ins at MCP servers; made by `connections/`. */
export interface SignIns {
  /**
   * Begins a sign-in. `proof` is known to the page that asked only. Whether and when it is done comes by `onConnected`, which the maker was given. Throws
   * `RequestError` `sign-in-unavailable` with what is wrong as its detail.
   */
  begin(request: {
    customerId: string;
    assistant: Assistant;
    conversationId: string;
    requestId: string;
    server: string;
    scopes: readonly string[];
  }): Promise<{ url: string; proof: string }>;
  list(customerId: string, assistant: Assistant): Promise<readonly CustomerConnection[]>;
  /** Revokes it at the server where that is possible, and forgets it in any case. Throws `RequestError` `unknown-connection`. */
  remove(customerId: string, connectionId: string): Promise<void>;
}

// ─── Room ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whoever listens to a conversation, each in their own view. Never throws, never blocks. */
export interface Room {
  events(conversationId: string, events: readonly JournalEvent[]): void;
  text(frame: TextFrame): void;
  progress(frame: ProgressFrame): void;
}

// ─── The rest ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Assistants {
  /** As configured at this moment. */
  find(key: string): Assistant | undefined;
}

/** Time, ids and chance, so that tests decide them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `ms`; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
  id(): string;
  /** 0 ≤ random < 1. */
  random(): number;
}

export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Counters for `/metrics`. */
export interface Meter {
  /** A run took a conversation up, and gave it back: to its end, or to rest until a person decides. */
  runStarted(assistant: string): void;
  runEnded(assistant: string): void;
  turnEnded(assistant: string, outcome: string, durationMs: number): void;
  stepEnded(assistant: string, usage: Usage, firstTokenMs: number | undefined): void;
  toolCalled(server: string, outcome: string, durationMs: number): void;
}
