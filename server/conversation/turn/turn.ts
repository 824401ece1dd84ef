import type { TurnErrorCode } from "../../../protocol/errors.ts";
import type { EventDraft, EventOf } from "../../../protocol/events.ts";
import { absentTool } from "./absent-tool.ts";
import { admit, refuse } from "./admission.ts";
import { Asking } from "./asking.ts";
import type { Assistant } from "../ports/assistant.ts";
import { Calls } from "./calls.ts";
import { ApprovalTakenError, JournalMovedError } from "../ports/errors.ts";
import type { ModelCall, StepEnd } from "./model-step.ts";
import { nextMove, type Move } from "./next-move.ts";
import { parseArguments } from "./parse-arguments.ts";
import { refusalText } from "../prompt/tool-text.ts";
import type { Passing, Run } from "./run.ts";
import { ToolsAtHand } from "./tools-at-hand.ts";
import { endOpen, endTurn, expire, notKept, speakableName, stepEnded } from "./turn-drafts.ts";
import { turnErrorOf } from "./turn-error.ts";
import type { OpenTurn } from "./turn-state.ts";

/** A task may take as long as its server says, and where it does not say, no longer than this. */
const LONGEST_TASK_MS = 24 * 60 * 60_000;

/** Why the generator returned: nothing is open; a person has to decide until `wakeAt`; or it had to leave, and the journal keeps the rest. */
export type Rest = { readonly kind: "idle" } | { readonly kind: "waiting"; readonly wakeAt?: number } | { readonly kind: "left" };

/**
 * Answers what is open in a conversation: reads the journal, makes the next move, until nothing is open or a person has to decide. It holds nothing that is
 * not in the journal but what is passing, which it yields. Throws `LeaseLostError`, and whatever the store throws.
 */
export class Turn {
  readonly #run: Run;
  readonly #tools: ToolsAtHand;
  readonly #calls: Calls;

  constructor(run: Run) {
    this.#run = run;
    this.#tools = new ToolsAtHand(run);
    this.#calls = new Calls(run, this.#tools);
  }

