import { type Kysely, sql } from "kysely";

/**
 * Which texts of journals the search has yet to read. A row is written with its event and removed when the search has
 * it on disk. Its `id` only ever grows.
 */
export async function queueSearch(database: Kysely<unknown>): Promise<void> {
  await sql`create table search_queue (
    id integer primary key autoincrement,
    conversation_id text not null,
    seq integer not null
  )`.execute(database);
}
