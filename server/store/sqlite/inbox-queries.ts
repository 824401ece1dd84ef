import { type CompiledQuery, type Kysely, type RawBuilder, sql } from "kysely";
import { type InboxFilter, type InboxMember, type InboxPlace, type InboxView, MOST_COUNTED, PRIORITIES } from "../../inbox/inbox.ts";
import type { Schema } from "../schema.ts";
import { keepable } from "./call-records.ts";
import { primaryLanguage } from "./inbox-rows.ts";

/** A conversation with its row of the inbox, as the list needs it. */
export interface InboxListRow {
  readonly id: string;
  readonly assistant: string;
  readonly customer: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly events: number;
  readonly personId: string | null;
  readonly personName: string | null;
  readonly activeAt: number;
  readonly closed: number;
  readonly waitingApprovals: number;
  readonly askedAt: number | null;
  readonly unknownCalls: number;
  readonly assignee: string | null;
  readonly assigneeName: string | null;
  readonly tags: string;
  readonly priority: number;
  readonly snoozedUntil: number | null;
  readonly language: string | null;
  readonly page: string | null;
  readonly heardSeq: number;
  readonly onCallSince: number | null;
  readonly seenSeq: number;
  readonly ownSeq: number | null;
  readonly version: number;
  readonly messageSeq: number | null;
  readonly messageAt: number | null;
  readonly messageType: string | null;
  readonly messageBody: string | null;
}

type Condition = RawBuilder<unknown>;
/** The index in whose order a view is read. */
const INDEX: Readonly<Record<InboxView, string>> = {
  open: "inbox_open",
  approval: "inbox_approval",
  person: "inbox_person",
  unknown: "inbox_unknown",
  mine: "inbox_assigned",
  closed: "inbox_closed",
  snoozed: "inbox_snoozed",
  all: "inbox_all",
};

/** The ids of a page, newest activity first: by the view's own index, or through the conversations of a rare mark. */
export function inboxIdsQuery({
  view,
  filter,
  member,
  after,
  limit,
  now,
  mark,
}: {
  readonly view: InboxView;
  readonly filter: InboxFilter;
  readonly member: InboxMember;
  readonly after?: InboxPlace;
  readonly limit: number;
  readonly now: number;
  /** Few conversations have it, so they are looked at one by one. */
  readonly mark?: string;
}): RawBuilder<{ id: string }> {
  const conditions = [...viewConditions(view, member, now), ...filterConditions(filter, mark)];
  if (after !== undefined) conditions.push(sql`(i.active_at, i.conversation_id) < (${after.activeAt}, ${after.id})`);
  const from =
    mark === undefined
      ? sql`inbox as i indexed by ${sql.raw(INDEX[view])}`
      : sql`inbox_marks as m cross join inbox as i on i.conversation_id = m.conversation_id`;
  if (mark !== undefined) conditions.unshift(sql`m.mark = ${mark}`);
  return sql<{ id: string }>`select i.conversation_id as id from ${from} where ${all(conditions)}
    order by i.active_at desc, i.conversation_id desc limit ${limit}`;
}

/** Of these conversations, those of the view that meet the filter. */
export function inboxAmongQuery({
  ids,
  view,
  filter,
  member,
  now,
}: {
  readonly ids: readonly string[];
  readonly view: InboxView;
  readonly filter: InboxFilter;
  readonly member: InboxMember;
  readonly now: number;
}): RawBuilder<{ id: string }> {
  const conditions = [...viewConditions(view, member, now), ...filterConditions(filter, undefined)];
  return sql<{ id: string }>`select i.conversation_id as id
    from json_each(${JSON.stringify(ids)}) as wanted cross join inbox as i on i.conversation_id = wanted.value
    where ${all([sql`true`, ...conditions])}`;
}

/** What is shown of these conversations, in no order. */
export function inboxRowsQuery(kysely: Kysely<Schema>, ids: readonly string[], member: string): CompiledQuery<InboxListRow> {
  return sql<InboxListRow>`select c.id, c.assistant, c.customer_id as customer, c.created_at as createdAt, c.updated_at as updatedAt,
      c.last_seq as events, c.person_id as personId, c.person_name as personName, i.active_at as activeAt, i.closed,
      i.waiting_approvals as waitingApprovals, i.asked_at as askedAt, i.unknown_calls as unknownCalls, i.assignee,
      i.assignee_name as assigneeName, i.tags, i.priority, i.snoozed_until as snoozedUntil, i.language, i.page,
      i.heard_seq as heardSeq, i.voice_call_at as onCallSince, i.seen_seq as seenSeq, s.seq as ownSeq, i.version,
      e.seq as messageSeq, e.at as messageAt, e.type as messageType, e.body as messageBody
    from json_each(${JSON.stringify(ids)}) as wanted
    cross join inbox as i on i.conversation_id = wanted.value
    cross join conversations as c on c.id = i.conversation_id
    left join events as e on e.conversation_id = i.conversation_id and e.seq = i.message_seq
    left join inbox_seen as s on s.conversation_id = i.conversation_id and s.member = ${member}`.compile(kysely);
}

