import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { CompiledQuery, Kysely } from "kysely";
import { ConversationMissingError } from "../../conversation/ports/errors.ts";
import type { AuditDraft } from "../../documents/ports.ts";
import {
  type Assignee,
  AssigneeChangedError,
  type Inbox,
  type InboxChange,
  type InboxCounts,
  type InboxEntry,
  type InboxFilter,
  type InboxMember,
  INBOX_VIEWS,
  MOST_TAGS,
  PRIORITIES,
  type ViewCount,
} from "../../inbox/inbox.ts";
import type { Schema } from "../schema.ts";
import { keepable } from "./call-records.ts";
import { writeAudit } from "./document-changes.ts";
import type { GroupCommit } from "./group-commit.ts";
import {
  inboxAmongQuery,
  inboxCountQuery,
  inboxIdsQuery,
  type InboxListRow,
  inboxRowsQuery,
  markedQuery,
  marksOf,
} from "./inbox-queries.ts";
import type { InboxRow } from "./inbox-statements.ts";
import type { Statements } from "./statements.ts";
import { lastMessageOf } from "./stored-json.ts";

type ListOptions = Parameters<Inbox["listInbox"]>[0];

/** A mark of so many conversations or fewer is looked through whole, whatever the view. */
const FEW = 2000;

/** The staff's inbox. Which columns are asked for differs, so each combination is compiled when it is asked for. */
export class SqliteInbox implements Inbox {
  readonly #database: DatabaseSync;
  readonly #kysely: Kysely<Schema>;
  readonly #statements: Statements;
  readonly #commit: GroupCommit;

  constructor(ports: { database: DatabaseSync; kysely: Kysely<Schema>; statements: Statements; commit: GroupCommit }) {
    this.#database = ports.database;
    this.#kysely = ports.kysely;
    this.#statements = ports.statements;
    this.#commit = ports.commit;
  }

  async listInbox(options: ListOptions): Promise<readonly InboxEntry[]> {
    const mark = this.#rareMark(options.filter);
    const ids = this.#all(inboxIdsQuery({ ...options, ...(mark === undefined ? {} : { mark }) }).compile(this.#kysely)).map(({ id }) => id);
    const entries = new Map(this.#entries(ids, options.member).map((entry) => [entry.id, entry]));
    return ids.map((id) => entries.get(id)).filter((entry) => entry !== undefined);
  }

  async findInInbox(ids: readonly string[], options: Parameters<Inbox["findInInbox"]>[1]): Promise<readonly InboxEntry[]> {
    const found = this.#all(inboxAmongQuery({ ids, ...options }).compile(this.#kysely)).map(({ id }) => id);
    return this.#entries(found, options.member);
  }

  async fewConversations(filter: InboxFilter, most: number): Promise<readonly string[] | undefined> {
    for (const mark of marksOf(filter)) {
      const marked = this.#all(markedQuery(this.#kysely, mark, most + 1));
      if (marked.length <= most) return marked.map(({ id }) => id);
    }
    return undefined;
  }

  async countInbox(member: InboxMember, now: number): Promise<InboxCounts> {
    const counts = INBOX_VIEWS.filter((view) => view !== "all").map((view): [string, ViewCount] => {
      const { found = 0, unread = 0 } = this.#all(inboxCountQuery(this.#kysely, { view, member, now }))[0] ?? {};
      return [view, { count: found, unread }];
    });
    return Object.fromEntries(counts) as InboxCounts;
  }

  async changeInbox(id: string, change: InboxChange, { at, audit }: { at: number; audit: readonly AuditDraft[] }): Promise<void> {
    await this.#commit.write(() => {
      const row = this.#statements.findInbox.get({ id });
      if (row === undefined) throw new ConversationMissingError(id);
      const holder = assigneeOf(row.assignee, row.assignee_name);
      const was = change.assignee?.was;
      if (was !== undefined && nameOf(was) !== nameOf(holder ?? null)) throw new AssigneeChangedError(id, holder);
      const tags = this.#changeTags(id, parsedTags(row.tags), change);
      const to = change.assignee?.to;
      this.#statements.setInbox.run({
        id,
        ...snoozed(row, change, at),
        assignee: to === undefined ? row.assignee : nameOf(to),
        assigneeName: to === undefined ? row.assignee_name : to === null ? null : keepable(to.name),
        tags: JSON.stringify(tags),
        priority: change.priority === undefined ? row.priority : PRIORITIES.indexOf(change.priority),
      });
      writeAudit(this.#statements, audit, at);
    });
  }

  async markSeen(id: string, member: string, seq: number): Promise<void> {
    await this.#commit.write(() => {
      const conversation = this.#statements.findConversation.get({ id });
      if (conversation === undefined || this.#statements.findInbox.get({ id }) === undefined) throw new ConversationMissingError(id);
      // What is still to come was seen by nobody.
      const seen = Math.min(seq, conversation.last_seq);
      this.#statements.setSeen.run({ id, member, seq: seen });
      this.#statements.setSeenByAnybody.run({ id, seq: seen });
    });
  }

  #changeTags(id: string, before: readonly string[], { addTags = [], removeTags = [] }: InboxChange): readonly string[] {
    const kept = before.filter((tag) => !removeTags.includes(tag));
    const after = [...new Set([...kept, ...addTags.map(keepable)])].slice(0, MOST_TAGS);
    for (const tag of before) if (!after.includes(tag)) this.#statements.deleteMark.run({ id, mark: `tag:${tag}` });
    for (const tag of after) if (!before.includes(tag)) this.#statements.insertMark.run({ id, mark: `tag:${tag}` });
    return after;
  }

  #rareMark(filter: InboxFilter): string | undefined {
    return marksOf(filter).find((mark) => this.#all(markedQuery(this.#kysely, mark, FEW + 1)).length <= FEW);
  }

  #entries(ids: readonly string[], member: InboxMember): readonly InboxEntry[] {
    return this.#all(inboxRowsQuery(this.#kysely, ids, member.id)).map(entryOf);
  }

  #all<Row>({ sql, parameters }: CompiledQuery<Row>): Row[] {
    return this.#database.prepare(sql).all(...(parameters as SQLInputValue[])) as Row[];
  }
}