  async *moves(): AsyncGenerator<Passing, Rest> {
    const run = this.#run;
    for (;;) {
      if (run.leaving.aborted) {
        // A call that is under way is worth its answer, but for a task, whose end the next run asks for; nothing new begins.
        if (run.leaving.reason === "lease" || !this.#awaitsResults()) return { kind: "left" };
        yield* this.#calls.takeIn(await run.mailbox.take());
        continue;
      }
      yield* this.#calls.takeIn(run.mailbox.drain());
      const move = nextMove(run.state, new Set(run.inFlight.keys()), run.dependencies.clock.now());
      if (move.kind === "idle") return { kind: "idle" };
      if (move.kind === "wait" && !move.running) return { kind: "waiting", ...(move.wakeAt === undefined ? {} : { wakeAt: move.wakeAt }) };
      try {
        if (move.kind !== "ask-model") {
          yield* this.#make(move);
          continue;
        }
        const asking = await this.#beginStep();
        if (asking === undefined) continue;
        try {
          while (await asking.prepare()) asking.take(yield* asking.speak());
        } finally {
          asking.close();
        }
        if (asking.end !== undefined) await this.#endStep(asking.assistant, asking.turn, asking.end);
      } catch (error) {
        // Somebody decided in the same moment: what they wrote is in the journal, so look again.
        if (!(error instanceof ApprovalTakenError || error instanceof JournalMovedError)) throw error;
        await run.catchUp();
      }
    }
  }

  async *#make(move: Exclude<Move, { kind: "ask-model" }>): AsyncGenerator<Passing, void> {
    const run = this.#run;
    switch (move.kind) {
      case "idle":
        return;
      case "wait":
        yield* this.#wait(move.wakeAt);
        return;
      case "begin":
        run.armStop();
        await run.append([{ type: "turn-started", turnId: run.dependencies.clock.id(), messageId: move.message.messageId }]);
        return;
      case "expire":
        await run.append(move.calls.flatMap((call) => expire(call, run.dependencies.clock.now())));
        return;
      case "recover":
        await this.#calls.recover(move.calls);
        return;
      case "advance":
        if (!(await this.#calls.advance(move.calls))) await this.#end("failed", { error: "assistant-removed" });
        return;
      case "stop":
        await this.#end("stopped");
        return;
      case "end":
        await this.#end("done");
        return;
    }
  }

  // ─── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Waits for calls that run here, under the turn's time limit, which stands still while a person is asked. A task has a limit of its own. Leaving waits for other
   * calls: one that is under way is worth its answer.
   */
  async *#wait(wakeAt: number | undefined): AsyncGenerator<Passing, void> {
    const run = this.#run;
    const { clock } = run.dependencies;
    if (run.state.turn?.stopRequested === true) run.cancelCalls("stop");
    const callsOff: (() => void)[] = [];
    const at = (moment: number, then: () => void) => callsOff.push(clock.after(Math.max(0, moment - clock.now()), then));
    if (wakeAt !== undefined) at(wakeAt, () => run.poke());
    for (const [callId, flight] of run.inFlight) {
      const task = this.#taskOf(callId);
      if (task !== undefined) at(task.at + LONGEST_TASK_MS, () => flight.cancel("time"));
    }
    const flights = [...run.inFlight].filter(([callId]) => this.#taskOf(callId) === undefined).map(([, flight]) => flight);
    if (flights.length > 0 && ![...run.inFlight.values()].some((flight) => flight.asking))
      at(clock.now() + this.#remainingMs(), () => flights.forEach((flight) => flight.cancel("time")));
    try {
      yield* this.#calls.takeIn(await run.mailbox.take());
    } finally {
      for (const callOff of callsOff) callOff();
    }
  }

  /** Whether a call is under way here whose answer would be lost with this run. */
  #awaitsResults(): boolean {
    return [...this.#run.inFlight.keys()].some((callId) => this.#taskOf(callId) === undefined);
  }

  #taskOf(callId: string): EventOf<"tool-call-task"> | undefined {
    const call = this.#run.state.turn?.calls.get(callId);
    return call?.goesOnWith === "task" ? call.task : undefined;
  }

  // ─── The model ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Begins to ask for the next step; undefined when the turn ended instead, because a limit is reached. */
  async #beginStep(): Promise<Asking | undefined> {
    const run = this.#run;
    const { assistant, state } = run;
    const turn = state.turn;
    if (turn === undefined) return undefined;
    if (assistant === undefined) return this.#endWith({ error: "assistant-removed" });
    if (turn.steps >= assistant.maxSteps) {
      await this.#end("done");
      return undefined;
    }
    if (turn.tokens >= assistant.turnTokens) return this.#endWith({ error: "token-limit", cause: `The turn used ${turn.tokens} tokens.` });
    const remainingMs = this.#remainingMs();
    if (remainingMs <= 0) return this.#endWith({ error: "time-limit", cause: `The turn took ${turn.activeMs} ms.` });
    return new Asking(run, { assistant, turn, tools: await this.#tools.offered(assistant, turn), remainingMs });
  }

  async #endWith(failure: { error: TurnErrorCode; cause?: string }): Promise<undefined> {
    await this.#end("failed", failure);
    return undefined;
  }

  async #endStep(assistant: Assistant, turn: OpenTurn, end: StepEnd): Promise<void> {
    const { meter, log } = this.#run.dependencies;
    meter.stepEnded(assistant.key, end.usage, end.firstTokenMs);
    if (end.kind === "interrupted") {
      // Leaving writes nothing: whoever goes on asks this step anew.
      if (end.by === "shutdown" || end.by === "lease") return;
      const before = end.text === "" ? [] : [stepEnded(turn, end, assistant, "stopped")];
      if (end.by === "stop") return this.#end("stopped", { before });
      return this.#end("failed", { before, error: "time-limit", cause: `The model's step was cut after ${end.durationMs} ms.` });
    }
    if (end.kind === "failed") {
      // What only the owner can mend is an error; the rest passes by itself.
      const level = end.error.kind === "misconfigured" ? "error" : "warn";
      log[level](
        { conversationId: this.#run.id, assistant: assistant.key, kind: end.error.kind, cause: end.error.message },
        "A model step failed.",
      );
      const before = end.text === "" ? [] : [stepEnded(turn, end, assistant, "broken")];
      return this.#end("failed", { before, error: turnErrorOf(end.error, end.text !== ""), cause: end.error.message });
    }
    if (end.reason === "refused") {
      return this.#end("failed", {
        before: [stepEnded(turn, end, assistant)],
        error: "model-refused",
        cause: "The model refused to answer.",
      });
    }
    if (end.reason === "length" && end.calls.length === 0) {
      const cause = `The answer reached the limit of ${assistant.model.maxOutputTokens} tokens a step.`;
      return this.#end("failed", { before: [stepEnded(turn, end, assistant, "broken")], error: "token-limit", cause });
    }
    if (end.calls.length === 0 && end.text.trim() === "" && turn.steps === 0)
      return this.#end("failed", { error: "answer-broken", cause: "The model ended its answer without a word." });
    if (end.calls.length === 0) return this.#end("done", { before: [stepEnded(turn, end, assistant)] });
    await this.#propose(assistant, turn, end);
  }

