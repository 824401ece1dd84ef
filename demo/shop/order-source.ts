import { type Order, orderStateSchema } from "../orders/order.ts";

/** The order server did not answer, or not with orders. */
export class OrdersUnavailable extends Error {
  override readonly name = "OrdersUnavailable";
}

/** Reads all orders from the order server's `/state`. Throws `OrdersUnavailable`. */
export async function readOrders(ordersUrl: string): Promise<readonly Order[]> {
  try {
    const response = await fetch(`${ordersUrl}/state`, { signal: AbortSignal.timeout(3000) });
    return orderStateSchema.parse(await response.json()).orders;
  } catch (error) {
    throw new OrdersUnavailable(`The order server at ${ordersUrl} cannot be read.`, { cause: error });
  }
}
