import * as z from "zod";
import type { DocumentStore } from "../documents/ports.ts";
import { sha256Hex } from "../foundation/canonical-json.ts";

export const erasureRecord = z.object({
  /** Only while it is being done. */
  customer: z.string().optional(),
  status: z.enum(["running", "done"]),
  requestedAt: z.number(),
  requestedBy: z.object({ kind: z.enum(["person", "key", "system"]), id: z.string(), name: z.string() }),
  finishedAt: z.number().optional(),
  erased: z.record(z.string(), z.number()),
  /**
   * Of whom and of which conversations, as digests of their ids: they tell nobody who it was, and find them again in a
   * backup that still has them. Absent in receipts of earlier versions.
   */
  digests: z.object({ customer: z.string(), conversations: z.array(z.string()) }).optional(),
});
export type ErasureRecord = z.output<typeof erasureRecord>;

export interface KnownErasure {
  readonly id: string;
  readonly record: ErasureRecord;
}

const PAGE = 200;

/** Ids are long and by chance, so a digest gives none of them away. */
export function idDigest(id: string): string {
  return sha256Hex(id).slice(0, 32);
}

/** Every erasure that was ever asked for. */
export async function listErasures(documents: Pick<DocumentStore, "list">, now: number): Promise<readonly KnownErasure[]> {
  const all: KnownErasure[] = [];
  for (let after: string | undefined; ;) {
    const page = await documents.list("erasure", { limit: PAGE, now, ...(after === undefined ? {} : { after }) });
    all.push(...page.map(({ id, body }) => ({ id, record: erasureRecord.parse(body) })));
    after = page.at(-1)?.id;
    if (after === undefined) return all;
  }
}
