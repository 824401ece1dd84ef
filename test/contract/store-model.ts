import type { EventDraft, EventOf, JournalEvent } from "../../protocol/events.ts";
import { isAside } from "../../server/conversation/ports/asides.ts";
import * as errors from "../../server/conversation/ports/errors.ts";
import type {
  AcquiredLease,
  Append,
  AppendAudit,
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
} from "../../server/conversation/ports/store.ts";
import { upTo } from "./up-to.ts";
import type { WaitingApproval, WaitingApprovals } from "../../server/inbox/waiting-approvals.ts";

import { approvalIn, listed, type ListWaiting, waitingIn } from "./store-model-approvals.ts";
import { conversationOf, fresh, holds, type Kept, ownerOf } from "./store-model-kept.ts";

const { ApprovalTakenError, ConversationMissingError, ConversationTakenError, JournalMovedError, LeaseLostError } = errors;

/**
 * The store as its port describes it, and nothing else: journals in memory, everything derived by reading them from the
 * beginning. Real makers are compared with it; tests of others may use it as a store without a disk.
 */
export class ModelStore implements Store, WaitingApprovals {
  readonly audit: (AppendAudit & { readonly at: number })[] = [];
  readonly #conversations = new Map<string, Kept>();

  async append(append: Append): Promise<Appended> {
    const { conversationId, at, lease } = append;
    const kept = this.#keptFor(append);

    const before = kept.events;
    const earlier = append.events
      .filter((draft) => draft.type === "message-received")
      .map((draft) => before.find((event) => event.type === "message-received" && event.messageId === draft.messageId)?.seq);
    const repeated = [kept.once.get(append.once ?? ""), ...earlier].find((seq) => seq !== undefined);
    if (repeated !== undefined) return { events: [], repeated };

    const after = [...before];
    const results = new Map(kept.results);
    for (const draft of append.events) {
      this.#check(conversationId, after, draft, at);
      if (draft.type === "tool-call-ended" && append.results !== undefined && Object.hasOwn(append.results, draft.callId)) {
        if (results.has(draft.callId)) throw new Error("The same result twice.");
        results.set(draft.callId, structuredClone(append.results[draft.callId]!));
      }
      after.push({ ...structuredClone(draft), seq: after.length + 1, at });
    }
    const views = new Map(kept.views);
    for (const callId of append.forgetResults ?? []) {
      results.delete(callId);
      for (const view of ["details", "media"]) views.delete(`${callId}/${view}`);
    }
    const gives = append.events.length === 0 || !append.events.every(isAside);
    if (lease === undefined && gives && kept.dueAt !== 0) Object.assign(kept, { dueAt: 0, dueSince: at });
    const once = append.once === undefined ? kept.once : new Map(kept.once).set(append.once, after.length);
    Object.assign(kept, { events: after, results, views, once });
    this.#conversations.set(conversationId, kept);
    this.audit.push(...(append.audit ?? []).map((entry) => ({ ...structuredClone(entry), at })));
    const events = after.slice(before.length);
    if (lease === undefined || append.release?.seenSeq !== before.length) return { events };
    Object.assign(kept, { holder: undefined, openSeq: after.length + 1, dueAt: undefined });
    return { events, released: true };
  }

