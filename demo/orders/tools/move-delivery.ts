import * as z from "zod";
import { parcelOf, parcelSchema } from "./parcel.ts";
import { answerCall, orderIdSchema, type OrderTool, structured } from "./order-tool.ts";

/** `move_delivery`: for the parcel's view alone. The model is not offered it. */
export const moveDelivery: OrderTool = (server, context) => {
  server.registerTool(
    "move_delivery",
    {
      title: "Move delivery",
      description: "Has the carrier bring the parcel of an order on another day.",
      inputSchema: {
        orderId: orderIdSchema,
        day: z.iso.date().meta({ title: "New day", description: "The day, such as 2026-05-04." }),
      },
      outputSchema: parcelSchema,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
      _meta: { ui: { visibility: ["app"] } },
    },
    (input, extra) =>
      answerCall(context, { tool: "move_delivery", arguments: input, extra }, () =>
        structured(parcelOf(context.book.moveDelivery(input.orderId, input.day))),
      ),
  );
};
