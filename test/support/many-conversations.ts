import type { EventDraft } from "../../protocol/events.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import { openStore } from "../../server/start/open-store.ts";
import type { Settings } from "../../server/start/settings.ts";
import { approvalRequested, proposed, started } from "../contract/store-drafts.ts";

const AT_ONCE = 500;
const MINUTE = 60_000;
const STAFF = { kind: "staff", id: "ada", name: "Ada" } as const;

/** Conversations of every kind that the inbox has views for, written while no server runs. */
export async function writeConversations(settings: Settings, count: number, now: number): Promise<void> {
  const store = await openStore(settings, { debug: quiet, info: quiet, warn: quiet, error: quiet } as never);
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
    await Promise.all(some.map((number) => writeConversation(store, number, now)));
  }
  await store.close();
}

const quiet = (): void => undefined;

const QUESTIONS = [
  "Where is my order #1042? It ought to have been here on Tuesday, and nobody has called me about it since.",
  "Kann ich den großen Topf zurückschicken? Ich hätte gern mein Geld zurück.",
  "退款单在哪里？",
  "Hi",
  "Do you deliver to Łódź, and what does it cost? I need two kettles, a pan, and a lid that fits both of them before the weekend.",
];
const ANSWERS = ["It left our warehouse yesterday.", "You can send it back within 30 days."];

/** Each moment is one later than that of the conversation before it. */
export async function writeConversation(store: Store, number: number, now: number): Promise<void> {
  const conversationId = `conversation-${padded(number)}`;
  const at = now - (number + 1) * MINUTE;
  const customerId = `customer-${String(number % 900).padStart(4, "0")}`;
  const by = { kind: "customer", id: customerId } as const;
  const { events } = await store.append({
    conversationId,
    at,
    create: {
      assistant: number % 3 === 2 ? "kettles" : "pots",
      customerId,
      language: number % 2 === 0 ? "en-GB" : "de",
      page: "https://shop.example/cart",
    },
    events: [
      { type: "message-received", messageId: `message-${padded(number)}`, text: QUESTIONS[number % QUESTIONS.length]!, by },
      ...(number % 4 === 0 ? [] : [{ type: "step-ended", turnId: "turn-0001", step: 1, text: ANSWERS[number % 2]! } as const]),
      ...specialOf(number, now, by),
    ],
  });
  await rest(store, conversationId, events.length, at);
}

/** No run is to take it up. */
async function rest(store: Store, conversationId: string, lastSeq: number, now: number): Promise<void> {
  const taken = await store.acquireLease({ conversationId, holder: "nobody", now, untilMs: now + MINUTE, soon: true });
  if (taken !== undefined) await store.releaseLease(taken.lease, { seenSeq: lastSeq, openSeq: lastSeq + 1, runnable: false });
}

function padded(number: number): string {
  return String(number).padStart(6, "0");
}

function specialOf(number: number, now: number, by: Extract<EventDraft, { type: "message-received" }>["by"]): readonly EventDraft[] {
  const callId = `call-${padded(number)}`;
  switch (number % 10) {
    case 1:
      return [{ type: "person-asked", by, open: true }];
    case 3:
      return [
        proposed(callId),
        approvalRequested(`approval-${padded(number)}`, callId, { approver: "staff", expiresAt: now + 1000 * MINUTE }),
      ];
    case 5:
      return [proposed(callId), started(callId), { type: "tool-call-ended", turnId: "turn-0001", callId, outcome: "unknown" }];
    case 7:
      return [{ type: "conversation-closed", by: STAFF }];
    case 9:
      return [
        { type: "person-joined", by: STAFF },
        { type: "reply-sent", messageId: `reply-${padded(number)}`, text: "I will look into it.", by: STAFF },
      ];
    default:
      return [];
  }
}
