import type { Actor, EventDraft, JournalEvent } from "../../../protocol/events.ts";
import { type Assistant, settingsPlace } from "../ports/assistant.ts";
import type { CustomerFacts } from "../ports/customer-facts.ts";
import type { Ahead } from "./ahead.ts";
import type { Flight } from "./flight.ts";
import type { Mail } from "./mail.ts";
import { Mailbox } from "./mailbox.ts";
import { type AcquiredLease, type Append, assistantName, type Conversation, type Lease, type StoredResult } from "../ports/store.ts";
import type { BudgetSeat } from "../ports/budgets.ts";
import type { Interruption, ToolResult } from "../ports/tools.ts";
import { wholeText } from "./call-end.ts";
import { JournalMovedError, PersonAnswersError, StoreUnwritableError } from "../ports/errors.ts";
import { isAssistants } from "./assistants-events.ts";
import { PromptHistory } from "../prompt/prompt-history.ts";
import { TurnSettings } from "./kept-settings.ts";
import { TurnState } from "./turn-state.ts";
import type { RunPorts } from "./run-ports.ts";

interface RunBeginning {
  /** Settles once what the run is for is on disk, and was told to those who listen; undefined: it is already. */
  readonly kept: Promise<unknown> | undefined;
  /** Everything before the open end, as an earlier run has read it. */
  readonly recent: PromptHistory | undefined;
  /** The settings of the turn that began with the lease. */
  readonly assistant: Assistant | undefined;
  readonly ahead: Pick<Ahead, "take" | "handSeat">;
}

const PAGE = 500;
/** The limit for results that come in after their assistant was removed. */
export const DEFAULT_RESULT_BYTES = 16_384;

/**
 * One attempt of one node at a conversation, under a lease: what it has read of the journal, what it is doing, and its
 * only way to write. Events that others appended meanwhile are read before its own are taken in, so it always knows the
 * journal up to its last entry.
 */
export class Run {
  readonly ports: RunPorts;
  /** What was begun before its message was there. */
  readonly ahead: RunBeginning["ahead"];
  /** Its customer may turn out to be somebody whom the site knows. */
  conversation: Conversation;
  readonly lease: Lease;
  /** Its turn began with the lease: no earlier run has worked on it. */
  readonly beganTurn: boolean;
  readonly state: TurnState;
  readonly history: PromptHistory;
  readonly mailbox = new Mailbox<Mail>();
  /** The calls that run here. */
  readonly inFlight = new Map<string, Flight>();
  /** What the site said of the customer when the tools were last opened. */
  facts: CustomerFacts | undefined;
  /** What this run's answer has of the budget. */
  seat: BudgetSeat | undefined;
  /** The model is asked for a step of the turn, or writes it: no tool call is under way or waits. */
  isAsking = false;
  /** Who stopped that step, where the journal does not have it yet. */
  interruptedBy: Actor | undefined;
  /** The lease was given back with the last append: nothing is left to do. */
  released = false;
  readonly #settings: TurnSettings;
  #stopping = new AbortController();
  readonly #leaving = new AbortController();
  #handled = 0;
  #beginning: Promise<void> | undefined;

  constructor(ports: RunPorts, { conversation, lease, began }: AcquiredLease, { kept, recent, assistant, ahead }: RunBeginning) {
    this.ports = ports;
    this.ahead = ahead;
    this.conversation = conversation;
    this.lease = lease;
    this.beganTurn = began !== undefined;
    this.#settings = new TurnSettings(ports.assistants, assistantName(conversation), assistant);
    this.state = new TurnState(conversation.openSeq, conversation.person !== undefined);
    this.history = recent ?? new PromptHistory();
    if (recent !== undefined) this.#handled = conversation.openSeq - 1;
    this.#beginning = this.#tellBegan(kept);
    this.#beginning.catch(() => undefined);
  }

  get id(): string {
    return this.conversation.id;
  }

