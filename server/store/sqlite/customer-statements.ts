import type { DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { type Parameter, prepare } from "./statement.ts";

/** What a customer has, and whose it becomes. */
export function customerStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    listOfCustomer: prepare(database, (parameter: Parameter<{ customerId: string; limit: number }>) =>
      kysely
        .selectFrom("conversations")
        .selectAll()
        .where("customer_id", "=", parameter("customerId"))
        .where("erasing_at", "is", null)
        .orderBy("updated_at", "desc")
        .limit(parameter("limit")),
    ),
    giveConversation: prepare(database, (parameter: Parameter<{ id: string; customerId: string }>) =>
      kysely
        .updateTable("conversations")
        .set({ customer_id: parameter("customerId") })
        .where("id", "=", parameter("id")),
    ),
    giveCallRecords: prepare(database, (parameter: Parameter<{ conversationId: string; customerId: string }>) =>
      kysely
        .updateTable("call_records")
        .set({ customer_id: parameter("customerId") })
        .where("conversation_id", "=", parameter("conversationId")),
    ),
  };
}
