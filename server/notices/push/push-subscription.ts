import * as z from "zod";
import { sha256Hex } from "../../foundation/canonical-json.ts";
import type { StoredDocument } from "../../documents/ports.ts";
import type { SecretBox } from "../../guard/secrets/secret-box.ts";

const LONGEST_ENDPOINT = 2_000;
const bytes = (length: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+={0,2}$/)
    .refine((text) => Buffer.from(text, "base64url").length === length, `Expected ${length} bytes as base64url.`);

/** What a browser gives of its push service: an address that only this server should know, and keys to write to it. */
export const pushSubscription = z.strictObject({
  endpoint: z
    .string()
    .max(LONGEST_ENDPOINT)
    .refine((text) => {
      const url = URL.parse(text);
      return url?.protocol === "https:" && url.username === "" && url.password === "";
    }, "Expected the https address of a push service."),
  keys: z.strictObject({
    // An uncompressed point of P-256, and what both sides know (RFC 8291, 3.1 and 3.2).
    p256dh: bytes(65),
    auth: bytes(16),
  }),
});
export type PushSubscription = z.output<typeof pushSubscription>;

export const pushLanguage = z.enum(["en", "de"]);

/** The body of a `push-subscription` document. */
export const pushSubscriptionBody = z.object({
  /** Of `PushSubscription`. */
  sealed: z.string(),
  language: pushLanguage,
  /** The session in which it was made: it ends with it. */
  session: z.string().optional(),
});

export function subscriptionId(endpoint: string): string {
  return sha256Hex(endpoint);
}

export function sealSubscription(box: SecretBox, subscription: PushSubscription): string {
  return box.seal(JSON.stringify(subscription), place(subscriptionId(subscription.endpoint)));
}

export function openSubscription(box: SecretBox, { id, body }: StoredDocument): PushSubscription {
  return pushSubscription.parse(JSON.parse(box.open(pushSubscriptionBody.parse(body).sealed, place(id))));
}

function place(id: string): string {
  return `push-subscription/${id}/sealed`;
}
