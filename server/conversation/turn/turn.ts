import type { TurnErrorCode } from "../../../protocol/errors.ts";
import type { EventDraft } from "../../../protocol/events.ts";
import { admit, refuse, repeat, resume, type AdmissionContext } from "./admission.ts";
import type { Assistant } from "../assistant.ts";
import { endCall } from "./call-end.ts";
import { ApprovalTakenError } from "../errors.ts";
import { Asking } from "./asking.ts";
import type { StepEnd } from "./model-step.ts";
import { nextMove, type Move } from "./next-move.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { StoredResult, Tool } from "../ports.ts";
import { readResultTool } from "../prompt/read-result-tool.ts";
import type { Mail, Passing, Run } from "./run.ts";
import { refusalText } from "../prompt/tool-text.ts";
import { endOpen, expire, lost, speakableName, stepEnded } from "./turn-drafts.ts";
import { turnErrorOf } from "./turn-error.ts";
import type { CallState, OpenTurn } from "./turn-state.ts";

/** Why the generator returned: nothing is open; a person has to decide until `wakeAt`; or it had to leave, and the journal keeps the rest. */
export type Rest = { readonly kind: "idle" } | { readonly kind: "waiting"; readonly wakeAt?: number } | { readonly kind: "left" };

/**
 * Answers what is open in a conversation: reads the journal, makes the next move, until nothing is open or a person has to decide. It holds nothing that is
 * not in the journal but what is passing, which it yields. Throws `LeaseLostError`, and whatever the store throws.
 */
export class Turn {
  readonly #run: Run;
  #tools: ReadonlyMap<string, Tool> | undefined;
  #unavailable: ReadonlySet<string> = new Set();
  readonly #reported = new Set<string>();

  constructor(run: Run) {
    this.#run = run;
  }

  async *moves(): AsyncGenerator<Passing, Rest> {
    const run = this.#run;
    for (;;) {
      if (run.leaving.aborted) {
        // A call that is under way is worth its answer; nothing new begins.
        if (run.leaving.reason === "lease" || run.inFlight.size === 0) return { kind: "left" };
        yield* this.#takeIn(await run.mailbox.take());
        continue;
      }
      yield* this.#takeIn(run.mailbox.drain());
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
        if (!(error instanceof ApprovalTakenError)) throw error;
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
        yield* this.#wait();
        return;
      case "begin":
        this.#tools = undefined;
        run.armStop();
        await run.append([{ type: "turn-started", turnId: run.dependencies.clock.id(), messageId: move.message.messageId }]);
        return;
      case "expire":
        await run.append(move.calls.flatMap((call) => expire(call)));
        return;
      case "recover":
        await this.#recover(move.calls);
        return;
      case "advance":
        await this.#advance(move.calls);
        return;
      case "stop":
        await this.#end("stopped");
        return;
      case "end":
        await this.#end("done");
        return;
    }
  }

  // ─── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Waits for calls that run here, under the turn's time limit. Leaving waits for them too: a call that is under way is worth its answer. */
  async *#wait(): AsyncGenerator<Passing, void> {
    const run = this.#run;
    if (run.state.turn?.stopRequested === true) run.cancelCalls("stop");
    const callOff = run.dependencies.clock.after(this.#remainingMs(), () => run.cancelCalls("time"));
    try {
      yield* this.#takeIn(await run.mailbox.take());
    } finally {
      callOff();
    }
  }

