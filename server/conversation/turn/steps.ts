import type { TurnErrorCode } from "../../../protocol/errors.ts";
import type { EventDraft } from "../../../protocol/events.ts";
import type { Assistant } from "../ports/assistant.ts";
import { PersonAnswersError } from "../ports/errors.ts";
import { modelRequest } from "../prompt/prompt.ts";
import { refusalText } from "../prompt/tool-text.ts";
import { absentTool } from "./absent-tool.ts";
import { admit } from "./admission.ts";
import { Asking } from "./asking.ts";
import { filledIn } from "./bound-arguments.ts";
import { refuse } from "./call-drafts.ts";
import type { Calls } from "./calls.ts";
import { endTurn } from "./end-turn.ts";
import type { ModelCall, StepEnd } from "./model-step.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Run } from "./run.ts";
import { stepParts } from "./step-parts.ts";
import type { ToolsAtHand } from "./tools-at-hand.ts";
import { speakableName, stepEnded } from "./turn-drafts.ts";
import { turnErrorOf } from "./turn-error.ts";
import type { OpenTurn } from "./turn-state.ts";
import { remainingMs } from "./turn-time.ts";
import { countPrompt, countUnwritten } from "./unwritten-usage.ts";

type EndOf<Kind extends StepEnd["kind"]> = Extract<StepEnd, { kind: Kind }>;

/** The model steps of a turn: asking for one within the turn's limits, and what follows from how it ended. */
export class Steps {
  readonly #run: Run;
  readonly #tools: ToolsAtHand;
  readonly #calls: Calls;

  constructor(run: Run, tools: ToolsAtHand, calls: Calls) {
    this.#run = run;
    this.#tools = tools;
    this.#calls = calls;
  }

