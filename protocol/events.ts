/**
 * The journal's vocabulary: a closed union, one entry per thing that happened, numbered `seq` 1, 2, 3 … without gaps.
 *
 * The server stores the whole event. A customer is sent their own view of it (`server/conversation/customer-view.ts`):
 * the same shape with the staff's fields left out, so one reducer serves both. An older peer that does not know a
 * `type` counts its `seq` and draws nothing.
 *
 * To add an event: see CONTRIBUTING.md.
 */
import * as z from "zod";
import { actorSchema } from "./actor.ts";
import { mediaSchema } from "./content.ts";
import { idSchema, viaSchema } from "./identifiers.ts";
import { peopleBodies } from "./people-events.ts";
import { requestBodies } from "./request-events.ts";
import { viewNoteSchema } from "./views.ts";
import { spokenSchema, voiceBodies } from "./voice-events.ts";

export { type Actor, type Approver, approverSchema } from "./actor.ts";

export const permissionSchema = z.enum(["always_allow", "needs_approval", "disabled"]);
export type Permission = z.infer<typeof permissionSchema>;

export const outcomeSchema = z.enum(["ok", "failed", "cancelled", "unknown", "refused"]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** Why a call was refused before it started. */
export const refusalSchema = z.enum([
  "disabled",
  "unknown-tool",
  "invalid-arguments",
  "rejected",
  "expired",
  "definition-changed",
  "step-limit",
  "withdrawn",
  /** The customer did not want to sign in, or had no time to. */
  "not-connected",
  /** The call needs something that the site has not said of the customer. */
  "not-identified",
]);
export type Refusal = z.infer<typeof refusalSchema>;

/** `inputTokens` contains those that the provider had cached: `cachedTokens`, where it says how many. */
export const usageSchema = z.object({
  inputTokens: z.int().optional(),
  outputTokens: z.int().optional(),
  cachedTokens: z.int().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

/** What it cost, by the price that the assistant's settings had then: `amount` in whole units of `currency`. */
export const costSchema = z.object({ amount: z.number(), currency: z.string() });
export type Cost = z.infer<typeof costSchema>;

/** The tool a call means, as people read it. `server` is the MCP server's identifier in the configuration. */
export const toolReferenceSchema = z.object({
  source: z.enum(["mcp", "http", "device", "page", "host"]),
  server: z.string(),
  serverName: z.string(),
  tool: z.string(),
  title: z.string(),
  /** The server's own hints, untrusted: they colour what is shown and never decide. */
  readOnly: z.boolean().optional(),
  destructive: z.boolean().optional(),
  /**
   * False: the owner has not marked the server as trusted; what it says may be anybody's words. Absent in older
   * journals.
   */
  trusted: z.boolean().optional(),
});
export type ToolReference = z.infer<typeof toolReferenceSchema>;

const bodies = {
  /** The customer wrote something. `messageId` is the client's. */
  "message-received": z.object({
    messageId: idSchema,
    text: z.string(),
    by: actorSchema,
    /** The page view it came from; goes to MCP servers as `X-Session-Id`. */
    sessionId: idSchema.optional(),
    /** It was said aloud, in this call; goes to MCP servers as `X-Call-Id`. Absent: it was written. */
    spoken: spokenSchema.optional(),
    via: viaSchema,
    /** The call whose view wrote it; the customer sent it. Absent: the customer wrote it. */
    view: idSchema.optional(),
  }),
  /** The customer asked to try again after a failed turn; the same message is answered again. */
  "retry-requested": z.object({ turnId: idSchema, messageId: idSchema }),
  /** A turn begins to answer one message. What it began with holds until it ends. */
  "turn-started": z.object({
    turnId: idSchema,
    messageId: idSchema,
    /** The version of the assistant's settings; in a preview, the one that its draft is based on. Absent: it has none. */
    version: z.int().optional(),
    /** In a preview: which state of the draft. */
    draft: z.string().optional(),
  }),
  /** A model step is over: its text (maybe empty) and what it cost. `cut` says why the text is only a part. */
  "step-ended": z.object({
    turnId: idSchema,
    step: z.int(),
    text: z.string(),
    cut: z.enum(["stopped", "broken"]).optional(),
    /** What the model's server wants to see again with the calls of this step. Nobody reads it; `of` may get it back. */
    thoughts: z.object({ of: z.string(), value: z.unknown() }).optional(),
    model: z.string().optional(),
    usage: usageSchema.optional(),
    /** Absent: not known. */
    cost: costSchema.optional(),
    durationMs: z.number().optional(),
    firstTokenMs: z.number().optional(),
    /** The model was asked so long before the step began, on what was understood of speech until then. */
    aheadMs: z.number().optional(),
  }),
  /** The model wants a tool. `name` and `argumentsText` are the model's own; `arguments` is what they parse to. */
  "tool-call-proposed": z.object({
    turnId: idSchema,
    step: z.int(),
    callId: idSchema,
    /** The provider's id of the call, given back with the result. */
    modelCallId: z.string().optional(),
    name: z.string().optional(),
    tool: toolReferenceSchema,
    arguments: z.record(z.string(), z.unknown()).optional(),
    /** Those of the arguments that the server filled in, from what the site says of the customer. */
    filled: z.array(z.string()).optional(),
    argumentsText: z.string().optional(),
    definitionHash: z.string().optional(),
    /** The tool has a view, which `view-open` opens. Customers are not told its address. */
    view: z.object({ uri: z.string().optional() }).optional(),
    /**
     * The view of this call made it, and reads its result: the model has not asked for it and reads nothing of it.
     * `turnId` and `step` are those of the view's own call, whose turn may have ended long before.
     */
    byView: idSchema.optional(),
  }),
  ...requestBodies,
  /** Written before the request leaves the house. `attempt` counts repeats of calls marked safe to repeat. */
  "tool-call-started": z.object({ turnId: idSchema, callId: idSchema, approvalId: idSchema.optional(), attempt: z.int() }),
  "tool-call-ended": z.object({
    turnId: idSchema,
    callId: idSchema,
    outcome: outcomeSchema,
    refusal: refusalSchema.optional(),
    /** What the model reads: shortened when long. */
    text: z.string().optional(),
    /** Size of the whole result, and whether `text` is only its beginning. */
    bytes: z.int().optional(),
    shortened: z.boolean().optional(),
    /**
     * The result is not kept: `text` says only that, or its shape. The model reads the whole until the turn ends.
     * Absent: it is kept.
     */
    keep: z.enum(["redacted", "none"]).optional(),
    media: z.array(mediaSchema).optional(),
    durationMs: z.number().optional(),
    /** The cause for staff. */
    cause: z.string().optional(),
  }),
  /**
   * The server answered with questions instead of a result and keeps nothing itself (revision 2026-07-28): the call
   * continues with the answers.
   */
  "tool-call-paused": z.object({
    turnId: idSchema,
    callId: idSchema,
    /** Given back verbatim. */
    requestState: z.string().optional(),
    /** The server's key of each question → `requestId` of its `input-requested` or `sampling-ended`. */
    inputs: z.record(z.string(), idSchema),
    durationMs: z.number().optional(),
  }),
  /** Written before the request with the answers leaves the house. */
  "tool-call-resumed": z.object({ turnId: idSchema, callId: idSchema }),
  /** The server took the call as a task (tasks extension): its end is polled, after a restart too. */
  "tool-call-task": z.object({
    turnId: idSchema,
    callId: idSchema,
    taskId: z.string(),
    pollMs: z.number(),
    /** Until when the server keeps it; milliseconds since 1970. */
    keptUntil: z.number().optional(),
  }),
  /** A server had our model say something, as an admin allowed it to. */
  "sampling-ended": z.object({
    turnId: idSchema,
    callId: idSchema,
    requestId: idSchema,
    server: z.string(),
    outcome: z.enum(["ok", "refused", "failed"]),
    prompt: z.string(),
    text: z.string().optional(),
    model: z.string().optional(),
    stopReason: z.enum(["endTurn", "maxTokens"]).optional(),
    usage: usageSchema.optional(),
    cost: costSchema.optional(),
    cause: z.string().optional(),
  }),
  /** A person says how a call that ended `unknown` really ended; `unknown`: they left it so, with a note for the staff. */
  "tool-call-settled": z.object({
    callId: idSchema,
    by: actorSchema,
    outcome: z.enum(["ok", "failed", "unknown"]),
    note: z.string().optional(),
    /** What people call the tool: the call may be summarised away by now. */
    title: z.string().optional(),
    /** It did not happen, and the model may call it again. */
    mayRetry: z.literal(true).optional(),
  }),
  "stop-requested": z.object({ turnId: idSchema, by: actorSchema }),
  /** What the view of a call tells the model, with the next turn; the newest of each call counts. Empty: nothing any more. */
  "view-context": z.object({ callId: idSchema, tool: toolReferenceSchema, text: z.string() }),
  /** What the view of a call did, or what became of it; `read`, `call-refused`, `quiet`: as the server saw it. */
  "view-noted": z.object({
    callId: idSchema,
    what: z.enum([...viewNoteSchema.options, "opened", "read", "call-refused", "quiet"]),
    detail: z.string().optional(),
  }),
  ...peopleBodies,
  ...voiceBodies,
  "turn-ended": z.object({
    turnId: idSchema,
    outcome: z.enum(["done", "stopped", "failed"]),
    /** A code of TURN_ERRORS; a newer server may send one this reader does not know. */
    error: z.string().optional(),
    /** The cause for staff. */
    cause: z.string().optional(),
  }),
  /** An MCP server could not be used for this turn. */
  "tools-unavailable": z.object({ turnId: idSchema, server: z.string(), serverName: z.string(), cause: z.string().optional() }),
  /** From now on, this text stands for everything up to `throughSeq` when the model reads. */
  "summary-written": z.object({
    throughSeq: z.int(),
    text: z.string(),
    /** Whether it includes anything from a server that is not marked as trusted. */
    foreign: z.boolean().optional(),
    /** Tools that were found through search until then. */
    foundTools: z.array(z.string()).optional(),
    /** What writing it took. Absent in older journals. */
    model: z.string().optional(),
    usage: usageSchema.optional(),
    cost: costSchema.optional(),
  }),
} as const;

type Bodies = typeof bodies;
export type EventType = keyof Bodies;
/** An event before the journal numbered it. */
export type EventDraft = { [T in EventType]: { readonly type: T } & Readonly<z.infer<Bodies[T]>> }[EventType];
/** What the journal adds: its number, and when it was written (milliseconds since 1970). */
export interface Numbered {
  readonly seq: number;
  readonly at: number;
}
export type JournalEvent = EventDraft & Numbered;
export type EventOf<T extends EventType> = Extract<JournalEvent, { type: T }>;

/**
 * An event that this reader may not know: something newer, or something not for these eyes. It still has its number.
 */
export interface HiddenEvent extends Numbered {
  readonly type: "hidden";
}
export type VisibleEvent = JournalEvent | HiddenEvent;

/** Parses a stored event's body; throws `ZodError` for a body that does not fit its type. */
export function parseEvent(type: string, seq: number, at: number, body: unknown): JournalEvent {
  if (!Object.hasOwn(bodies, type))
    throw new TypeError(`The journal has an event of the unknown type "${type}". Was it written by a newer version?`);
  const parsed = bodies[type as EventType].parse(body);
  return { ...parsed, type, seq, at } as JournalEvent;
}
