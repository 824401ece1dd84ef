import type { OrderStatus } from "../../orders/order.ts";

/** An order's status as the customer reads it. */
export const statusWords: Readonly<Record<OrderStatus, string>> = {
  processing: "Being prepared",
  shipped: "On its way",
  delivered: "Delivered",
  cancelled: "Cancelled",
};
