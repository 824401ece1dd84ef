import type { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import type { JournalEvent } from "../../../protocol/events.ts";
import type {
  AcquiredLease,
  Append,
  Appended,
  Conversation,
  Grant,
  Lease,
  LeaseRequest,
  ListedConversation,
  ResultView,
  ResultViewName,
  Store,
  StoredApproval,
  StoredResult,
} from "../../conversation/ports/store.ts";
import type { Recordings } from "../../conversation/ports/recordings.ts";
import type { Log } from "../../foundation/log.ts";
import { appendEvents } from "./append-events.ts";
import { SqliteApprovalReminders } from "./approval-reminders.ts";
import { SqliteConversationList } from "./conversation-list.ts";
import { openDatabaseFile } from "./database-file.ts";
import { nodeSqliteDialect } from "./dialect.ts";
import { DiskLog, type DiskLogFiles } from "./disk-log.ts";
import { SqliteCallList } from "./call-list.ts";
import type { CallList } from "../../inbox/calls.ts";
import type { ConversationList } from "../../inbox/conversations.ts";
import type { ApprovalReminders } from "../../inbox/approval-reminders.ts";
import type { PublishedCalls } from "../../inbox/published-calls.ts";
import type { WaitingApprovals } from "../../inbox/waiting-approvals.ts";
import type { DocumentChange, DocumentStore } from "../../documents/ports.ts";
import { raises } from "../../notices/raises.ts";
import type { BudgetNotices, UnwrittenCounts, UsageCounts } from "../../usage/ports.ts";
import { GroupCommit } from "./group-commit.ts";
import { conversationOf, giveLeaseBack, listedOf, takeLease } from "./leases.ts";
import { migrate } from "./migrate.ts";
import { openErrorOf } from "./open-error.ts";
import { moveCustomer } from "./move-customer.ts";
import type { CustomerMove, MovedJournal, OpenedStore } from "../opened-store.ts";
import type { Schema } from "../schema.ts";
import type { CustomerDataStore } from "../../customer-data/ports.ts";
import { SqliteCustomerData } from "./sqlite-customer-data.ts";
import { SqliteDocuments } from "./sqlite-documents.ts";
import type { Statement } from "./statement.ts";
import { type EventRow, prepareStatements, type Statements } from "./statements.ts";
import { approvalOf, eventOf, resultOf } from "./stored-json.ts";
import { SqliteSearchQueue } from "./sqlite-search-queue.ts";
import { SqliteInbox } from "./sqlite-inbox.ts";
import type { Inbox } from "../../inbox/inbox.ts";
import { SqliteNotices } from "./sqlite-notices.ts";
import { SqlitePublishedCalls } from "./sqlite-published-calls.ts";
import { SqliteRecordings } from "./sqlite-recordings.ts";
import { SqliteUsage } from "./usage.ts";
import { SqliteWaitingApprovals } from "./waiting-approval-list.ts";

export interface SqliteStorePorts {
  readonly path: string;
  readonly log?: Log;
  /**
   * Whether the file is this process's alone (the default). Nobody else can be at work then, so leases left by a
   * process that died are void at once. False: several processes may have it open, if all of them say so; a dead
   * process's leases end when their time is over.
   */
  readonly exclusive?: boolean;
  /** How the files get to the disk; tests put slow disks in its place. */
  readonly files?: DiskLogFiles;
}

/**
 * Opens the database in the file `path` (made when missing, its folder too), and brings it to the present schema.
 * Throws `StoreOpenError`, whose message is for the operator.
 */
export async function openSqliteStore({ path, log, exclusive = true, files }: SqliteStorePorts): Promise<OpenedStore> {
  const database = openDatabaseFile(path, { exclusive });
  try {
    const kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(database) });
    const applied = await migrate(kysely, path);
    if (applied.length > 0) log?.info({ path, migrations: applied }, "The database was brought up to date.");
    const statements = prepareStatements(database, kysely);
    const left = exclusive ? statements.voidLeases.run({}) : 0;
    if (left > 0) log?.info({ path, conversations: left }, "Work that a dead process left behind is free to be taken up.");
    const disk = exclusive ? await DiskLog.open(database, path, files) : undefined;
    return new SqliteStore(database, { kysely, statements, log, disk });
  } catch (cause) {
    database.close();
    throw openErrorOf(path, cause);
  }
}

