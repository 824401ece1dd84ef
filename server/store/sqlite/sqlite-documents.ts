import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { CompiledQuery, Kysely, Selectable } from "kysely";
import type { AuditEntry, AuditFilter, DocumentChange, DocumentStore, StoredDocument } from "../../documents/ports.ts";
import { auditQuery } from "./activity-lists.ts";
import { writeDocuments } from "./document-changes.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { AuditTable, Schema } from "../schema.ts";
import type { Statements } from "./statements.ts";
import { auditEntryOf, documentOf } from "./stored-documents.ts";

/** Documents and audit in the journal's own database: reads are answered at once from what is committed, writes go through `GroupCommit`. */
export class SqliteDocuments implements DocumentStore {
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Schema>;
  readonly #statements: Statements;
  readonly #commit: GroupCommit;

  constructor({
    database,
    kysely,
    statements,
    commit,
  }: {
    database: DatabaseSync;
    kysely: Kysely<Schema>;
    statements: Statements;
    commit: GroupCommit;
  }) {
    this.#database = database;
    this.#kysely = kysely;
    this.#statements = statements;
    this.#commit = commit;
  }

  async get(kind: StoredDocument["kind"], id: string, now: number): Promise<StoredDocument | undefined> {
    return documentOf(this.#statements.findDocument.get({ kind, id }), now);
  }

  async list(
    kind: StoredDocument["kind"],
    { parent, after = "", limit, now }: Parameters<DocumentStore["list"]>[1],
  ): Promise<readonly StoredDocument[]> {
    const rows =
      parent === undefined
        ? this.#statements.listDocuments.all({ kind, after, limit, now })
        : this.#statements.listChildren.all({ kind, parent, after, limit, now });
    return rows.map((row) => documentOf(row, now)!);
  }

  write(changes: readonly DocumentChange[], options: Parameters<DocumentStore["write"]>[1]): Promise<void> {
    return this.#commit.write(() => writeDocuments(this.#statements, changes, options));
  }

  take(kind: StoredDocument["kind"], id: string, now: number): Promise<StoredDocument | undefined> {
    return this.#commit.write(() => {
      const row = this.#statements.findDocument.get({ kind, id });
      if (row !== undefined) this.#statements.deleteDocument.run({ kind, id });
      return documentOf(row, now);
    });
  }

  purge(now: number): Promise<number> {
    return this.#commit.write(() => this.#statements.deleteExpired.run({ now }));
  }

  async listAudit(options: { before?: number; limit: number; filter: AuditFilter }): Promise<readonly AuditEntry[]> {
    return this.#rows<Selectable<AuditTable>>(auditQuery(this.#kysely, options)).map(auditEntryOf);
  }

  #rows<Row>({ sql, parameters }: CompiledQuery): readonly Row[] {
    return this.#database.prepare(sql).all(...(parameters as SQLInputValue[])) as Row[];
  }
}
