import * as z from "zod";
import { answerCall, orderIdSchema, type OrderTool, structured } from "./order-tool.ts";

/** `cancel_order`: stops an order that has not been shipped. */
export const cancelOrder: OrderTool = (server, context) => {
  server.registerTool(
    "cancel_order",
    {
      title: "Cancel order",
      description: "Cancels an order that has not been shipped yet. The customer is not charged. Cannot be undone.",
      inputSchema: {
        orderId: orderIdSchema,
        reason: z.string().max(200).optional().meta({ title: "Reason", description: "Why, in the customer's words." }),
      },
      outputSchema: { orderId: z.string(), status: z.literal("cancelled") },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    (input, extra) =>
      answerCall(context, { tool: "cancel_order", arguments: input, extra }, () => {
        const order = context.book.cancel(input.orderId);
        return structured({ orderId: order.orderId, status: "cancelled" });
      }),
  );
};
