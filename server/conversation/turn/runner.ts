import type { Actor } from "../../../protocol/events.ts";
import { LeaseLostError } from "../ports/errors.ts";
import type { Live } from "../journal/live.ts";
import { settingsPlace } from "../ports/assistant.ts";
import { assistantName, type Conversation } from "../ports/store.ts";
import { Ahead } from "./ahead.ts";
import type { AheadMessage } from "./compose-ahead.ts";
import { keepLease } from "./keep-lease.ts";
import { Run } from "./run.ts";
import type { RunPorts } from "./run-ports.ts";
import { runToRest } from "./run-to-rest.ts";
import { RecentHistories } from "./recent-histories.ts";
import { TurnPlaces } from "./turn-places.ts";

export interface RunnerSettings {
  /** Tells this process apart from others that use the same store. */
  readonly holder: string;
  /** How long a lease is good without being renewed. */
  readonly leaseMs: number;
  /** How often the store is asked for due conversations: expired approvals, and what other nodes left. */
  readonly pollMs: number;
}

const DUE_AT_ONCE = 100;

/**
 * Runs conversations: at most one run each, at most `concurrentTurns` for an assistant, the rest in the order in which
 * they came. A run begins when something is appended (`wake`), at start, and when the store says that something is due.
 */
export class Runner {
  readonly #ports: RunPorts;
  readonly #live: Live;
  readonly #settings: RunnerSettings;
  readonly #runs = new Map<string, Run | "starting">();
  readonly #ends = new Map<string, Promise<void>>();
  /** Woken while the run was starting or ending: look again. */
  readonly #again = new Set<string>();
  readonly #places = new TurnPlaces();
  readonly #recent = new RecentHistories();
  readonly #ahead: Ahead;
  #draining = false;
  #callOff: (() => void) | undefined;

