import type { ToolOutcome } from "./conversation.ts";
import type { Language } from "./intent.ts";
import {
  cancelResultSchema,
  cartResultSchema,
  courierResultSchema,
  giftResultSchema,
  hoursResultSchema,
  listResultSchema,
  orderResultSchema,
  parcelResultSchema,
  pointsResultSchema,
  readResult,
  readTrouble,
  refundResultSchema,
  type Trouble,
} from "./tool-result.ts";
import { formatDate, formatDay, formatMoney, modelWords } from "./words.ts";

/** An order with its lines, its money and its parcel. */
export function tellLookup(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, orderResultSchema);
  if (!reading.ok) return tellTrouble(reading, language);
  const order = reading.value;
  const words = modelWords[language];
  const rows = order.lines
    .map((line) => `| ${line.product} | ${line.quantity} | ${formatMoney(line.quantity * line.unitPriceCents, language)} |`)
    .join("\n");
  const money = [words.total(formatMoney(order.totalCents, language))];
  if (order.refundedCents > 0) money.push(words.refunded(formatMoney(order.refundedCents, language)));
  const { parcel } = order;
  const where =
    parcel === undefined
      ? ""
      : order.status === "delivered"
        ? words.parcelDelivered(order.orderId, formatDay(parcel.expectedAt, language))
        : words.parcelWith(parcel.carrier, parcel.trackingNumber, formatDay(parcel.expectedAt, language));
  return [`${words.orderIs(order.orderId, words.status[order.status])} ${where}`.trim(), words.orderTable(rows), money.join(" ")].join(
    "\n\n",
  );
}

export function tellHours(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, hoursResultSchema);
  return reading.ok ? modelWords[language].hours(reading.value.hours) : tellTrouble(reading, language);
}

export function tellCart(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, cartResultSchema);
  return reading.ok ? modelWords[language].cart(reading.value.quantity, reading.value.product) : tellTrouble(reading, language);
}

export function tellCourier(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, courierResultSchema);
  return reading.ok ? modelWords[language].courier(reading.value.order) : tellTrouble(reading, language);
}

export function tellOrders(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, listResultSchema);
  if (!reading.ok) return tellTrouble(reading, language);
  const words = modelWords[language];
  const rows = reading.value.orders.map(
    (order) =>
      `| ${order.orderId} | ${formatDate(order.placedAt, language)} | ${order.products.join(", ")} | ${formatMoney(order.totalCents, language)} | ${words.status[order.status]} |`,
  );
  return words.listOf(rows.join("\n"));
}

export function tellParcel(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, parcelResultSchema);
  if (!reading.ok) return tellTrouble(reading, language);
  const { orderId, carrier, lastSeen, expectedAt, delivered } = reading.value;
  const words = modelWords[language];
  const day = formatDay(expectedAt, language);
  return delivered ? words.parcelDelivered(orderId, day) : words.parcelSeen(carrier, lastSeen, day);
}

export function tellRefund(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, refundResultSchema);
  if (!reading.ok) return tellTrouble(reading, language);
  const { orderId, amountCents, refundableCents } = reading.value;
  const left = refundableCents > 0 ? formatMoney(refundableCents, language) : undefined;
  return modelWords[language].refundDone(formatMoney(amountCents, language), orderId, left);
}

export function tellCancel(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, cancelResultSchema);
  return reading.ok ? modelWords[language].cancelDone(reading.value.orderId) : tellTrouble(reading, language);
}

export function tellPoints(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, pointsResultSchema);
  if (!reading.ok) return tellTrouble(reading, language);
  const { name, points, enoughFor } = reading.value;
  return modelWords[language].points(name, points, enoughFor);
}

export function tellGift(outcome: ToolOutcome, language: Language): string {
  const reading = readResult(outcome, giftResultSchema);
  if (!reading.ok) return tellTrouble(reading, language);
  const { gift, engraving, points } = reading.value;
  return modelWords[language].giftChosen(gift, engraving, points);
}

/** The photo itself travels beside the text; the first line of the text is the product. */
export function tellPhoto(outcome: ToolOutcome, language: Language): string {
  const [line = ""] = outcome.result.split("\n");
  const reading = readTrouble(outcome.result);
  const isError = reading.trouble !== "failed" || /no product is called|\berror\b|\bfailed\b/iu.test(line);
  return isError ? tellTrouble(reading, language) : modelWords[language].photo(line.trim());
}

function tellTrouble(reading: { readonly trouble: Trouble; readonly text: string }, language: Language): string {
  const words = modelWords[language].trouble[reading.trouble];
  return reading.trouble === "failed" ? `${words} ${reasonOf(reading.text)}` : words;
}

const FRAMING = /^(?:\[[^\]]*\]\s*)?(?:the call failed:|error:|[^.]* answered that the call failed\.)?\s*/iu;

/** The reason alone, said once: hosts put words before it, and some say it twice. */
function reasonOf(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(FRAMING, "").trim());
  return [...new Set(lines.filter((line) => line !== ""))].join(" ");
}