  /** Aborted when the run must leave: its reason is `shutdown` or `lease`. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Aborted by Stop, for the running turn. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /**
   * Resolves when what the run is for is on disk and the beginning of its turn is told. The model may be asked before,
   * which changes nothing anywhere; nothing of its answer is told, written or done. Throws `StoreUnwritableError`.
   */
  async begun(): Promise<void> {
    if (this.#beginning === undefined) return;
    await this.#beginning;
    this.#beginning = undefined;
  }

  async #tellBegan(kept: Promise<unknown> | undefined): Promise<void> {
    const { journal } = this.ports;
    try {
      await kept;
    } catch (error) {
      // Whoever appended hears that it was refused; what is in the journal is answered all the same. What the disk has
      // not kept is not.
      if (error instanceof StoreUnwritableError) {
        journal.letGo(this.id);
        throw error;
      }
    }
    const held = journal.letGo(this.id);
    if (held !== undefined) journal.tell(this.id, [held]);
  }

  /** A new turn begins: an earlier Stop was not meant for it. */
  armStop(): void {
    this.#stopping = new AbortController();
    this.interruptedBy = undefined;
  }

  /** Stops the turn if the model writes in it: false, and nothing has happened, otherwise. */
  interrupt(turnId: string, by: Actor): boolean {
    if (!this.isAsking || this.state.turn?.turnId !== turnId) return false;
    if (!this.stopping.aborted) this.interruptedBy = by;
    this.#stopping.abort("stop" satisfies Interruption);
    return true;
  }

  /** Stop was pressed for a turn: the model and the calls are stopped at once; the journal has it already. */
  stop(turnId: string): void {
    if (this.state.turn?.turnId === turnId) {
      this.#stopping.abort("stop" satisfies Interruption);
      this.cancelCalls("stop");
    }
    this.poke();
  }

  /** The settings that the open turn began with; what its tools may do is read at this moment. */
  get assistant(): Assistant | undefined {
    return this.state.turn === undefined ? this.#settings.present : this.#settings.kept;
  }

