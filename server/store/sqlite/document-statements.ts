import type { DatabaseSync } from "node:sqlite";
import { type CompiledQuery, type ExpressionBuilder, type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export interface OneDocument {
  readonly kind: string;
  readonly id: string;
}

/** Reading documents. */
export function documentStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  const found = (where: ExpressionBuilder<Schema, "documents">, q: string) =>
    where(sql<number>`instr(${where.ref("search")}, ${q})`, ">", 0);
  const page = (parameter: Parameter<{ kind: string; after: string; limit: number; now: number }>) =>
    kysely
      .selectFrom("documents")
      .selectAll()
      .where("kind", "=", parameter("kind"))
      .where("id", ">", parameter("after"))
      .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", parameter("now"))]))
      .orderBy("id")
      .limit(parameter("limit"));
  const named = (parameter: Parameter<{ kind: string; search: string; id: string; limit: number; now: number }>) =>
    kysely
      .selectFrom("documents")
      .selectAll()
      .where("kind", "=", parameter("kind"))
      // Says to SQLite that the index of names has all of them.
      .where("search", "is not", null)
      .where((where) => where(where.refTuple("search", "id"), ">", where.tuple(parameter("search"), parameter("id"))))
      .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", parameter("now"))]))
      .orderBy("search")
      .orderBy("id")
      .limit(parameter("limit"));
  return {
    findDocument: prepare(database, (parameter: Parameter<OneDocument>) =>
      kysely.selectFrom("documents").selectAll().where("kind", "=", parameter("kind")).where("id", "=", parameter("id")),
    ),
    listDocuments: prepare(database, page),
    listChildren: prepare(database, (parameter: Parameter<{ kind: string; parent: string; after: string; limit: number; now: number }>) =>
      page(parameter).where("parent", "=", parameter("parent")),
    ),
    listFound: prepare(database, (parameter: Parameter<{ kind: string; q: string; after: string; limit: number; now: number }>) =>
      page(parameter).where((where) => found(where, parameter("q"))),
    ),
    listNamed: prepare(database, named),
    listNamedFound: prepare(
      database,
      (parameter: Parameter<{ kind: string; q: string; search: string; id: string; limit: number; now: number }>) =>
        named(parameter).where((where) => found(where, parameter("q"))),
    ),
    listOwned: prepare(database, (parameter: Parameter<{ kind: string; owner: string; after: string; limit: number; now: number }>) =>
      page(parameter).where("owner", "=", parameter("owner")),
    ),
    listOwnedFound: prepare(
      database,
      (parameter: Parameter<{ kind: string; owner: string; q: string; after: string; limit: number; now: number }>) =>
        page(parameter)
          .where("owner", "=", parameter("owner"))
          .where((where) => found(where, parameter("q"))),
    ),
  };
}

/** Writing documents. */
export function documentChangeStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    putDocument: prepare(
      database,
      (
        parameter: Parameter<
          OneDocument & {
            version: number;
            parent: string | null;
            body: string;
            createdAt: number;
            updatedAt: number;
            expiresAt: number | null;
            search: string | null;
            owner: string | null;
          }
        >,
      ) =>
        kysely
          .insertInto("documents")
          .values({
            kind: parameter("kind"),
            id: parameter("id"),
            version: parameter("version"),
            parent: parameter("parent"),
            body: parameter("body"),
            created_at: parameter("createdAt"),
            updated_at: parameter("updatedAt"),
            expires_at: parameter("expiresAt"),
            search: parameter("search"),
            owner: parameter("owner"),
          })
          .onConflict((conflict) =>
            conflict.columns(["kind", "id"]).doUpdateSet((columns) => ({
              version: columns.ref("excluded.version"),
              parent: columns.ref("excluded.parent"),
              body: columns.ref("excluded.body"),
              created_at: columns.ref("excluded.created_at"),
              updated_at: columns.ref("excluded.updated_at"),
              expires_at: columns.ref("excluded.expires_at"),
              search: columns.ref("excluded.search"),
              owner: columns.ref("excluded.owner"),
            })),
          ),
    ),
    deleteDocument: prepare(database, (parameter: Parameter<OneDocument>) =>
      kysely.deleteFrom("documents").where("kind", "=", parameter("kind")).where("id", "=", parameter("id")),
    ),
    deleteChildren: prepare(database, (parameter: Parameter<{ kind: string; parent: string }>) =>
      kysely.deleteFrom("documents").where("kind", "=", parameter("kind")).where("parent", "=", parameter("parent")),
    ),
    deleteExpired: prepare(database, (parameter: Parameter<{ now: number }>) =>
      kysely.deleteFrom("documents").where("expires_at", "<=", parameter("now")),
    ),
  };
}

/** Writes the audit log. */
export function auditStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    insertAudit: prepare(
      database,
      (
        parameter: Parameter<{
          at: number;
          actorKind: string;
          actorId: string;
          actorName: string;
          action: string;
          targetKind: string;
          targetId: string;
          before: string | null;
          after: string | null;
        }>,
      ) =>
        kysely.insertInto("audit").values({
          at: parameter("at"),
          actor_kind: parameter("actorKind"),
          actor_id: parameter("actorId"),
          actor_name: parameter("actorName"),
          action: parameter("action"),
          target_kind: parameter("targetKind"),
          target_id: parameter("targetId"),
          before_body: parameter("before"),
          after_body: parameter("after"),
        }),
    ),
  };
}

/** The ids under some parents. How many there are differs, so it is compiled when it is asked for. */
export function idsQuery(
  kysely: Kysely<Schema>,
  { kind, parents, now }: { readonly kind: string; readonly parents: readonly string[]; readonly now: number },
): CompiledQuery {
  return kysely
    .selectFrom("documents")
    .select("id")
    .where("kind", "=", kind)
    .where("parent", "in", parents)
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .compile();
}
