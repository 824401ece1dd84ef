import * as z from "zod";
import type { IdentitySettings } from "../../conversation/ports/assistant.ts";
import type { CustomerFacts } from "../../conversation/ports/customer-facts.ts";
import { expiredIdentity, refusedIdentity } from "./identity-problem.ts";
import type { PublishedKeys } from "./published-keys.ts";
import { KeyError, keyOf, type VerificationKey } from "../../guard/secrets/verification-keys.ts";

export interface IdentityTokenPorts {
  readonly publishedKeys: Pick<PublishedKeys, "find">;
  readonly now: () => number;
}

/** What a good token says. Times are milliseconds since 1970. */
export interface VerifiedIdentity {
  readonly facts: CustomerFacts;
  /** The token's own name: it is good for one browser. */
  readonly tokenId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** How far the site's clock and ours may be apart. */
export const CLOCK_SKEW_S = 60;
/** A token that leaks is soon worth nothing. */
const LONGEST_S = 15 * 60;
const MOST_ATTRIBUTES = 32;
/** Headers that name another key than ours, and those that this server would have to understand. */
const FOREIGN_HEADERS = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"] as const;

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed());
const claimsSchema = z.object({
  sub: line(200),
  jti: line(200),
  aud: z.union([line(200), z.array(line(200)).max(20)]),
  iat: z.number(),
  exp: z.number(),
  nbf: z.number().optional(),
  name: line(200).optional(),
  email: line(254).optional(),
  attributes: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/), z.union([line(500).or(z.literal("")), z.number(), z.boolean()]))
    .refine((attributes) => Object.keys(attributes).length <= MOST_ATTRIBUTES)
    .default({}),
});

/**
 * What a token of a site's backend says, if it is one: signed with a key of the assistant, by that key's own algorithm,
 * for this assistant, and for a short time. Throws `RequestError` `identity-refused` or `identity-expired`.
 */
export async function verifyIdentity(
  token: string,
  { assistant, settings }: { readonly assistant: string; readonly settings: IdentitySettings },
  { publishedKeys, now }: IdentityTokenPorts,
): Promise<VerifiedIdentity> {
  const payload = await signedPayload(token, (kid) => keysFor(settings, kid, publishedKeys));
  return identityOf(payload, assistant, now());
}

/**
 * The payload of a compact JWS, if one of the keys has signed it. The keys are found by the token's kid, and each has
 * its own algorithm: nothing else of the header is believed. Throws `RequestError` `identity-refused`.
 */
export async function signedPayload(
  token: string,
  keysOf: (kid: string | undefined) => Promise<readonly VerificationKey[]> | readonly VerificationKey[],
): Promise<Uint8Array> {
  // Some readers pass over what does not belong into base64url; then one token would have many spellings.
  if (!COMPACT.test(token) || token.split(".").some((part) => Buffer.from(part, "base64url").toString("base64url") !== part))
    throw refusedIdentity(NO_TOKEN);
  const jose = await import("jose");
  const { kid, alg } = headerOf(() => jose.decodeProtectedHeader(token));
  const keys = await keysOf(kid);
  const fitting = keys.filter(({ algorithm }) => algorithm === alg);
  if (fitting.length === 0) throw refusedIdentity(unknownKey(keys, kid));
  let isForeign = false;
  for (const { key, algorithm } of fitting) {
    try {
      return (await jose.compactVerify(token, key, { algorithms: [algorithm] })).payload;
    } catch (error) {
      if (!(error instanceof jose.errors.JOSEError)) throw error;
      isForeign ||= error instanceof jose.errors.JWSSignatureVerificationFailed;
    }
  }
  throw refusedIdentity(isForeign ? "The token was not signed with the key that the assistant has. Compare both." : NO_TOKEN);
}

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$/;
const NO_TOKEN = "What was sent is no signed JWT.";

function headerOf(decode: () => Readonly<Record<string, unknown>>): { readonly kid: string | undefined; readonly alg: unknown } {
  let header: Readonly<Record<string, unknown>>;
  try {
    header = decode();
  } catch {
    throw refusedIdentity(NO_TOKEN);
  }
  const foreign = FOREIGN_HEADERS.find((name) => Object.hasOwn(header, name));
  if (foreign !== undefined)
    throw refusedIdentity(`The token's header has ${foreign}, which is not taken here: the assistant has the keys.`);
  const { kid, alg } = header;
  if (kid !== undefined && typeof kid !== "string") throw refusedIdentity("The token's kid is no text.");
  return { kid, alg };
}

/** With a kid, its own keys; without one, the only key that the assistant has. */
async function keysFor(
  { keys, jwksUrl }: IdentitySettings,
  kid: string | undefined,
  published: Pick<PublishedKeys, "find">,
): Promise<readonly VerificationKey[]> {
  try {
    const own = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
    if (own.length > 0 && (kid !== undefined || (own.length === 1 && jwksUrl === undefined))) return own.map(keyOf);
    return jwksUrl === undefined || (kid === undefined && keys.length > 0) ? [] : await published.find(jwksUrl, kid);
  } catch (error) {
    if (error instanceof KeyError) throw refusedIdentity(error.message);
    throw error;
  }
}

function unknownKey(keys: readonly VerificationKey[], kid: string | undefined): string {
  if (keys.length > 0) return `The key is for ${keys[0]?.algorithm}, and the token says another algorithm.`;
  return kid === undefined
    ? "The token has no kid, and the assistant has more than one key, or none. Name the key in the token's header."
    : "The assistant has no key with the token's kid.";
}

function identityOf(payload: Uint8Array, assistant: string, nowMs: number): VerifiedIdentity {
  const parsed = claimsSchema.safeParse(jsonOf(payload));
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
    throw refusedIdentity(
      `The token's ${place === "" ? "payload" : place} is missing, or cannot be used: docs/identity.md says what it has to be.`,
    );
  }
  const { sub: subject, jti: tokenId, aud, iat, exp, nbf, name, email, attributes } = parsed.data;
  if (!(typeof aud === "string" ? [aud] : aud).includes(assistant))
    throw refusedIdentity(`The token's aud has to be this assistant's key, ${assistant}.`);
  if (exp - iat > LONGEST_S || exp <= iat) throw refusedIdentity("The token's exp has to be after its iat, by 15 minutes at most.");
  const now = nowMs / 1000;
  if (Math.max(iat, nbf ?? iat) > now + CLOCK_SKEW_S)
    throw refusedIdentity("The token is from the future. Set the clock of the site's server, or of this one.");
  if (exp <= now - CLOCK_SKEW_S) throw expiredIdentity();
  const facts = { subject, attributes, ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  return { facts, tokenId, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch {
    throw refusedIdentity(NO_TOKEN);
  }
}