  /** A turn begins, with the settings of this moment. */
  async begin(turnId: string, messageId: string): Promise<void> {
    await this.append([{ type: "turn-started", turnId, messageId, ...settingsPlace(this.#settings.begin() ?? {}) }]);
  }

  /**
   * Reads what the prompt and the recovery need: from the newest summary, or from the open end if that is earlier or all
   * before it is known.
   */
  async load(): Promise<void> {
    const { summarySeq, openSeq } = this.conversation;
    let from = this.#handled + 1;
    if (from === 1 && summarySeq > 0) {
      const [summary] = await this.ports.store.readFrom(this.id, summarySeq, 1);
      if (summary?.type === "summary-written") {
        this.history.apply(summary);
        from = Math.min(summary.throughSeq + 1, openSeq);
      }
    }
    await this.#read(from);
    if (this.state.turn !== undefined) await this.#settings.find(this.state.turn.settings);
    await this.#tellUnkept();
  }

  /** What the model read whole in an earlier run of this turn, it reads whole in this one, too. */
  async #tellUnkept(): Promise<void> {
    for (const { callId, proposed, ended } of this.state.turn?.calls.values() ?? []) {
      if (ended?.keep === undefined) continue;
      const stored = await this.ports.store.readResult(this.id, callId);
      if (stored !== undefined && ended.outcome !== "refused")
        this.tellWhole(callId, { outcome: ended.outcome }, stored, proposed.tool.title);
    }
  }

  /** The journal does not have the text of a result that is not kept; the model reads it until the turn ends. */
  tellWhole(callId: string, result: Pick<ToolResult, "outcome" | "cause">, stored: StoredResult, title: string): void {
    const { text } = wholeText(result, stored, { title, callId, limitBytes: this.assistant?.resultBytes ?? DEFAULT_RESULT_BYTES });
    this.history.tellWhole(callId, text);
  }

  /** Whether a person answers, or took over the open turn. */
  get isTaken(): boolean {
    return this.state.personAnswers || this.state.turn?.taken !== undefined;
  }

  /** A person joined: the model is stopped at once, and calls that run may end. */
  yieldToPerson(): void {
    if (this.state.turn !== undefined) this.#stopping.abort("stop" satisfies Interruption);
    this.poke();
  }

  /** Takes in what others appended. */
  async catchUp(): Promise<void> {
    await this.#read(this.state.seq + 1);
  }

  /**
   * Appends under the lease and takes the events in. What closes a question is only written while nobody answered it:
   * throws `JournalMovedError` when something was written that this run has not read.
   */
  async append(events: readonly EventDraft[], more: Pick<Append, "results" | "forgetResults" | "release"> = {}): Promise<void> {
    await this.begun();
    const closes = events.some((event) => event.type === "connection-decided" || event.type === "input-decided");
    if (!events.some(isAssistants)) return this.#append(events, more, closes);
    // The assistant and a person never answer both: what only the assistant does is written where nobody has joined, as
    // far as the journal says at that moment.
    for (;;) {
      if (this.isTaken) throw new PersonAnswersError(this.id);
      try {
        await this.#append(events, more, true);
        return;
      } catch (error) {
        if (closes || !(error instanceof JournalMovedError)) throw error;
        await this.catchUp();
      }
    }
  }

  async #append(
    events: readonly EventDraft[],
    more: Pick<Append, "results" | "forgetResults" | "release">,
    onlyAfterSeen: boolean,
  ): Promise<void> {
    const appended = await this.ports.journal.append({
      conversationId: this.id,
      events,
      at: this.ports.clock.now(),
      lease: this.lease,
      ...more,
      ...(onlyAfterSeen ? { afterSeq: this.state.seq } : {}),
    });
    const first = appended.events[0]?.seq ?? 0;
    if (first > this.state.seq + 1) await this.#read(this.state.seq + 1, first - 1);
    for (const event of appended.events) this.#apply(event);
    this.#tellUsed(appended.events);
    this.released = appended.released === true;
  }

  /** Gives the answer's place in the budget back; harmless without one. */
  leaveSeat(): void {
    this.seat?.close();
    this.seat = undefined;
  }

  #tellUsed(events: readonly JournalEvent[]): void {
    const { budgets } = this.ports;
    const { assistant } = this;
    if (budgets === undefined || assistant === undefined) return;
    for (const event of events)
      if ((event.type === "step-ended" || event.type === "sampling-ended" || event.type === "summary-written") && event.usage !== undefined)
        budgets.used(assistant, event.usage, event.cost);
  }

  poke(): void {
    this.mailbox.post({ kind: "poke" });
  }

  leave(reason: "shutdown" | "lease"): void {
    this.#leaving.abort(reason);
    for (const flight of this.inFlight.values()) flight.leave();
    this.poke();
  }

  cancelCalls(reason: Interruption): void {
    for (const flight of this.inFlight.values()) flight.cancel(reason);
  }

  async #read(from: number, through = Number.MAX_SAFE_INTEGER): Promise<void> {
    for (let next = from; next <= through;) {
      const limit = Math.min(PAGE, through - next + 1);
      const events = await this.ports.store.readFrom(this.id, next, limit);
      for (const event of events) this.#apply(event);
      if (events.length < limit) return;
      next += limit;
    }
  }

  #apply(event: JournalEvent): void {
    if (event.seq <= this.#handled) return;
    this.#handled = event.seq;
    this.history.apply(event);
    if (event.seq >= this.conversation.openSeq) this.state.apply(event);
    if (event.type === "customer-identified") this.conversation = { ...this.conversation, customerId: event.customerId };
    if (event.type === "input-decided") this.inFlight.get(event.callId)?.answered(event);
    if (event.type === "call-cancel-requested") this.inFlight.get(event.callId)?.cancel("stop");
    if (event.type === "person-joined") this.#stopping.abort("stop" satisfies Interruption);
    if (event.type === "handed-back") this.armStop();
  }
}
