import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A secret as the Standard Webhooks specification writes it: `whsec_` and base64. */
export function newWebhookSecret(random: (length: number) => Buffer = randomBytes): string {
  return PREFIX + random(SECRET_BYTES).toString("base64");
}

/**
 * The headers of one attempt (Standard Webhooks 1.0.0). `secrets`: each makes a signature of its own, so that a receiver
 * who knows the earlier one accepts it while they change over. `at` is the time of the attempt, so that what was kept
 * back and sent late by somebody else is refused.
 */
export function signatureHeaders(given: {
  readonly id: string;
  readonly at: number;
  readonly body: string;
  readonly secrets: readonly string[];
}): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(given.at / 1000));
  const signatures = given.secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${given.id}.${timestamp}.${given.body}`).digest("base64")}`;
  });
  return { "webhook-id": given.id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
