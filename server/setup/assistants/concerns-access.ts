import * as z from "zod";
import type { ChangedDocuments, DocumentStore } from "../../documents/ports.ts";

/**
 * The documents that decide who may use what: shares, people and their groups, shared connections, and the servers' own
 * records.
 */
export const ACCESS_KINDS = ["share", "person", "group-member", "connection", "mcp-server"] as const;

const connectionBody = z.object({ owner: z.object({ kind: z.string() }) });

/**
 * Whether a change can give or take what somebody may use. Customers' own connections change with every renewal of
 * their tokens, and affect nobody else.
 */
export async function concernsAccess({ kind, id }: ChangedDocuments, documents: Pick<DocumentStore, "get">, now: number): Promise<boolean> {
  if (kind !== "connection" || id === undefined) return true;
  const found = await documents.get("connection", id, now);
  if (found === undefined) return true;
  const body = connectionBody.safeParse(found.body);
  return body.success && body.data.owner.kind === "shared";
}
