import * as z from "zod";
import { RequestError } from "../../../../protocol/errors.ts";
import { namePosition } from "../../../documents/listed-by.ts";
import type { Delivery } from "../../../notices/ports.ts";
import { mayDo, type Staff } from "../../../identity/staff/actions.ts";
import { NOTICE_EVENTS, type NoticeEvent } from "../../../notices/notice.ts";
import { type Webhook, webhookSettings } from "../../../notices/webhooks/webhook-record.ts";
import type { Webhooks } from "../../../notices/webhooks/webhooks.ts";
import { listed, page, pageOf, pageQuery, readTextCursor, searchQuery } from "../cursor.ts";
import { type Route, route } from "../route.ts";

export interface WebhooksRoutesPorts {
  readonly webhooks: Webhooks;
}

const webhookSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    events: z.array(z.enum(NOTICE_EVENTS)),
    assistants: z.array(z.string()),
    enabled: z.boolean(),
    createdAt: z.number(),
    previousSecretUntil: z.number().optional().describe("Until when what is sent has a signature of the earlier secret too."),
    goneAt: z.number().optional().describe("The receiver answered 410, which switched the webhook off."),
  })
  .meta({ id: "Webhook" });
const withSecret = z.object({ secret: z.string().describe("Shown this once; it begins with `whsec_`."), webhook: webhookSchema });

const deliverySchema = z
  .object({
    id: z.string().describe("The header `webhook-id`, the same in every attempt."),
    event: z.string(),
    conversation: z.string().optional(),
    status: z.enum(["waiting", "delivered", "dead", "cancelled"]),
    attempts: z.int(),
    at: z.number(),
    nextAt: z.number().optional().describe("When the next attempt is."),
    endedAt: z.number().optional(),
    answer: z
      .object({
        at: z.number(),
        status: z.int().optional().describe("Of HTTP."),
        text: z.string().optional().describe("The answer's beginning."),
        fault: z.string().optional().describe("Why there was no answer."),
        durationMs: z.number(),
      })
      .optional()
      .describe("What the last attempt came to."),
    body: z.string().describe("Exactly what is sent."),
  })
  .meta({ id: "WebhookDelivery" });

const webhookParams = z.object({ id: z.string().max(64) });
const deliveryParams = z.object({ id: z.string().max(64), delivery: z.string().max(100) });
const { shape } = webhookSettings;
const patch = z.strictObject({
  name: shape.name.optional(),
  url: shape.url.optional(),
  events: shape.events.optional(),
  assistants: shape.assistants.unwrap().optional(),
  enabled: shape.enabled.unwrap().optional(),
});
/** A week is more than any change of a secret takes. */
const LONGEST_OVERLAP_HOURS = 168;
const rotation = z.strictObject({
  overlapHours: z
    .int()
    .min(0)
    .max(LONGEST_OVERLAP_HOURS)
    .default(24)
    .describe("For how long the earlier secret signs as well; 0 ends it at once."),
});

/** Where notices are sent to. */
export function webhooksRoutes({ webhooks }: WebhooksRoutesPorts): readonly Route[] {
  return [...webhookRoutes(webhooks), ...deliveryRoutes(webhooks)];
}

