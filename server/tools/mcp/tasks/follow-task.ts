import type { ConnectionNeeded, TaskHandle, ToolResult } from "../../../conversation/ports/tools.ts";
import { clockPause } from "../../../foundation/clock-pause.ts";
import { UnreadableResultError } from "../../calls/result-content.ts";
import { plainText } from "../../definitions/plain-text.ts";
import { answeredResult, cancelledResult } from "../calls/call-result.ts";
import type { OpenCall } from "../calls/open-call.ts";
import { UnusableInputError } from "../questions/input-required.ts";
import { signInNeed } from "../wire/needs-sign-in-error.ts";
import type { ServerQuestions } from "../wire/server-questions.ts";
import { RemoteTask, TaskGoneError } from "./remote-task.ts";
import { cancelledByServer, failedResult, goneResult } from "./task-end.ts";
import { taskInput } from "./task-input.ts";
import type { TaskState } from "./task-state.ts";

/** How long a server may be away before a task of it is given up. */
const AWAY_MS = 10 * 60_000;
const LONGEST_RETRY_MS = 30_000;
/** A server may be late in saying how a task ended. */
const GRACE_MS = 30_000;

/**
 * Asks for a task until it has ended, in both forms (revision 2025-11-25, and the extension of 2026-07-28), answering
 * what it wants to know meanwhile. Stop cancels it. Does not settle when the process leaves, so that nobody takes the
 * task for ended; ends with a missing sign-in where that can be asked for, and goes on after it. Never rejects.
 */
export async function followTask(call: OpenCall, task: TaskHandle, questions: ServerQuestions): Promise<ToolResult | ConnectionNeeded> {
  // What is waited for here is no call under way: the poll has its own limits.
  return call.scope.untimed(() => new TaskPoll(call, task, questions).run());
}

class TaskPoll {
  readonly #call: OpenCall;
  readonly #task: RemoteTask;
  readonly #answered = new Set<string>();
  readonly #keptUntil: number;
  #pollMs: number;
  #awaySince: number | undefined;
  #polls = 0;

  constructor(call: OpenCall, task: TaskHandle, questions: ServerQuestions) {
    this.#call = call;
    this.#task = new RemoteTask(call, task, questions);
    this.#pollMs = task.pollMs;
    this.#keptUntil = task.keptUntil ?? Number.POSITIVE_INFINITY;
  }

  async run(): Promise<ToolResult | ConnectionNeeded> {
    const { clock, settings, scope, leaving } = this.#call;
    for (;;) {
      await clockPause(clock, this.#pollMs, this.#task.stopped);
      const { signal } = scope.context;
      if (leaving.aborted || (signal.aborted && (signal.reason === "shutdown" || signal.reason === "lease")))
        return new Promise<never>(() => undefined);
      if (signal.aborted) {
        await this.#task.cancel();
        return cancelledResult(true, settings);
      }
      if (clock.now() > this.#keptUntil + GRACE_MS) {
        await this.#task.cancel();
        return goneResult(settings, "it did not end in the time for which the server keeps it");
      }
      try {
        const result = await this.#poll();
        this.#awaySince = undefined;
        if (result !== undefined) return result;
      } catch (error) {
        const end = this.#task.stopped.aborted ? undefined : await this.#afterFault(error);
        if (end !== undefined) return end;
      }
    }
  }

  /** The end that a failed look leads to; undefined: the server may only be away, and is asked again later. */
  async #afterFault(error: unknown): Promise<ToolResult | ConnectionNeeded | undefined> {
    const { clock, settings, personal } = this.#call;
    if (error instanceof TaskGoneError || error instanceof UnusableInputError || error instanceof UnreadableResultError) {
      if (error instanceof UnusableInputError) await this.#task.cancel();
      return goneResult(settings, error.message);
    }
    // A sign-in that nobody here can be asked for is waited for like a server that is away.
    const need = personal ? signInNeed(error) : undefined;
    if (need !== undefined) return { outcome: "needs-connection", need };
    this.#awaySince ??= clock.now();
    if (clock.now() - this.#awaySince > AWAY_MS) return goneResult(settings, `the server cannot be asked (${messageOf(error)})`);
    this.#pollMs = Math.min(this.#pollMs * 2, LONGEST_RETRY_MS);
    return undefined;
  }

  /** One look at the task; its result when it has one. */
  async #poll(): Promise<ToolResult | undefined> {
    const { scope, settings } = this.#call;
    const state = await this.#task.state();
    this.#pollMs = state.pollMs;
    this.#polls += 1;
    switch (state.status) {
      case "working":
        if (state.message !== undefined) scope.context.onProgress({ progress: this.#polls, message: state.message });
        return undefined;
      case "input_required":
        if (state.inputRequests === undefined) return answeredResult(await this.#task.result(), settings);
        await this.#answer(state.inputRequests);
        return undefined;
      case "completed":
        return answeredResult(state.result ?? (await this.#task.result()), settings);
      case "failed":
        return state.error === undefined && state.result === undefined ? this.#failed(state) : failedResult(settings, state);
      case "cancelled":
        return cancelledByServer(settings, state);
    }
  }

  async #failed(state: TaskState): Promise<ToolResult> {
    const { settings } = this.#call;
    try {
      const result = answeredResult(await this.#task.result(), settings);
      return result.outcome === "ok" ? { ...result, outcome: "failed", cause: `${settings.name} says that the task failed.` } : result;
    } catch {
      return failedResult(settings, state);
    }
  }

  async #answer(requests: Readonly<Record<string, unknown>>): Promise<void> {
    const fresh = Object.fromEntries(Object.entries(requests).filter(([key]) => !this.#answered.has(key)));
    const answers = await taskInput(fresh, this.#call.scope);
    if (Object.keys(answers).length === 0 || this.#task.stopped.aborted) return;
    await this.#task.answer(answers);
    for (const key of Object.keys(answers)) this.#answered.add(key);
  }
}

function messageOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error), 200);
}
