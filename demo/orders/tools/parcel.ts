import * as z from "zod";
import type { Order } from "../order.ts";
import { OrderRefusal } from "../order-book.ts";

/** Where a parcel is, as tools say it and as the view draws it. */
export const parcelSchema = {
  orderId: z.string(),
  carrier: z.string(),
  trackingNumber: z.string(),
  delivered: z.boolean(),
  lastSeen: z.string(),
  expectedAt: z.iso.datetime(),
};

/** The page that draws it, as tools name it. */
export const PARCEL_VIEW = "ui://lull/parcel.html";

export function parcelOf(order: Order): Record<string, unknown> {
  const { parcel } = order;
  if (parcel === undefined) throw new OrderRefusal(`Order ${order.orderId} has no parcel yet: it is ${order.status}.`);
  const delivered = order.status === "delivered";
  return {
    orderId: order.orderId,
    carrier: parcel.carrier,
    trackingNumber: parcel.trackingNumber,
    delivered,
    lastSeen: delivered ? "Handed over at the door" : "Left the depot in Lindau this morning",
    expectedAt: new Date(parcel.expectedAt).toISOString(),
  };
}