  /** Writes the step, its calls and what becomes of each in one append, and starts those that may start. */
  async #propose(assistant: Assistant, turn: OpenTurn, end: StepEnd): Promise<void> {
    const context = await this.#tools.admission();
    if (context === undefined) return this.#end("failed", { error: "assistant-removed" });
    const overLimit = turn.steps >= assistant.maxSteps - 1;
    const decide = async (call: ModelCall): Promise<EventDraft[]> => {
      const proposed = this.#proposed(assistant, turn, call);
      if (overLimit) return [proposed, refuse(proposed, "step-limit", refusalText("step-limit", undefined))];
      if (proposed.definitionHash === undefined)
        return [proposed, refuse(proposed, "unknown-tool", refusalText("unknown-tool", undefined))];
      return [proposed, await admit(proposed, context)];
    };
    const drafts = (await Promise.all(end.calls.map(decide))).flat();
    await this.#run.append([stepEnded(turn, end, assistant), ...drafts]);
    this.#calls.launch(drafts);
  }

  #proposed(assistant: Assistant, turn: OpenTurn, call: ModelCall) {
    const tool = this.#tools.get(call.name);
    const parsed = parseArguments(call.argumentsText);
    const name = tool === undefined ? speakableName(call.name) : call.name;
    return {
      type: "tool-call-proposed",
      turnId: turn.turnId,
      step: turn.steps,
      callId: this.#run.dependencies.clock.id(),
      modelCallId: call.modelCallId,
      name,
      tool: tool?.reference ?? absentTool(assistant, name, (server) => this.#tools.serverName(server)),
      ...(parsed === undefined ? { argumentsText: call.argumentsText.slice(0, 4_096) } : { arguments: parsed }),
      ...(tool === undefined ? {} : { definitionHash: tool.definitionHash }),
    } as const satisfies EventDraft;
  }

  // ─── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #end(
    outcome: "done" | "stopped" | "failed",
    more: { before?: readonly EventDraft[]; error?: TurnErrorCode; cause?: string } = {},
  ): Promise<void> {
    const run = this.#run;
    const turn = run.state.turn;
    if (turn === undefined) return;
    const { before = [], error } = more;
    await run.append([...before, ...endOpen(turn), endTurn(turn, outcome, more)], { forgetResults: notKept(turn) });
    run.dependencies.meter.turnEnded(run.conversation.assistant, error ?? outcome, turn.activeMs);
  }

  /** What is left of the turn's time, with what the calls of this step that run here have used of it. */
  #remainingMs(): number {
    const { assistant, state, inFlight } = this.#run;
    const { activeMs = 0, longestCallMs = 0 } = state.turn ?? {};
    const running = [...inFlight]
      .filter(([callId]) => this.#taskOf(callId) === undefined)
      .map(([callId, flight]) => flight.elapsedMs() + (state.turn?.calls.get(callId)?.spentMs ?? 0));
    const begun = Math.max(0, Math.max(0, ...running) - longestCallMs);
    return Math.max(0, (assistant?.turnTimeoutMs ?? 0) - activeMs - begun);
  }
}
