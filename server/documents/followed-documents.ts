import type { Log } from "../foundation/log.ts";
import type { DocumentChange, DocumentStore } from "./ports.ts";

/**
 * The same store, in which `follow` has run before a write that touches what `concerns` says is answered. So what somebody lost is lost for everyone who
 * depends on it when the answer says so. A `follow` that fails is logged: the write has happened.
 */
export function followDocuments(
  documents: DocumentStore,
  { concerns, follow, log }: { concerns: (change: DocumentChange) => boolean; follow: () => Promise<void>; log: Log },
): DocumentStore {
  return {
    get: (kind, id, now) => documents.get(kind, id, now),
    list: (kind, options) => documents.list(kind, options),
    take: (kind, id, now) => documents.take(kind, id, now),
    purge: (now) => documents.purge(now),
    onChange: (kinds, listener) => documents.onChange(kinds, listener),
    listAudit: (options) => documents.listAudit(options),
    write: async (changes, options) => {
      await documents.write(changes, options);
      if (!changes.some(concerns)) return;
      await follow().catch((error: unknown) =>
        log.error({ error: String(error) }, "A change was written, and what depends on it could not be read anew."),
      );
    },
  };
}

/** Whether a change can end or begin what somebody may use: people, their groups, and shared connections. */
export function concernsAccess(change: DocumentChange): boolean {
  if (change.kind === "person" || change.kind === "group-member") return true;
  if (change.kind !== "connection") return false;
  if (change.do !== "create" && change.do !== "replace") return true;
  const { body } = change;
  if (typeof body !== "object" || body === null || !("owner" in body)) return false;
  return typeof body.owner === "object" && body.owner !== null && "kind" in body.owner && body.owner.kind === "shared";
}
