import type { Conversation } from "./conversation.ts";
import { type Intent, readIntent } from "./intent.ts";
import { longAnswer } from "./long-answer.ts";
import type { Move, Wish } from "./move.ts";
import { plainRequest } from "./plain-request.ts";
import {
  tellCancel,
  tellCart,
  tellCourier,
  tellGift,
  tellHours,
  tellLookup,
  tellOrders,
  tellParcel,
  tellPhoto,
  tellPoints,
  tellRefund,
} from "./telling.ts";
import { listResultSchema, orderResultSchema, readResult } from "./tool-result.ts";
import { formatMoney, modelWords } from "./words.ts";

/** Decides the next step from the conversation alone: the same conversation always gives the same step. */
export function nextMove(conversation: Conversation): Move {
  if (conversation.wantsSummary) return say(summary(conversation));
  const plain = plainRequest(conversation);
  if (plain !== undefined) return plain;
  const intent = withRememberedOrder(readIntent(conversation.question), conversation);
  const words = modelWords[intent.language];
  switch (intent.kind) {
    case "greeting":
      return say(words.greeting);
    case "thanks":
      return say(words.thanks);
    case "unknown":
      return say(words.help);
    case "long":
      return say(longAnswer(intent.subject, intent.language));
    case "list":
      return listOrders(intent, conversation);
    case "points":
      return points(intent, conversation);
    case "redeem":
      return redeem(intent, conversation);
    case "lookup":
      return lookup(intent, conversation);
    case "track":
    case "lookup-and-track":
      return track(intent, conversation);
    case "refund":
      return refund(intent, conversation);
    case "cancel":
      return cancel(intent, conversation);
    case "photo":
      return photo(intent, conversation);
    case "hours":
      return once(conversation, { tool: "opening_hours", arguments: {} }, (outcome) => tellHours(outcome, intent.language));
    case "cart":
      return once(conversation, { tool: "add_to_cart", arguments: { quantity: intent.quantity } }, (outcome) =>
        tellCart(outcome, intent.language),
      );
    case "courier":
      return courier(intent, conversation);
  }
}

function say(text: string): Move {
  return { text, wishes: [] };
}

function ask(text: string, ...wishes: Wish[]): Move {
  return { text, wishes };
}

/** Results of one tool in this answer, found by the end of the offered name: hosts put the server's name before it. */
function outcomesOf(conversation: Conversation, tool: string): Conversation["outcomes"] {
  return conversation.outcomes.filter(({ name }) => name === tool || name.endsWith(`__${tool}`));
}

function listOrders(intent: Intent, conversation: Conversation): Move {
  const [listed] = outcomesOf(conversation, "list_orders");
  return listed === undefined ? ask("", { tool: "list_orders", arguments: {} }) : say(tellOrders(listed, intent.language));
}

function lookup(intent: Intent, conversation: Conversation): Move {
  if (intent.orderIds.length === 0) return listOrders(intent, conversation);
  const found = outcomesOf(conversation, "lookup_order");
  if (found.length === 0) return ask("", ...intent.orderIds.map((orderId) => ({ tool: "lookup_order", arguments: { orderId } })));
  return say(found.map((outcome) => tellLookup(outcome, intent.language)).join("\n\n"));
}

function track(intent: Intent, conversation: Conversation): Move {
  const words = modelWords[intent.language];
  const tracked = outcomesOf(conversation, "track_parcel");
  const found = outcomesOf(conversation, "lookup_order");
  if (tracked.length > 0) {
    return say(
      [
        ...found.map((outcome) => tellLookup(outcome, intent.language)),
        ...tracked.map((outcome) => tellParcel(outcome, intent.language)),
      ].join("\n\n"),
    );
  }
  const [listed] = outcomesOf(conversation, "list_orders");
  if (intent.orderIds.length === 0 && listed === undefined) return ask("", { tool: "list_orders", arguments: {} });
  let { orderIds } = intent;
  if (listed !== undefined && orderIds.length === 0) {
    const reading = readResult(listed, listResultSchema);
    if (!reading.ok) return say(tellOrders(listed, intent.language));
    orderIds = reading.value.orders.filter((order) => order.status === "shipped").map((order) => order.orderId);
    if (orderIds.length === 0) return say(words.nothingShipped);
  }
  const lookups = intent.kind === "lookup-and-track" ? orderIds.map((orderId) => ({ tool: "lookup_order", arguments: { orderId } })) : [];
  return ask("", ...lookups, ...orderIds.map((orderId) => ({ tool: "track_parcel", arguments: { orderId } })));
}

