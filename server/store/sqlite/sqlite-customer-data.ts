import { backup, type DatabaseSync } from "node:sqlite";
import type { Kysely } from "kysely";
import type { AgedConversation, CustomerDataStore } from "../../customer-data/ports.ts";
import type { Schema } from "../schema.ts";
import { customerDataStatements } from "./customer-data-statements.ts";
import type { DiskLog } from "./disk-log.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Statements } from "./statements.ts";
import { bodyOf, eventOf } from "./stored-json.ts";

interface SqliteCustomerDataPorts {
  readonly database: DatabaseSync;
  readonly kysely: Kysely<Schema>;
  readonly statements: Statements;
  readonly commit: GroupCommit;
  readonly disk: DiskLog | undefined;
}

type StripOptions = Parameters<CustomerDataStore["strip"]>[1];

/** What is kept of customers, in the journal's own database. */
export class SqliteCustomerData implements CustomerDataStore {
  readonly #ports: SqliteCustomerDataPorts;
  readonly #own: ReturnType<typeof customerDataStatements>;

  constructor(ports: SqliteCustomerDataPorts) {
    this.#ports = ports;
    this.#own = customerDataStatements(ports.database, ports.kysely);
  }

  async conversationsOf(customerId: string, { after = "", limit }: { after?: string; limit: number }): Promise<readonly string[]> {
    return this.#own.conversationsOf.all({ customerId, after, limit }).map(({ id }) => id);
  }

  async listAll(options: { after: string; limit: number }): Promise<readonly { readonly id: string; readonly customerId: string }[]> {
    return this.#own.listAll.all(options);
  }

  async nextAssistant(after: string): Promise<string | undefined> {
    return this.#own.nextAssistant.get({ after })?.assistant;
  }

  async beginErasing(conversationIds: readonly string[], at: number): Promise<void> {
    await this.#ports.commit.write(() => {
      for (const id of conversationIds) {
        this.#own.beginErasing.run({ id, at });
        this.#own.leaveInbox.run({ id });
      }
    });
  }

  async listErasing(limit: number): Promise<readonly string[]> {
    return this.#own.listErasing.all({ limit }).map(({ id }) => id);
  }

  eraseSome(conversationId: string, rows: number): Promise<boolean> {
    return this.#ports.commit.write(() => this.#eraseSome(conversationId, rows));
  }

  #eraseSome(conversationId: string, limit: number): boolean {
    const { deleteSome, someApprovals, deleteApproval, someCalls, deleteCall, forgetAudit, deleteConversation } = this.#own;
    for (const some of deleteSome) if (some({ conversationId, limit }) > 0) return false;
    const approvals = someApprovals.all({ conversationId, limit });
    const calls = someCalls.all({ conversationId, limit });
    for (const { id } of [...approvals, ...calls]) forgetAudit.run({ target: id });
    for (const { id } of approvals) deleteApproval.run({ id });
    for (const { id } of calls) deleteCall.run({ conversationId, id });
    if (approvals.length + calls.length > 0) return false;
    forgetAudit.run({ target: conversationId });
    deleteConversation.run({ id: conversationId });
    return true;
  }

  async listOlder(
    assistant: string,
    { before, after, limit }: Parameters<CustomerDataStore["listOlder"]>[1],
  ): Promise<readonly AgedConversation[]> {
    return this.#own.listOlder.all({ assistant, before, afterAt: after?.updatedAt ?? 0, afterId: after?.id ?? "", limit });
  }

  async countOlder(assistant: string, before: number): Promise<number> {
    return this.#own.countOlder.get({ assistant, before })?.found ?? 0;
  }

  strip(conversationId: string, options: StripOptions): Promise<boolean> {
    return this.#ports.commit.write(() => this.#strip(conversationId, options));
  }

  #strip(conversationId: string, { part, through, limit, change }: StripOptions): boolean {
    const { statements } = this.#ports;
    const row = statements.findConversation.get({ id: conversationId });
    if (row === undefined || row.erasing_at !== null) return true;
    if (part === "traces") {
      if (this.#own.deleteSomePieces({ conversationId, limit }) > 0) return false;
      this.#own.deleteRecordings.run({ conversationId });
    }
    const from = part === "results" ? row.results_from : row.traces_from;
    // What an open turn still needs stays until it has ended: an approved call runs with the arguments that were shown.
    const last = Math.min(through, row.open_seq - 1);
    const events = statements.readFrom.all({ conversationId, from, limit }).filter(({ seq }) => seq <= last);
    for (const stored of events) {
      const event = eventOf(conversationId, stored);
      const changed = change(event);
      if (changed === event) continue;
      const { seq, at: _at, ...draft } = changed;
      this.#own.changeEvent.run({ conversationId, seq, body: bodyOf(draft) });
      if (event.type !== "tool-call-ended") continue;
      const { callId } = event;
      statements.deleteResult.run({ conversationId, callId });
      this.#own.deleteResultViews.run({ conversationId, callId });
      if (part === "traces") this.#own.forgetCause.run({ conversationId, callId });
    }
    if (part === "traces") this.#own.deleteDeliveries.run({ conversationId });
    const next = { id: conversationId, from: (events.at(-1)?.seq ?? from - 1) + 1 };
    if (part === "results") this.#own.moveResultsFrom.run(next);
    else this.#own.moveTracesFrom.run(next);
    return next.from > last || events.length === 0;
  }

  deleteOld(what: "calls" | "audit", before: number, limit: number): Promise<number> {
    return this.#ports.commit.write(() =>
      what === "calls" ? this.#own.deleteOldCalls(before, limit) : this.#own.deleteOldAudit(before, limit),
    );
  }

  async countOld(what: "calls" | "audit", before: number): Promise<number> {
    const counted = what === "calls" ? this.#own.countOldCalls : this.#own.countOldAudit;
    return counted.get({ before })?.found ?? 0;
  }

  async wipe(): Promise<void> {
    const { commit, disk, database } = this.#ports;
    // What was asked for earlier is in the log by then.
    await commit.write(() => undefined);
    if (disk === undefined) database.exec("pragma wal_checkpoint(truncate)");
    else await disk.wipe();
  }

  async backup(path: string): Promise<void> {
    const { commit, database } = this.#ports;
    await commit.write(() => undefined);
    // A copy whose first step meets a transaction is given up by Node ("not an error"); later steps are made again.
    await commit.held((release) => backup(database, path, { progress: release }));
  }
}
