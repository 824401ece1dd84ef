import type { Clock } from "../../../foundation/clock.ts";
import type { ConnectionNeeded, TaskHandle, ToolResult } from "../../../conversation/ports/tools.ts";
import { answeredResult, cancelledResult, textResult } from "../calls/call-result.ts";
import type { CallScope } from "../calls/call-scope.ts";
import { clockPause } from "../../../foundation/clock-pause.ts";
import type { McpConnection } from "../wire/mcp-connection.ts";
import type { McpSdk } from "../wire/mcp-sdk.ts";
import { signInNeed } from "../wire/needs-sign-in-error.ts";
import { plainText } from "../../definitions/plain-text.ts";
import { elicitAnswer } from "../questions/elicitation.ts";
import { readInputRequests, UnusableInputError, type WantedInput } from "../questions/input-required.ts";
import { UnreadableResultError } from "../calls/result-content.ts";
import { samplingResult } from "../questions/sampling.ts";
import type { McpServerSettings } from "../servers/settings.ts";
import { readTaskState, type TaskState } from "./task-state.ts";

/** How long a server may be away before a task of it is given up. */
const AWAY_MS = 10 * 60_000;
const LONGEST_RETRY_MS = 30_000;
/** A server may be late in telling how a task ended. */
const GRACE_MS = 30_000;
const CANCEL_MS = 2_000;

export interface FollowedTask {
  readonly task: TaskHandle;
  /** The connection that there is, or a new one. Throws. */
  readonly connect: () => Promise<McpConnection>;
  readonly scope: CallScope;
  readonly settings: McpServerSettings;
  readonly clock: Clock;
  readonly sdk: McpSdk;
  /** Aborted when the process or this conversation's connections go: the task goes on, and somebody else asks for it. */
  readonly leaving: AbortSignal;
  /** Whether the customer can be asked to sign in; else a missing sign-in is waited for like a server that is away. */
  readonly personal: boolean;
}

/** The task was told to somebody else than the server that we ask now, or is forgotten there. */
class TaskGoneError extends Error {
  override readonly name = "TaskGoneError";
}

/**
 * Asks for a task until it has ended, in both forms (revision 2025-11-25, and the extension of 2026-07-28), answering what it wants to know meanwhile. Stop
 * cancels it. Does not settle when the process leaves, so that nobody takes the task for ended; ends with a missing sign-in where that can be asked for, and
 * goes on after it. Never rejects.
 */
export async function followTask(parts: FollowedTask): Promise<ToolResult | ConnectionNeeded> {
  // What is waited for here is no call under way: the poll has its own limits.
  return parts.scope.untimed(() => new TaskPoll(parts).run());
}

class TaskPoll {
  readonly #parts: FollowedTask;
  readonly #stopped: AbortSignal;
  readonly #answered = new Set<string>();
  #keptUntil: number;
  #pollMs: number;
  #awaySince: number | undefined;
  #polls = 0;

  constructor(parts: FollowedTask) {
    this.#parts = parts;
    this.#stopped = AbortSignal.any([parts.scope.context.signal, parts.leaving]);
    this.#pollMs = parts.task.pollMs;
    this.#keptUntil = parts.task.keptUntil ?? Number.POSITIVE_INFINITY;
  }

