import { productById } from "../products.ts";
import type { Order } from "./order.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The orders of the demo's one customer as they stand at the first start, dated back from `now`. */
export function seedOrders(now: number): Order[] {
  const customer = "Ada Brook";
  return [
    {
      orderId: "1043",
      customer,
      placedAt: now - 20 * hourMs,
      status: "processing",
      lines: [line("reed-vase", 1), line("drip-cone", 1)],
      shippingCents: 490,
      refunds: [],
    },
    {
      orderId: "1042",
      customer,
      placedAt: now - 3 * dayMs,
      status: "shipped",
      lines: [line("hush-mug", 2), line("porridge-bowl", 1)],
      shippingCents: 490,
      parcel: { carrier: "Heron Post", trackingNumber: "HP 4471 0938 22", expectedAt: now + dayMs },
      refunds: [],
    },
    {
      orderId: "1041",
      customer,
      placedAt: now - 12 * dayMs,
      status: "delivered",
      lines: [line("still-teapot", 1)],
      shippingCents: 0,
      parcel: { carrier: "Heron Post", trackingNumber: "HP 4468 2210 07", expectedAt: now - 8 * dayMs },
      refunds: [],
    },
    {
      orderId: "1036",
      customer,
      placedAt: now - 41 * dayMs,
      status: "delivered",
      lines: [line("table-plate", 4), line("two-small-cups", 1)],
      shippingCents: 0,
      parcel: { carrier: "Heron Post", trackingNumber: "HP 4402 7719 53", expectedAt: now - 37 * dayMs },
      refunds: [],
    },
  ];
}

function line(productId: string, quantity: number): Order["lines"][number] {
  const product = productById(productId);
  if (product === undefined) throw new TypeError(`The seed orders name the product "${productId}", which the catalogue does not have.`);
  return { productId, name: product.name, quantity, unitPriceCents: product.priceCents };
}
