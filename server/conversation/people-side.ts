import { RequestError } from "../../protocol/errors.ts";
import type { EventDraft } from "../../protocol/events.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Written } from "./customer-desk.ts";
import type { Journal } from "./journal/journal.ts";
import { draftReply, type DraftReplyPorts } from "./people/draft-reply.ts";
import { findRunningCall } from "./people/find-running-call.ts";
import { JournalMovedError } from "./ports/errors.ts";
import { type AppendAudit, assistantName, type Conversation, type Store } from "./ports/store.ts";
import type { HandBackRequest, JoinRequest, PeopleDesk, ReplyRequest } from "./people-desk.ts";
import type { StaffMember } from "./staff-desk.ts";
import { staffActor as actor } from "./staff-actor.ts";
import { entry } from "./staff-side.ts";
import type { Runner } from "./turn/runner.ts";

export interface PeopleSidePorts extends Omit<DraftReplyPorts, "store"> {
  readonly store: Store;
  readonly journal: Journal;
  readonly runner: Pick<Runner, "wake" | "yieldToPerson">;
  readonly clock: Clock;
}

/** What is written into a conversation as it stands; nothing: it stands like that already. */
type Drafts = (conversation: Conversation) => readonly EventDraft[] | Promise<readonly EventDraft[]>;

/** A customer who writes all the time can delay the staff by no more than this. */
const TRIES = 50;

/** The side of the desk for staff who answer themselves. */
export class PeopleSide implements PeopleDesk {
  readonly #ports: PeopleSidePorts;

  constructor(ports: PeopleSidePorts) {
    this.#ports = ports;
  }

  async join(staff: StaffMember, { conversationId, insteadOf, picture }: JoinRequest): Promise<Written> {
    const by = actor(staff);
    const written = await this.#write(conversationId, audited(staff, "conversation.join", conversationId, { insteadOf }), ({ person }) => {
      if (person?.id === staff.id) return [];
      if (person !== undefined && person.id !== insteadOf) throw answeredBy(person.name);
      return [{ type: "person-joined", by, ...(picture === undefined ? {} : { picture }) }];
    });
    this.#ports.runner.yieldToPerson(conversationId, written.assistant);
    return { seq: written.seq };
  }

  async reply(staff: StaffMember, { conversationId, messageId, text, picture }: ReplyRequest): Promise<Written> {
    const by = actor(staff);
    const audit = audited(staff, "conversation.reply", conversationId, { messageId });
    return this.#writeAndWake(conversationId, audit, (conversation) => {
      mustHaveJoined(conversation, staff);
      return [{ type: "reply-sent", messageId, text, by, ...(picture === undefined ? {} : { picture }) }];
    });
  }

  async handBack(staff: StaffMember, { conversationId, summary, answer }: HandBackRequest): Promise<Written> {
    const by = actor(staff);
    const audit = audited(staff, "conversation.hand-back", conversationId, { answer });
    return this.#writeAndWake(conversationId, audit, (conversation) => {
      mustHaveJoined(conversation, staff);
      const more = { ...(summary === undefined ? {} : { summary }), ...(answer === true ? { answer } : {}) };
      return [{ type: "handed-back", by, ...more }];
    });
  }

  async cancelCall(staff: StaffMember, { conversationId, callId }: { conversationId: string; callId: string }): Promise<Written> {
    const by = actor(staff);
    const audit = entry(staff, { action: "call.cancel", target: { kind: "call", id: callId }, after: { conversationId } });
    return this.#writeAndWake(conversationId, audit, async (conversation) => {
      mustHaveJoined(conversation, staff);
      const { turnId, cancelRequested } = await findRunningCall(this.#ports.store, conversationId, callId);
      return cancelRequested ? [] : [{ type: "call-cancel-requested", turnId, callId, by }];
    });
  }

  async note(staff: StaffMember, { conversationId, text }: { conversationId: string; text: string }): Promise<Written> {
    const noteId = this.#ports.clock.id();
    const audit = audited(staff, "conversation.note", conversationId, { noteId });
    return this.#writeAndWake(conversationId, audit, () => [{ type: "note-written", noteId, text, by: actor(staff) }]);
  }

  async close(staff: StaffMember, { conversationId }: { conversationId: string }): Promise<Written> {
    const by = actor(staff);
    return this.#writeAndWake(conversationId, audited(staff, "conversation.close", conversationId), ({ person, closedAt }) => {
      if (closedAt !== undefined) return [];
      if (person !== undefined && person.id !== staff.id) throw answeredBy(person.name);
      return [...(person === undefined ? [] : [{ type: "handed-back", by } as const]), { type: "conversation-closed", by }];
    });
  }

  async reopen(staff: StaffMember, { conversationId }: { conversationId: string }): Promise<Written> {
    const by = actor(staff);
    const audit = audited(staff, "conversation.reopen", conversationId);
    return this.#writeAndWake(conversationId, audit, ({ closedAt }) =>
      closedAt === undefined ? [] : [{ type: "conversation-reopened", by }],
    );
  }

  async draftReply(staff: StaffMember, request: { conversationId: string; signal: AbortSignal }): Promise<{ readonly text: string }> {
    const conversation = await this.#find(request.conversationId);
    return { text: await draftReply(this.#ports, conversation, { name: staff.name, signal: request.signal }) };
  }

  // ─── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #find(conversationId: string): Promise<Conversation> {
    const conversation = await this.#ports.store.find(conversationId);
    if (conversation === undefined) throw new RequestError("unknown-conversation");
    return conversation;
  }

  /** The run reads what was written, and knows the journal to its end. */
  async #writeAndWake(conversationId: string, audit: readonly AppendAudit[], drafts: Drafts): Promise<Written> {
    const { seq, assistant } = await this.#write(conversationId, audit, drafts);
    this.#ports.runner.wake(conversationId, assistant, seq);
    return { seq };
  }

  /** Writes what fits the conversation as it stands in that moment, whoever else writes. */
  async #write(conversationId: string, audit: readonly AppendAudit[], drafts: Drafts): Promise<Written & { assistant: string }> {
    const { journal, clock } = this.#ports;
    for (let attempt = 1; ; attempt += 1) {
      const conversation = await this.#find(conversationId);
      const { lastSeq } = conversation;
      const assistant = assistantName(conversation);
      const events = await drafts(conversation);
      if (events.length === 0) return { seq: lastSeq, assistant };
      try {
        const appended = await journal.append({ conversationId, events, at: clock.now(), afterSeq: lastSeq, audit });
        return { seq: appended.repeated ?? appended.events.at(-1)?.seq ?? lastSeq, assistant };
      } catch (error) {
        if (!(error instanceof JournalMovedError)) throw error;
        if (attempt >= TRIES) throw new RequestError("busy");
      }
    }
  }
}

function mustHaveJoined({ person }: Conversation, staff: StaffMember): void {
  if (person === undefined) throw new RequestError("not-joined");
  if (person.id !== staff.id) throw answeredBy(person.name);
}

function answeredBy(name: string): RequestError {
  return new RequestError("person-answers", { detail: name === "" ? "A colleague does." : `${name} does.` });
}

function audited(staff: StaffMember, action: string, id: string, after?: Record<string, unknown>): readonly AppendAudit[] {
  return entry(staff, { action, target: { kind: "conversation", id }, ...(after === undefined ? {} : { after }) });
}
