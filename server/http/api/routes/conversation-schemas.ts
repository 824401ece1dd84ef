import * as z from "zod";
import type { FindCustomerFacts } from "../../../conversation/ports/customer-facts.ts";
import type { ConversationPlace, ConversationSummary } from "../../../inbox/conversations.ts";
import { PRIORITIES } from "../../../inbox/inbox.ts";
import { SEARCHED_KINDS } from "../../../inbox/search.ts";

export const assigneeSchema = z.strictObject({ kind: z.enum(["person", "group"]), id: z.string().min(1).max(64) });
export const prioritySchema = z.enum(PRIORITIES);

/** What the inbox has of a conversation. One in a preview is in no inbox. */
const inboxShape = {
  activeAt: z.number().optional().describe("When something last happened that people look at; for what was put off, when it came back."),
  closed: z.boolean().optional(),
  person: z.object({ id: z.string(), name: z.string() }).optional().describe("Who of the staff answers; absent: the assistant does."),
  askedAt: z.number().optional().describe("Since when it waits for a person."),
  onCallSince: z.number().optional().describe("Since when the customer is on a voice call."),
  unknownCalls: z.int().optional().describe("Calls that ended unknown and are not settled."),
  assignee: z.object({ kind: z.enum(["person", "group"]), id: z.string(), name: z.string() }).optional(),
  tags: z.array(z.string()).optional(),
  priority: prioritySchema.optional(),
  snoozedUntil: z.number().optional(),
  language: z.string().optional().describe("In which the widget speaks."),
  page: z.string().optional().describe("Where it was begun, without the query."),
  lastMessage: z
    .object({ seq: z.int(), at: z.number(), by: z.enum(["customer", "assistant", "staff"]), text: z.string().describe("Its beginning.") })
    .optional(),
  unread: z.boolean().optional().describe("Something came that whoever asks has not seen."),
  seen: z.boolean().optional().describe("Somebody of the staff has seen all that came."),
  version: z.int().optional().describe("One higher with each change by the staff."),
} as const;

const foundSchema = z.object({
  seq: z.int().describe("The event that has the words."),
  at: z.number(),
  kind: z.enum(SEARCHED_KINDS),
  callId: z.string().optional(),
  pieces: z
    .array(z.object({ text: z.string(), hit: z.boolean() }))
    .describe("The text round the first place; `hit` is what was searched for."),
});

/** What the website says of the customer, where it has said anything. */
export const customerShape = {
  verified: z.literal(true).optional().describe("The website has said who the customer is, in a signed token."),
  customerSubject: z.string().optional().describe("The website's own id of the customer."),
  customerName: z.string().optional().describe("As the website says it."),
  customerEmail: z.string().optional().describe("As the website says it."),
} as const;

export const summarySchema = z
  .object({
    id: z.string(),
    assistant: z.string(),
    customer: z.string(),
    ...customerShape,
    createdAt: z.number(),
    updatedAt: z.number(),
    events: z.int().describe("How many events its journal has."),
    waitingApprovals: z.int().describe("Approvals that staff may decide now."),
    preview: z.boolean().describe("Whether somebody tried out a draft in it; no customer did."),
    ...inboxShape,
    found: foundSchema.optional().describe("Where it has the words of a search."),
  })
  .meta({ id: "Conversation" });

export const eventSchema = z.looseObject({ seq: z.int(), at: z.number(), type: z.string() }).meta({
  id: "Event",
  description: "An event of the journal, whole: with what customers are not shown.",
});

/** Where a conversation stands in lists: what a page's cursor carries. */
export function placeText({ createdAt, id }: ConversationPlace): string {
  return `${createdAt} ${id}`;
}

/** A cursor of this list that somebody invented leads to the end of it. */
export function placeOf(text: string): ConversationPlace {
  const [createdAt = "", id = ""] = text.split(" ");
  return { createdAt: Number(createdAt) || 0, id };
}

/** A conversation, or a call in one, with what the website says of its customer. A test by hand has none. */
export async function withCustomer<Summary extends Partial<Pick<ConversationSummary, "customer">>>(
  summary: Summary,
  facts: FindCustomerFacts,
): Promise<Summary & { verified?: true; customerSubject?: string; customerName?: string; customerEmail?: string }> {
  const found = summary.customer === undefined ? undefined : await facts(summary.customer);
  if (found === undefined) return { ...summary };
  const { subject, name, email } = found;
  return {
    ...summary,
    verified: true,
    customerSubject: subject,
    ...(name === undefined ? {} : { customerName: name }),
    ...(email === undefined ? {} : { customerEmail: email }),
  };
}
