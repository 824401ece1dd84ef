import * as z from "zod";
import type { ConversationPlace } from "../../../inbox/conversations.ts";

export const summarySchema = z
  .object({
    id: z.string(),
    assistant: z.string(),
    customer: z.string(),
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
