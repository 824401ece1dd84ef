import * as z from "zod";

/** A key as the database holds it, under its own id; its parent is the server. Only hashes of keys are kept. */
export const publishedKeyRecordSchema = z.object({
  name: z.string(),
  /** SHA-256 of the key. */
  hash: z.string(),
  beginning: z.string(),
  createdBy: z.string(),
  expiresAt: z.number().optional(),
  /** The key before the last rotation, which is good until then. */
  previous: z.object({ hash: z.string(), until: z.number() }).optional(),
  revokedAt: z.number().optional(),
});
export type PublishedKeyRecord = z.output<typeof publishedKeyRecordSchema>;

export const publishedKeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  beginning: z.string().describe("How the key begins."),
  createdBy: z.string(),
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  previousUntil: z.number().optional().describe("Until when the key before the last rotation is good."),
});
export type PublishedKeyView = z.input<typeof publishedKeyViewSchema>;

/** `fdp_<id of the key>_<secret>`: the id finds the record, so that a key of another server is told from a wrong one. */
const KEY = /^fdp_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** Undefined: it has not the shape of a key of a published server. */
export function keyIdOf(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}

export function keyOf(id: string, secret: string): string {
  return `fdp_${id}_${secret}`;
}