function webhookRoutes(webhooks: Webhooks): readonly Route[] {
  const tag = "Webhooks";
  return [
    route({
      method: "GET",
      path: "/webhooks",
      operationId: "listWebhooks",
      tag,
      summary: "All webhooks, without their secrets",
      action: "webhooks.read",
      query: searchQuery,
      response: pageOf(webhookSchema),
      handle: async ({ query }) => {
        const list = (after: string | undefined, limit: number) => webhooks.list(listed(after, limit, query.q));
        const { items, ...rest } = await page(query, readTextCursor, list, (one) => namePosition("webhook", one.id, one));
        return { body: { items: items.map(shown), ...rest } };
      },
    }),
    route({
      method: "POST",
      path: "/webhooks",
      operationId: "createWebhook",
      tag,
      summary: "Makes a webhook; its secret is shown this once",
      action: "webhooks.write",
      body: webhookSettings,
      response: withSecret,
      creates: true,
      status: 201,
      handle: async ({ staff, body }) => {
        mustRead(staff, body.events);
        const { webhook, secret } = await webhooks.create(staff, body);
        return { body: { secret, webhook: shown(webhook) }, version: webhook.version, location: `/webhooks/${webhook.id}` };
      },
    }),
    route({
      method: "GET",
      path: "/webhooks/{id}",
      operationId: "readWebhook",
      tag,
      summary: "A webhook, without its secret",
      action: "webhooks.read",
      params: webhookParams,
      response: webhookSchema,
      handle: async ({ params: { id } }) => answer(await webhooks.get(id)),
    }),
    route({
      method: "PATCH",
      path: "/webhooks/{id}",
      operationId: "changeWebhook",
      tag,
      summary: "Changes a webhook; its secret stays",
      action: "webhooks.write",
      params: webhookParams,
      body: patch,
      response: webhookSchema,
      versioned: true,
      handle: async ({ staff, params: { id }, body, ifVersion = 0 }) => {
        // What waits goes to the new address, whatever it hears of from now on.
        mustRead(staff, [...(body.events ?? []), ...(await webhooks.get(id)).events]);
        return answer(await webhooks.update(staff, id, ifVersion, body));
      },
    }),
    route({
      method: "DELETE",
      path: "/webhooks/{id}",
      operationId: "removeWebhook",
      tag,
      summary: "Removes a webhook; what waits for it is not sent",
      action: "webhooks.write",
      params: webhookParams,
      response: z.null(),
      status: 204,
      versioned: true,
      handle: async ({ staff, params: { id }, ifVersion = 0 }) => {
        await webhooks.remove(staff, id, ifVersion);
        return { body: null };
      },
    }),
    route({
      method: "POST",
      path: "/webhooks/{id}/secret",
      operationId: "rotateWebhookSecret",
      tag,
      summary: "Makes a new secret, which is shown this once",
      action: "webhooks.write",
      refuses: ["version-changed"],
      params: webhookParams,
      body: rotation,
      response: withSecret,
      creates: true,
      handle: async ({ staff, params: { id }, body: { overlapHours } }) => {
        const { webhook, secret } = await webhooks.rotate(staff, id, overlapHours);
        return { body: { secret, webhook: shown(webhook) }, version: webhook.version };
      },
    }),
  ];
}

function deliveryRoutes(webhooks: Webhooks): readonly Route[] {
  const tag = "Webhooks";
  return [
    route({
      method: "POST",
      path: "/webhooks/{id}/test",
      operationId: "testWebhook",
      tag,
      summary: "Sends a notice that says it is a test",
      action: "webhooks.write",
      params: webhookParams,
      response: deliverySchema,
      status: 202,
      handle: async ({ params: { id } }) => ({ body: shownDelivery(await webhooks.test(id)) }),
    }),
    route({
      method: "GET",
      path: "/webhooks/{id}/deliveries",
      operationId: "listWebhookDeliveries",
      tag,
      summary: "What was sent to a webhook, the newest first, for 30 days",
      action: "webhooks.read",
      params: webhookParams,
      query: pageQuery,
      response: pageOf(deliverySchema),
      handle: async ({ staff, params: { id }, query }) => {
        mustRead(staff);
        const list = (before: string | undefined, limit: number) =>
          webhooks.deliveries(id, before === undefined ? { limit } : { before, limit });
        const { items, ...rest } = await page(query, readTextCursor, list, (one) => one.id);
        return { body: { items: items.map(shownDelivery), ...rest } };
      },
    }),
    route({
      method: "POST",
      path: "/webhooks/{id}/deliveries/{delivery}/again",
      operationId: "redeliverToWebhook",
      tag,
      summary: "Sends a delivery that ended again, under the same id",
      action: "webhooks.write",
      refuses: ["in-use"],
      params: deliveryParams,
      response: deliverySchema,
      status: 202,
      handle: async ({ staff, params: { id, delivery } }) => {
        mustRead(staff);
        return { body: shownDelivery(await webhooks.redeliver(id, delivery)) };
      },
    }),
  ];
}

/** What tells nothing of a conversation. */
const OF_NO_CONVERSATION: readonly NoticeEvent[] = ["budget.warning"];

/** What a webhook is sent quotes conversations: whoever has it sent, or looks at it, has to be allowed to read them. */
function mustRead(staff: Staff, events: readonly NoticeEvent[] = NOTICE_EVENTS): void {
  if (mayDo(staff, "conversations.read") || events.every((event) => OF_NO_CONVERSATION.includes(event))) return;
  throw new RequestError("forbidden", { detail: "What is sent quotes conversations, so this needs the right conversations.read as well." });
}

function answer(webhook: Webhook) {
  return { body: shown(webhook), version: webhook.version };
}

function shown({ version: _version, events, assistants, ...rest }: Webhook): z.input<typeof webhookSchema> {
  return { ...rest, events: [...events], assistants: [...assistants] };
}

function shownDelivery(delivery: Delivery): z.input<typeof deliverySchema> {
  const { id, event, conversationId, status, attempts, at, dueAt, endedAt, answer: last, body } = delivery;
  return {
    id,
    event,
    ...(conversationId === undefined ? {} : { conversation: conversationId }),
    status,
    attempts,
    at,
    ...(dueAt === undefined ? {} : { nextAt: dueAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(last === undefined ? {} : { answer: last }),
    body,
  };
}
