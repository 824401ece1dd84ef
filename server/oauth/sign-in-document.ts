import { createHash } from "node:crypto";
import * as z from "zod";

/** Whose sign-in it is, and what is done when it ends. */
const purposeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("customer"), customerId: z.string(), conversationId: z.string(), requestId: z.string() }),
  z.object({
    kind: z.literal("staff"),
    by: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
  }),
]);
export type Purpose = z.output<typeof purposeSchema>;

/** A sign-in document: first under its ticket, then, once a browser has shown that it may, under its state. `sealed` is a `StartedSignIn`. */
export const signInBodySchema = z.object({
  stage: z.enum(["ticket", "state"]),
  server: z.string(),
  serverName: z.string(),
  purpose: purposeSchema,
  allowedOrigins: z.array(z.string()),
  /** SHA-256 of what the page that opened the window must know, or of the cookie of the browser that goes on. */
  proofHash: z.string(),
  sealed: z.string(),
});
export type SignInBody = z.output<typeof signInBodySchema>;

/** The place of `sealed`, as associated data. */
export function sealedPlaceOf(id: string): string {
  return `sign-in/${id}/sealed`;
}

/** Tickets, proofs, states and cookies are kept as hashes. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
