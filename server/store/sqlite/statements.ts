import type { DatabaseSync } from "node:sqlite";
import type { Kysely, Selectable } from "kysely";
import { approvalChangeStatements, approvalStatements, grantStatements } from "./approval-statements.ts";
import { callChangeStatements, callRecordStatements } from "./call-record-statements.ts";
import { conversationStatements, leaseStatements, standingStatements } from "./conversation-statements.ts";
import { customerStatements } from "./customer-statements.ts";
import { auditStatements, documentChangeStatements, documentStatements } from "./document-statements.ts";
import { inboxMarkStatements, inboxMoveStatements, inboxStatements } from "./inbox-statements.ts";
import { eventsByTypeStatements, eventStatements, indexStatements } from "./event-statements.ts";
import { deliveryListStatements, deliveryStatements, raisedStatements } from "./notice-statements.ts";
import { publishedStatements } from "./published-statements.ts";
import { recordingStatements } from "./recording-statements.ts";
import { resultViewStatements } from "./result-view-statements.ts";
import { budgetStatements, countingStatements, feedbackStatements, usageStatements } from "./usage-statements.ts";
import { searchQueueStatements } from "./search-queue-statements.ts";
import type { ConversationsTable, EventsTable, Schema } from "../schema.ts";

export type ConversationRow = Selectable<ConversationsTable>;
export type EventRow = Pick<Selectable<EventsTable>, "seq" | "at" | "type" | "body">;
export type Statements = ReturnType<typeof prepareStatements>;

/** Every query of the store, compiled once. `kysely` only writes the SQL; `database` runs it. */
export function prepareStatements(database: DatabaseSync, kysely: Kysely<Schema>) {
  return {
    ...conversationStatements(database, kysely),
    ...standingStatements(database, kysely),
    ...leaseStatements(database, kysely),
    ...customerStatements(database, kysely),
    ...eventStatements(database, kysely),
    ...eventsByTypeStatements(database, kysely),
    ...resultViewStatements(database, kysely),
    ...indexStatements(database, kysely),
    ...approvalStatements(database, kysely),
    ...approvalChangeStatements(database, kysely),
    ...grantStatements(database, kysely),
    ...callRecordStatements(database, kysely),
    ...callChangeStatements(database, kysely),
    ...documentStatements(database, kysely),
    ...documentChangeStatements(database, kysely),
    ...auditStatements(database, kysely),
    ...countingStatements(database, kysely),
    ...inboxStatements(database, kysely),
    ...inboxMoveStatements(database, kysely),
    ...inboxMarkStatements(database, kysely),
    ...searchQueueStatements(database, kysely),
    ...raisedStatements(database, kysely),
    ...deliveryStatements(database, kysely),
    ...deliveryListStatements(database, kysely),
    ...usageStatements(database, kysely),
    ...feedbackStatements(database, kysely),
    ...budgetStatements(database, kysely),
    ...recordingStatements(database, kysely),
    ...publishedStatements(database, kysely),
  };
}
