import * as z from "zod";
import { type Order, orderStatusSchema, refundableCents, refundedCents, totalCents } from "../order.ts";

const centsSchema = z.int().min(0);
const dateSchema = z.iso.datetime();

/** An order as the tools show it to a model. Amounts are whole euro cents, times are ISO 8601. */
export const orderViewSchema = z.object({
  orderId: z.string(),
  status: orderStatusSchema,
  placedAt: dateSchema,
  lines: z.array(z.object({ product: z.string(), quantity: z.int(), unitPriceCents: centsSchema })),
  shippingCents: centsSchema,
  totalCents: centsSchema.meta({ description: "Everything the customer paid, shipping included, in euro cents." }),
  refundedCents: centsSchema,
  refundableCents: centsSchema.meta({ description: "The most that a refund may still be, in euro cents." }),
  currency: z.literal("EUR"),
  parcel: z.object({ carrier: z.string(), trackingNumber: z.string(), expectedAt: dateSchema }).optional(),
});
export type OrderView = z.infer<typeof orderViewSchema>;

/** The model's view of an order. */
export function viewOrder(order: Order): OrderView {
  return {
    orderId: order.orderId,
    status: order.status,
    placedAt: new Date(order.placedAt).toISOString(),
    lines: order.lines.map((line) => ({ product: line.name, quantity: line.quantity, unitPriceCents: line.unitPriceCents })),
    shippingCents: order.shippingCents,
    totalCents: totalCents(order),
    refundedCents: refundedCents(order),
    refundableCents: refundableCents(order),
    currency: "EUR",
    ...(order.parcel === undefined ? {} : { parcel: { ...order.parcel, expectedAt: new Date(order.parcel.expectedAt).toISOString() } }),
  };
}
