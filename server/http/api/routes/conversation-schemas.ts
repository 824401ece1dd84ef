import * as z from "zod";
import type { FindCustomerFacts } from "../../../conversation/ports/customer-facts.ts";
import type { ConversationPlace, ConversationSummary } from "../../../inbox/conversations.ts";

export const summarySchema = z
  .object({
    id: z.string(),
    assistant: z.string(),
    customer: z.string(),
    verified: z.literal(true).optional().describe("The website has said who the customer is, in a signed token."),
    customerSubject: z.string().optional().describe("The website's own id of the customer."),
    customerName: z.string().optional().describe("As the website says it."),
    customerEmail: z.string().optional().describe("As the website says it."),
    createdAt: z.number(),
    updatedAt: z.number(),
    events: z.int().describe("How many events its journal has."),
    waitingApprovals: z.int().describe("Approvals that staff may decide now."),
    preview: z.boolean().describe("Whether somebody tried out a draft in it; no customer did."),
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

/** A conversation with what the website says of its customer. */
export async function withCustomer(summary: ConversationSummary, facts: FindCustomerFacts): Promise<z.output<typeof summarySchema>> {
  const found = await facts(summary.customer);
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
