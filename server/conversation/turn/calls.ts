import type { EventDraft } from "../../../protocol/events.ts";
import { admit, goOn, repeat, resume } from "./admission.ts";
import type { AdmissionContext } from "./admission-context.ts";
import { refuse } from "./call-drafts.ts";
import { endCall } from "./call-end.ts";
import { asItRuns, HANDLING, type CallState } from "./call-state.ts";
import { JournalMovedError } from "../ports/errors.ts";
import { launchCall } from "./launch-call.ts";
import type { Mail } from "./mail.ts";
import { inputRequested, pausedDrafts } from "./pause.ts";
import type { StoredResult } from "../ports/store.ts";
import type { ToolResult } from "../ports/tools.ts";
import type { Passing } from "./passing.ts";
import { DEFAULT_RESULT_BYTES, type Run } from "./run.ts";
import { requestSignIn } from "./sign-in.ts";
import type { ToolsAtHand } from "./tools-at-hand.ts";
import { lost, notConnected, withdrawInputs } from "./turn-drafts.ts";
import { refusalText } from "../prompt/tool-text.ts";

/** The calls of a turn: what happens to each, making them, and writing down what they return. */
export class Calls {
  readonly #run: Run;
  readonly #tools: ToolsAtHand;

  constructor(run: Run, tools: ToolsAtHand) {
    this.#run = run;
    this.#tools = tools;
  }

