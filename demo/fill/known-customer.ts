import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { StaffApi } from "./staff-api.ts";

const LASTS_S = 10 * 60;

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
  const iat = Math.floor(Date.now() / 1000);
  const said = { name: "Anna Berg", email: "anna.berg@customers.example", attributes: { plan: "club" } };
  const parts = [
    { alg: "HS256", kid: "demo" },
    { sub: "4711", aud: assistant, iat, exp: iat + LASTS_S, jti: randomUUID(), ...said },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  return `${parts.join(".")}.${createHmac("sha256", secret).update(parts.join(".")).digest("base64url")}`;
}