  async *#takeIn(mail: readonly Mail[]): AsyncGenerator<Passing, void> {
    const run = this.#run;
    const events: EventDraft[] = [];
    const results: Record<string, StoredResult> = {};
    let poked = false;
    for (const item of mail) {
      if (item.kind === "poke") poked = true;
      else if (item.kind === "progress") yield item;
      else this.#takeResult(item, events, results);
    }
    if (events.length > 0) await run.append(events, results);
    if (poked) await run.catchUp();
  }

  #takeResult(mail: Extract<Mail, { kind: "result" }>, events: EventDraft[], results: Record<string, StoredResult>): void {
    const run = this.#run;
    const call = run.state.turn?.calls.get(mail.callId);
    run.inFlight.delete(mail.callId);
    if (call === undefined) return;
    const { event, stored } = endCall(call, mail.result, mail.durationMs, run.assistant?.resultBytes ?? 16_384);
    events.push(event);
    if (stored !== undefined) results[mail.callId] = stored;
    run.dependencies.meter.toolCalled(call.proposed.tool.server, mail.result.outcome, mail.durationMs);
  }

  async #advance(calls: readonly CallState[]): Promise<void> {
    const context = await this.#context();
    if (context === undefined) return this.#end("failed", { error: "assistant-removed" });
    const drafts = calls.map((call) => (call.status === "proposed" ? admit(call.proposed, context) : resume(call, context)));
    await this.#run.append(drafts);
    this.#launch(drafts);
  }

  /** Calls that a run began which is gone. Repeated only where the owner said that this does no harm; else nobody knows, and that is said. */
  async #recover(calls: readonly CallState[]): Promise<void> {
    const context = await this.#context();
    const drafts = calls.map((call): EventDraft => (context && repeat(call, context)) ?? lost(call));
    await this.#run.append(drafts);
    this.#launch(drafts);
  }

  #launch(drafts: readonly EventDraft[]): void {
    const run = this.#run;
    for (const draft of drafts) {
      if (draft.type !== "tool-call-started") continue;
      const call = run.state.turn?.calls.get(draft.callId);
      const tool = this.#tools?.get(call?.proposed.name ?? "");
      if (call?.proposed.arguments !== undefined && tool !== undefined) run.launch(tool, draft.callId, call.proposed.arguments);
    }
  }

  async #context(): Promise<AdmissionContext | undefined> {
    const run = this.#run;
    const { assistant, dependencies } = run;
    const turn = run.state.turn;
    if (assistant === undefined || turn === undefined) return undefined;
    const tools = await this.#toolbox(assistant, turn);
    const remembers = assistant.connectors.some((connector) =>
      Object.values(connector.permissions).some((permission) => permission.rememberable),
    );
    const grants = remembers ? await dependencies.store.grants(run.id) : [];
    return { assistant, turn, grants, clock: dependencies.clock, tool: (name) => tools.get(name), unavailable: this.#unavailable };
  }

  /** The tools as they are now. A server that is down costs its tools and a note. */
  async #toolbox(assistant: Assistant, turn: OpenTurn): Promise<ReadonlyMap<string, Tool>> {
    const run = this.#run;
    const { tools, store } = run.dependencies;
    const toolbox = await tools.open({
      assistant,
      conversationId: run.id,
      customerId: run.conversation.customerId,
      sessionId: run.state.sessionId ?? run.id,
      signal: run.leaving,
    });
    const news = toolbox.unavailable.filter((source) => !this.#reported.has(`${turn.turnId} ${source.server}`));
    if (news.length > 0) {
      for (const source of news) this.#reported.add(`${turn.turnId} ${source.server}`);
      await run.append(news.map((source) => ({ type: "tools-unavailable", turnId: turn.turnId, ...source })));
    }
    const all = toolbox.tools.length === 0 ? [] : [...toolbox.tools, readResultTool(store, run.id, assistant.resultBytes)];
    this.#tools = new Map(all.map((tool) => [tool.name, tool]));
    this.#unavailable = new Set(toolbox.unavailable.map((source) => source.server));
    return this.#tools;
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
    const tools = await this.#toolbox(assistant, turn);
    return new Asking(run, { assistant, turn, tools: [...tools.values()], remainingMs });
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
    const run = this.#run;
    const context = await this.#context();
    if (context === undefined) return this.#end("failed", { error: "assistant-removed" });
    const overLimit = turn.steps >= assistant.maxSteps - 1;
    const drafts = end.calls.flatMap((call): EventDraft[] => {
      const tool = context.tool(call.name);
      const parsed = parseArguments(call.argumentsText);
      const name = tool === undefined ? speakableName(call.name) : call.name;
      const proposed = {
        type: "tool-call-proposed",
        turnId: turn.turnId,
        step: turn.steps,
        callId: run.dependencies.clock.id(),
        modelCallId: call.modelCallId,
        name,
        tool: tool?.reference ?? { source: "host", server: "unknown", serverName: "", tool: name, title: name },
        ...(parsed === undefined ? { argumentsText: call.argumentsText.slice(0, 4_096) } : { arguments: parsed }),
        ...(tool === undefined ? {} : { definitionHash: tool.definitionHash }),
      } as const satisfies EventDraft;
      if (overLimit) return [proposed, refuse(proposed, "step-limit", refusalText("step-limit", undefined))];
      if (tool === undefined) return [proposed, refuse(proposed, "unknown-tool", refusalText("unknown-tool", undefined))];
      return [proposed, admit(proposed, context)];
    });
    await run.append([stepEnded(turn, end, assistant), ...drafts]);
    this.#launch(drafts);
  }

  // ─── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #end(
    outcome: "done" | "stopped" | "failed",
    more: { before?: readonly EventDraft[]; error?: TurnErrorCode; cause?: string } = {},
  ): Promise<void> {
    const run = this.#run;
    const turn = run.state.turn;
    if (turn === undefined) return;
    const { before = [], error, cause } = more;
    await run.append([
      ...before,
      ...endOpen(turn),
      {
        type: "turn-ended",
        turnId: turn.turnId,
        outcome,
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      },
    ]);
    run.dependencies.meter.turnEnded(run.conversation.assistant, error ?? outcome, turn.activeMs);
  }

  #remainingMs(): number {
    const { assistant, state } = this.#run;
    return (assistant?.turnTimeoutMs ?? 0) - (state.turn?.activeMs ?? 0);
  }
}
