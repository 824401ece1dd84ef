import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import type { FindCustomerFacts } from "../../../conversation/ports/customer-facts.ts";
import type { Store } from "../../../conversation/ports/store.ts";
import { namePosition } from "../../../documents/listed-by.ts";
import type { Clock } from "../../../foundation/clock.ts";
import { nameSchema } from "../../../foundation/name-schema.ts";
import type { CannedReplies } from "../../../setup/canned-replies/canned-replies.ts";
import { fillReply } from "../../../setup/canned-replies/fill-reply.ts";
import { listed, page, pageOf, pageQuery, readTextCursor, searchQuery } from "../cursor.ts";
import { type Route, route } from "../route.ts";

export interface CannedRepliesRoutesPorts {
  readonly replies: CannedReplies;
  readonly journal: Pick<Store, "find">;
  readonly assistantName: (key: string) => string | undefined;
  readonly customerFacts: FindCustomerFacts;
  readonly clock: Pick<Clock, "now">;
}

const replySchema = z.object({ id: z.string(), name: z.string(), text: z.string(), updatedAt: z.number() }).meta({ id: "CannedReply" });
const text = z
  .string()
  .trim()
  .min(1)
  .max(8_000)
  .describe("Markdown. {{customer.name|there}} stands for a value, or for what follows the | where nobody knows it.");
const reply = z.object({ id: z.string().max(64) });

/** Replies that staff wrote once, to send them often. */
export function cannedRepliesRoutes(ports: CannedRepliesRoutesPorts): readonly Route[] {
  const { replies } = ports;
  return [
    route({
      method: "GET",
      path: "/canned-replies",
      operationId: "listCannedReplies",
      tag: "Canned replies",
      summary: "All canned replies, by name",
      action: "conversations.read",
      query: searchQuery,
      response: pageOf(replySchema),
      handle: async ({ query }) => {
        const list = (after: string | undefined, limit: number) => replies.list(listed(after, limit, query.q));
        return { body: await page(query, readTextCursor, list, (one) => namePosition("canned-reply", one.id, one)) };
      },
    }),
    route({
      method: "POST",
      path: "/canned-replies",
      operationId: "createCannedReply",
      tag: "Canned replies",
      summary: "Makes a canned reply for the whole team",
      action: "conversations.write",
      body: z.strictObject({ name: nameSchema, text }),
      response: replySchema,
      creates: true,
      status: 201,
      handle: async ({ staff, body }) => {
        const made = await replies.create(staff, body);
        return { body: made, version: made.version, location: `/canned-replies/${made.id}` };
      },
    }),
    route({
      method: "GET",
      path: "/canned-replies/{id}",
      operationId: "readCannedReply",
      tag: "Canned replies",
      summary: "A canned reply",
      action: "conversations.read",
      params: reply,
      response: replySchema,
      handle: async ({ params: { id } }) => {
        const found = await replies.get(id);
        return { body: found, version: found.version };
      },
    }),
    route({
      method: "PATCH",
      path: "/canned-replies/{id}",
      operationId: "changeCannedReply",
      tag: "Canned replies",
      summary: "Changes a canned reply",
      action: "conversations.write",
      params: reply,
      body: z.strictObject({ name: nameSchema.optional(), text: text.optional() }),
      response: replySchema,
      versioned: true,
      handle: async ({ staff, params: { id }, body, ifVersion = 0 }) => {
        const changed = await replies.update(staff, id, ifVersion, body);
        return { body: changed, version: changed.version };
      },
    }),
    route({
      method: "DELETE",
      path: "/canned-replies/{id}",
      operationId: "removeCannedReply",
      tag: "Canned replies",
      summary: "Removes a canned reply",
      action: "conversations.write",
      params: reply,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { id }, ifVersion = 0 }) => {
        await replies.remove(staff, id, ifVersion);
        return { body: null };
      },
    }),
    filledRoute(ports),
  ];
}

/** For the composer, with the values of this moment. */
function filledRoute({ replies, journal, assistantName, customerFacts, clock }: CannedRepliesRoutesPorts): Route {
  return route({
    method: "GET",
    path: "/conversations/{id}/canned-replies",
    operationId: "listFilledReplies",
    tag: "Canned replies",
    summary: "Canned replies as they would be sent in this conversation now",
    action: "conversations.write",
    refuses: ["unknown-conversation"],
    params: z.object({ id: z.string().max(200) }),
    query: z.object({
      ...pageQuery.shape,
      q: z.string().max(200).optional().describe("A part of the name."),
      timeZone: z.string().max(64).refine(isTimeZone, "expected a time zone such as Europe/Berlin").optional(),
      lang: z.string().max(35).refine(isLanguage, "expected a language such as de").optional(),
    }),
    response: pageOf(replySchema),
    handle: async ({ staff, params: { id }, query }) => {
      const conversation = await journal.find(id);
      if (conversation === undefined) throw new RequestError("unknown-conversation");
      const { timeZone = "UTC", lang = "en" } = query;
      const values = {
        "customer.name": (await customerFacts(conversation.customerId))?.name,
        "assistant.name": assistantName(conversation.assistant),
        "me.name": staff.kind === "person" ? staff.name : undefined,
        date: new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone }).format(clock.now()),
      };
      const list = (after: string | undefined, limit: number) => replies.list(listed(after, limit, query.q));
      const { items, ...rest } = await page(query, readTextCursor, list, (one) => namePosition("canned-reply", one.id, one));
      return { body: { ...rest, items: items.map((one) => ({ ...one, text: fillReply(one.text, values) })) } };
    },
  });
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

function isLanguage(lang: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(lang).length >= 0;
  } catch {
    return false;
  }
}
