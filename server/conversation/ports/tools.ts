/** The port of tools. Its words (tool, tool call, MCP server, input) are in docs/words.md. */
import type { ToolContent } from "../../../protocol/content.ts";
import type { ToolReference } from "../../../protocol/events.ts";
import type { InputField, InputValue } from "../../../protocol/input-fields.ts";
import type { Assistant } from "./assistant.ts";
import type { CustomerFacts, FactValue } from "./customer-facts.ts";

/**
 * The tool servers that are ours: no MCP server has one of these keys, and a connector names all tools of one by its
 * key. `name` is what people read, `source` what customers and staff tell its tools by. `isShared`: all assistants have
 * the same tools, which are shared with people like a server; otherwise each assistant has its own.
 */
export const OWN_SERVERS = {
  http: { name: "HTTP tools", source: "http", isShared: true },
  device: { name: "Devices", source: "device", isShared: false },
  page: { name: "The page", source: "page", isShared: false },
} as const satisfies Readonly<
  Record<string, { readonly name: string; readonly source: ToolReference["source"]; readonly isShared: boolean }>
>;

export type OwnServer = keyof typeof OWN_SERVERS;

export function isOwnServer(server: string): server is OwnServer {
  return Object.hasOwn(OWN_SERVERS, server);
}

const DEVICES_OF = "device@";

/** The server of a connector to the devices of another assistant. No MCP server can have this key. */
export function devicesServer(assistant: string): string {
  return `${DEVICES_OF}${assistant}`;
}

/** The assistant of such a server. Undefined: it is none. */
export function devicesAssistant(server: string): string | undefined {
  return server.startsWith(DEVICES_OF) ? server.slice(DEVICES_OF.length) : undefined;
}

/** Something the model may call. */
export interface Tool {
  /** The name the model sees, unique in its toolbox. */
  readonly name: string;
  readonly reference: ToolReference;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** SHA-256 over the canonical JSON of the definition (name, title, description, schemas, annotations). */
  readonly definitionHash: string;
  /** What its source says of its results and of what it does; for those who offer the tool to others. Absent: nothing. */
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
  /** Arguments that the server fills in; `inputSchema`, which the model reads, is without them. Absent: none. */
  readonly bound?: BoundArguments;
  /** Who may call it. Absent: the model, and the views of its server's tools. */
  readonly audience?: readonly ("model" | "app")[];
  /** A page of its server that shows what a call gave. Absent: it has none, or none can be shown here. */
  readonly view?: ToolView;
  /** Nobody has accepted it as it is: it asks before each call, whatever the connector allows. */
  readonly alwaysAsks?: boolean;
  /** Undefined: the arguments fit. Otherwise what is wrong with them, for the model. */
  check(input: Readonly<Record<string, unknown>>): string | undefined;
  /**
   * The sign-in that has to be done before the call; undefined: none. Absent: this tool never needs one. Never throws.
   */
  needsConnection?(): Promise<ConnectionNeed | undefined>;
  /** Never throws: whatever happens is a result. */
  call(input: Readonly<Record<string, unknown>>, context: CallContext): Promise<ToolResult | ToolPause | ConnectionNeeded>;
}

/** The view of a tool (MCP Apps). */
export interface ToolView {
  /** Its `ui://` address. */
  readonly uri: string;
  /** Reads a resource of the tool's own server, as whoever uses the tool. Throws `ResourceError`. */
  read(uri: string, signal: AbortSignal): Promise<readonly ResourceContents[]>;
}

/** A resource as its server gave it, in MCP's own shape. */
export interface ResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  readonly text?: string;
  /** Base64. */
  readonly blob?: string;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** A resource cannot be read. The message says why, for the staff; `said` is what whoever asked may read. */
export class ResourceError extends Error {
  override readonly name = "ResourceError";
  readonly said: string;

  constructor(said: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.said = said;
  }
}

/** Arguments of a tool that come from what the site says of the customer, and from nobody else. */
export interface BoundArguments {
  readonly filled: Readonly<Record<string, FactValue>>;
  /** Argument → the name of what the site has not said. Without it, the tool cannot be called. */
  readonly missing: Readonly<Record<string, string>>;
  /** Names that are bound and that the tool does not declare: they are left out, for it may read them all the same. */
  readonly absent: readonly string[];
  /** With the bound arguments, as people read the call. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/**
 * Why a step or a call is interrupted. `stop`: the customer. `time`: the turn's budget. `shutdown`, `lease`: this run
 * must leave; the journal keeps the rest.
 */
export type Interruption = "stop" | "time" | "shutdown" | "lease";

export interface CallContext {
  readonly callId: string;
  /**
   * Aborted with a reason (`Interruption`): with `stop` and `time` the tool cancels the call; with `shutdown` and
   * `lease` this process leaves, and a task, which another run goes on with, is left alone.
   */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { progress: number; total?: number; message?: string }) => void;
  /**
   * A question of the server while the call runs (legacy era). Resolves when a person answered, the time is over or the
   * turn is stopped; never rejects.
   */
  readonly ask: (request: InputRequest) => Promise<InputAnswer>;
  /** The server wants our model to say something; refused unless an admin allowed it. Never rejects. */
  readonly sample: (request: SamplingRequest) => Promise<SamplingAnswer>;
  /** The server took the call as a task. Resolves once that is in the journal; poll only then. */
  readonly onTask: (task: TaskHandle) => Promise<void>;
  /** What the site says of the customer, for servers that are told; sources add it themselves. */
  readonly facts?: CustomerFacts;
  /** How often assistants have already asked each other on the way to this call. Absent: not at all. */
  readonly depth?: number;
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
  /**
   * As of the server's results: with `redacted` or `none` its words are not written down, which may be a result's.
   * Absent: `full`.
   */
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
  /** What the server says beside it, for the view that shows it; no model reads it. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** The cause for staff, when not `ok`. */
  readonly cause?: string;
  /**
   * How much of it outlives the turn. `redacted`: its shape, with every value masked. `none`: outcome and size. The
   * model reads it whole until the turn ends. Absent: `full`.
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
   * The tools of an assistant for a conversation: fetched when it starts, and again when a server said that they
   * changed or their time to live is over; otherwise as they were. Never throws for a server that is down.
   */
  open(request: {
    assistant: Assistant;
    conversationId: string;
    /** Whose personal connections are used. */
    customerId: string;
    sessionId: string;
    /** The voice call in which the message that is answered was said. Absent: it was written. */
    voiceCallId?: string;
    /** What the site says of the customer, for servers that are told. Absent: nothing. */
    facts?: CustomerFacts;
    /** How often assistants have already asked each other on the way here: servers are told. Absent: not at all. */
    depth?: number;
    signal: AbortSignal;
  }): Promise<Toolbox>;
  /** Nothing is running in the conversation: connections may be closed after a while. */
  rest(conversationId: string): void;
  close(): Promise<void>;
}
