import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import { OrderRefusal } from "../order-book.ts";
import { answerCall, type CallExtra, orderIdSchema, type OrderTool, structured } from "./order-tool.ts";

const steps = ["Asking Heron Post", "Reading the depot's scans", "Finding the van", "Working out the arrival"] as const;

/**
 * `track_parcel`: slow on purpose, like a carrier's own service. Reports progress after each of its steps to a caller
 * that gave a progress token, and stops at once when the call is cancelled.
 */
export const trackParcel: OrderTool = (server, context) => {
  server.registerTool(
    "track_parcel",
    {
      title: "Track parcel",
      description: "Asks the carrier where the parcel of an order is now. Takes a few seconds.",
      inputSchema: { orderId: orderIdSchema },
      outputSchema: {
        orderId: z.string(),
        carrier: z.string(),
        trackingNumber: z.string(),
        delivered: z.boolean(),
        lastSeen: z.string(),
        expectedAt: z.iso.datetime(),
      },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (input, extra) =>
      answerCall(context, { tool: "track_parcel", arguments: input, extra }, async () => {
        const order = context.book.order(input.orderId);
        const { parcel } = order;
        if (parcel === undefined) throw new OrderRefusal(`Order ${order.orderId} has no parcel yet: it is ${order.status}.`);
        await askCarrier(extra, context.trackDurationMs);
        const delivered = order.status === "delivered";
        return structured({
          orderId: order.orderId,
          carrier: parcel.carrier,
          trackingNumber: parcel.trackingNumber,
          delivered,
          lastSeen: delivered ? "Handed over at the door" : "Left the depot in Lindau this morning",
          expectedAt: new Date(parcel.expectedAt).toISOString(),
        });
      }),
  );
};

async function askCarrier(extra: CallExtra, durationMs: number): Promise<void> {
  const progressToken = extra._meta?.progressToken;
  for (const [index, message] of steps.entries()) {
    if (progressToken !== undefined) {
      await extra.sendNotification({
        method: "notifications/progress",
        params: { progressToken, progress: index, total: steps.length, message },
      });
    }
    await wait(durationMs / steps.length, undefined, { signal: extra.signal });
  }
}
