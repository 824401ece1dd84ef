import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import { idSchema } from "../../../../protocol/identifiers.ts";
import { customerView } from "../../../conversation/customer-view.ts";
import type { StaffDesk } from "../../../conversation/staff-desk.ts";
import type { FindCustomerFacts } from "../../../conversation/ports/customer-facts.ts";
import type { Store } from "../../../conversation/ports/store.ts";
import { staffView } from "../../../conversation/staff-view.ts";
import type { ConversationList } from "../../../inbox/conversations.ts";
import type { Inbox } from "../../../inbox/inbox.ts";
import type { SearchStanding } from "../../../inbox/search.ts";
import type { FoundConversations } from "../../../search/found-conversations.ts";
import type { Clock } from "../../../foundation/clock.ts";
import type { Staff } from "../../../identity/staff/actions.ts";
import { DEFAULT_PAGE, page, pageOf, pageQuery, readNumberCursor, readTextCursor, writeCursor } from "../cursor.ts";
import { type Route, route } from "../route.ts";
import { eventSchema, placeOf, placeText, summarySchema, withCustomer } from "./conversation-schemas.ts";
import { given, timeQuery } from "./filter-query.ts";
import { inboxFilterOf, inboxPlaceOf, inboxPlaceText, inboxQuery, isOfInbox, memberOf } from "./inbox-query.ts";
import { writtenSchema } from "./written-schema.ts";

export interface ConversationsRoutesPorts {
  readonly conversations: ConversationList;
  readonly inbox: Pick<Inbox, "listInbox" | "findInInbox">;
  readonly found: Pick<FoundConversations, "find">;
  readonly searchStanding: () => Promise<SearchStanding>;
  readonly clock: Pick<Clock, "now">;
  readonly journal: Pick<Store, "find" | "readBefore" | "readResult">;
  readonly desk: Pick<StaffDesk, "settleCall">;
  readonly facts: FindCustomerFacts;
  /** Whether staff may read what the model of this assistant thought. */
  readonly showsThoughts: (assistant: string) => boolean;
}

