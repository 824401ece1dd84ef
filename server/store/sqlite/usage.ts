import type { Cost, EventDraft, Usage } from "../../../protocol/events.ts";
import type { Count, Time } from "../../usage/measures.ts";
import type {
  BudgetNotice,
  BudgetNotices,
  CountRow,
  QuarterSpan,
  TimeRow,
  UnwrittenCounts,
  UnwrittenUsage,
  UsageCounts,
} from "../../usage/ports.ts";
import { quarterOf } from "../../usage/quarter.ts";
import { bucketOf } from "../../usage/time-buckets.ts";
import { keepable } from "./call-records.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { ConversationRow, Statements } from "./statements.ts";

type DraftOf<Type extends EventDraft["type"]> = Extract<EventDraft, { type: Type }>;

/**
 * Counts what an event adds, inside the append's transaction, before anything else is derived from it: each event moves
 * a handful of sums, whatever the conversation's length. Of previews only the tokens count: somebody pays for them, but
 * nobody was helped.
 */
export function countEvent(statements: Statements, conversation: ConversationRow, draft: EventDraft, at: number): void {
  const sums = new Sums(statements, conversation, at);
  switch (draft.type) {
    case "step-ended":
      sums.step(draft);
      if (draft.durationMs !== undefined) sums.time("step-ms", draft.model ?? "", draft.durationMs);
      return;
    case "sampling-ended":
    case "summary-written":
      if (draft.usage !== undefined) sums.step(draft);
      return;
    case "feedback-given":
      countFeedback(statements, conversation, draft, { at, sums });
      return;
    default:
      if (conversation.preview === null) countOfCustomer(statements, conversation, draft, { at, sums });
  }
}

/** A conversation that has just begun. */
export function countConversation(statements: Statements, conversation: ConversationRow): void {
  if (conversation.preview === null) new Sums(statements, conversation, conversation.created_at).count("conversations", "");
}

interface Moment {
  readonly at: number;
  readonly sums: Sums;
}

function countOfCustomer(statements: Statements, conversation: ConversationRow, draft: EventDraft, { at, sums }: Moment): void {
  switch (draft.type) {
    case "turn-ended":
      sums.count("turns", draft.error === undefined ? draft.outcome : keepable(`${draft.outcome} ${draft.error}`));
      return;
    case "tool-call-ended":
      countCall(statements, conversation, draft, sums);
      return;
    case "approval-decided":
      countApproval(statements, draft, { at, sums });
      return;
    case "voice-call-ended":
      sums.count("voice-calls", draft.reason);
      sums.count("voice-ms", "", draft.durationMs);
      return;
    case "person-asked":
    case "person-joined":
    case "reply-sent":
      if (statements.setMetPerson.run({ id: conversation.id }) > 0)
        new Sums(statements, conversation, conversation.created_at).count("met-person", "");
      return;
    default:
      return;
  }
}

function countCall(statements: Statements, conversation: ConversationRow, draft: DraftOf<"tool-call-ended">, sums: Sums): void {
  const record = statements.findCallTool.get({ conversationId: conversation.id, callId: draft.callId });
  if (record === undefined) return;
  const tool = `${record.server}/${record.tool}`;
  sums.count("calls", `${draft.outcome} ${tool}`);
  if (draft.durationMs !== undefined && draft.outcome !== "refused") sums.time("call-ms", tool, draft.durationMs);
}

/** How long it waited says something only where somebody decided. */
function countApproval(statements: Statements, { approvalId, decision, by }: DraftOf<"approval-decided">, { at, sums }: Moment): void {
  sums.count("approvals", `${by.kind} ${decision}`);
  const requestedAt = statements.findApproval.get({ approvalId })?.requested_at;
  if (by.kind !== "system" && typeof requestedAt === "number") sums.time("approval-ms", by.kind, at - requestedAt);
}

