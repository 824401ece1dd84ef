import { answerCall, orderIdSchema, type OrderTool, structured } from "./order-tool.ts";
import { orderViewSchema, viewOrder } from "./order-view.ts";

/** `lookup_order`: one order with its lines, money and parcel. */
export const lookupOrder: OrderTool = (server, context) => {
  server.registerTool(
    "lookup_order",
    {
      title: "Look up order",
      description: "Shows one order: what was bought, what it cost, its status, its parcel and what has been refunded.",
      inputSchema: { orderId: orderIdSchema },
      outputSchema: orderViewSchema.shape,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input, extra) =>
      answerCall(context, { tool: "lookup_order", arguments: input, extra }, () =>
        structured(viewOrder(context.book.order(input.orderId))),
      ),
  );
};
