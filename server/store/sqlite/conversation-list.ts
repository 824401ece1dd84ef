import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type CompiledQuery, type Kysely, sql } from "kysely";
import type {
  ConversationCounts,
  ConversationFilter,
  ConversationList,
  ConversationPlace,
  ConversationSummary,
} from "../../inbox/conversations.ts";
import type { Schema } from "../schema.ts";

type SummaryRow = Omit<ConversationSummary, "preview"> & { readonly preview: string | null };

/** What is being erased is nobody's. The plus keeps the index out of it that has these alone: a list has its own order. */
export const NOT_ERASED = sql<boolean>`+conversations.erasing_at is null`;

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
    return this.#summaries(conversationsQuery(this.#kysely, { ...(after === undefined ? {} : { after }), limit, filter }));
  }

  async findSummary(id: string): Promise<ConversationSummary | undefined> {
    return this.#summaries(summaries(this.#kysely).where("conversations.id", "=", id).compile())[0];
  }

  async countConversations(assistant: string, now: number): Promise<ConversationCounts> {
    const [total, open, waiting, last] = countQueries(this.#kysely, assistant, now).map(
      (query) => this.#all<{ found: number | null }>(query)[0]?.found,
    );
    return { total: total ?? 0, open: open ?? 0, waitingForApproval: waiting ?? 0, ...(typeof last === "number" ? { lastAt: last } : {}) };
  }

  #summaries(query: CompiledQuery<SummaryRow>): ConversationSummary[] {
    return this.#all(query).map(({ preview, ...row }) => ({ ...row, preview: preview !== null }));
  }

  #all<Row>(query: CompiledQuery<Row>): Row[] {
    return this.#database.prepare(query.sql).all(...(query.parameters as SQLInputValue[])) as unknown as Row[];
  }
}

export function conversationsQuery(
  kysely: Kysely<Schema>,
  { after, limit, filter }: { after?: ConversationPlace; limit: number; filter: ConversationFilter },
): CompiledQuery<SummaryRow> {
  let query = summaries(kysely).orderBy("conversations.created_at", "desc").orderBy("conversations.id", "desc").limit(limit);
  query = query.where("preview", filter.preview === true ? "is not" : "is", null);
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

/** Of so many the newest event is looked for: the whole history of a large assistant would hold everybody up. */
const NEWEST_CONVERSATIONS = 1000;

/** All, open, waiting for approval, and the newest event, each as `found`. */
export function countQueries(kysely: Kysely<Schema>, assistant: string, now: number): readonly CompiledQuery<{ found: number | null }>[] {
  const own = kysely.selectFrom("conversations").where("assistant", "=", assistant).where("preview", "is", null);
  const waiting = kysely
    .selectFrom("approvals")
    .innerJoin("conversations", "conversations.id", "approvals.conversation_id")
    .where("approvals.status", "=", WAITING)
    .where("approvals.expires_at", ">", now)
    .where("approvals.requested_at", ">=", 0)
    .where("conversations.assistant", "=", assistant)
    .where("conversations.preview", "is", null);
  const newest = own.select("updated_at").orderBy("created_at", "desc").limit(NEWEST_CONVERSATIONS).as("newest");
  return [
    own.select(({ fn }) => fn.countAll<number>().as("found")).compile(),
    own
      .where("due_at", ">=", 0)
      .select(({ fn }) => fn.countAll<number>().as("found"))
      .compile(),
    waiting.select(({ fn }) => fn.count<number>("conversations.id").distinct().as("found")).compile(),
    kysely
      .selectFrom(newest)
      .select(({ fn }) => fn.max<number | null>("updated_at").as("found"))
      .compile(),
  ];
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
      "preview",
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
    )
    .where(NOT_ERASED);
}
