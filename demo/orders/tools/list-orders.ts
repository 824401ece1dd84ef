import * as z from "zod";
import { orderStatusSchema, totalCents } from "../order.ts";
import { answerCall, type OrderTool, structured } from "./order-tool.ts";

const summarySchema = z.object({
  orderId: z.string(),
  status: orderStatusSchema,
  placedAt: z.iso.datetime(),
  products: z.array(z.string()),
  totalCents: z.int(),
});

/** `list_orders`: the customer's orders, newest first. */
export const listOrders: OrderTool = (server, context) => {
  server.registerTool(
    "list_orders",
    {
      title: "List orders",
      description: "Lists the customer's orders, newest first, with number, status, products and total in euro cents.",
      inputSchema: { status: orderStatusSchema.optional().meta({ title: "Status", description: "Only orders with this status." }) },
      outputSchema: { orders: z.array(summarySchema) },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input, extra) =>
      answerCall(context, { tool: "list_orders", arguments: input, extra }, () => {
        const orders = context.book.state.orders
          .filter((order) => input.status === undefined || order.status === input.status)
          .toSorted((one, other) => other.placedAt - one.placedAt)
          .map((order) => ({
            orderId: order.orderId,
            status: order.status,
            placedAt: new Date(order.placedAt).toISOString(),
            products: order.lines.map((line) => (line.quantity > 1 ? `${line.quantity} × ${line.name}` : line.name)),
            totalCents: totalCents(order),
          }));
        return structured({ orders });
      }),
  );
};