/** Leases are void after a start, and a turn that began is asked for again. */
const SOON = { soon: true };

/** What may have put something into the search's queue. */
const TEXTS: ReadonlySet<string> = new Set(["message-received", "step-ended", "reply-sent", "note-written", "tool-call-ended"]);

interface SqliteStoreParts {
  readonly kysely: Kysely<Schema>;
  readonly statements: Statements;
  readonly log: Log | undefined;
  readonly disk: DiskLog | undefined;
}

/** Reads are answered at once from what is committed; writes go through `GroupCommit`. */
class SqliteStore implements OpenedStore {
  readonly documents: DocumentStore;
  readonly calls: CallList;
  readonly conversations: ConversationList;
  readonly inbox: Inbox;
  readonly searchQueue: SqliteSearchQueue;
  readonly waitingApprovals: WaitingApprovals;
  readonly approvalReminders: ApprovalReminders;
  readonly notices: SqliteNotices;
  readonly usage: UsageCounts & UnwrittenCounts;
  readonly budgetNotices: BudgetNotices;
  readonly recordings: Recordings;
  readonly publishedCalls: PublishedCalls;
  readonly customerData: CustomerDataStore;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #commit: GroupCommit;
  readonly #disk: DiskLog | undefined;
  #closing: Promise<void> | undefined;

