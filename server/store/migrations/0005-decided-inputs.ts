import type { Kysely } from "kysely";

/** An answer to a server's question was called `input-answered` before it got the name that all decisions have. */
export async function renameDecidedInputs(database: Kysely<unknown>): Promise<void> {
  await database
    .withTables<{ events: { type: string } }>()
    .updateTable("events")
    .set({ type: "input-decided" })
    .where("type", "=", "input-answered")
    .execute();
}
