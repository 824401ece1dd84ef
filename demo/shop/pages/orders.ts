import type { Order } from "../../orders/order.ts";
import { totalCents } from "../../orders/order.ts";
import { html, type Html } from "../html.ts";
import { formatDay, formatEuros } from "./formats.ts";
import { page } from "./layout.ts";
import { statusWords } from "./order-status.ts";

/** `/orders`: the orders of the demo's one customer, newest first. */
export function ordersPage(deskUrl: string, orders: readonly Order[]): Html {
  const newestFirst = orders.toSorted((one, other) => other.placedAt - one.placedAt);
  return page({
    title: "Your orders",
    deskUrl,
    section: "orders",
    body: html` <section class="narrow">
      <h1>Your orders</h1>
      <ul class="order-list">
        ${newestFirst.map(row)}
      </ul>
    </section>`,
  });
}

function row(order: Order): Html {
  return html`<li>
    <a href="/orders/${order.orderId}">
      <span class="order-number">Order ${order.orderId}</span>
      <span class="order-date">${formatDay(order.placedAt)}</span>
      <span class="status status-${order.status}">${statusWords[order.status]}</span>
      <span class="order-total">${formatEuros(totalCents(order))}</span>
    </a>
  </li>`;
}
