/** How an assistant's site says who its customers are, in the configuration file and over the API alike. */
import * as z from "zod";
import { FACT_NAME } from "../conversation/ports/customer-facts.ts";
import { KeyError, keyOf } from "../guard/secrets/verification-keys.ts";
import { httpUrl } from "../foundation/http-url.ts";

/** RFC 7518, 3.2: a key of HS256 has at least the 256 bits of its hash. */
const SECRET_BYTES = 32;
const MOST_KEYS = 10;
const MOST_FACTS = 32;

export const kidSchema = z
  .string()
  .regex(/^[A-Za-z0-9._~:-]{1,128}$/, "expected 1 to 128 letters, digits and . _ ~ : -")
  .describe("The key's name, as the token's kid says it.");

export const secretSchema = z
  .string()
  .max(1024)
  .refine((text) => Buffer.byteLength(text) >= SECRET_BYTES, `expected ${SECRET_BYTES} bytes or more: a random text that nobody can guess`)
  .describe("What the site's backend signs with. A secret: kept sealed, never shown.");

export const publicKeySchema = z
  .string()
  .min(1)
  .max(8192)
  .describe("A public key: PEM (BEGIN PUBLIC KEY), or a JWK as JSON. The kind of key has to fit the algorithm.");

/** The algorithms of keys whose other half only the site has. */
export const PUBLIC_ALGORITHMS = ["EdDSA", "ES256", "RS256"] as const;

export const factNameSchema = z
  .string()
  .regex(FACT_NAME, 'expected "sub", "name", "email", or an attribute such as "attributes.plan"')
  .describe('What the site says of the customer: "sub", "name", "email", or "attributes." and an attribute\'s name.');

const secretKey = z.strictObject({ kid: kidSchema, algorithm: z.literal("HS256"), secret: secretSchema });
export const publicKeyFields = z
  .strictObject({ kid: kidSchema, algorithm: z.enum(PUBLIC_ALGORITHMS), publicKey: publicKeySchema })
  .superRefine((key, context) => {
    try {
      keyOf(key);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      context.addIssue({ code: "custom", path: ["publicKey"], message: error.message });
    }
  });

export const identityModeSchema = z
  .enum(["off", "optional", "enforced"])
  .describe("off: all customers are anonymous. optional: those of whom the site says so are known. enforced: nobody else may chat.");

export const jwksUrlSchema = httpUrl.max(2048).describe("Where the site's backend publishes its public keys (RFC 7517).");

export const promptFactsSchema = z.array(factNameSchema).max(MOST_FACTS).describe("What of it the model reads. By default nothing.");

export const identitySchema = z
  .strictObject({
    mode: identityModeSchema.default("off"),
    keys: z
      .array(z.discriminatedUnion("algorithm", [secretKey, publicKeyFields]))
      .max(MOST_KEYS)
      .default([])
      .describe("What tokens are checked with. Each key has its own algorithm, and no token chooses another."),
    jwksUrl: jwksUrlSchema.exactOptional(),
    prompt: promptFactsSchema.default([]),
  })
  .superRefine(checkKeys);

/** What has to be right between the fields. */
export function checkKeys(
  { mode, keys, jwksUrl }: { mode: string; keys: readonly { readonly kid: string }[]; jwksUrl?: string | undefined },
  context: z.RefinementCtx,
): void {
  const twice = keys.findIndex(({ kid }, index) => keys.some((other, at) => at < index && other.kid === kid));
  if (twice >= 0) context.addIssue({ code: "custom", path: ["keys", twice, "kid"], message: "expected each kid once" });
  if (mode !== "off" && keys.length === 0 && jwksUrl === undefined)
    context.addIssue({ code: "custom", path: ["keys"], message: "expected a key or a jwksUrl: without one, no token can be checked" });
}