/** What is put off moves to where it comes back; what is brought back, to now. */
function snoozed(row: InboxRow, { snoozedUntil }: InboxChange, at: number): { activeAt: number; snoozedUntil: number | null } {
  if (snoozedUntil === undefined) return { activeAt: row.active_at, snoozedUntil: row.snoozed_until };
  if (snoozedUntil !== null) return { activeAt: snoozedUntil, snoozedUntil };
  return { activeAt: row.snoozed_until === null ? row.active_at : Math.min(row.active_at, at), snoozedUntil: null };
}

function nameOf(assignee: Assignee | null): string | null {
  return assignee === null ? null : `${assignee.kind}/${assignee.id}`;
}

function assigneeOf(stored: string | null, name: string | null): (Assignee & { name: string }) | undefined {
  const [, kind, id] = /^(person|group)\/(.*)$/s.exec(stored ?? "") ?? [];
  return kind === undefined || id === undefined ? undefined : { kind: kind as Assignee["kind"], id, name: name ?? "" };
}

function parsedTags(text: string): readonly string[] {
  const tags: unknown = JSON.parse(text);
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

function entryOf(row: InboxListRow): InboxEntry {
  const assignee = assigneeOf(row.assignee, row.assigneeName);
  const lastMessage = lastMessageOf(row);
  return {
    id: row.id,
    assistant: row.assistant,
    customer: row.customer,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    events: row.events,
    waitingApprovals: row.waitingApprovals,
    preview: false,
    activeAt: row.activeAt,
    closed: row.closed === 1,
    ...(row.personId === null ? {} : { person: { id: row.personId, name: row.personName ?? "" } }),
    ...(row.askedAt === null ? {} : { askedAt: row.askedAt }),
    ...(row.onCallSince === null ? {} : { onCallSince: row.onCallSince }),
    unknownCalls: row.unknownCalls,
    ...(assignee === undefined ? {} : { assignee }),
    tags: parsedTags(row.tags),
    priority: PRIORITIES[row.priority] ?? "normal",
    ...(row.snoozedUntil === null ? {} : { snoozedUntil: row.snoozedUntil }),
    ...(row.language === null ? {} : { language: row.language }),
    ...(row.page === null ? {} : { page: row.page }),
    ...(lastMessage === undefined ? {} : { lastMessage }),
    unread: row.heardSeq > (row.ownSeq ?? 0),
    seen: row.heardSeq <= row.seenSeq,
    version: row.version,
  };
}
