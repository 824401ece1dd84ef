import { type Kysely, sql } from "kysely";

/** Recordings of voice calls, in pieces of some seconds, and in which conversations somebody is on a call. */
export async function addVoiceCalls(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable("recordings")
    .addColumn("conversation_id", "text", (column) => column.notNull().references("conversations.id"))
    .addColumn("voice_call_id", "text", (column) => column.notNull())
    .addColumn("started_at", sql`double precision`, (column) => column.notNull())
    .addColumn("samples", "integer", (column) => column.notNull())
    .addColumn("ended_at", sql`double precision`)
    .addPrimaryKeyConstraint("recordings_key", ["conversation_id", "voice_call_id"])
    .execute();
  await schema
    .createTable("recording_pieces")
    .addColumn("conversation_id", "text", (column) => column.notNull())
    .addColumn("voice_call_id", "text", (column) => column.notNull())
    .addColumn("from_sample", "integer", (column) => column.notNull())
    .addColumn("side", "text", (column) => column.notNull())
    // Bytes, by the name that both databases keep them as they are under.
    .addColumn("audio", "bytea", (column) => column.notNull())
    .addPrimaryKeyConstraint("recording_pieces_key", ["conversation_id", "voice_call_id", "from_sample", "side"])
    .execute();
  await schema.alterTable("inbox").addColumn("voice_call_id", "text").execute();
  await schema
    .alterTable("inbox")
    .addColumn("voice_call_at", sql`double precision`)
    .execute();
}
