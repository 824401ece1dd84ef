import { type Kysely, sql } from "kysely";
import { DEFAULT_MIGRATION_TABLE, Migrator } from "kysely/migration";
import { MIGRATIONS } from "../migrations/index.ts";
import { StoreOpenError } from "../store-open-error.ts";
import type { Schema } from "../schema.ts";

/**
 * Brings the database to the present schema, in one transaction: what another process brings up to date meanwhile is
 * waited for, and a step that fails leaves everything as it was. Throws `StoreOpenError` for a database that a newer
 * Frontdesk has written: this one cannot know what its rows mean. `place` names the database in messages. Nothing else
 * may use the connection meanwhile.
 */
export async function migrate(database: Kysely<Schema>, place: string): Promise<readonly string[]> {
  // Kysely itself takes SQLite for a database that changes its tables outside of transactions.
  await sql`begin immediate`.execute(database);
  try {
    const applied = await migrateInside(database, place);
    await sql`commit`.execute(database);
    return applied;
  } catch (cause) {
    await sql`rollback`.execute(database).catch(() => undefined);
    throw cause;
  }
}

async function migrateInside(database: Kysely<Schema>, place: string): Promise<readonly string[]> {
  const unknown = (await appliedMigrations(database)).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown.length > 0)
    throw new StoreOpenError(
      `The database ${place} was written by a newer Frontdesk (migrations ${unknown.join(", ")}). ` +
        "Start that version again, or put back the backup made before the update.",
    );
  const provider = { getMigrations: async () => ({ ...MIGRATIONS }) };
  const { error, results = [] } = await new Migrator({ db: database, provider, disableTransactions: true }).migrateToLatest();
  if (error !== undefined) {
    const failed = results.find((result) => result.status === "Error")?.migrationName ?? "unknown";
    throw new StoreOpenError(`The database ${place} could not be brought up to date (migration ${failed}). It was left as it was.`, {
      cause: error,
    });
  }
  return results.map((result) => result.migrationName);
}

async function appliedMigrations(database: Kysely<Schema>): Promise<readonly string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return [];
  const rows = await database
    .withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(DEFAULT_MIGRATION_TABLE)
    .select("name")
    .execute();
  return rows.map((row) => row.name);
}
