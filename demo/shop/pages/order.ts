import { productById } from "../../products.ts";
import { type Order, refundedCents, type Refund, totalCents } from "../../orders/order.ts";
import { html, type Html } from "../html.ts";
import { formatDay, formatEuros, formatMoment } from "./formats.ts";
import { page } from "./layout.ts";
import { statusWords } from "./order-status.ts";

/**
 * `/orders/<number>`: one order. Its script watches `/api/orders/<number>` and draws `#order` anew when something
 * changed.
 */
export function orderPage(deskUrl: string, order: Order): Html {
  return page({
    title: `Order ${order.orderId}`,
    deskUrl,
    section: "orders",
    scripts: ["ask.js", "watch-order.js"],
    body: html` <div class="order" data-order="${order.orderId}">
      <div id="order">
        <h1>Order ${order.orderId}</h1>
        <p class="order-placed">Placed on ${formatDay(order.placedAt)} by ${order.customer}</p>
        ${steps(order)} ${lines(order)}
      </div>
      <p id="news" class="news" role="status"></p>
      <aside class="order-help" aria-label="Help with this order">
        <h2>Anything wrong with it?</h2>
        <p>The assistant can look this order up, find the parcel, and refund or cancel it once you agree.</p>
        <ul>
          <li><button class="button quiet" type="button" data-ask="Where is order ${order.orderId}?">Where is it?</button></li>
          <li><button class="button quiet" type="button" data-ask="Refund order ${order.orderId}">I want a refund</button></li>
        </ul>
      </aside>
    </div>`,
  });
}

function steps(order: Order): Html {
  if (order.status === "cancelled") {
    const when = order.cancelledAt === undefined ? "" : ` on ${formatMoment(order.cancelledAt)}`;
    return html`<p class="notice">
      <span class="status status-cancelled">${statusWords.cancelled}</span> This order was cancelled${when}. You were not charged.
    </p>`;
  }
  const stages = ["processing", "shipped", "delivered"] as const;
  const reached = stages.indexOf(order.status);
  const items = stages.map(
    (stage, index) =>
      html`<li class="${index <= reached ? "reached" : "ahead"}" ${index === reached ? html` aria-current="step"` : undefined}>
        ${statusWords[stage]}
      </li>`,
  );
  return html`<ol class="steps" aria-label="Status">
      ${items}
    </ol>
    ${parcel(order)}`;
}

function parcel(order: Order): Html | undefined {
  if (order.parcel === undefined) return undefined;
  const { carrier, trackingNumber, expectedAt } = order.parcel;
  return html`<dl class="facts">
    <div>
      <dt>Parcel</dt>
      <dd>${carrier}, <span class="number">${trackingNumber}</span></dd>
    </div>
    <div>
      <dt>${order.status === "delivered" ? "Delivered" : "Expected"}</dt>
      <dd>${formatDay(expectedAt)}</dd>
    </div>
  </dl>`;
}

function lines(order: Order): Html {
  const rows = order.lines.map((line) => {
    const product = productById(line.productId);
    const picture =
      product === undefined
        ? undefined
        : html`<span class="stage tint-${product.tint}"><img src="/pictures/${product.id}.svg" width="64" height="64" alt="" /></span>`;
    return html`<tr>
      <th scope="row">
        <span class="line-product">${picture}<span>${line.name}</span></span>
      </th>
      <td>${line.quantity}</td>
      <td>${formatEuros(line.quantity * line.unitPriceCents)}</td>
    </tr>`;
  });
  return html`<table class="lines">
    <caption class="unseen">
      What was ordered
    </caption>
    <thead>
      <tr>
        <th scope="col">Piece</th>
        <th scope="col">Quantity</th>
        <th scope="col">Price</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
    <tfoot>
      <tr>
        <th scope="row" colspan="2">Shipping</th>
        <td>${order.shippingCents === 0 ? "Free" : formatEuros(order.shippingCents)}</td>
      </tr>
      <tr class="total">
        <th scope="row" colspan="2">Total</th>
        <td>${formatEuros(totalCents(order))}</td>
      </tr>
      ${order.refunds.map(refundRow)}
      ${
        order.refunds.length === 0
          ? undefined
          : html`<tr class="total">
              <th scope="row" colspan="2">You paid</th>
              <td>${formatEuros(totalCents(order) - refundedCents(order))}</td>
            </tr>`
      }
    </tfoot>
  </table>`;
}

function refundRow(refund: Refund): Html {
  const reason = refund.reason === undefined ? undefined : html`<span class="refund-reason">${refund.reason}</span>`;
  return html`<tr class="refund" data-refund="${refund.refundId}">
    <th scope="row" colspan="2">Refunded on ${formatMoment(refund.at)}${reason}</th>
    <td>−${formatEuros(refund.amountCents)}</td>
  </tr>`;
}
