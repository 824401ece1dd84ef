import { listedBy } from "../../documents/listed-by.ts";
import { type AuditDraft, type DocumentChange, DocumentConflictError } from "../../documents/ports.ts";
import { keepable } from "./call-records.ts";
import type { Statements } from "./statements.ts";

/** `DocumentStore.write`, inside a transaction: if it throws, nothing is written. */
export function writeDocuments(
  statements: Statements,
  changes: readonly DocumentChange[],
  { at, audit = [] }: { at: number; audit?: readonly AuditDraft[] },
): void {
  for (const change of changes) writeDocument(statements, change, at);
  writeAudit(statements, audit, at);
}

/** Adds entries to the audit log, inside a transaction. */
export function writeAudit(statements: Statements, audit: readonly AuditDraft[], at: number): void {
  for (const { by, action, target, before, after } of audit)
    statements.insertAudit.run({
      at,
      actorKind: by.kind,
      actorId: keepable(by.id),
      actorName: keepable(by.name),
      action,
      targetKind: target.kind,
      targetId: keepable(target.id),
      before: jsonOf(before),
      after: jsonOf(after),
    });
}

function writeDocument(statements: Statements, change: DocumentChange, at: number): void {
  const { kind } = change;
  if (change.do === "delete-children") {
    statements.deleteChildren.run({ kind, parent: change.parent });
    return;
  }
  const { id } = change;
  refuseUnkeepable(id);
  const row = statements.findDocument.get({ kind, id });
  const found = row === undefined || (row.expires_at !== null && row.expires_at <= at) ? undefined : row;
  refuseConflict(change, found?.version);
  if (change.do === "delete") {
    statements.deleteDocument.run({ kind, id });
    return;
  }
  const { parent } = change;
  if (parent !== undefined) refuseUnkeepable(parent);
  statements.putDocument.run({
    kind,
    id,
    version: (found?.version ?? 0) + 1,
    parent: parent ?? found?.parent ?? null,
    body: JSON.stringify(change.body ?? null),
    createdAt: found?.created_at ?? at,
    updatedAt: at,
    expiresAt: change.expiresAt ?? found?.expires_at ?? null,
    ...columnsOfLists(kind, id, change.body),
  });
}

function columnsOfLists(...document: Parameters<typeof listedBy>): { readonly search: string | null; readonly owner: string | null } {
  const { search = null, owner = null } = listedBy(...document);
  return { search, owner };
}

/** Throws `DocumentConflictError`. `version` is that of the document that is there. */
function refuseConflict(change: Exclude<DocumentChange, { do: "delete-children" }>, version: number | undefined): void {
  const { kind, id } = change;
  if (change.do === "create") {
    if (version !== undefined) throw new DocumentConflictError("exists", kind, id);
    return;
  }
  const needed = change.ifVersion !== undefined || (change.do === "replace" && change.orCreate !== true);
  if (version === undefined && needed) throw new DocumentConflictError("missing", kind, id);
  if (change.ifVersion !== undefined && change.ifVersion !== version) throw new DocumentConflictError("changed", kind, id);
}

/**
 * A text column turns a lone surrogate into U+FFFD, which would make two documents one. Postgres has no NUL in texts.
 * The empty id has no place in a list.
 */
function refuseUnkeepable(id: string): void {
  if (id === "" || keepable(id) !== id)
    throw new TypeError(`${JSON.stringify(id)} cannot be the id of a document: it is empty or not well-formed text.`);
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
