/** How an assistant's site says who its customers are, as it is sent, stored and shown. */
import * as z from "zod";
import {
  checkKeys,
  identityModeSchema,
  identitySchema,
  jwksUrlSchema,
  kidSchema,
  promptFactsSchema,
  publicKeyFields,
  secretSchema,
} from "../../configuration/identity-schema.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";

const fields = { mode: identityModeSchema.default("off"), jwksUrl: jwksUrlSchema.exactOptional(), prompt: promptFactsSchema.default([]) };
const MOST_KEYS = 10;
const givenSecret = z.strictObject({
  kid: kidSchema,
  algorithm: z.literal("HS256"),
  secret: secretSchema.exactOptional().describe("Write-only. Absent: the one that the key of this kid has already."),
});

export const identityInputSchema = z
  .strictObject({
    ...fields,
    keys: z
      .array(z.discriminatedUnion("algorithm", [givenSecret, publicKeyFields]))
      .max(MOST_KEYS)
      .default([]),
  })
  .superRefine(checkKeys);
export type IdentityInput = z.output<typeof identityInputSchema>;

/** As stored: secrets are sealed, and so of any length. */
export const identityRecordSchema = z.object({
  mode: identityModeSchema,
  jwksUrl: jwksUrlSchema.exactOptional(),
  prompt: promptFactsSchema,
  keys: z.array(
    z.discriminatedUnion("algorithm", [
      z.object({ kid: kidSchema, algorithm: z.literal("HS256"), secret: z.string() }),
      z.object(publicKeyFields.shape),
    ]),
  ),
});
export type IdentityRecord = z.output<typeof identityRecordSchema>;

const shownSecret = z.object({ kid: kidSchema, algorithm: z.literal("HS256"), secretSet: z.literal(true).describe("It is write-only.") });

export const identityViewSchema = z.object({
  mode: identityModeSchema,
  keys: z.array(z.discriminatedUnion("algorithm", [shownSecret, z.object(publicKeyFields.shape)])),
  jwksUrl: jwksUrlSchema.exactOptional(),
  prompt: promptFactsSchema,
  source: z.enum(["file", "api"]).describe("file: the configuration file declares it, so it is changed there."),
});
export type IdentityView = z.output<typeof identityViewSchema>;

export const NO_IDENTITY: IdentityRecord = identitySchema.parse({});

export function identityView({ keys, ...settings }: IdentityRecord, source: IdentityView["source"]): IdentityView {
  const shown = keys.map((key) =>
    key.algorithm === "HS256" ? { kid: key.kid, algorithm: key.algorithm, secretSet: true as const } : { ...key },
  );
  return { ...settings, keys: shown, source };
}

/** What was sent, with the secrets that were not sent again. Throws `InvalidError` for one that there is nowhere. */
export function withKeptSecrets({ keys, ...settings }: IdentityInput, before: IdentityRecord): IdentityRecord {
  const kept = new Map(before.keys.flatMap((key) => (key.algorithm === "HS256" ? [[key.kid, key.secret] as const] : [])));
  const whole = keys.map((key, index) => {
    if (key.algorithm !== "HS256") return key;
    const secret = key.secret ?? kept.get(key.kid);
    if (secret === undefined)
      throw new InvalidError([{ path: `/keys/${index}/secret`, message: `Send the secret: there is none of the kid ${key.kid} yet.` }]);
    return { kid: key.kid, algorithm: key.algorithm, secret };
  });
  return { ...settings, keys: whole };
}
