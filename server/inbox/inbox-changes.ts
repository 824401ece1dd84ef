import { RequestError } from "../../protocol/errors.ts";
import { ConversationMissingError } from "../conversation/ports/errors.ts";
import type { AuditActor } from "../documents/ports.ts";
import type { Clock } from "../foundation/clock.ts";
import { InvalidError } from "../foundation/invalid-error.ts";
import { type Assignee, AssigneeChangedError, type Inbox, type InboxChange } from "./inbox.ts";

export interface InboxChangesPorts {
  readonly inbox: Pick<Inbox, "changeInbox" | "markSeen">;
  readonly clock: Pick<Clock, "now">;
  /** Lists of the staff hear what changed. */
  readonly news: (conversationId: string, what: "assignment" | "tags" | "priority" | "snooze" | "seen") => void;
  /** What they are called; undefined: nobody may be given a conversation by this name, for they could not answer. */
  readonly assignable: (assignee: Assignee) => Promise<string | undefined>;
}

/** As it is asked for: names are looked up here. */
export interface AskedChange extends Omit<InboxChange, "assignee"> {
  readonly assignee?: Assignee | null;
  /** Whom the member saw that it was given to. */
  readonly was?: Assignee | null;
}

/** What staff keep about conversations, as far as it may be, with its entry in the audit log. */
export class InboxChanges {
  readonly #ports: InboxChangesPorts;

  constructor(ports: InboxChangesPorts) {
    this.#ports = ports;
  }

  /** Throws `RequestError` `unknown-conversation`, `already-assigned`; `InvalidError`. */
  async change(by: AuditActor, conversationId: string, { assignee, was, ...asked }: AskedChange): Promise<void> {
    const at = this.#ports.clock.now();
    if (typeof asked.snoozedUntil === "number" && asked.snoozedUntil <= at)
      throw new InvalidError([{ path: "/snoozedUntil", message: "This moment is over. Choose a later one.", code: "in-the-past" }]);
    const change: InboxChange = {
      ...asked,
      ...(assignee === undefined ? {} : { assignee: { to: await this.#named(assignee), ...(was === undefined ? {} : { was }) } }),
    };
    const target = { kind: "conversation", id: conversationId };
    const after = { ...asked, ...(assignee === undefined ? {} : { assignee }) };
    await known(conversationId, () =>
      this.#ports.inbox.changeInbox(conversationId, change, { at, audit: [{ by, action: "conversation.update", target, after }] }),
    );
    const { news } = this.#ports;
    if (change.assignee !== undefined) news(conversationId, "assignment");
    if (change.addTags !== undefined || change.removeTags !== undefined) news(conversationId, "tags");
    if (change.priority !== undefined) news(conversationId, "priority");
    if (change.snoozedUntil !== undefined) news(conversationId, "snooze");
  }

  /** Throws `unknown-conversation`. */
  async seen(by: Pick<AuditActor, "id">, conversationId: string, seq: number): Promise<void> {
    await known(conversationId, () => this.#ports.inbox.markSeen(conversationId, by.id, seq));
    this.#ports.news(conversationId, "seen");
  }

  async #named(assignee: Assignee | null): Promise<(Assignee & { name: string }) | null> {
    if (assignee === null) return null;
    const name = await this.#ports.assignable(assignee);
    if (name === undefined)
      throw new InvalidError([
        { path: "/assignee", message: "There is nobody by this id who may answer customers.", code: "no-such-person" },
      ]);
    return { kind: assignee.kind, id: assignee.id, name };
  }
}

async function known(conversationId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ConversationMissingError) throw new RequestError("unknown-conversation");
    if (error instanceof AssigneeChangedError) {
      const detail = error.holder === undefined ? "Nobody has it any more." : `${error.holder.name} has it now.`;
      throw new RequestError("already-assigned", { detail });
    }
    throw error;
  }
}