  async listOf(customerId: string, limit: number): Promise<readonly ListedConversation[]> {
    const own = await Promise.all([...this.#conversations.keys()].map((id) => this.find(id)));
    const times = (id: string) => {
      const events = this.#conversations.get(id)?.events ?? [];
      return { createdAt: events[0]?.at ?? 0, updatedAt: events.at(-1)?.at ?? 0 };
    };
    return own
      .filter((one) => one?.customerId === customerId)
      .map((one) => ({ ...one!, ...times(one!.id) }))
      .toSorted((left, right) => right.updatedAt - left.updatedAt)
      .slice(0, limit);
  }

  /** The conversation that an append is for; throws where it may not be. */
  #keptFor({ conversationId, lease, create, afterSeq }: Append): Kept {
    let kept = this.#conversations.get(conversationId);
    if (kept === undefined && create === undefined) throw new ConversationMissingError(conversationId);
    if (kept !== undefined && create !== undefined && JSON.stringify(ownerOf(kept)) !== JSON.stringify(ownerOf(create)))
      throw new ConversationTakenError(conversationId);
    kept ??= { ...create!, ...fresh() };
    if (lease !== undefined && (lease.conversationId !== conversationId || !holds(kept, lease))) throw new LeaseLostError(conversationId);
    if (afterSeq !== undefined && afterSeq !== kept.events.length) throw new JournalMovedError(conversationId);
    return kept;
  }

  #check(conversationId: string, journal: readonly JournalEvent[], draft: EventDraft, at: number): void {
    if (draft.type === "message-received") {
      if (journal.some((event) => event.type === draft.type && event.messageId === draft.messageId))
        throw new Error("The same message twice.");
    } else if (draft.type === "tool-call-proposed") {
      if (journal.some((event) => event.type === draft.type && event.callId === draft.callId)) throw new Error("The same call twice.");
    } else if (draft.type === "approval-requested") {
      if (this.#status(draft.approvalId, conversationId, journal) !== undefined) throw new Error("The same approval twice.");
    } else if (draft.type === "approval-given") {
      const approval = this.#approvalOfCall(conversationId, journal, draft.approvalId, draft.callId);
      if (approval.status !== "waiting") throw new ApprovalTakenError(draft.approvalId, approval.status);
      if (at >= approval.expiresAt) throw new ApprovalTakenError(draft.approvalId, "expired");
    } else if (draft.type === "approval-decided") {
      const approval = this.#approvalOfCall(conversationId, journal, draft.approvalId, draft.callId);
      if (approval.status !== "waiting") throw new ApprovalTakenError(draft.approvalId, approval.status);
      if (draft.decision === "approved" && at >= approval.expiresAt) throw new ApprovalTakenError(draft.approvalId, "expired");
    } else if (draft.type === "tool-call-started" && draft.approvalId !== undefined) {
      const approval = this.#approvalOfCall(conversationId, journal, draft.approvalId, draft.callId);
      if (approval.status !== "approved") throw new ApprovalTakenError(draft.approvalId, approval.status);
    }
  }

  #approvalOfCall(conversationId: string, journal: readonly JournalEvent[], approvalId: string, callId: string): StoredApproval {
    const approval = this.#status(approvalId, conversationId, journal);
    if (approval === undefined || approval.conversationId !== conversationId) throw new ApprovalTakenError(approvalId, "missing");
    if (approval.callId !== callId) throw new ApprovalTakenError(approvalId, "given for another call");
    return approval;
  }

