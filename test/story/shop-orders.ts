import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Order, type OrderState, orderStateSchema } from "../../demo/orders/order.ts";
import { seedOrders } from "../../demo/orders/seed.ts";

const FIRST_OWN_ORDER = 2001;
const OWN_ORDERS = 40;

/**
 * Lays an order book into a data folder: the demo's own orders, and copies of 1042, so that each test can have one that
 * nobody else refunds.
 */
export function layOutOrders(folder: string, count = OWN_ORDERS): void {
  const orders = seedOrders(Date.now());
  const pattern = orders.find(({ orderId }) => orderId === "1042");
  if (pattern === undefined) throw new TypeError("The demo has no order 1042.");
  const copies = Array.from({ length: count }, (_, index) => ({ ...pattern, orderId: String(FIRST_OWN_ORDER + index) }));
  const state: OrderState = { orders: [...orders, ...copies], calls: [] };
  writeFileSync(join(folder, "orders.json"), JSON.stringify(state));
}

/** Gives each asker an order that nobody had before. */
export function orderNumbers(count = OWN_ORDERS): () => string {
  let next = FIRST_OWN_ORDER;
  return () => {
    if (next === FIRST_OWN_ORDER + count) throw new RangeError("Every order of the story is taken. Lay out more.");
    return String(next++);
  };
}

/** What the order server itself knows: its refunds, and every call that reached it. */
export async function readOrderState(ordersUrl: string): Promise<OrderState> {
  const response = await fetch(`${ordersUrl}/state`);
  return orderStateSchema.parse(await response.json());
}

export async function readOrder(ordersUrl: string, orderId: string): Promise<Order> {
  const found = (await readOrderState(ordersUrl)).orders.find((order) => order.orderId === orderId);
  if (found === undefined) throw new RangeError(`The order server has no order ${orderId}.`);
  return found;
}
