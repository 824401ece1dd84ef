/** Events that ask a person for something, and what they decide. A part of the journal's vocabulary. */
import * as z from "zod";
import { actorSchema, approverSchema } from "./actor.ts";
import { argumentFieldSchema } from "./content.ts";
import { idSchema } from "./identifiers.ts";
import { inputFieldSchema, inputValueSchema } from "./input-fields.ts";

export const requestBodies = {
  /** A person has to decide. The approval is good for exactly these arguments and this definition of the tool. */
  "approval-requested": z.object({
    turnId: idSchema,
    callId: idSchema,
    approvalId: idSchema,
    approver: approverSchema,
    arguments: z.record(z.string(), z.unknown()),
    fields: z.array(argumentFieldSchema),
    /** SHA-256 over the canonical JSON of the arguments; the one who decides says which they saw. */
    argumentsHash: z.string(),
    definitionHash: z.string().optional(),
    /** Whether the owner allows "Approve for this conversation". */
    rememberable: z.boolean(),
    /** Milliseconds since 1970. */
    expiresAt: z.number(),
    /** Ids of the groups whose members may decide for the staff. Absent: everybody who may decide approvals. */
    groups: z.array(z.string()).optional(),
    /** How many members of the staff have to approve. Absent: one. */
    people: z.int().optional(),
    /** The condition on the arguments that asked for this, such as `amount > 100`. */
    because: z.string().optional(),
    /** The customer's time was over, so it went to the staff, who may decide whatever the permission says. */
    escalated: z.literal(true).optional(),
  }),
  /** One of several members of the staff who have to approve did so; the last one's is the `approval-decided`. */
  "approval-given": z.object({
    turnId: idSchema,
    callId: idSchema,
    approvalId: idSchema,
    argumentsHash: z.string(),
    by: actorSchema,
    /** What they made of the arguments: whoever decides next is asked about these. Absent: as they were. */
    arguments: z.record(z.string(), z.unknown()).optional(),
    fields: z.array(argumentFieldSchema).optional(),
  }),
  "approval-decided": z.object({
    turnId: idSchema,
    callId: idSchema,
    approvalId: idSchema,
    decision: z.enum(["approved", "rejected", "expired", "withdrawn"]),
    scope: z.enum(["once", "conversation"]),
    by: actorSchema,
    reason: z.string().optional(),
    /** What the staff made of the arguments before they approved: the call runs with these. Absent: as requested. */
    arguments: z.record(z.string(), z.unknown()).optional(),
    /** Of these arguments, and how a person reads them. */
    argumentsHash: z.string().optional(),
    fields: z.array(argumentFieldSchema).optional(),
    /** It was said aloud: in which call, and all that was understood of the turn. Absent: a button was pressed. */
    spoken: z.object({ voiceCallId: idSchema, transcript: z.string() }).optional(),
  }),
  /** The call needs the customer's own sign-in at the server; it goes back to its beginning when that is done. */
  "connection-requested": z.object({
    turnId: idSchema,
    callId: idSchema,
    requestId: idSchema,
    server: z.string(),
    serverName: z.string(),
    /** What the server asks for, as its metadata names it. */
    scopes: z.array(z.string()),
    /** `expired`: there was a sign-in that is no longer good. `scope`: there is one, and the tool needs more. */
    reason: z.enum(["first", "expired", "scope"]),
    expiresAt: z.number(),
  }),
  "connection-decided": z.object({
    turnId: idSchema,
    callId: idSchema,
    requestId: idSchema,
    decision: z.enum(["connected", "skipped", "expired", "withdrawn"]),
    by: actorSchema,
  }),
  /** The server asks the customer something before it can go on: a form, or a page to visit. */
  "input-requested": z.object({
    turnId: idSchema,
    callId: idSchema,
    requestId: idSchema,
    server: z.string(),
    serverName: z.string(),
    mode: z.enum(["form", "url"]),
    message: z.string(),
    fields: z.array(inputFieldSchema).optional(),
    url: z.string().optional(),
    expiresAt: z.number(),
  }),
  "input-decided": z.object({
    turnId: idSchema,
    callId: idSchema,
    requestId: idSchema,
    /** `withdrawn`: the link behind the question is gone, or the turn was stopped. */
    action: z.enum(["accept", "decline", "cancel", "expired", "withdrawn"]),
    content: z.record(z.string(), inputValueSchema).optional(),
    by: actorSchema,
  }),
} as const;
