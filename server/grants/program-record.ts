import * as z from "zod";
import type { DocumentStore, StoredDocument } from "../documents/ports.ts";
import { sha256Hex } from "../foundation/canonical-json.ts";
import type { GrantedProgram } from "./grant-record.ts";

/** What we read of a program; the provider's library has more in its row. */
const programRow = z.looseObject({
  clientId: z.string(),
  /** Its description was read from the address that is its client id. */
  clientDiscoveryId: z.string().nullish(),
  name: z.string().nullish(),
  redirectUris: z.array(z.string()),
  scopes: z.array(z.string()).nullish(),
});

export interface Program extends GrantedProgram {
  readonly redirects: readonly string[];
}

const LONGEST_NAME = 80;

/** Names of client ids may be long, and hold anything. */
export function programId(clientId: string): string {
  return sha256Hex(clientId);
}

export async function findProgram(
  documents: Pick<DocumentStore, "get">,
  clientId: string,
  now: number,
): Promise<{ readonly program: Program; readonly document: StoredDocument } | undefined> {
  const document = await documents.get("program", programId(clientId), now);
  const row = document === undefined ? undefined : programRow.parse(document.body);
  if (document === undefined || row === undefined) return undefined;
  const host = row.clientDiscoveryId ? new URL(row.clientId).host : undefined;
  const name = shownName(row.name) ?? host ?? "A program";
  return { document, program: { id: row.clientId, name, ...(host === undefined ? {} : { host }), redirects: row.redirectUris } };
}

/** On one line, and without what turns text around. */
function shownName(name: string | null | undefined): string | undefined {
  const plain = name?.replace(/[\p{C}\s]+/gu, " ").trim();
  return plain === undefined || plain === "" ? undefined : plain.slice(0, LONGEST_NAME);
}
