// Keeps the order on the page as the order book has it: asks every second while the page is seen, and draws it anew when something changed.
const holder = document.querySelector("[data-order]");
const news = document.querySelector("#news");
const everyMs = 1000;
let known;

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const response = await fetch(`/api/orders/${encodeURIComponent(holder.dataset.order)}`);
      if (response.ok) await compare(await response.json());
    } catch {
      // The shop is being restarted; the next look will tell.
    }
  }
  setTimeout(() => void look(), everyMs);
}

async function compare(order) {
  const now = JSON.stringify(order);
  const before = known;
  known = now;
  if (before === now) return;
  await drawAnew();
  if (before !== undefined) news.textContent = changeOf(JSON.parse(before), order);
}

function changeOf(before, order) {
  const cents = order.refundedCents - before.refundedCents;
  if (cents > 0) return `${new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" }).format(cents / 100)} was refunded.`;
  return order.status === "cancelled" ? "This order was cancelled." : "This order has changed.";
}

async function drawAnew() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.querySelector("#order");
  const current = document.querySelector("#order");
  if (fresh !== null && !current.isEqualNode(fresh)) current.replaceWith(document.adoptNode(fresh));
}

void look();
