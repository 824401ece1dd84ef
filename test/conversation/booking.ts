import type { EventOf } from "../../protocol/events.ts";
import type { InputAnswer, InputRequest, ToolPause } from "../../server/conversation/ports/tools.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, CUSTOMER, type Harness, type HarnessOptions, openDesk } from "../support/desk-harness.ts";
import { callsOnce, textResult, type ToolScript } from "../support/desk-scripts.ts";
import { send } from "../support/desk-waits.ts";

const BOOK = { name: "orders__book", arguments: { day: "monday" } };
export const FORM: InputRequest = {
  kind: "form",
  message: "How many seats?",
  fields: [
    { kind: "number", name: "seats", title: "Seats", required: true, integer: true, minimum: 1, maximum: 8 },
    { kind: "text", name: "note", title: "Note", required: false, maxLength: 20 },
  ],
};
export const PAGE: InputRequest = { kind: "url", message: "Pay here", url: "https://pay.example/1" };

export type Content = Readonly<Record<string, string | number>>;
export type Action = "accept" | "decline" | "cancel";

/** A desk whose customer has just asked for something that takes one call. */
export async function openBooking(run: ToolScript["run"], change: Partial<HarnessOptions> = {}): Promise<Harness> {
  const desk = await openDesk({ script: callsOnce(BOOK), tools: [{ tool: "book", run }], permissions: { "*": alwaysAllow } }, change);
  await send(desk, "Book it");
  return desk;
}

export function answerInput(
  desk: Harness,
  { requestId }: Pick<EventOf<"input-requested">, "requestId">,
  content: Content = { seats: 2 },
  action: Action = "accept",
) {
  return desk.desk.decide(CUSTOMER, "input-decide", { conversationId: CONVERSATION, requestId, action, content });
}

const told = (given: InputAnswer) => textResult(`${given.action} ${JSON.stringify(given.content ?? {})}`);

/** Asks while the call runs, as servers of the legacy era do. */
export const asks =
  (request: InputRequest = FORM): ToolScript["run"] =>
  async (_input, context) =>
    told(await context.ask(request));

/** Comes back with questions and keeps nothing, as servers of the modern era do. */
export const pauses =
  (inputs: ToolPause["inputs"] = { seats: FORM }, runs: unknown[] = []): ToolScript["run"] =>
  (input, { continuation }) => {
    runs.push(continuation ?? "begun");
    if (continuation?.kind !== "answers") return { outcome: "paused", requestState: "state-1", inputs };
    return textResult(`booked ${JSON.stringify(input)} ${JSON.stringify(continuation.answers)} ${continuation.requestState}`);
  };
