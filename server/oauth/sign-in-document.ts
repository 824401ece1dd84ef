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

/**
 * A sign-in document. It is kept under its ticket first, then, once a browser has proved that it may go on, under its
 * state. `sealed` is a `StartedSignIn`.
 */
export const signInBodySchema = z.object({
  stage: z.enum(["ticket", "state"]),
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

/** Tickets, proofs, states and cookies are kept as hashes. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
