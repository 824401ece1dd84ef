import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type CompiledQuery, type Kysely, sql } from "kysely";
import type { ConversationFilter, ConversationList, ConversationPlace, ConversationSummary } from "../../inbox/conversations.ts";
import type { Schema } from "../schema.ts";

/** The approvers of an approval that staff may decide. */
const STAFF = ["staff", "either"];
/** Written into the query: SQLite uses the partial index only for a constant. */
const WAITING = sql.lit("waiting");

/**
 * The conversations of all customers. Which columns are asked for differs, so each combination is compiled when it is
 * asked for.
 */
export class SqliteConversationList implements ConversationList {
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Schema>;

  constructor(database: DatabaseSync, kysely: Kysely<Schema>) {
    this.#database = database;
    this.#kysely = kysely;
  }

  async listConversations({
    after,
    limit,
    filter,
  }: {
    after?: ConversationPlace;
    limit: number;
    filter: ConversationFilter;
  }): Promise<readonly ConversationSummary[]> {
    return this.#all(conversationsQuery(this.#kysely, { ...(after === undefined ? {} : { after }), limit, filter }));
  }

  async findSummary(id: string): Promise<ConversationSummary | undefined> {
    return this.#all(summaries(this.#kysely).where("conversations.id", "=", id).compile())[0];
  }

  #all(query: CompiledQuery<ConversationSummary>): ConversationSummary[] {
    return this.#database.prepare(query.sql).all(...(query.parameters as SQLInputValue[])) as unknown as ConversationSummary[];
  }
}

export function conversationsQuery(
  kysely: Kysely<Schema>,
  { after, limit, filter }: { after?: ConversationPlace; limit: number; filter: ConversationFilter },
): CompiledQuery<ConversationSummary> {
  let query = summaries(kysely).orderBy("conversations.created_at", "desc").orderBy("conversations.id", "desc").limit(limit);
  if (filter.assistant !== undefined) query = query.where("assistant", "=", filter.assistant);
  if (filter.customer !== undefined) query = query.where("customer_id", "=", filter.customer);
  if (filter.from !== undefined) query = query.where("created_at", ">=", filter.from);
  if (filter.to !== undefined) query = query.where("created_at", "<", filter.to);
  if (filter.waiting === true)
    query = query.where((build) =>
      build.exists(
        build
          .selectFrom("approvals")
          .select("approval_id")
          .whereRef("approvals.conversation_id", "=", "conversations.id")
          .where("status", "=", WAITING)
          .where("approver", "in", STAFF),
      ),
    );
  if (after !== undefined)
    query = query
      .where("created_at", "<=", after.createdAt)
      .where((where) => where.or([where("created_at", "<", after.createdAt), where("conversations.id", "<", after.id)]));
  return query.compile();
}

function summaries(kysely: Kysely<Schema>) {
  return kysely
    .selectFrom("conversations")
    .select([
      "conversations.id as id",
      "assistant",
      "customer_id as customer",
      "created_at as createdAt",
      "updated_at as updatedAt",
      "last_seq as events",
    ])
    .select((build) =>
      build
        .selectFrom("approvals")
        .select(({ fn }) => fn.countAll<number>().as("waiting"))
        .whereRef("approvals.conversation_id", "=", "conversations.id")
        .where("status", "=", WAITING)
        .where("approver", "in", STAFF)
        .$asScalar()
        .$notNull()
        .as("waitingApprovals"),
    );
}
