import { type AsymmetricKeyDetails, createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from "node:crypto";

/** A key as a person writes it down. */
export type WrittenKey =
  | { readonly kid: string; readonly algorithm: "HS256"; readonly secret: string }
  | { readonly kid: string; readonly algorithm: "EdDSA" | "ES256" | "RS256"; readonly publicKey: string };

/** What a token may be signed with. */
export type SigningAlgorithm = WrittenKey["algorithm"];

/** A key, and the one algorithm that it is for. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly algorithm: SigningAlgorithm;
  readonly key: KeyObject;
}

/** RFC 7518, 3.3. */
const SMALLEST_RSA_BITS = 2048;
const SMALLEST_EXPONENT = 65_537n;
const MARKING_PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/** A key cannot be used. The message is for the owner, and quotes nothing of the key. */
export class KeyError extends Error {
  override readonly name = "KeyError";
}

/** The key as a person wrote it. Throws `KeyError`. */
export function keyOf(given: WrittenKey): VerificationKey {
  const { kid, algorithm } = given;
  if (given.algorithm === "HS256") return { kid, algorithm, key: createSecretKey(Buffer.from(given.secret, "utf8")) };
  const key = publicKeyOf(given.publicKey.trim());
  const fits = algorithmOf(key);
  if (fits !== algorithm) throw new KeyError(`This key is for ${fits ?? "no algorithm that is known here"}, not for ${algorithm}.`);
  return { kid, algorithm, key };
}

/**
 * The keys of a set that its site publishes (RFC 7517), those that tokens may be signed with. A set with a secret in it
 * is no set to publish, and whoever reads it could sign: it is refused as a whole. Throws `KeyError`.
 */
export function keysOfSet(set: unknown): readonly VerificationKey[] {
  const entries = isObject(set) && Array.isArray(set["keys"]) ? (set["keys"] as unknown[]) : undefined;
  if (entries === undefined) throw new KeyError("What the jwksUrl answers is no set of keys.");
  if (entries.some((entry) => isObject(entry) && isSecret(entry)))
    throw new KeyError("The set of keys at the jwksUrl has a secret in it, which anybody can read there.");
  return entries.flatMap((entry) => (isObject(entry) ? (keyOfSet(entry) ?? []) : []));
}

/** The entry of a set; undefined: it is for something else, or of a kind that is not known here. */
function keyOfSet(entry: Readonly<Record<string, unknown>>): VerificationKey | undefined {
  const { kid, use, alg, key_ops: operations } = entry;
  if (use !== undefined && use !== "sig") return undefined;
  if (Array.isArray(operations) && !operations.includes("verify")) return undefined;
  const key = importJwk(entry);
  const algorithm = key === undefined ? undefined : algorithmOf(key);
  if (key === undefined || algorithm === undefined || (alg !== undefined && alg !== algorithm)) return undefined;
  return { kid: typeof kid === "string" ? kid : undefined, algorithm, key };
}

function publicKeyOf(text: string): KeyObject {
  if (text.startsWith("{")) {
    const jwk = parsed(text);
    if (jwk !== undefined && isSecret(jwk)) throw new KeyError("This is a private key, or a secret. Only its public half belongs here.");
    const key = jwk === undefined ? undefined : importJwk(jwk);
    if (key === undefined) throw new KeyError("This JWK cannot be read as a public key.");
    return key;
  }
  if (/PRIVATE KEY/.test(text)) throw new KeyError("This is a private key. Only its public half belongs here.");
  try {
    return createPublicKey({ key: text, format: "pem" });
  } catch {
    throw new KeyError("This cannot be read as a public key. Paste the PEM with its first and last line, or the JWK as JSON.");
  }
}

function importJwk(jwk: Readonly<Record<string, unknown>>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** The algorithm that a public key is for: its kind says so. */
function algorithmOf(key: KeyObject): Exclude<SigningAlgorithm, "HS256"> | undefined {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details = {} } = key;
  if (kind === "ed25519") return "EdDSA";
  if (kind === "ec") return details.namedCurve === "prime256v1" ? "ES256" : undefined;
  return kind === "rsa" && isGoodRsa(key, details) ? "RS256" : undefined;
}

/** Long enough; with an exponent that makes forging hard (with 1 anybody can); and not of a generator known to be weak. */
function isGoodRsa(key: KeyObject, { modulusLength = 0, publicExponent = 0n }: AsymmetricKeyDetails): boolean {
  if (modulusLength < SMALLEST_RSA_BITS || publicExponent < SMALLEST_EXPONENT || publicExponent % 2n === 0n) return false;
  const { n = "" } = key.export({ format: "jwk" });
  return !isOfWeakGenerator(BigInt(`0x${Buffer.from(n, "base64url").toString("hex")}`));
}

/**
 * CVE-2017-15361 (ROCA): moduli of these chips are powers of 65537 modulo each small prime, and can be factored. One of
 * another generator looks like it once in a hundred million times.
 */
function isOfWeakGenerator(modulus: bigint): boolean {
  return MARKING_PRIMES.every((prime) => {
    const rest = Number(modulus % BigInt(prime));
    for (let power = 1, step = 0; step < prime; step += 1, power = (power * 65_537) % prime) if (power === rest) return true;
    return false;
  });
}

function isSecret(jwk: Readonly<Record<string, unknown>>): boolean {
  return jwk["kty"] === "oct" || jwk["k"] !== undefined || jwk["d"] !== undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