/** Looks the order up first when no amount was named, so that the customer is asked about the exact sum. */
function refund(intent: Intent, conversation: Conversation): Move {
  const [orderId] = intent.orderIds;
  if (orderId === undefined) return whichOrder(intent, conversation);
  const { language } = intent;
  const words = modelWords[language];
  const [refunded] = outcomesOf(conversation, "refund_order");
  if (refunded !== undefined) return say(tellRefund(refunded, language));
  let amount = intent.amountCents;
  if (amount === undefined) {
    const [found] = outcomesOf(conversation, "lookup_order");
    if (found === undefined) return ask("", { tool: "lookup_order", arguments: { orderId } });
    const reading = readResult(found, orderResultSchema);
    if (!reading.ok) return say(tellLookup(found, language));
    amount = reading.value.refundableCents;
    if (amount === 0) return say(words.nothingToRefund(orderId));
  }
  return ask(words.askRefund(formatMoney(amount, language), orderId), { tool: "refund_order", arguments: { orderId, amount } });
}

function cancel(intent: Intent, conversation: Conversation): Move {
  const [orderId] = intent.orderIds;
  if (orderId === undefined) return whichOrder(intent, conversation);
  const [cancelled] = outcomesOf(conversation, "cancel_order");
  if (cancelled !== undefined) return say(tellCancel(cancelled, intent.language));
  return ask(modelWords[intent.language].askCancel(orderId), { tool: "cancel_order", arguments: { orderId } });
}

function photo(intent: Intent, conversation: Conversation): Move {
  if (intent.subject === "") return say(modelWords[intent.language].noProduct);
  const [shown] = outcomesOf(conversation, "product_photo");
  return shown === undefined
    ? ask("", { tool: "product_photo", arguments: { product: intent.subject } })
    : say(tellPhoto(shown, intent.language));
}

function courier(intent: Intent, conversation: Conversation): Move {
  const [orderId] = intent.orderIds;
  if (orderId === undefined) return whichOrder(intent, conversation);
  return once(conversation, { tool: "book_courier", arguments: { order: orderId } }, (outcome) => tellCourier(outcome, intent.language));
}

/** One call, and then what came of it. */
function once(conversation: Conversation, wish: Wish, tell: (outcome: Conversation["outcomes"][number]) => string): Move {
  const [outcome] = outcomesOf(conversation, wish.tool);
  return outcome === undefined ? ask("", wish) : say(tell(outcome));
}

function points(intent: Intent, conversation: Conversation): Move {
  return atTheClub(conversation, "club_points", (told) => tellPoints(told, intent.language));
}

function redeem(intent: Intent, conversation: Conversation): Move {
  return atTheClub(conversation, "redeem_gift", (redeemed) => tellGift(redeemed, intent.language));
}

/**
 * Before the customer has signed in at the club, the host offers its sign-in in place of the tool. Where that came to
 * nothing, there is no tool to ask.
 */
function atTheClub(conversation: Conversation, tool: string, tell: (outcome: Conversation["outcomes"][number]) => string): Move {
  const [told] = outcomesOf(conversation, tool);
  if (told !== undefined) return say(tell(told));
  const isThere = conversation.offeredTools.some((name) => name === tool || name.endsWith(`__${tool}`));
  const signIn = conversation.offeredTools.find((name) => name.startsWith("club__") && name.endsWith("connect"));
  if (isThere || signIn === undefined) return ask("", { tool, arguments: {} });
  const tried = conversation.outcomes.findLast(({ name }) => name === signIn);
  return tried === undefined ? ask("", { tool: signIn, arguments: {} }) : say(tell(tried));
}

function whichOrder(intent: Intent, conversation: Conversation): Move {
  const [listed] = outcomesOf(conversation, "list_orders");
  if (listed === undefined) return ask("", { tool: "list_orders", arguments: {} });
  return say(`${modelWords[intent.language].whichOrder}\n\n${tellOrders(listed, intent.language)}`);
}

/** "Refund it" means the order that was spoken of last. "Where is my order?" means all of them. */
function withRememberedOrder(intent: Intent, conversation: Conversation): Intent {
  if (intent.orderIds.length > 0 || !["refund", "cancel", "track", "lookup-and-track", "courier"].includes(intent.kind)) return intent;
  const remembered = conversation.earlierQuestions
    .map((question) => readIntent(question).orderIds.at(-1))
    .findLast((orderId) => orderId !== undefined);
  return remembered === undefined ? intent : { ...intent, orderIds: [remembered] };
}

function summary(conversation: Conversation): string {
  const orders = readIntent([...conversation.earlierQuestions, conversation.question].join(" ")).orderIds;
  const about = orders.length > 0 ? ` It was about order ${orders.join(", ")}.` : "";
  return `The customer talked with the shop's scripted assistant.${about} What tools did and how it ended was told to the customer.`;
}

/** What to say when the tools that a move wants are not offered at all. */
export function missingTool(conversation: Conversation): Move {
  return say(modelWords[readIntent(conversation.question).language].noTool);
}
