import * as z from "zod";
import { pushLanguage, pushSubscription } from "../../../notices/push/push-subscription.ts";
import type { PushSubscriptions } from "../../../notices/push/push-subscriptions.ts";
import { type Route, route } from "../route.ts";

export interface PushRoutesPorts {
  readonly subscriptions: PushSubscriptions;
}

const params = z.object({ id: z.string().max(64) });
const subscribed = z.object({ id: z.string() });

/** In which browsers one is notified while the console is closed. */
export function pushRoutes({ subscriptions }: PushRoutesPorts): readonly Route[] {
  const tag = "Self";
  return [
    route({
      method: "GET",
      path: "/me/push-key",
      operationId: "readPushKey",
      tag,
      summary: "The key that a browser subscribes to its push service with",
      action: "self.read",
      response: z.object({ publicKey: z.string().describe("An uncompressed point of P-256, as base64url.") }),
      handle: async () => ({ body: { publicKey: await subscriptions.publicKey() } }),
    }),
    route({
      method: "POST",
      path: "/me/push-subscriptions",
      operationId: "addPushSubscription",
      tag,
      summary: "Notifies one in a browser; twice is once. Only for people",
      action: "self.write",
      body: z.strictObject({ subscription: pushSubscription, language: pushLanguage.default("en") }),
      response: subscribed,
      handle: async ({ staff, body: { subscription, language } }) => ({
        body: { id: await subscriptions.add(staff, subscription, language) },
      }),
    }),
    route({
      method: "GET",
      path: "/me/push-subscriptions/{id}",
      operationId: "readPushSubscription",
      tag,
      summary: "Whether one is notified in a browser; its id is the SHA-256 of its endpoint",
      action: "self.read",
      params,
      response: z.object({ isSubscribed: z.boolean() }),
      handle: async ({ staff, params: { id } }) => ({ body: { isSubscribed: await subscriptions.has(staff, id) } }),
    }),
    route({
      method: "DELETE",
      path: "/me/push-subscriptions/{id}",
      operationId: "removePushSubscription",
      tag,
      summary: "Notifies one in a browser no longer",
      action: "self.write",
      params,
      response: z.null(),
      status: 204,
      handle: async ({ staff, params: { id } }) => {
        await subscriptions.remove(staff, id);
        return { body: null };
      },
    }),
  ];
}