  /** Reads every journal; `current` is `conversationId`'s with what the running append has added. */
  #status(approvalId: string, conversationId?: string, current: readonly JournalEvent[] = []): StoredApproval | undefined {
    const journals = new Map([...this.#conversations].map(([id, kept]) => [id, kept.events as readonly JournalEvent[]]));
    if (conversationId !== undefined) journals.set(conversationId, current);
    for (const [id, journal] of journals) {
      const request = journal.find(
        (event): event is EventOf<"approval-requested"> => event.type === "approval-requested" && event.approvalId === approvalId,
      );
      if (request === undefined) continue;
      const decision = journal.find(
        (event): event is EventOf<"approval-decided"> => event.type === "approval-decided" && event.approvalId === approvalId,
      );
      const consumed = journal.some((event) => event.type === "tool-call-started" && event.approvalId === approvalId);
      const status = consumed ? "consumed" : (decision?.decision ?? "waiting");
      return approvalIn(journal, request, { conversationId: id, status });
    }
    return undefined;
  }

  async find(conversationId: string): Promise<Conversation | undefined> {
    const kept = this.#conversations.get(conversationId);
    return kept === undefined ? undefined : conversationOf(conversationId, kept);
  }

  async readFrom(conversationId: string, from: number, limit: number, maxBytes?: number): Promise<readonly JournalEvent[]> {
    return upTo(this.#journal(conversationId).slice(from - 1, from - 1 + limit), maxBytes);
  }

  async readBefore(conversationId: string, before: number, limit: number, maxBytes?: number): Promise<readonly JournalEvent[]> {
    const earlier = this.#journal(conversationId).filter((event) => event.seq < before);
    return upTo(earlier.toReversed().slice(0, limit), maxBytes).toReversed();
  }

  async readTurns(conversationId: string, limit: number): Promise<readonly JournalEvent[]> {
    const turns = this.#journal(conversationId).filter(({ type }) => /^(turn-started|turn-ended|retry-requested)$/.test(type));
    return turns.slice(Math.max(0, turns.length - limit));
  }

  async readRequests(conversationId: string, from: number): Promise<readonly JournalEvent[]> {
    return this.#journal(conversationId).filter(({ seq, type }) => seq >= from && /^(connection|input)-(requested|decided)$/.test(type));
  }

  async readResult(conversationId: string, callId: string): Promise<StoredResult | undefined> {
    return this.#conversations.get(conversationId)?.results.get(callId);
  }

  async readResultView(conversationId: string, callId: string, view: ResultViewName): Promise<ResultView | undefined> {
    return this.#conversations.get(conversationId)?.views.get(`${callId}/${view}`);
  }

  async keepResultView(conversationId: string, callId: string, view: ResultViewName, body: ResultView): Promise<void> {
    const kept = this.#conversations.get(conversationId);
    if (kept?.results.has(callId) !== true) throw new Error("There is no such result.");
    const name = `${callId}/${view}`;
    if (!kept.views.has(name)) kept.views.set(name, structuredClone(body));
  }

  async findCall(conversationId: string, callId: string): Promise<JournalEvent | undefined> {
    return this.#journal(conversationId).find((event) => event.type === "tool-call-proposed" && event.callId === callId);
  }

  async findEdit(conversationId: string, callId: string): Promise<JournalEvent | undefined> {
    return this.#journal(conversationId).findLast(
      (event) =>
        event.type === "approval-decided" && event.callId === callId && event.decision === "approved" && event.arguments !== undefined,
    );
  }

  async findApproval(approvalId: string): Promise<StoredApproval | undefined> {
    return this.#status(approvalId);
  }

  async grants(conversationId: string): Promise<readonly Grant[]> {
    const journal = this.#journal(conversationId);
    const grants = new Map<string, Grant>();
    for (const decision of journal) {
      if (decision.type !== "approval-decided" || decision.decision !== "approved" || decision.scope !== "conversation") continue;
      const request = journal.find((event) => event.type === "approval-requested" && event.approvalId === decision.approvalId);
      const call = journal.slice(0, decision.seq).find((event) => event.type === "tool-call-proposed" && event.callId === decision.callId);
      if (request?.type !== "approval-requested" || call?.type !== "tool-call-proposed") continue;
      const definitionHash = request.definitionHash ?? call.definitionHash;
      if (definitionHash === undefined) continue;
      const grant = { server: call.tool.server, tool: call.tool.tool, definitionHash };
      grants.set(JSON.stringify(grant), grant);
    }
    return [...grants.values()].toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }

  async listWaiting(options: ListWaiting): Promise<readonly WaitingApproval[]> {
    const all = [...this.#conversations].flatMap(([id, kept]) => kept.events.flatMap((event) => this.#waiting(id, kept, event)));
    return listed(all, options);
  }

  async findWaiting(approvalId: string, now: number): Promise<WaitingApproval | undefined> {
    const all = await this.listWaiting({ limit: Infinity, now, filter: {} });
    return all.find((one) => one.approvalId === approvalId);
  }

  #waiting(conversationId: string, { assistant, customerId, preview, events }: Kept, event: JournalEvent): WaitingApproval[] {
    if (event.type !== "approval-requested" || this.#status(event.approvalId)?.status !== "waiting") return [];
    return waitingIn(events, event, { conversationId, assistant, customer: customerId, preview: preview !== undefined });
  }

  async acquireLease(request: LeaseRequest): Promise<AcquiredLease | undefined> {
    const { conversationId, holder, now, untilMs, turnId, settings } = request;
    const kept = this.#conversations.get(conversationId);
    if (kept === undefined) return undefined;
    if (kept.holder !== undefined && kept.holder !== holder && kept.until > now) return undefined;
    if (kept.dueAt !== 0) kept.dueSince = now;
    Object.assign(kept, { holder, until: untilMs, fence: kept.fence + 1, dueAt: 0 });
    const lease = { conversationId, fence: kept.fence };
    const [open, ...others] = kept.events.slice(Math.max(0, kept.openSeq - 1)).filter((event) => !isAside(event));
    if (turnId === undefined || others.length > 0 || open?.type !== "message-received")
      return { lease, conversation: conversationOf(conversationId, kept) };
    const { messageId } = open;
    const began: JournalEvent = { type: "turn-started", turnId, messageId, ...settings, seq: kept.events.length + 1, at: now };
    kept.events = [...kept.events, began];
    return { lease, conversation: conversationOf(conversationId, kept), began };
  }

  async renewLease(lease: Lease, untilMs: number): Promise<boolean> {
    const kept = this.#conversations.get(lease.conversationId);
    if (kept === undefined || !holds(kept, lease)) return false;
    kept.until = untilMs;
    return true;
  }

  async releaseLease(lease: Lease, state: Parameters<Store["releaseLease"]>[1]): Promise<boolean> {
    const kept = this.#conversations.get(lease.conversationId);
    if (kept === undefined || !holds(kept, lease)) throw new LeaseLostError(lease.conversationId);
    if (kept.events.length > state.seenSeq) return false;
    Object.assign(kept, { holder: undefined, openSeq: state.openSeq, dueAt: state.runnable ? 0 : state.wakeAt });
    return true;
  }

  async listDue(now: number, limit: number): Promise<readonly string[]> {
    return [...this.#conversations]
      .filter(([, kept]) => kept.dueAt !== undefined && kept.dueAt <= now && (kept.holder === undefined || kept.until <= now))
      .toSorted(([, left], [, right]) => left.dueAt! - right.dueAt! || left.dueSince - right.dueSince)
      .slice(0, limit)
      .map(([id]) => id);
  }

  async tryWrite(): Promise<void> {}

  async close(): Promise<void> {}

  #journal(conversationId: string): readonly JournalEvent[] {
    return this.#conversations.get(conversationId)?.events ?? [];
  }
}
