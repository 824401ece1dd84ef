import * as z from "zod";
import type { ToolOutcome } from "./conversation.ts";

/** Why a tool's result has nothing to say. */
export type Trouble = "not-connected" | "rejected" | "rejected-by-team" | "expired" | "unknown" | "cancelled" | "unavailable" | "failed";

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: Trouble; readonly text: string };

/** What the order server's tools answer, as far as the script passes it on. */
export const orderResultSchema = z.object({
  orderId: z.string(),
  status: z.enum(["processing", "shipped", "delivered", "cancelled"]),
  lines: z.array(z.object({ product: z.string(), quantity: z.number(), unitPriceCents: z.number() })),
  totalCents: z.number(),
  refundedCents: z.number(),
  refundableCents: z.number(),
  parcel: z.object({ carrier: z.string(), trackingNumber: z.string(), expectedAt: z.string() }).optional(),
});
export type OrderResult = z.infer<typeof orderResultSchema>;

export const listResultSchema = z.object({
  orders: z.array(
    z.object({
      orderId: z.string(),
      status: orderResultSchema.shape.status,
      placedAt: z.string(),
      products: z.array(z.string()),
      totalCents: z.number(),
    }),
  ),
});
export const parcelResultSchema = z.object({
  orderId: z.string(),
  carrier: z.string(),
  trackingNumber: z.string(),
  delivered: z.boolean(),
  lastSeen: z.string(),
  expectedAt: z.string(),
});
export const refundResultSchema = z.object({ orderId: z.string(), amountCents: z.number(), refundableCents: z.number() });
/** What the club's tools answer. */
export const pointsResultSchema = z.object({ name: z.string(), points: z.number(), enoughFor: z.array(z.string()) });
export const giftResultSchema = z.object({ gift: z.string(), engraving: z.string(), points: z.number() });
/** What the shop itself answers. */
export const hoursResultSchema = z.object({ hours: z.string() });
export const cartResultSchema = z.object({ product: z.string(), quantity: z.number() });
export const courierResultSchema = z.object({ order: z.string() });
export const cancelResultSchema = z.object({ orderId: z.string(), status: z.literal("cancelled") });

/**
 * Reads a tool message with the schema of the tool that answered. A text that does not fit it is a refusal or a
 * failure, told apart by its words, as a language model would.
 */
export function readResult<T>(outcome: ToolOutcome, schema: z.ZodType<T>): Reading<T> {
  for (const candidate of jsonIn(outcome.result)) {
    const parsed = schema.safeParse(candidate);
    if (parsed.success) return { ok: true, value: parsed.data };
  }
  return { ok: false, ...readTrouble(outcome.result) };
}

/** Which trouble a text without a result speaks of. */
export function readTrouble(text: string): { readonly trouble: Trouble; readonly text: string } {
  const trouble = troubles.find(([, pattern]) => pattern.test(text))?.[0] ?? "failed";
  return { trouble, text: text.trim() };
}

const troubles: readonly (readonly [Trouble, RegExp])[] = [
  ["not-connected", /\bsign(?:ed)?[ -]in\b|not connected|did not connect/iu],
  ["expired", /\bexpired?\b|in time|timed out waiting for (?:the )?approval/iu],
  ["unknown", /\bunknown whether|\boutcome\b.*\bunknown|\bnot known\b|may or may not/iu],
  ["rejected-by-team", /member of the team said no/iu],
  ["rejected", /\breject|\bdeclin|did not approve|refused by|said no/iu],
  [
    "unavailable",
    /\bdisabled\b|switched off|no tool of this name|not available|unavailable|not allowed|no such tool|unknown tool|could not be reached/iu,
  ],
  ["cancelled", /\b(?:call|request) (?:was|has been) cancelled|\bstopped (?:by|the answer)|\baborted\b/iu],
];

/** Words before a result may have braces of their own, such as the arguments that somebody changed. */
const MOST_BEGINNINGS = 16;

/** The JSON values a tool message may carry: itself, inside MCP's result envelope, or after words. */
function* jsonIn(text: string): Generator<unknown> {
  const whole = parse(text);
  if (whole === undefined) {
    const end = text.lastIndexOf("}");
    let start = text.indexOf("{");
    for (let tried = 0; start >= 0 && start < end && tried < MOST_BEGINNINGS; tried += 1) {
      yield* unwrap(parse(text.slice(start, end + 1)));
      start = text.indexOf("{", start + 1);
    }
  } else {
    yield* unwrap(whole);
  }
}

const envelopeSchema = z.object({
  structuredContent: z.unknown().optional(),
  content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
});

function* unwrap(value: unknown): Generator<unknown> {
  yield value;
  const envelope = envelopeSchema.safeParse(Array.isArray(value) ? { content: value } : value);
  if (!envelope.success) return;
  yield envelope.data.structuredContent;
  for (const part of envelope.data.content ?? []) if (part.text !== undefined) yield parse(part.text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