  constructor(ports: RunPorts, live: Live, settings: RunnerSettings) {
    this.#ports = ports;
    this.#live = live;
    this.#settings = settings;
    this.#ahead = new Ahead(ports, this.#recent, {
      take: (assistant, most) => this.#places.takeFree(assistant, most),
      giveBack: (assistant) => this.#giveBack(assistant),
      rest: (conversationId) => {
        if (!this.#runs.has(conversationId)) ports.tools.rest(conversationId);
      },
    });
  }

  /** Takes up the work that the store has, now and again from time to time. */
  start(): void {
    void this.#poll();
  }

  /**
   * Something was appended, up to `seq` where that is known: its conversation has work. `assistant` is the name under
   * which its customer speaks with the assistant, here and below.
   */
  wake(conversationId: string, assistant: string, seq = Number.MAX_SAFE_INTEGER): void {
    if (this.#draining) return;
    const run = this.#runs.get(conversationId);
    if (run instanceof Run && run.state.seq >= seq) return;
    if (run === undefined) this.#admit(conversationId, assistant);
    else if (run === "starting") this.#again.add(conversationId);
    else {
      this.#again.add(conversationId);
      run.poke();
    }
  }

  /**
   * An append was just begun, and `kept` settles with it: the lease is asked for in the same moment, so that the store
   * writes both in one commit. The run prepares and asks the model while the disk is waited for, and tells nothing of the
   * answer before. `wake` must follow once the append is kept; if it is not kept, the run finds nothing to do.
   */
  expect(conversationId: string, assistant: string, kept: Promise<unknown>): void {
    if (!this.#draining && !this.#runs.has(conversationId)) this.#admit(conversationId, assistant, kept);
  }

  /**
   * A message is likely to come: what its turn would ask the model first is asked now, where nothing is open in the
   * conversation, its assistant has room for a turn, and its budget is not used up. False: it is not.
   */
  async begin(conversation: Conversation, message: AheadMessage): Promise<boolean> {
    if (this.#draining || this.#runs.has(conversation.id)) return false;
    return this.#ahead.begin(conversation, assistantName(conversation), message);
  }

  /** The message does not come. Of another customer's conversation, nothing happens. */
  dropBegun(conversationId: string, customerId: string): void {
    this.#ahead.drop(conversationId, customerId);
  }

  /** Something was appended that nobody has to answer: a run that is there reads it, and none begins for it. */
  refresh(conversationId: string): void {
    const run = this.#runs.get(conversationId);
    if (run instanceof Run) run.poke();
  }

  /** Stop was appended: what runs here is stopped at once. */
  stop(conversationId: string, assistant: string, turnId: string): void {
    const run = this.#runs.get(conversationId);
    if (run !== undefined && run !== "starting") run.stop(turnId);
    this.wake(conversationId, assistant);
  }

  /**
   * Stops the turn if the model writes in it at this moment, here, and not if a tool call is under way or waits. The run
   * writes that it was stopped. False: it goes on.
   */
  interrupt(conversationId: string, turnId: string, by: Actor): boolean {
    const run = this.#runs.get(conversationId);
    return run instanceof Run && run.interrupt(turnId, by);
  }

  /** A person joined, and the journal has it: the model says nothing more here, and calls that run may end. */
  yieldToPerson(conversationId: string, assistant: string): void {
    this.#ahead.drop(conversationId);
    const run = this.#runs.get(conversationId);
    if (run !== undefined && run !== "starting") run.yieldToPerson();
    this.wake(conversationId, assistant);
  }

  /** The conversation is nobody's any more: its run ends without writing. */
  letGo(conversationId: string): void {
    this.#recent.take(conversationId, 0);
    this.#ahead.drop(conversationId);
    const run = this.#runs.get(conversationId);
    if (run === undefined || run === "starting") return;
    run.cancelCalls("lease");
    run.leave("lease");
  }

  /** Whether as many turns of an assistant wait for room as may run, and the conversation has none taken for it. */
  isBusy(conversationId: string, assistant: string, most: number): boolean {
    return this.#places.queued(assistant) >= most && !this.#ahead.hasPlace(conversationId);
  }

  /**
   * Hands every run back to the journal: model steps end at once, calls under way may answer until `graceMs` are over.
   * What is not done then is taken up at the next start.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    this.#callOff?.();
    this.#places.clear();
    this.#ahead.close();
    for (const run of this.#runs.values()) if (run !== "starting") run.leave("shutdown");
    let callOff: (() => void) | undefined;
    const grace = new Promise<void>((resolve) => (callOff = this.#ports.clock.after(graceMs, resolve)));
    await Promise.race([Promise.allSettled(this.#ends.values()), grace]);
    callOff?.();
  }

  async #poll(): Promise<void> {
    const { clock, store, log } = this.#ports;
    try {
      for (const id of await store.listDue(clock.now(), DUE_AT_ONCE)) {
        if (this.#runs.has(id)) continue;
        const conversation = await store.find(id);
        if (conversation !== undefined) this.wake(id, assistantName(conversation));
      }
    } catch (error) {
      log.error({ error: String(error) }, "The store could not be asked for due conversations. It is asked again.");
    }
    if (!this.#draining) this.#callOff = clock.after(this.#settings.pollMs, () => void this.#poll());
  }

  #admit(conversationId: string, assistant: string, kept?: Promise<unknown>): void {
    const found = this.#ports.assistants.find(assistant);
    const most = found?.limits.concurrentTurns ?? 1;
    if (!this.#ahead.handPlace(conversationId) && !this.#places.take(assistant, conversationId, most)) return;
    this.#runs.set(conversationId, "starting");
    const key = found?.key ?? assistant;
    this.#ports.meter.runStarted(key);
    const end = this.#work(conversationId, assistant, kept).finally(() => {
      this.#runs.delete(conversationId);
      this.#ends.delete(conversationId);
      this.#ports.meter.runEnded(key);
      this.#giveBack(assistant);
      if (this.#again.delete(conversationId)) this.wake(conversationId, assistant);
    });
    this.#ends.set(conversationId, end);
  }

  #giveBack(assistant: string): void {
    const next = this.#places.giveBack(assistant);
    if (next !== undefined) this.wake(next, assistant);
  }

  /** Never throws: a run that fails ends its turn, or leaves it to the next look at the store. */
  async #work(conversationId: string, name: string, kept: Promise<unknown> | undefined): Promise<void> {
    const { clock, store, log, tools, journal, assistants } = this.#ports;
    const { holder, leaseMs } = this.#settings;
    try {
      const now = clock.now();
      const assistant = assistants.find(name);
      const settings = settingsPlace(assistant ?? {});
      const request = { conversationId, holder, now, untilMs: now + leaseMs, turnId: clock.id(), settings, soon: kept !== undefined };
      const acquired = await store.acquireLease(request);
      if (acquired === undefined) return;
      const { conversation, began } = acquired;
      // Told at once where it is on disk already: whatever was written after it is told next.
      if (began !== undefined && kept === undefined) journal.tell(conversationId, [began]);
      else if (began !== undefined) journal.hold(conversationId, began);
      const recent = this.#recent.take(conversationId, conversation.openSeq - 1);
      const run = new Run(this.#ports, acquired, { kept, recent, assistant, ahead: this.#ahead });
      this.#runs.set(conversationId, run);
      if (this.#draining) run.leave("shutdown");
      const callOff = keepLease(run, leaseMs);
      try {
        await run.load();
        // Whatever woke us until here is in the journal, and the release looks at its end.
        const rest = await runToRest(run, this.#live, () => this.#again.delete(conversationId));
        if (rest.kind === "idle") this.#recent.put(conversationId, run.history, run.state.seq);
      } finally {
        callOff();
        run.leaveSeat();
        run.cancelCalls("lease");
        this.#ahead.drop(conversationId);
        this.#live.rest(conversationId);
        tools.rest(conversationId);
      }
    } catch (error) {
      if (error instanceof LeaseLostError) log.warn({ conversationId }, error.message);
      else log.error({ conversationId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, "A run failed.");
    }
  }
}
