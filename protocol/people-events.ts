/** Events of people: the staff who answer, and what customers ask of them or think. A part of the journal's vocabulary. */
import * as z from "zod";
import { actorSchema } from "./actor.ts";
import { idSchema } from "./identifiers.ts";

export const peopleBodies = {
  /**
   * A member of the staff wrote to the customer. `messageId` is the sender's, and distinct from all others of the
   * conversation.
   */
  "reply-sent": z.object({
    messageId: idSchema,
    text: z.string(),
    by: actorSchema,
    /** The address of their picture. */
    picture: z.string().optional(),
  }),
  /** What the staff wrote for themselves: no customer and no model reads it. */
  "note-written": z.object({ noteId: idSchema, text: z.string(), by: actorSchema }),
  /** Somebody wants a person to answer: the customer (`by`), or the assistant (`system`). */
  "person-asked": z.object({
    by: actorSchema,
    reason: z.string().optional(),
    /** Whether somebody ought to be there now, by the assistant's business hours. */
    open: z.boolean(),
  }),
  /** The customer left an address to be answered at. */
  "contact-left": z.object({ contactId: idSchema, email: z.string(), text: z.string().optional(), by: actorSchema }),
  /** From now on a person answers, and the assistant is silent. Another one may take over from them. */
  "person-joined": z.object({
    by: actorSchema,
    /** The address of their picture. */
    picture: z.string().optional(),
  }),
  /** The person is done: the assistant answers again. */
  "handed-back": z.object({
    by: actorSchema,
    /** What the model is told of it. */
    summary: z.string().optional(),
    /** The assistant answers what the customer wrote last, if nobody has. Absent: it waits for the next message. */
    answer: z.literal(true).optional(),
  }),
  /** The person who answers ended a call that ran when they joined. */
  "call-cancel-requested": z.object({ turnId: idSchema, callId: idSchema, by: actorSchema }),
  /** The staff has nothing more to do here. The customer's next message opens it again. */
  "conversation-closed": z.object({ by: actorSchema }),
  "conversation-reopened": z.object({ by: actorSchema }),
  /** What the customer thinks of an answer; the newest counts, `none` takes it back. */
  "feedback-given": z.object({
    turnId: idSchema,
    rating: z.enum(["up", "down", "none"]),
    comment: z.string().optional(),
    by: actorSchema,
  }),
  /** The customer's site said who they are; from now on the conversation is that customer's. */
  "customer-identified": z.object({
    customerId: z.string(),
    /** Whose it was. */
    before: z.string(),
  }),
} as const;
