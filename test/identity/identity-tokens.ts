/** Tokens as a site's backend makes them, with Node's own crypto: nothing of it is ours or jose's. */
import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import type { IdentityKey, IdentitySettings } from "../../server/conversation/ports/assistant.ts";

export const SECRET = "a secret of the shop that nobody can guess";
export const NOW = Date.UTC(2026, 10, 30, 9);

export const SHOP_IDENTITY: IdentitySettings = {
  mode: "optional",
  keys: [{ kid: "2026", algorithm: "HS256", secret: SECRET }],
  prompt: [],
};

export function claims(change: Readonly<Record<string, unknown>> = {}, now = NOW): Record<string, unknown> {
  const iat = Math.floor(now / 1000);
  return { sub: "customer-42", aud: "shop", jti: randomUUID(), iat, exp: iat + 600, ...change };
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export function hs256(payload: unknown, { header = {}, secret = SECRET }: { header?: object; secret?: string | Buffer } = {}): string {
  const signed = `${part({ alg: "HS256", typ: "JWT", kid: "2026", ...header })}.${part(payload)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

type PublicAlgorithm = Exclude<IdentityKey["algorithm"], "HS256">;

export interface KeyPair {
  readonly algorithm: PublicAlgorithm;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  token(payload: unknown, header?: object): string;
}

export function keyPair(algorithm: PublicAlgorithm, bits = 2048): KeyPair {
  const { publicKey, privateKey } =
    algorithm === "EdDSA"
      ? generateKeyPairSync("ed25519")
      : algorithm === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "prime256v1" })
        : generateKeyPairSync("rsa", { modulusLength: bits });
  return {
    algorithm,
    publicKey,
    privateKey,
    token(payload, header = {}) {
      const signed = `${part({ alg: algorithm, typ: "JWT", kid: algorithm, ...header })}.${part(payload)}`;
      const digest = algorithm === "EdDSA" ? null : "sha256";
      return `${signed}.${sign(digest, Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
    },
  };
}

export function pem(pair: KeyPair): string {
  return pair.publicKey.export({ type: "spki", format: "pem" }).toString();
}

export function jwk(pair: KeyPair): Record<string, unknown> {
  return { ...pair.publicKey.export({ format: "jwk" }), kid: pair.algorithm };
}
