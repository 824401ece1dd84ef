import { createHash } from "node:crypto";
import * as z from "zod";

/** The owner of the sign-in, and what happens when it ends. */
const purposeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("customer"), customerId: z.string(), conversationId: z.string(), requestId: z.string() }),
  z.object({
    kind: z.literal("staff"),
    by: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
  }),
]);
export type Purpose = z.output<typeof purposeSchema>;
export type CustomerPurpose = Extract<Purpose, { kind: "customer" }>;

/**
 * A sign-in document. It is kept under its ticket first, then, once a browser has proved that it may go on, under its
 * state; one that a customer declined, under its request. `sealed` is a `StartedSignIn`.
 */
export const signInBodySchema = z.object({
  stage: z.enum(["ticket", "state", "declined"]),
  server: z.string(),
  serverName: z.string(),
  purpose: purposeSchema,
  allowedOrigins: z.array(z.string()),
  /** SHA-256 of the proof that the opening page must show, or of the cookie of the browser that goes on. */
  proofHash: z.string(),
  sealed: z.string(),
});
export type SignInBody = z.output<typeof signInBodySchema>;

/** The place of `sealed`, used as associated data. */
export function sealedPlaceOf(id: string): string {
  return `sign-in/${id}/sealed`;
}

/** Where it is kept that a customer declined what this request asked for. */
export function declinedId({ customerId, conversationId, requestId }: CustomerPurpose): string {
  return `declined-${digest(JSON.stringify([customerId, conversationId, requestId]))}`;
}

/** Tickets, proofs, states and cookies are kept as hashes. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