/** The newest rating of an answer counts, when it was given; the one before is taken back where it was counted. */
function countFeedback(
  statements: Statements,
  conversation: ConversationRow,
  draft: DraftOf<"feedback-given">,
  { at, sums }: Moment,
): void {
  const answer = { conversationId: conversation.id, turnId: keepable(draft.turnId) };
  const before = statements.findFeedback.get(answer);
  const isCounted = conversation.preview === null;
  if (isCounted && before !== undefined && before.rating !== "none")
    new Sums(statements, conversation, before.at).count("feedback", before.rating, -1);
  if (isCounted && draft.rating !== "none") sums.count("feedback", draft.rating);
  statements.keepFeedback.run({ ...answer, rating: draft.rating, at });
  const ratings = statements.listRatings.all({ conversationId: conversation.id }).map(({ rating }) => rating);
  const feedback = ["down", "up"].find((rating) => ratings.includes(rating)) ?? "none";
  statements.setFeedback.run({ id: conversation.id, feedback });
}

/** The sums of one assistant in one quarter of an hour. */
class Sums {
  readonly #statements: Statements;
  readonly #assistant: string;
  readonly #quarter: number;

  constructor(statements: Statements, { assistant }: { readonly assistant: string }, at: number) {
    this.#statements = statements;
    this.#assistant = assistant;
    this.#quarter = quarterOf(at);
  }

  count(measure: Count, subject: string, amount = 1): void {
    this.#statements.addCount.run({ assistant: this.#assistant, quarter: this.#quarter, measure, subject, amount });
  }

  time(measure: Time, subject: string, ms: number): void {
    const bucket = bucketOf(ms);
    const place = { assistant: this.#assistant, quarter: this.#quarter, measure, subject: keepable(subject) };
    this.#statements.addTime.run({ ...place, bucket, amount: 1 });
  }

  step({
    model = "",
    usage,
    cost,
  }: {
    readonly model?: string | undefined;
    readonly usage?: Usage | undefined;
    readonly cost?: Cost | undefined;
  }): void {
    const subject = keepable(model);
    this.count("steps", subject);
    if (usage?.inputTokens === undefined && usage?.outputTokens === undefined) this.count("uncounted-steps", subject);
    if (cost === undefined) this.count("unpriced-steps", subject);
    this.used(subject, usage, cost);
  }

  used(subject: string, { inputTokens, outputTokens, cachedTokens = 0 }: Usage = {}, cost: Cost | undefined): void {
    if (inputTokens !== undefined) this.count("input-tokens", subject, inputTokens);
    if (cachedTokens > 0) this.count("cached-tokens", subject, cachedTokens);
    if (outputTokens !== undefined) this.count("output-tokens", subject, outputTokens);
    if (cost !== undefined) this.count("cost", `${keepable(cost.currency)} ${subject}`, cost.amount);
  }
}

/** Reads the sums, and keeps what was told of budgets. */
export class SqliteUsage implements UsageCounts, UnwrittenCounts, BudgetNotices {
  readonly #statements: Statements;
  readonly #commit: GroupCommit;

  constructor({ statements, commit }: { statements: Statements; commit: GroupCommit }) {
    this.#statements = statements;
    this.#commit = commit;
  }

  async listAssistants(): Promise<readonly string[]> {
    const found: string[] = [];
    for (let next = this.#after(""); next !== undefined; next = this.#after(next)) found.push(next);
    return found;
  }

  async readCounts(assistant: string, span: QuarterSpan): Promise<readonly CountRow[]> {
    return this.#statements.readCounts.all({ assistant, ...span }) as readonly CountRow[];
  }

  async readTimes(assistant: string, span: QuarterSpan): Promise<readonly TimeRow[]> {
    return this.#statements.readTimes.all({ assistant, ...span }) as readonly TimeRow[];
  }

  async addUnwritten({ assistant, model, at, usage, cost }: UnwrittenUsage): Promise<void> {
    await this.#commit.write(() => new Sums(this.#statements, { assistant }, at).used(keepable(model), usage, cost));
  }

  keep(notice: BudgetNotice): Promise<boolean> {
    return this.#commit.write(() => this.#statements.keepNotice.run({ ...notice }) > 0);
  }

  async list(since: number): Promise<readonly BudgetNotice[]> {
    return this.#statements.listNotices
      .all({ since, limit: MOST_NOTICES })
      .map(({ period_start: periodStart, kind, ...rest }) => ({ ...rest, periodStart, kind: kind === "warning" ? "warning" : "reached" }));
  }

  #after(after: string): string | undefined {
    return this.#statements.nextCounted.get({ after })?.assistant;
  }
}

const MOST_NOTICES = 1000;
