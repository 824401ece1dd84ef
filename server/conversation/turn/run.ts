import type { EventDraft, JournalEvent } from "../../../protocol/events.ts";
import type { ProgressFrame, TextFrame } from "../../../protocol/frames.ts";
import type { Assistant } from "../assistant.ts";
import type { Journal } from "../journal.ts";
import { Mailbox } from "./mailbox.ts";
import type {
  Assistants,
  Clock,
  Conversation,
  Interruption,
  Lease,
  Log,
  Meter,
  Models,
  Store,
  StoredResult,
  Tool,
  ToolResult,
  ToolPause,
  ConnectionNeeded,
  Tools,
} from "../ports.ts";
import { ProgressPace } from "./progress-pace.ts";
import { PromptHistory } from "../prompt/prompt-history.ts";
import { TurnState } from "./turn-state.ts";

export interface RunDependencies {
  readonly store: Store;
  readonly journal: Journal;
  readonly assistants: Assistants;
  readonly models: Models;
  readonly tools: Tools;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** What a turn yields: passing things, for whoever listens. */
export type Passing = { readonly kind: "text"; readonly frame: TextFrame } | { readonly kind: "progress"; readonly frame: ProgressFrame };

/** What reaches a run from outside its own loop. */
export type Mail =
  | { readonly kind: "poke" }
  | { readonly kind: "progress"; readonly frame: ProgressFrame }
  | { readonly kind: "result"; readonly callId: string; readonly result: ToolResult; readonly durationMs: number };

const PAGE = 500;

/**
 * One attempt of one node at a conversation, under a lease: what it has read of the journal, what it is doing, and its only way to write. Events that
 * others appended meanwhile are read before its own are taken in, so it always knows the journal up to its last entry.
 */
export class Run {
  readonly dependencies: RunDependencies;
  readonly conversation: Conversation;
  readonly lease: Lease;
  readonly state: TurnState;
  readonly history = new PromptHistory();
  readonly mailbox = new Mailbox<Mail>();
  readonly inFlight = new Map<string, AbortController>();
  #stopping = new AbortController();
  readonly #leaving = new AbortController();
  #handled = 0;

  constructor(dependencies: RunDependencies, conversation: Conversation, lease: Lease) {
    this.dependencies = dependencies;
    this.conversation = conversation;
    this.lease = lease;
    this.state = new TurnState(conversation.openSeq);
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

  /** A new turn begins: an earlier Stop was not meant for it. */
  armStop(): void {
    this.#stopping = new AbortController();
  }

  /** Stop was pressed for a turn: the model and the calls are told at once; the journal says so already. */
  stop(turnId: string): void {
    if (this.state.turn?.turnId === turnId) {
      this.#stopping.abort("stop" satisfies Interruption);
      this.cancelCalls("stop");
    }
    this.poke();
  }

  get assistant(): Assistant | undefined {
    return this.dependencies.assistants.find(this.conversation.assistant);
  }

  /** Reads what the prompt and the recovery need: from the newest summary, or from the open end if that lies before. */
  async load(): Promise<void> {
    const { summarySeq, openSeq } = this.conversation;
    let from = 1;
    if (summarySeq > 0) {
      const [summary] = await this.dependencies.store.readFrom(this.id, summarySeq, 1);
      if (summary?.type === "summary-written") {
        this.history.apply(summary);
        from = Math.min(summary.throughSeq + 1, openSeq);
      }
    }
    await this.#read(from);
  }

  /** Takes in what others appended. */
  async catchUp(): Promise<void> {
    await this.#read(this.state.seq + 1);
  }

  /** Appends under the lease and takes the events in. */
  async append(events: readonly EventDraft[], results?: Readonly<Record<string, StoredResult>>): Promise<void> {
    const appended = await this.dependencies.journal.append({
      conversationId: this.id,
      events,
      at: this.dependencies.clock.now(),
      lease: this.lease,
      ...(results === undefined ? {} : { results }),
    });
    const first = appended.events[0]?.seq ?? 0;
    if (first > this.state.seq + 1) await this.#read(this.state.seq + 1, first - 1);
    for (const event of appended.events) this.#apply(event);
  }

  poke(): void {
    this.mailbox.post({ kind: "poke" });
  }

  leave(reason: "shutdown" | "lease"): void {
    this.#leaving.abort(reason);
    this.poke();
  }

  /** Starts a call and lets its end come in by mail. */
  launch(tool: Tool, callId: string, input: Readonly<Record<string, unknown>>): void {
    const { clock } = this.dependencies;
    const controller = new AbortController();
    this.inFlight.set(callId, controller);
    const begun = clock.now();
    const pace = new ProgressPace<Omit<ProgressFrame, "conversationId" | "callId">>(clock, (progress) =>
      this.mailbox.post({ kind: "progress", frame: { conversationId: this.id, callId, ...progress } }),
    );
    const context = {
      callId,
      signal: controller.signal,
      onProgress: (progress: { progress: number; total?: number; message?: string }) => pace.report(progress),
      ask: () => Promise.resolve({ kind: "input", action: "cancel" } as const),
      sample: () => Promise.resolve({ kind: "refused", cause: "Not yet." } as const),
      onTask: () => Promise.resolve(),
    };
    const end = (given: ToolResult | ToolPause | ConnectionNeeded) => {
      pace.end();
      const result: ToolResult = "content" in given ? given : { outcome: "failed", content: [], cause: given.outcome };
      this.mailbox.post({ kind: "result", callId, result, durationMs: clock.now() - begun });
    };
    tool
      .call(input, context)
      .then(end, (error: unknown) => end({ outcome: "unknown", content: [], cause: `The tool's adapter failed: ${String(error)}` }));
  }

  cancelCalls(reason: Interruption): void {
    for (const controller of this.inFlight.values()) controller.abort(reason);
  }

  async #read(from: number, through = Number.MAX_SAFE_INTEGER): Promise<void> {
    for (let next = from; next <= through;) {
      const limit = Math.min(PAGE, through - next + 1);
      const events = await this.dependencies.store.readFrom(this.id, next, limit);
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
  }
}