const conversation = z.object({ id: z.string().max(200) });
const listQuery = z.object({
  ...pageQuery.shape,
  ...timeQuery,
  ...inboxQuery,
  assistant: z.string().max(200).optional(),
  customer: z.string().max(200).optional(),
  preview: z.stringbool().optional().describe("true: only conversations in previews, which are left out otherwise. In no view."),
  waiting: z.stringbool().optional().describe("true: only those in which staff may decide something now. In no view."),
});
const listSchema = pageOf(summarySchema).extend({
  searching: z
    .object({
      waiting: z.int().describe("Texts that were just written."),
      conversationsLeft: z.int().optional().describe("Conversations of before the search was there, which it still has to read."),
    })
    .optional()
    .describe("With q: what cannot be found yet."),
});
/** Events are small, but for their texts: a page is as many of them as one answer holds. */
const MOST_EVENTS = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;
const eventsQuery = z.object({
  cursor: pageQuery.shape.cursor,
  before: z.coerce.number<string>().int().min(1).optional().describe("Only events before this number. Without it, the newest."),
  limit: z.coerce.number<string>().int().min(1).max(MOST_EVENTS).default(DEFAULT_PAGE),
  view: z
    .enum(["staff", "customer"])
    .default("staff")
    .describe("customer: each event as its customer may see it; `hidden` stands for those that they do not."),
});
/** What support reads, and what support may do in a conversation. */
export function conversationsRoutes(ports: ConversationsRoutesPorts): readonly Route[] {
  const { conversations, journal, desk, facts, showsThoughts, inbox, clock } = ports;
  return [
    route({
      method: "GET",
      path: "/conversations",
      operationId: "listConversations",
      tag: "Conversations",
      summary: "Conversations, newest first; of a view of the inbox, newest activity first; with q, newest text first",
      action: "conversations.read",
      query: listQuery,
      response: listSchema,
      handle: async ({ staff, query }) => {
        if (query.q !== undefined) return { body: await searched(ports, staff, { ...query, q: query.q }) };
        if (isOfInbox(query)) return { body: await listed(ports, staff, query) };
        const { cursor, limit, assistant, customer, from, to, preview, waiting } = query;
        const filter = given({ assistant, customer, from, to, preview, waiting });
        const body = await page(
          { cursor, limit },
          readTextCursor,
          (after, rows) =>
            conversations.listConversations({ filter, limit: rows, ...(after === undefined ? {} : { after: placeOf(after) }) }),
          placeText,
        );
        return { body: { ...body, items: await Promise.all(body.items.map((one) => withCustomer(one, facts))) } };
      },
    }),
    route({
      method: "GET",
      path: "/conversations/{id}",
      operationId: "readConversation",
      tag: "Conversations",
      summary: "A conversation, without its events",
      action: "conversations.read",
      refuses: ["unknown-conversation"],
      params: conversation,
      response: summarySchema,
      handle: async ({ staff, params: { id } }) => {
        const found = await conversations.findSummary(id);
        if (found === undefined) throw new RequestError("unknown-conversation");
        const [entry] = await inbox.findInInbox([id], { view: "all", filter: {}, member: memberOf(staff), now: clock.now() });
        return { body: await withCustomer(entry === undefined ? found : shown(entry), facts) };
      },
    }),
    route({
      method: "GET",
      path: "/conversations/{id}/events",
      operationId: "readEvents",
      tag: "Conversations",
      summary: "The newest events, in order; `next` leads to the ones before them",
      action: "conversations.read",
      refuses: ["unknown-conversation"],
      params: conversation,
      query: eventsQuery,
      response: pageOf(eventSchema),
      handle: async ({ params: { id }, query: { cursor, before, limit, view } }) => {
        const found = await journal.find(id);
        if (found === undefined) throw new RequestError("unknown-conversation");
        const events = await journal.readBefore(id, readNumberCursor(cursor) ?? before ?? found.lastSeq + 1, limit, PAGE_BYTES);
        const shown = { thoughts: showsThoughts(found.assistant) };
        const items = events.map((event) => ({ ...(view === "customer" ? customerView(event) : staffView(event, shown)) }));
        const first = items[0]?.seq ?? 1;
        return { body: { items, ...(first > 1 ? { next: writeCursor(first) } : {}) } };
      },
    }),
    route({
      method: "GET",
      path: "/conversations/{id}/calls/{callId}/result",
      operationId: "readCallResult",
      tag: "Conversations",
      summary: "The whole result of a call, as far as it was kept",
      action: "conversations.read",
      params: z.object({ id: z.string().max(200), callId: z.string().max(200) }),
      response: z.object({ content: z.array(z.unknown()), structured: z.unknown().optional() }),
      handle: async ({ params: { id, callId } }) => {
        const result = (await journal.find(id)) === undefined ? undefined : await journal.readResult(id, callId);
        if (result === undefined) throw new RequestError("not-found", { detail: `No result of the call ${callId} is kept.` });
        return { body: { ...result, content: [...result.content] } };
      },
    }),
    route({
      method: "POST",
      path: "/conversations/{id}/calls/{callId}/settle",
      operationId: "settleCall",
      tag: "Conversations",
      summary: "Says how a call that ended unknown really ended, or leaves it with a note",
      action: "approvals.decide",
      refuses: ["unknown-call", "request-over", "already-decided", "busy"],
      params: z.object({ id: idSchema, callId: idSchema }),
      body: z.strictObject({
        outcome: z
          .enum(["ok", "failed", "unknown"])
          .describe("ok and failed are told to the customer and the model. unknown: it stays to be settled, with your note for the staff."),
        note: z.string().max(500).optional().describe("The customer and the model read it, unless the outcome is unknown."),
        mayRetry: z.boolean().optional().describe("true, where it failed: the model may call it again."),
      }),
      response: writtenSchema,
      handle: async ({ staff, params: { id, callId }, body: { outcome, note, mayRetry } }) => {
        const settled = { conversationId: id, callId, outcome, ...given({ note, mayRetry }) };
        return { body: await desk.settleCall(staff, settled) };
      },
    }),
  ];
}

type ListQuery = z.output<typeof listQuery>;

async function listed(
  { inbox, facts, clock }: ConversationsRoutesPorts,
  staff: Staff,
  query: ListQuery,
): Promise<z.input<typeof listSchema>> {
  const { cursor, limit, view = "all" } = query;
  const options = { view, filter: inboxFilterOf(query, staff), member: memberOf(staff), now: clock.now() };
  const read = (after: string | undefined, rows: number) =>
    inbox.listInbox({ ...options, limit: rows, ...(after === undefined ? {} : { after: inboxPlaceOf(after) }) });
  const { items, ...rest } = await page({ cursor, limit }, readTextCursor, read, inboxPlaceText);
  return { items: await Promise.all(items.map((item) => withCustomer(shown(item), facts))), ...rest };
}

async function searched(
  { found, facts, searchStanding, clock }: ConversationsRoutesPorts,
  staff: Staff,
  query: ListQuery & { readonly q: string },
): Promise<z.input<typeof listSchema>> {
  const { q, cursor, limit, view = "all" } = query;
  const before = readNumberCursor(cursor);
  const { items, next } = await found.find({
    words: q,
    limit,
    view,
    filter: inboxFilterOf(query, staff),
    member: memberOf(staff),
    now: clock.now(),
    ...(before === undefined ? {} : { before }),
  });
  const searching = await searchStanding();
  return {
    items: await Promise.all(
      items.map((item) => withCustomer({ ...shown(item), found: { ...item.found, pieces: [...item.found.pieces] } }, facts)),
    ),
    ...(next === undefined ? {} : { next: writeCursor(next) }),
    ...(searching.waiting === 0 && searching.conversationsLeft === undefined ? {} : { searching: { ...searching } }),
  };
}

function shown<Entry extends { readonly tags: readonly string[] }>(entry: Entry): Omit<Entry, "tags"> & { tags: string[] } {
  return { ...entry, tags: [...entry.tags] };
}
