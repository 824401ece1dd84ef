import { setTimeout as wait } from "node:timers/promises";
import { PARCEL_VIEW, parcelOf, parcelSchema } from "./parcel.ts";
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
      outputSchema: parcelSchema,
      annotations: { readOnlyHint: true, openWorldHint: true },
      _meta: { ui: { resourceUri: PARCEL_VIEW } },
    },
    (input, extra) =>
      answerCall(context, { tool: "track_parcel", arguments: input, extra }, async () => {
        const order = context.book.order(input.orderId);
        const parcel = parcelOf(order);
        await askCarrier(extra, context.trackDurationMs);
        return structured(parcel);
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