  /**
   * Writes down what came in. Where somebody answered in the same moment, it cannot be written; it is then looked at
   * again with that answer.
   */
  async *takeIn(mail: readonly Mail[]): AsyncGenerator<Passing, void> {
    const run = this.#run;
    for (const item of mail) if (item.kind === "progress") yield item;
    while (mail.length > 0) {
      const results: Record<string, StoredResult> = {};
      const drafts = mail.flatMap((item) => this.#draftsOf(item, results));
      try {
        if (drafts.length > 0) await run.append(drafts, { results });
        break;
      } catch (error) {
        if (!(error instanceof JournalMovedError)) throw error;
        await run.catchUp();
      }
    }
    for (const item of mail) this.#done(item);
    if (mail.some((item) => item.kind === "poke")) await run.catchUp();
  }

  /** Decided calls start, answered ones go on, refused ones end. False: the assistant was removed. */
  async advance(calls: readonly CallState[]): Promise<boolean> {
    const context = await this.#tools.admission();
    if (context === undefined) return false;
    const drafts = await Promise.all(calls.map((call) => advanced(call, context)));
    await this.#run.append(drafts);
    this.launch(drafts);
    return true;
  }

  /**
   * Calls that were begun by a run that is gone. A task is asked for its end. Others are repeated only where the owner
   * said that this does no harm; otherwise they end as unknown. What they asked is withdrawn: whoever waited for the
   * answer is gone.
   */
  async recover(calls: readonly CallState[]): Promise<void> {
    const run = this.#run;
    const context = await this.#tools.admission();
    const tasks = calls.filter((call) => call.goesOnWith === "task" && this.#tools.get(call.proposed.name ?? "") !== undefined);
    const others = calls
      .filter((call) => !tasks.includes(call))
      .map((call): EventDraft => (context && call.cancelRequested !== true ? repeat(call, context) : undefined) ?? lost(call));
    const drafts = [...calls.flatMap(withdrawInputs), ...others];
    if (drafts.length > 0) await run.append(drafts);
    for (const call of tasks) this.#launchCall(call.callId);
    this.launch(drafts);
  }

  /** Makes the calls whose beginning, or going on, was just written. */
  launch(drafts: readonly EventDraft[]): void {
    for (const draft of drafts)
      if (draft.type === "tool-call-started" || draft.type === "tool-call-resumed") this.#launchCall(draft.callId);
  }

  #launchCall(callId: string): void {
    const call = this.#run.state.turn?.calls.get(callId);
    const tool = this.#tools.get(call?.proposed.name ?? "");
    const input = call && asItRuns(call).arguments;
    if (call !== undefined && input !== undefined && tool !== undefined) launchCall(this.#run, tool, call, input);
    if (call?.cancelRequested === true) this.#run.inFlight.get(callId)?.cancel("stop");
  }

  #draftsOf(mail: Mail, results: Record<string, StoredResult>): EventDraft[] {
    if (mail.kind === "poke" || mail.kind === "progress") return [];
    const run = this.#run;
    const call = run.state.turn?.calls.get(mail.callId);
    if (call === undefined || call.status === "ended") return [];
    const { clock } = run.ports;
    const { assistant } = run;
    switch (mail.kind) {
      case "ask":
        // Nobody waits for the answer now.
        if (run.inFlight.get(mail.callId)?.isOpen(mail.requestId) !== true) return [];
        return [inputRequested(call, mail.requestId, mail.request, { assistant, clock })];
      case "sampled":
        return [mail.ended];
      case "task": {
        const { turnId } = call.proposed;
        return [{ type: "tool-call-task", turnId, callId: call.callId, ...mail.task }];
      }
      case "end":
        return [...withdrawInputs(call), ...this.#ended(call, mail, results)];
    }
  }

  #ended(call: CallState, { end, durationMs }: Extract<Mail, { kind: "end" }>, results: Record<string, StoredResult>): EventDraft[] {
    const run = this.#run;
    const { assistant } = run;
    const { clock } = run.ports;
    const { result } = end;
    const stopped = run.state.turn?.stopRequested === true || call.cancelRequested === true;
    const finish = (given: ToolResult): EventDraft => {
      const { event, stored } = endCall(call, given, call.spentMs + durationMs, assistant?.resultBytes ?? DEFAULT_RESULT_BYTES);
      if (stored !== undefined) results[call.callId] = stored;
      return event;
    };
    if (result.outcome === "needs-connection") {
      if (assistant === undefined || (stopped && call.task === undefined))
        return [refuse(call.proposed, "withdrawn", refusalText("withdrawn", undefined))];
      return [stopped ? lost(call) : requestSignIn(call.proposed, result.need, call, { assistant, clock })];
    }
    if (result.outcome !== "paused") return [finish(result)];
    const { drafts, fault } = pausedDrafts(call, result, end.samplings, { assistant, clock, durationMs });
    if (stopped) return [...Object.values(end.samplings), finish({ outcome: "cancelled", content: [] })];
    return fault === undefined ? drafts : [...drafts, finish({ outcome: "failed", content: [], cause: fault })];
  }

  #done(mail: Mail): void {
    const run = this.#run;
    if (mail.kind === "sampled" || mail.kind === "task") mail.kept();
    if (mail.kind !== "end") return;
    run.inFlight.delete(mail.callId);
    const call = run.state.turn?.calls.get(mail.callId);
    const { result } = mail.end;
    if (call?.ended?.keep !== undefined && "content" in result) run.tellWhole(mail.callId, result, result, call.proposed.tool.title);
    if (call?.ended !== undefined)
      run.ports.meter.toolCalled(call.proposed.tool.server, call.ended.outcome, call.ended.durationMs ?? mail.durationMs);
  }
}

async function advanced(call: CallState, context: AdmissionContext): Promise<EventDraft> {
  const { next } = HANDLING[call.status];
  switch (next) {
    case "admit":
      return admit(asItRuns(call), context, call);
    case "resume":
      return resume(call, context);
    case "go-on":
      return goOn(call, context);
    case "refuse-unconnected": {
      const decision = call.connectionDecision?.decision;
      return notConnected(call, decision === undefined || decision === "connected" ? "expired" : decision);
    }
    case "rest":
    case "run":
    case "over":
      throw new TypeError(`Call ${call.callId} is ${call.status}, so its run may not move it. nextMove has to leave it alone.`);
  }
}
