import type { TaskHandle } from "../../../conversation/ports/tools.ts";
import { plainText } from "../../definitions/plain-text.ts";
import type { OpenCall } from "../calls/open-call.ts";
import type { McpLink } from "../wire/mcp-link.ts";
import type { ServerQuestions } from "../wire/server-questions.ts";
import { readTaskState, type TaskState } from "./task-state.ts";

const CANCEL_MS = 2_000;
const INTERNAL_ERROR = -32603;

/** The server that we ask now was never given the task, or has forgotten it. */
export class TaskGoneError extends Error {
  override readonly name = "TaskGoneError";
}

/** One task at its server, asked over whatever link there is. */
export class RemoteTask {
  /** Aborted when nobody asks for the task any more: the call was stopped, or the process leaves. */
  readonly stopped: AbortSignal;
  readonly #call: OpenCall;
  readonly #task: TaskHandle;
  readonly #questions: ServerQuestions;

  constructor(call: OpenCall, task: TaskHandle, questions: ServerQuestions) {
    this.#call = call;
    this.#task = task;
    this.#questions = questions;
    this.stopped = AbortSignal.any([call.scope.context.signal, call.leaving]);
  }

  /** How it is now. Throws `TaskGoneError`, or what the link throws. */
  async state(): Promise<TaskState> {
    const state = readTaskState(await this.#ask("tasks/get", this.#limits()));
    if (state === undefined || state.taskId !== this.#task.taskId) throw new TaskGoneError("the server's answer is not about this task");
    return state;
  }

  /**
   * The raw result, as the older form has it: from a request that waits for it, and on which the server may ask. Throws
   * as `state` does.
   */
  async result(): Promise<unknown> {
    return this.#ask("tasks/result", { signal: this.stopped });
  }

  /** Gives answers to what the task wanted to know. Throws what the link throws. */
  async answer(inputResponses: Readonly<Record<string, object>>): Promise<void> {
    const link = await this.#call.link();
    await link.task("tasks/update", { taskId: this.#task.taskId, inputResponses }, this.#questions, this.#limits());
  }

  /** As well as it can be done; the server need not agree. Never throws. */
  async cancel(): Promise<void> {
    const limits = { signal: this.#call.leaving, timeoutMs: CANCEL_MS };
    try {
      const link = await this.#call.link();
      await link.task("tasks/cancel", { taskId: this.#task.taskId }, this.#questions, limits);
    } catch {
      // Nobody waits for more than the attempt.
    }
  }

  async #ask(method: "tasks/get" | "tasks/result", limits: Parameters<McpLink["task"]>[3]): Promise<unknown> {
    const link = await this.#call.link();
    try {
      return await link.task(method, { taskId: this.#task.taskId }, this.#questions, limits);
    } catch (error) {
      // Whatever else the server says of a task is that it has none.
      if (error instanceof this.#call.sdk.ProtocolError && error.code !== INTERNAL_ERROR)
        throw new TaskGoneError(`the server says: ${plainText(error.message, 300)}`);
      throw error;
    }
  }

  #limits(): { readonly signal: AbortSignal; readonly timeoutMs: number } {
    return { signal: this.stopped, timeoutMs: this.#call.settings.callTimeoutMs };
  }
}