  constructor(database: DatabaseSync, { kysely, statements, log, disk }: SqliteStoreParts) {
    this.#database = database;
    this.#statements = statements;
    this.#disk = disk;
    this.#commit = new GroupCommit(database, disk);
    const shared = { database, kysely, statements, commit: this.#commit };
    this.documents = new SqliteDocuments({ ...shared, log });
    this.calls = new SqliteCallList(shared);
    this.conversations = new SqliteConversationList(database, kysely);
    this.inbox = new SqliteInbox(shared);
    this.searchQueue = new SqliteSearchQueue(shared);
    this.waitingApprovals = new SqliteWaitingApprovals(database, kysely);
    this.approvalReminders = new SqliteApprovalReminders(shared);
    this.notices = new SqliteNotices(shared);
    this.usage = this.budgetNotices = new SqliteUsage(shared);
    this.recordings = new SqliteRecordings(shared);
    this.publishedCalls = new SqlitePublishedCalls(shared);
    this.customerData = new SqliteCustomerData({ ...shared, disk });
  }

  async append(append: Append): Promise<Appended> {
    const appended = await this.#commit.write(() => appendEvents(this.#statements, append));
    if (appended.events.some(({ type }) => TEXTS.has(type))) this.searchQueue.tell();
    if (appended.events.some(raises)) this.notices.tell();
    return appended;
  }

  moveCustomer(move: CustomerMove, changes: readonly DocumentChange[]): Promise<readonly MovedJournal[]> {
    return this.#commit.write(() => moveCustomer(this.#statements, move, changes));
  }

  async listOf(customerId: string, limit: number): Promise<readonly ListedConversation[]> {
    return this.#statements.listOfCustomer.all({ customerId, limit }).map(listedOf);
  }

  async find(conversationId: string): Promise<Conversation | undefined> {
    const row = this.#statements.findConversation.get({ id: conversationId });
    return row === undefined || row.erasing_at !== null ? undefined : conversationOf(row);
  }

  async readFrom(conversationId: string, from: number, limit: number, maxBytes?: number): Promise<readonly JournalEvent[]> {
    const rows = upTo(maxBytes, this.#statements.readFrom, { conversationId, from, limit });
    return rows.map((row) => eventOf(conversationId, row));
  }

  async readBefore(conversationId: string, before: number, limit: number, maxBytes?: number): Promise<readonly JournalEvent[]> {
    const rows = upTo(maxBytes, this.#statements.readBefore, { conversationId, before, limit });
    return rows.map((row) => eventOf(conversationId, row)).toReversed();
  }

  async readTurns(conversationId: string, limit: number): Promise<readonly JournalEvent[]> {
    const rows = this.#statements.readTurns.all({ conversationId, limit });
    return rows.map((row) => eventOf(conversationId, row)).toReversed();
  }

  async readRequests(conversationId: string, from: number): Promise<readonly JournalEvent[]> {
    return this.#statements.readRequests.all({ conversationId, from }).map((row) => eventOf(conversationId, row));
  }

  async readResult(conversationId: string, callId: string): Promise<StoredResult | undefined> {
    const row = this.#statements.findResult.get({ conversationId, callId });
    return row === undefined ? undefined : resultOf(callId, row.body);
  }

  async readResultView(conversationId: string, callId: string, view: ResultViewName): Promise<ResultView | undefined> {
    const row = this.#statements.findResultView.get({ conversationId, callId, view });
    return row === undefined ? undefined : resultOf(callId, row.body);
  }

  async keepResultView(conversationId: string, callId: string, view: ResultViewName, body: ResultView): Promise<void> {
    const row = { conversationId, callId, view, body: JSON.stringify(body) };
    await this.#commit.write(() => this.#statements.insertResultView.run(row), SOON);
  }

  async findCall(conversationId: string, callId: string): Promise<JournalEvent | undefined> {
    const row = this.#statements.findCall.get({ conversationId, callId });
    return row === undefined ? undefined : eventOf(conversationId, row);
  }

  async findEdit(conversationId: string, callId: string): Promise<JournalEvent | undefined> {
    const row = this.#statements.findEdit.get({ conversationId, callId });
    return row === undefined ? undefined : eventOf(conversationId, row);
  }

  async findApproval(approvalId: string): Promise<StoredApproval | undefined> {
    const row = this.#statements.findApproval.get({ approvalId });
    return row === undefined ? undefined : approvalOf(row);
  }

  async grants(conversationId: string): Promise<readonly Grant[]> {
    return this.#statements.listGrants.all({ conversationId });
  }

  acquireLease(request: LeaseRequest): Promise<AcquiredLease | undefined> {
    return this.#commit.write(() => takeLease(this.#statements, request), { soon: request.soon === true });
  }

  renewLease(lease: Lease, untilMs: number): Promise<boolean> {
    const renewal = { id: lease.conversationId, fence: lease.fence, until: untilMs };
    return this.#commit.write(() => this.#statements.renewLease.run(renewal) > 0, SOON);
  }

  releaseLease(lease: Lease, state: Parameters<Store["releaseLease"]>[1]): Promise<boolean> {
    return this.#commit.write(() => giveLeaseBack(this.#statements, lease, state), SOON);
  }

  async listDue(now: number, limit: number): Promise<readonly string[]> {
    return this.#statements.listDue.all({ now, limit }).map((row) => row.id);
  }

  async tryWrite(): Promise<void> {
    // The header of the file, where SQLite keeps a number for its user, who needs none.
    await this.#commit.write(() => this.#database.exec("pragma user_version = 0"));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#commit.end();
    // What is left of the log is copied into the database now, and SQLite waits for the disk again.
    this.#database.exec("pragma synchronous = full");
    this.#database.close();
    await this.#disk?.close();
  }
}

/** The first rows that `maxBytes` hold, and never none. Rows after them are not read. */
function upTo<Arguments>(maxBytes: number | undefined, statement: Statement<Arguments, EventRow>, values: Arguments): readonly EventRow[] {
  if (maxBytes === undefined) return statement.all(values);
  const rows: EventRow[] = [];
  let bytes = 0;
  for (const row of statement.iterate(values)) {
    bytes += row.body.length;
    if (rows.length > 0 && bytes > maxBytes) break;
    rows.push(row);
  }
  return rows;
}
