import * as z from "zod";
import { idSchema } from "../../../../protocol/identifiers.ts";
import type { PeopleDesk } from "../../../conversation/people-desk.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { type Route, route } from "../route.ts";
import { writtenSchema } from "./written-schema.ts";

export interface PeopleAnswerRoutesPorts {
  readonly people: PeopleDesk;
  /** The path of a person's picture, below the server's own address. */
  readonly pictureOf: (person: string) => Promise<string | undefined>;
}

const conversation = z.object({ id: idSchema });
const text = z.string().trim().min(1).max(16_000);
const REFUSES = ["unknown-conversation", "person-answers", "not-joined", "busy"] as const;

/** What staff do in a conversation in which they answer themselves. */
export function peopleAnswerRoutes({ people, pictureOf }: PeopleAnswerRoutesPorts): readonly Route[] {
  const pictured = async (staff: Staff): Promise<{ picture?: string }> => {
    const picture = staff.kind === "person" ? await pictureOf(staff.id) : undefined;
    return picture === undefined ? {} : { picture };
  };
  const write = { method: "POST", tag: "Conversations", action: "conversations.write", refuses: REFUSES, response: writtenSchema } as const;
  return [
    route({
      ...write,
      path: "/conversations/{id}/join",
      operationId: "joinConversation",
      summary: "From now on whoever asks answers the customer, and the assistant is silent",
      params: conversation,
      body: z.strictObject({
        insteadOf: z
          .string()
          .max(64)
          .optional()
          .describe("The id of the colleague who answers now and is taken over from. Without it, `person-answers` says who does."),
      }),
      handle: async ({ staff, params: { id }, body: { insteadOf } }) => {
        const request = { conversationId: id, ...(insteadOf === undefined ? {} : { insteadOf }), ...(await pictured(staff)) };
        return { body: await people.join(staff, request) };
      },
    }),
    route({
      ...write,
      path: "/conversations/{id}/replies",
      operationId: "sendReply",
      summary: "Writes to the customer, as whoever has joined",
      params: conversation,
      body: z.strictObject({
        messageId: idSchema.describe("The sender's own id of the reply: the same one again changes nothing."),
        text: text.describe("Markdown."),
      }),
      handle: async ({ staff, params: { id }, body }) => ({
        body: await people.reply(staff, { conversationId: id, ...body, ...(await pictured(staff)) }),
      }),
    }),
    route({
      ...write,
      path: "/conversations/{id}/hand-back",
      operationId: "handBack",
      summary: "The assistant answers again",
      params: conversation,
      body: z.strictObject({
        summary: text.max(4_000).optional().describe("What the model is told of it. Customers do not read it."),
        answer: z.boolean().optional().describe("true: the assistant answers what the customer wrote last, if nobody has."),
      }),
      handle: async ({ staff, params: { id }, body: { summary, answer } }) => {
        const more = { ...(summary === undefined ? {} : { summary }), ...(answer === undefined ? {} : { answer }) };
        return { body: await people.handBack(staff, { conversationId: id, ...more }) };
      },
    }),
    ...standingRoutes(people),
    ...sideRoutes(people),
  ];
}

/** Closed and open. */
function standingRoutes(people: PeopleDesk): readonly Route[] {
  const write = {
    method: "POST",
    tag: "Conversations",
    action: "conversations.write",
    params: conversation,
    response: writtenSchema,
  } as const;
  return [
    route({
      ...write,
      path: "/conversations/{id}/close",
      operationId: "closeConversation",
      summary: "Nothing more is to be done in it. The customer's next message opens it again",
      refuses: ["unknown-conversation", "person-answers", "busy"],
      handle: async ({ staff, params: { id } }) => ({ body: await people.close(staff, { conversationId: id }) }),
    }),
    route({
      ...write,
      path: "/conversations/{id}/reopen",
      operationId: "reopenConversation",
      summary: "Opens a closed conversation again",
      refuses: ["unknown-conversation", "busy"],
      handle: async ({ staff, params: { id } }) => ({ body: await people.reopen(staff, { conversationId: id }) }),
    }),
  ];
}

/** What customers do not see. */
function sideRoutes(people: PeopleDesk): readonly Route[] {
  return [
    route({
      method: "POST",
      path: "/conversations/{id}/notes",
      operationId: "writeNote",
      tag: "Conversations",
      summary: "Writes a note for the staff. No customer and no model reads it",
      action: "conversations.write",
      refuses: ["unknown-conversation", "busy"],
      params: conversation,
      body: z.strictObject({ text }),
      response: writtenSchema,
      creates: true,
      handle: async ({ staff, params: { id }, body }) => ({ body: await people.note(staff, { conversationId: id, ...body }) }),
    }),
    route({
      method: "POST",
      path: "/conversations/{id}/reply-drafts",
      operationId: "draftReply",
      tag: "Conversations",
      summary: "What the assistant would write now. Nothing of it is kept or sent",
      action: "conversations.write",
      refuses: ["unknown-conversation", "unknown-assistant", "draft-failed", "busy"],
      params: conversation,
      response: z.object({ text: z.string() }),
      handle: async ({ staff, params: { id }, signal }) => ({ body: await people.draftReply(staff, { conversationId: id, signal }) }),
    }),
    route({
      method: "POST",
      path: "/conversations/{id}/calls/{callId}/cancel",
      operationId: "cancelCall",
      tag: "Conversations",
      summary: "Ends a call that runs, for whoever has joined",
      action: "conversations.write",
      refuses: ["unknown-conversation", "unknown-call", "request-over", "person-answers", "not-joined", "busy"],
      params: z.object({ id: idSchema, callId: idSchema }),
      response: writtenSchema,
      handle: async ({ staff, params: { id, callId } }) => ({ body: await people.cancelCall(staff, { conversationId: id, callId }) }),
    }),
  ];
}
