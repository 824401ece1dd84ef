import { type ApprovalReminder, type ApprovalReminders, reminderAt } from "../../inbox/approval-reminders.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Statements } from "./statements.ts";
import { groupsSchema } from "./stored-json.ts";

/** Takes each reminder in one transaction, so that of several processes one tells it. */
export class SqliteApprovalReminders implements ApprovalReminders {
  readonly #statements: Statements;
  readonly #commit: GroupCommit;

  constructor({ statements, commit }: { readonly statements: Statements; readonly commit: GroupCommit }) {
    this.#statements = statements;
    this.#commit = commit;
  }

  async takeReminders(now: number, limit: number): Promise<readonly ApprovalReminder[]> {
    // Most times there is none: that writes nothing.
    if (this.#statements.listReminders.all({ now, limit: 1 }).length === 0) return [];
    return this.#commit.write(() => {
      const rows = this.#statements.listReminders.all({ now, limit });
      return rows.flatMap((row): ApprovalReminder[] => {
        const requestedAt = row.requested_at ?? 0;
        const expiresAt = row.expires_at;
        const next = reminderAt({ requestedAt, expiresAt }, now);
        this.#statements.setReminder.run({ approvalId: row.approval_id, remindAt: next });
        // Its time is over: nothing can be done about it any more.
        if (expiresAt <= now) return [];
        const { approval_id: approvalId, conversation_id: conversationId, call_id: callId, approver_groups: groups } = row;
        const named = groups === null ? {} : { groups: groupsSchema.parse(JSON.parse(groups)) };
        return [{ approvalId, conversationId, callId, requestedAt, expiresAt, ...named }];
      });
    });
  }
}
