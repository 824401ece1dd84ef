import type { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

export interface OneDocument {
  readonly kind: string;
  readonly id: string;
}

/** Reading documents. */
export function documentStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  const page = (parameter: Parameter<{ kind: string; after: string; limit: number; now: number }>) =>
    kysely
      .selectFrom("documents")
      .selectAll()
      .where("kind", "=", parameter("kind"))
      .where("id", ">", parameter("after"))
      .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", parameter("now"))]))
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
          })
          .onConflict((conflict) =>
            conflict.columns(["kind", "id"]).doUpdateSet((columns) => ({
              version: columns.ref("excluded.version"),
              parent: columns.ref("excluded.parent"),
              body: columns.ref("excluded.body"),
              created_at: columns.ref("excluded.created_at"),
              updated_at: columns.ref("excluded.updated_at"),
              expires_at: columns.ref("excluded.expires_at"),
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
