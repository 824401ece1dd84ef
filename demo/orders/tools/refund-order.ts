import * as z from "zod";
import { refundableCents } from "../order.ts";
import { answerCall, chatIdOf, orderIdSchema, type OrderTool, structured } from "./order-tool.ts";

/**
 * `refund_order`: pays money back. Every accepted call is one refund, so it is neither read only nor idempotent, and
 * says so.
 */
export const refundOrder: OrderTool = (server, context) => {
  server.registerTool(
    "refund_order",
    {
      title: "Refund order",
      description: "Pays money of an order back to the customer's card. Cannot be undone. Each call is one refund.",
      inputSchema: {
        orderId: orderIdSchema,
        amount: z.int().positive().meta({
          title: "Amount",
          description: "What is paid back, in euro cents: 2800 is €28.00. At most the order's refundableCents.",
          format: "money",
          currency: "EUR",
        }),
        reason: z.string().max(200).optional().meta({ title: "Reason", description: "Why, in the customer's words." }),
      },
      outputSchema: {
        refundId: z.string(),
        orderId: z.string(),
        amountCents: z.int(),
        refundableCents: z.int(),
        currency: z.literal("EUR"),
      },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    },
    (input, extra) =>
      answerCall(context, { tool: "refund_order", arguments: input, extra }, () => {
        const refund = context.book.refund(input.orderId, input.amount, { reason: input.reason, chatId: chatIdOf(extra) });
        const order = context.book.order(input.orderId);
        return structured({
          refundId: refund.refundId,
          orderId: order.orderId,
          amountCents: refund.amountCents,
          refundableCents: refundableCents(order),
          currency: "EUR",
        });
      }),
  );
};
