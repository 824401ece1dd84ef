import { randomBytes, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { StaffApi } from "./staff-api.ts";

/**
 * Lets the shop say who its customers are, and says that one of them is Anna Berg: the token that her page would fetch.
 * A real shop keeps the secret; this one needs it once.
 */
export async function knownCustomer(api: StaffApi, assistant: string): Promise<string> {
  const secret = randomBytes(32).toString("base64");
  await api.put(`/assistants/${assistant}/identity`, {
    mode: "optional",
    keys: [{ kid: "demo", algorithm: "HS256", secret }],
    prompt: ["name"],
  });
  return new SignJWT({ name: "Anna Berg", email: "anna.berg@customers.example", attributes: { plan: "club" } })
    .setProtectedHeader({ alg: "HS256", kid: "demo" })
    .setSubject("4711")
    .setAudience(assistant)
    .setIssuedAt()
    .setExpirationTime("10m")
    .setJti(randomUUID())
    .sign(Buffer.from(secret));
}
