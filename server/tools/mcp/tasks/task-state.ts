import * as z from "zod";
import type { TaskHandle } from "../../../conversation/ports/tools.ts";
import { plainLine } from "../../definitions/plain-text.ts";

const ID_CHARACTERS = 1_000;
const MESSAGE_CHARACTERS = 300;
const SHORTEST_POLL_MS = 250;
const LONGEST_POLL_MS = 60_000;
/** Where the server says nothing about it. */
const POLL_MS = 2_000;
/** A task without an end is given up after this. */
const LONGEST_TASK_MS = 24 * 60 * 60_000;

/**
 * A task as its server describes it, in both forms: `ttl` and `pollInterval` (2025-11-25), `ttlMs` and `pollIntervalMs`
 * (the extension).
 */
export interface TaskState {
  readonly taskId: string;
  readonly status: "working" | "input_required" | "completed" | "failed" | "cancelled";
  readonly message?: string;
  readonly pollMs: number;
  readonly ttlMs: number;
  /** What the call answered; only the extension has it here. */
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
  readonly inputRequests?: Readonly<Record<string, unknown>>;
}

const milliseconds = z.number().min(0).nullish().catch(undefined);
const stateSchema = z.object({
  taskId: z.string().min(1).max(ID_CHARACTERS),
  status: z.enum(["working", "input_required", "completed", "failed", "cancelled"]),
  statusMessage: z.string().optional().catch(undefined),
  ttl: milliseconds,
  ttlMs: milliseconds,
  pollInterval: milliseconds,
  pollIntervalMs: milliseconds,
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional().catch(undefined),
  inputRequests: z
    .custom<Record<string, unknown>>((value) => typeof value === "object" && value !== null && !Array.isArray(value))
    .optional()
    .catch(undefined),
});

/** Undefined: it is not the state of a task. */
export function readTaskState(raw: unknown): TaskState | undefined {
  const parsed = stateSchema.safeParse(raw);
  if (!parsed.success) return undefined;
  const { taskId, status, statusMessage, result, error, inputRequests } = parsed.data;
  const message = plainLine(statusMessage ?? "", MESSAGE_CHARACTERS);
  const pollMs = parsed.data.pollIntervalMs ?? parsed.data.pollInterval ?? POLL_MS;
  return {
    taskId,
    status,
    ...(message === "" ? {} : { message }),
    pollMs: Math.min(Math.max(pollMs, SHORTEST_POLL_MS), LONGEST_POLL_MS),
    ttlMs: Math.min(parsed.data.ttlMs ?? parsed.data.ttl ?? LONGEST_TASK_MS, LONGEST_TASK_MS),
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
    ...(inputRequests === undefined ? {} : { inputRequests }),
  };
}

/** The task that a server answered a call with, in either form; undefined when it answered something else. */
export function readCreatedTask(raw: unknown): TaskState | undefined {
  if (typeof raw !== "object" || raw === null) return undefined;
  if ("resultType" in raw && raw.resultType === "task") return readTaskState(raw);
  return "task" in raw && !("content" in raw) ? readTaskState(raw.task) : undefined;
}

/** What is kept of a task, so that it can be asked for after a restart. */
export function handleOf(state: TaskState, now: number): TaskHandle {
  return { taskId: state.taskId, pollMs: state.pollMs, keptUntil: now + state.ttlMs };
}
