import * as z from "zod";

/** Euro cents. Every amount of the order server is a whole number of them. */
const centsSchema = z.int().min(0);

export const orderStatusSchema = z.enum(["processing", "shipped", "delivered", "cancelled"]);
export type OrderStatus = z.infer<typeof orderStatusSchema>;

/** One repayment. Never changed, never removed: the shop's truth about money that went back. */
export const refundSchema = z.object({
  refundId: z.string(),
  amountCents: centsSchema,
  reason: z.string().optional(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** `X-Chat-Id` of the conversation that asked for it. */
  chatId: z.string().optional(),
});
export type Refund = z.infer<typeof refundSchema>;

export const orderSchema = z.object({
  orderId: z.string(),
  customer: z.string(),
  /** Milliseconds since 1970. */
  placedAt: z.number(),
  status: orderStatusSchema,
  lines: z.array(z.object({ productId: z.string(), name: z.string(), quantity: z.int().positive(), unitPriceCents: centsSchema })),
  shippingCents: centsSchema,
  parcel: z.object({ carrier: z.string(), trackingNumber: z.string(), expectedAt: z.number() }).optional(),
  cancelledAt: z.number().optional(),
  refunds: z.array(refundSchema),
});
export type Order = z.infer<typeof orderSchema>;

/** A tool call as it reached the order server, whoever sent it. */
export const callRecordSchema = z.object({
  at: z.number(),
  tool: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  /** Headers `X-Chat-Id` and `X-Session-Id` of the request. */
  chatId: z.string().optional(),
  sessionId: z.string().optional(),
  outcome: z.enum(["running", "ok", "error", "cancelled"]),
});
export type CallRecord = z.infer<typeof callRecordSchema>;

/** What the state file holds, and what `GET /state` answers. */
export const orderStateSchema = z.object({ orders: z.array(orderSchema), calls: z.array(callRecordSchema) });
export type OrderState = z.infer<typeof orderStateSchema>;

/** What the order cost, shipping included. */
export function totalCents(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, order.shippingCents);
}

export function refundedCents(order: Order): number {
  return order.refunds.reduce((sum, refund) => sum + refund.amountCents, 0);
}

/** What may still be paid back. Nothing for a cancelled order: its payment was never taken. */
export function refundableCents(order: Order): number {
  return order.status === "cancelled" ? 0 : totalCents(order) - refundedCents(order);
}

/** `9490` as "€94.90". */
export function euros(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}