/** How many a view has, and how many of its newest this member has not seen: up to `MOST_COUNTED`. */
export function inboxCountQuery(
  kysely: Kysely<Schema>,
  { view, member, now }: { view: InboxView; member: InboxMember; now: number },
): CompiledQuery<{ found: number; unread: number }> {
  return sql<{ found: number; unread: number }>`select count(*) as found, coalesce(sum(newest.heard_seq > coalesce(s.seq, 0)), 0) as unread
    from (select i.conversation_id, i.heard_seq from inbox as i indexed by ${sql.raw(INDEX[view])}
      where ${all(viewConditions(view, member, now))} order by i.active_at desc, i.conversation_id desc limit ${MOST_COUNTED}) as newest
    left join inbox_seen as s on s.conversation_id = newest.conversation_id and s.member = ${member.id}`.compile(kysely);
}

/** Conversations that have the mark, at most `most`. */
export function markedQuery(kysely: Kysely<Schema>, mark: string, most: number): CompiledQuery<{ id: string }> {
  return sql<{ id: string }>`select conversation_id as id from inbox_marks where mark = ${mark} limit ${most}`.compile(kysely);
}

/** By what a filter can be looked up; whoever is likely to have fewest comes first. */
export function marksOf(filter: InboxFilter): readonly string[] {
  const { customer, tag, page, tool, feedback, outcome, language, assistant } = filter;
  return [
    ...(customer === undefined ? [] : [`customer:${keepable(customer)}`]),
    ...(tag === undefined ? [] : [`tag:${tag}`]),
    ...(page === undefined ? [] : [`page:${keepable(page)}`]),
    ...(tool === undefined ? [] : [`tool:${keepable(tool)}`]),
    ...(feedback === undefined ? [] : [`feedback:${feedback}`]),
    ...(outcome === undefined ? [] : [`outcome:${keepable(outcome)}`]),
    ...(language === undefined ? [] : [`language:${primaryLanguage(keepable(language))}`]),
    ...(assistant === undefined ? [] : [`assistant:${keepable(assistant)}`]),
  ];
}

/** Constants where a partial index asks for one. */
function viewConditions(view: InboxView, member: InboxMember, now: number): Condition[] {
  const here = [sql`i.closed = 0`, sql`(i.snoozed_until is null or i.snoozed_until <= ${now})`];
  switch (view) {
    case "open":
      return here;
    case "approval":
      return [sql`i.waiting_approvals > 0`];
    case "person":
      return [sql`i.asked_at is not null`];
    case "unknown":
      return [sql`i.unknown_calls > 0`];
    case "mine":
      return [sql`i.assignee is not null`, sql`i.assignee in (${sql.join(namesOf(member))})`, ...here];
    case "closed":
      return [sql`i.closed = 1`];
    case "snoozed":
      return [sql`i.snoozed_until is not null`, sql`i.snoozed_until > ${now}`, sql`i.closed = 0`];
    case "all":
      return [sql`true`];
  }
}

/** What was given to one of their groups is theirs as well. */
function namesOf({ id, groups }: InboxMember): readonly string[] {
  return [`person/${id}`, ...groups.map((group) => `group/${group}`)];
}

/** A plus before a column keeps its own index out of it: the view's is the one. */
function filterConditions(filter: InboxFilter, driven: string | undefined): Condition[] {
  const { assistant, customer, assignee, priority, from, to } = filter;
  const conditions: Condition[] = [];
  if (assistant !== undefined) conditions.push(sql`+i.assistant = ${assistant}`);
  if (customer !== undefined) conditions.push(sql`+i.customer_id = ${customer}`);
  if (assignee === "nobody") conditions.push(sql`+i.assignee is null`);
  else if (assignee !== undefined) conditions.push(sql`+i.assignee = ${`${assignee.kind}/${assignee.id}`}`);
  if (priority !== undefined) conditions.push(sql`+i.priority = ${PRIORITIES.indexOf(priority)}`);
  if (from !== undefined) conditions.push(sql`i.active_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`i.active_at < ${to}`);
  for (const mark of marksOf(filter)) {
    if (mark === driven || mark.startsWith("assistant:") || mark.startsWith("customer:")) continue;
    conditions.push(sql`exists (select 1 from inbox_marks as x where x.mark = ${mark} and x.conversation_id = i.conversation_id)`);
  }
  return conditions;
}

function all(conditions: readonly Condition[]): Condition {
  return sql.join(conditions, sql` and `);
}