  /** Begins to ask for the next step; undefined when the turn ended instead, because a limit is reached. */
  async begin({ asksAgain }: { readonly asksAgain: boolean }): Promise<Asking | undefined> {
    const run = this.#run;
    const { assistant, state } = run;
    const turn = state.turn;
    if (turn === undefined) return undefined;
    if (assistant === undefined) return this.#endWith({ error: "assistant-removed" });
    if (turn.steps >= assistant.maxSteps) {
      await endTurn(run, "done");
      return undefined;
    }
    if (asksAgain) await this.#countLost(assistant, turn);
    if (turn.steps === 0 && (await this.#isOverBudget(assistant))) return undefined;
    if (turn.tokens >= assistant.turnTokens) return this.#endWith({ error: "token-limit", cause: `The turn used ${turn.tokens} tokens.` });
    const leftMs = remainingMs(run);
    if (leftMs <= 0) return this.#endWith({ error: "time-limit", cause: `The turn took ${turn.activeMs} ms.` });
    return new Asking(run, { assistant, turn, tools: await this.#tools.offered(assistant, turn), remainingMs: leftMs });
  }

  async end({ assistant, turn, end }: Asking): Promise<void> {
    const run = this.#run;
    run.isAsking = false;
    if (end === undefined) return;
    run.ports.meter.stepEnded(assistant.key, end.usage, end.firstTokenMs);
    if (end.kind === "interrupted") return this.#interrupted(assistant, turn, end);
    // Stopped in the moment in which it was done: what it wanted to call is not called.
    if (end.kind === "finished" && run.stopping.aborted)
      return this.#interrupted(assistant, turn, { ...end, kind: "interrupted", by: "stop" });
    if (end.kind === "failed") return this.#failed(assistant, turn, end);
    try {
      await this.#finished(assistant, turn, end);
    } catch (error) {
      // A person joined in the moment in which it was done: it is as if it had been stopped then.
      if (!(error instanceof PersonAnswersError)) throw error;
      await this.#interrupted(assistant, turn, { ...end, kind: "interrupted", by: "stop" });
    }
  }

  /** An answer that has begun is finished; a new one is refused, and then the turn has ended here. */
  async #isOverBudget(assistant: Assistant): Promise<boolean> {
    const run = this.#run;
    if (run.ports.budgets === undefined || run.seat !== undefined) return false;
    const admitted = run.ahead.handSeat(run.id) ?? (await run.ports.budgets.admit(assistant));
    if ("cause" in admitted) {
      await this.#endWith({ error: "budget-reached", cause: admitted.cause });
      return true;
    }
    run.seat = admitted;
    return false;
  }

  /** An earlier run asked for this step and is gone: its prompt was paid for. */
  async #countLost(assistant: Assistant, turn: OpenTurn): Promise<void> {
    const run = this.#run;
    const tools = await this.#tools.offered(assistant, turn);
    countPrompt(run.ports, assistant, modelRequest(stepParts({ assistant, turn, history: run.history, tools, facts: run.facts })));
  }

  async #endWith(failure: { error: TurnErrorCode; cause?: string }): Promise<undefined> {
    await endTurn(this.#run, "failed", failure);
    return undefined;
  }

  async #interrupted(assistant: Assistant, turn: OpenTurn, end: EndOf<"interrupted">): Promise<void> {
    // Leaving writes nothing: the next run asks for this step again.
    if (end.by === "shutdown" || end.by === "lease") return;
    const before = this.#cut(assistant, turn, end, "stopped");
    if (end.by === "stop") return endTurn(this.#run, "stopped", { before: [...this.#stopRequested(turn), ...before] });
    return endTurn(this.#run, "failed", { before, error: "time-limit", cause: `The model's step was cut after ${end.durationMs} ms.` });
  }

  /** Whoever interrupted it here has not written so; any other Stop is in the journal. */
  #stopRequested({ turnId }: OpenTurn): readonly EventDraft[] {
    const { interruptedBy: by } = this.#run;
    return by === undefined ? [] : [{ type: "stop-requested", turnId, by }];
  }

  /** What was said until then; a step without a word is none, and counts all the same. */
  #cut(assistant: Assistant, turn: OpenTurn, end: StepEnd, cut: "stopped" | "broken"): readonly EventDraft[] {
    if (end.text !== "") return [stepEnded(turn, end, assistant, cut)];
    countUnwritten(this.#run.ports, assistant, end.usage);
    return [];
  }

  async #failed(assistant: Assistant, turn: OpenTurn, end: EndOf<"failed">): Promise<void> {
    const { kind, message: cause } = end.error;
    // What only the owner can mend is an error; the rest passes by itself.
    const level = kind === "misconfigured" ? "error" : "warn";
    this.#run.ports.log[level]({ conversationId: this.#run.id, assistant: assistant.key, kind, cause }, "A model step failed.");
    const before = this.#cut(assistant, turn, end, "broken");
    return endTurn(this.#run, "failed", { before, error: turnErrorOf(end.error, end.text !== ""), cause });
  }

  async #finished(assistant: Assistant, turn: OpenTurn, end: EndOf<"finished">): Promise<void> {
    const run = this.#run;
    if (end.reason === "refused") {
      const before = [stepEnded(turn, end, assistant)];
      return endTurn(run, "failed", { before, error: "model-refused", cause: "The model refused to answer." });
    }
    if (end.calls.length > 0) return this.#propose(assistant, turn, end);
    if (end.reason === "length") {
      const cause = `The answer reached the limit of ${assistant.model.maxOutputTokens} tokens a step.`;
      return endTurn(run, "failed", { before: [stepEnded(turn, end, assistant, "broken")], error: "token-limit", cause });
    }
    if (end.text.trim() === "" && turn.steps === 0) {
      countUnwritten(run.ports, assistant, end.usage);
      return endTurn(run, "failed", { error: "answer-broken", cause: "The model ended its answer without a word." });
    }
    return endTurn(run, "done", { before: [stepEnded(turn, end, assistant)] });
  }

  /** Writes the step, its calls and what was decided about each in one append, and starts those that may start. */
  async #propose(assistant: Assistant, turn: OpenTurn, end: StepEnd): Promise<void> {
    const context = await this.#tools.admission();
    if (context === undefined) return endTurn(this.#run, "failed", { error: "assistant-removed" });
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
      callId: this.#run.ports.clock.id(),
      modelCallId: call.modelCallId,
      name,
      tool: tool?.reference ?? absentTool(assistant, name, (server) => this.#tools.serverName(server)),
      ...(parsed === undefined ? { argumentsText: call.argumentsText.slice(0, 4_096) } : filledIn(tool ?? {}, parsed)),
      ...(tool === undefined ? {} : { definitionHash: tool.definitionHash }),
      ...(tool?.view === undefined ? {} : { view: { uri: tool.view.uri } }),
    } as const satisfies EventDraft;
  }
}
