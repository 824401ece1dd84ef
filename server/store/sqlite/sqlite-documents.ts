import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { CompiledQuery, Kysely, Selectable } from "kysely";
import { ChangeListeners, touchedBy } from "../../documents/change-listeners.ts";
import type {
  AuditEntry,
  AuditFilter,
  ChangeListener,
  DocumentChange,
  DocumentKind,
  DocumentStore,
  ListOptions,
  StoredDocument,
} from "../../documents/ports.ts";
import type { Log } from "../../foundation/log.ts";
import { readNamePosition, searchText } from "../../documents/listed-by.ts";
import { idsQuery } from "./document-statements.ts";
import { auditQuery } from "./activity-lists.ts";
import { writeDocuments } from "./document-changes.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { AuditTable, DocumentsTable, Schema } from "../schema.ts";
import type { Statements } from "./statements.ts";
import { auditEntryOf, documentOf } from "./stored-documents.ts";

/**
 * Documents and audit in the journal's own database: reads are answered at once from what is committed, writes go
 * through `GroupCommit`.
 */
export class SqliteDocuments implements DocumentStore {
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Schema>;
  readonly #statements: Statements;
  readonly #commit: GroupCommit;
  readonly #listeners: ChangeListeners;

  constructor({
    database,
    kysely,
    statements,
    commit,
    log,
  }: {
    database: DatabaseSync;
    kysely: Kysely<Schema>;
    statements: Statements;
    commit: GroupCommit;
    log: Pick<Log, "error"> | undefined;
  }) {
    this.#database = database;
    this.#kysely = kysely;
    this.#statements = statements;
    this.#commit = commit;
    this.#listeners = new ChangeListeners(log);
  }

  async get(kind: StoredDocument["kind"], id: string, now: number): Promise<StoredDocument | undefined> {
    return documentOf(this.#statements.findDocument.get({ kind, id }), now);
  }

  async list(kind: StoredDocument["kind"], options: ListOptions): Promise<readonly StoredDocument[]> {
    return this.#page(kind, options).map((row) => documentOf(row, options.now)!);
  }

  async listIds(kind: StoredDocument["kind"], options: { parents: readonly string[]; now: number }): Promise<readonly string[]> {
    if (options.parents.length === 0) return [];
    return this.#rows<{ id: string }>(idsQuery(this.#kysely, { kind, ...options }))
      .map(({ id }) => id)
      .toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  }

  async write(changes: readonly DocumentChange[], options: Parameters<DocumentStore["write"]>[1]): Promise<void> {
    await this.#commit.write(() => writeDocuments(this.#statements, changes, options));
    await this.#listeners.tell(touchedBy(changes));
  }

  async take(kind: StoredDocument["kind"], id: string, now: number): Promise<StoredDocument | undefined> {
    const taken = await this.#commit.write(() => {
      const row = this.#statements.findDocument.get({ kind, id });
      if (row !== undefined) this.#statements.deleteDocument.run({ kind, id });
      return documentOf(row, now);
    });
    if (taken !== undefined) await this.#listeners.tell([{ kind, id }]);
    return taken;
  }

  onChange(kinds: readonly DocumentKind[], listener: ChangeListener): () => void {
    return this.#listeners.add(kinds, listener);
  }

  purge(now: number): Promise<number> {
    return this.#commit.write(() => this.#statements.deleteExpired.run({ now }));
  }

  async listAudit(options: { before?: number; limit: number; filter: AuditFilter }): Promise<readonly AuditEntry[]> {
    return this.#rows<Selectable<AuditTable>>(auditQuery(this.#kysely, options)).map(auditEntryOf);
  }

  #page(kind: string, { parent, after = "", limit, now, q: text, owner, by }: ListOptions): readonly Selectable<DocumentsTable>[] {
    const statements = this.#statements;
    const q = text === undefined ? "" : searchText(text);
    if (parent !== undefined) return statements.listChildren.all({ kind, parent, after, limit, now });
    if (owner !== undefined && q !== "") return statements.listOwnedFound.all({ kind, owner, q, after, limit, now });
    if (owner !== undefined) return statements.listOwned.all({ kind, owner, after, limit, now });
    if (by === "name") {
      const from = { kind, ...readNamePosition(after), limit, now };
      return q === "" ? statements.listNamed.all(from) : statements.listNamedFound.all({ ...from, q });
    }
    return q === "" ? statements.listDocuments.all({ kind, after, limit, now }) : statements.listFound.all({ kind, q, after, limit, now });
  }

  #rows<Row>({ sql, parameters }: CompiledQuery): readonly Row[] {
    return this.#database.prepare(sql).all(...(parameters as SQLInputValue[])) as Row[];
  }
}