  async run(): Promise<ToolResult | ConnectionNeeded> {
    const { clock, settings, scope, leaving } = this.#parts;
    for (;;) {
      await clockPause(clock, this.#pollMs, this.#stopped);
      const reason: unknown = scope.context.signal.reason;
      if (leaving.aborted || (scope.context.signal.aborted && (reason === "shutdown" || reason === "lease")))
        return new Promise<never>(() => undefined);
      if (scope.context.signal.aborted) {
        await this.#cancel();
        return cancelledResult(true, settings);
      }
      if (clock.now() > this.#keptUntil + GRACE_MS) {
        await this.#cancel();
        return gone(settings, "it did not end in the time for which the server keeps it");
      }
      try {
        const result = await this.#poll();
        this.#awaySince = undefined;
        if (result !== undefined) return result;
      } catch (error) {
        if (this.#stopped.aborted) continue;
        if (error instanceof TaskGoneError || error instanceof UnusableInputError || error instanceof UnreadableResultError) {
          if (error instanceof UnusableInputError) await this.#cancel();
          return gone(settings, error.message);
        }
        const need = this.#parts.personal ? signInNeed(error) : undefined;
        if (need !== undefined) return { outcome: "needs-connection", need };
        this.#awaySince ??= clock.now();
        if (clock.now() - this.#awaySince > AWAY_MS) return gone(settings, `the server cannot be asked (${messageOf(error)})`);
        this.#pollMs = Math.min(this.#pollMs * 2, LONGEST_RETRY_MS);
      }
    }
  }

  /** One look at the task; its result when it has one. */
  async #poll(): Promise<ToolResult | undefined> {
    const { scope, settings } = this.#parts;
    const connection = await this.#parts.connect();
    const state = readTaskState(await this.#ask(connection, "tasks/get"));
    if (state === undefined || state.taskId !== this.#parts.task.taskId)
      throw new TaskGoneError("the server's answer is not about this task");
    this.#pollMs = state.pollMs;
    this.#polls += 1;
    switch (state.status) {
      case "working":
        if (state.message !== undefined) scope.context.onProgress({ progress: this.#polls, message: state.message });
        return undefined;
      case "input_required":
        if (state.inputRequests === undefined) return this.#resultOf(connection, undefined);
        await this.#answer(connection, state.inputRequests);
        return undefined;
      case "completed":
        return this.#resultOf(connection, state);
      case "failed":
        return state.error === undefined && state.result === undefined ? this.#failed(connection, state) : failed(settings, state);
      case "cancelled":
        return textResult("cancelled", "The server cancelled the call.", `${settings.name} cancelled the task${said(state)}.`);
    }
  }

  /** The result in the state, or as the older form has it: from a request that waits for it, and on which the server may ask. */
  async #resultOf(connection: McpConnection, state: TaskState | undefined): Promise<ToolResult> {
    const raw = state?.result ?? (await this.#ask(connection, "tasks/result"));
    return answeredResult(raw, this.#parts.settings);
  }

  async #failed(connection: McpConnection, state: TaskState): Promise<ToolResult> {
    const { settings } = this.#parts;
    try {
      const result = answeredResult(await this.#ask(connection, "tasks/result"), settings);
      return result.outcome === "ok" ? { ...result, outcome: "failed", cause: `${settings.name} says that the task failed.` } : result;
    } catch {
      return failed(settings, state);
    }
  }

  async #answer(connection: McpConnection, requests: Readonly<Record<string, unknown>>): Promise<void> {
    const { scope, task } = this.#parts;
    const fresh = Object.fromEntries(Object.entries(requests).filter(([key]) => !this.#answered.has(key)));
    const wanted = readInputRequests(fresh, scope.samplingTokens);
    for (const refusal of wanted.refusals) scope.refused(refusal);
    const inputResponses = { ...wanted.answered, ...(await this.#asked(wanted)) };
    if (Object.keys(inputResponses).length === 0 || this.#stopped.aborted) return;
    await connection.task("tasks/update", { taskId: task.taskId, inputResponses }, scope, this.#limits());
    for (const key of Object.keys(inputResponses)) this.#answered.add(key);
  }

  async #asked({ asked }: Pick<WantedInput, "asked">): Promise<Record<string, object>> {
    const { scope } = this.#parts;
    const answers = await Promise.all(
      Object.entries(asked).map(async ([key, request]): Promise<[string, object]> => {
        if (request.kind === "sampling") {
          const answer = await scope.sample(request);
          if (answer.kind === "refused") throw new UnusableInputError(`its request to our model was refused: ${answer.cause}`);
          return [key, samplingResult(answer)];
        }
        const answer = await scope.ask(request);
        return [key, answer === undefined ? { action: "decline" } : elicitAnswer(request, answer)];
      }),
    );
    return Object.fromEntries(answers);
  }

  async #ask(connection: McpConnection, method: "tasks/get" | "tasks/result"): Promise<unknown> {
    const { scope, task, sdk } = this.#parts;
    try {
      const limits = method === "tasks/get" ? this.#limits() : { signal: this.#stopped };
      return await connection.task(method, { taskId: task.taskId }, scope, limits);
    } catch (error) {
      // Whatever else the server says of a task is that it has none.
      if (error instanceof sdk.ProtocolError && error.code !== INTERNAL_ERROR)
        throw new TaskGoneError(`the server says: ${plainText(error.message, 300)}`);
      throw error;
    }
  }

  #limits(): { signal: AbortSignal; timeoutMs: number } {
    return { signal: this.#stopped, timeoutMs: this.#parts.settings.callTimeoutMs };
  }

  /** As well as it can be done; the server need not agree. */
  async #cancel(): Promise<void> {
    const { scope, task, leaving } = this.#parts;
    try {
      const connection = await this.#parts.connect();
      await connection.task("tasks/cancel", { taskId: task.taskId }, scope, { signal: leaving, timeoutMs: CANCEL_MS });
    } catch {
      // Nobody waits for more than the attempt.
    }
  }
}

const INTERNAL_ERROR = -32603;

function gone(settings: McpServerSettings, why: string): ToolResult {
  return textResult(
    "unknown",
    "The server took the call as a task, and cannot be asked about it any more. Whether it was carried out is not known.",
    `${settings.name}: ${why}.`,
  );
}

function failed(settings: McpServerSettings, state: TaskState): ToolResult {
  const words = plainText(state.error?.message ?? state.message ?? "The task failed.", 2_000);
  return textResult("failed", words, `${settings.name} says that the task failed${said(state)}.`);
}

function said({ error, message }: TaskState): string {
  const words = error?.message ?? message;
  return words === undefined ? "" : `: ${plainText(words, 300)}`;
}

function messageOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error), 200);
}
