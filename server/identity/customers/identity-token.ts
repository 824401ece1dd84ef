import * as z from "zod";
import type { RequestError } from "../../../protocol/errors.ts";
import type { IdentitySettings } from "../../conversation/ports/assistant.ts";
import type { CustomerFacts } from "../../conversation/ports/customer-facts.ts";
import { expiredIdentity, refusedIdentity } from "./identity-problem.ts";
import type { PublishedKeys } from "./published-keys.ts";
import { KeyError, keyOf, type VerificationKey } from "./verification-keys.ts";

export interface IdentityTokenPorts {
  readonly publishedKeys: Pick<PublishedKeys, "find">;
  readonly now: () => number;
}

/** What a good token says. Times are milliseconds since 1970. */
export interface VerifiedIdentity {
  readonly facts: CustomerFacts;
  /** The token's own name: it is good for one browser. */
  readonly tokenId: string;
  readonly expiresAt: number;
}

/** How far the site's clock and ours may be apart. */
export const CLOCK_SKEW_S = 60;
/** A token that leaks is soon worth nothing. */
const LONGEST_S = 15 * 60;
const MOST_ATTRIBUTES = 32;
/** Headers that name another key than ours, and those that this server would have to understand. */
const FOREIGN_HEADERS = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc"] as const;

const line = (most: number) => z.string().min(1).max(most).refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed());
const claimsSchema = z.object({
  sub: line(200),
  jti: line(200),
  iat: z.number(),
  exp: z.number(),
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
  const jose = await import("jose");
  const { kid, alg } = headerOf(() => jose.decodeProtectedHeader(token));
  const keys = await keysFor(settings, kid, publishedKeys);
  const fitting = keys.filter(({ algorithm }) => algorithm === alg);
  if (fitting.length === 0) throw refusedIdentity(unknownKey(keys, kid));
  let refusal: RequestError | undefined;
  for (const { key, algorithm } of fitting) {
    try {
      const { payload } = await jose.jwtVerify(token, key, {
        algorithms: [algorithm],
        audience: assistant,
        clockTolerance: CLOCK_SKEW_S,
        currentDate: new Date(now()),
        requiredClaims: ["exp", "iat", "sub", "jti"],
      });
      return identityOf(payload, now());
    } catch (error) {
      refusal = refusalOf(error);
      if (refusal === undefined) throw error;
    }
  }
  throw refusal ?? refusedIdentity("No key fits.");

  function refusalOf(error: unknown): RequestError | undefined {
    if (error instanceof jose.errors.JWTExpired) return expiredIdentity();
    if (error instanceof jose.errors.JWTClaimValidationFailed) return refusedIdentity(claimFault(error.claim, assistant));
    if (error instanceof jose.errors.JWSSignatureVerificationFailed)
      return refusedIdentity("The token was not signed with the key that the assistant has. Compare both.");
    if (error instanceof jose.errors.JOSEError) return refusedIdentity("What was sent is no signed JWT.");
    return error instanceof Error && error.name === "RequestError" ? (error as RequestError) : undefined;
  }
}

function headerOf(decode: () => Readonly<Record<string, unknown>>): { readonly kid: string | undefined; readonly alg: unknown } {
  let header: Readonly<Record<string, unknown>>;
  try {
    header = decode();
  } catch {
    throw refusedIdentity("What was sent is no signed JWT.");
  }
  const foreign = FOREIGN_HEADERS.find((name) => Object.hasOwn(header, name));
  if (foreign !== undefined) throw refusedIdentity(`The token's header has ${foreign}, which is not taken here: the assistant has the keys.`);
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

function claimFault(claim: string, assistant: string): string {
  switch (claim) {
    case "aud":
      return `The token's aud has to be this assistant's key, ${assistant}.`;
    case "iat":
    case "nbf":
      return `The token's ${claim} is in the future. Set the clock of the site's server.`;
    default:
      return `The token has no ${claim} that can be used.`;
  }
}

function identityOf(payload: Readonly<Record<string, unknown>>, now: number): VerifiedIdentity {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.map(String).join(".") ?? "payload";
    throw refusedIdentity(`The token's ${place} cannot be used: docs/identity.md says what may be in it.`);
  }
  const { sub: subject, jti: tokenId, iat, exp, name, email, attributes } = parsed.data;
  if (iat > now / 1000 + CLOCK_SKEW_S) throw refusedIdentity(claimFault("iat", ""));
  if (exp - iat > LONGEST_S || exp <= iat) throw refusedIdentity("The token's exp has to be after its iat, by 15 minutes at most.");
  const facts = { subject, attributes, ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
  return { facts, tokenId, expiresAt: exp * 1000 };
}
