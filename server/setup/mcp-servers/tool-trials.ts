import * as z from "zod";
import { toolContentSchema } from "../../../protocol/content.ts";
import type { AuditDraft } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { CallList } from "../../inbox/calls.ts";
import type { Prober, TriedCall } from "../../tools/probe/prober.ts";
import { noteCall, type ServerStatuses } from "./server-status.ts";
import { callableTool, type CallableTarget, type CallableToolPorts } from "./callable-tool.ts";

/** What trying a tool showed. */
export const triedToolSchema = z.object({
  callId: z.string().describe("Its id in the list of calls."),
  outcome: z
    .enum(["ok", "failed", "cancelled", "unknown", "refused"])
    .describe("unknown: it was sent, and no readable answer came. refused: it wants what a try has not; see needs."),
  isError: z.boolean().describe("Whether the server said of its result that it is an error."),
  content: z.array(toolContentSchema),
  structured: z.unknown().optional().describe("structuredContent."),
  cause: z.string().optional().describe("Why it did not succeed, for staff."),
  needs: z
    .object({
      kind: z.enum(["answers", "sign-in"]),
      message: z.string().describe("What it wants, and what to do."),
      questions: z.array(z.string()).describe("What the server asked, in its words."),
    })
    .optional()
    .describe("What the call wants that only a conversation has. A question was answered with cancel."),
  timing: z
    .object({
      connectMs: z.number().optional().describe("Until the server was ready for the call."),
      firstByteMs: z.number().optional().describe("From the call to the first byte of its answer."),
      callMs: z.number().optional().describe("From the call to its end."),
      wholeMs: z.number(),
    })
    .describe("Milliseconds. Absent: it did not come so far."),
  headers: z.array(z.string()).describe("The names of the headers that carried credentials; values are never shown."),
  messages: z
    .array(
      z.object({
        direction: z.enum(["sent", "received"]),
        atMs: z.number().describe("Since the try began."),
        bytes: z.int(),
        message: z.unknown().optional().describe("The JSON-RPC message, with [secret] for each of our credentials."),
        beginning: z.string().optional().describe("Instead of a message beyond 64 kB: its first characters."),
      }),
    )
    .describe("What was said, in order: 100 messages and 256 kB at most."),
  leftOutMessages: z.int().describe("Messages beyond that."),
});
export type TriedTool = z.input<typeof triedToolSchema>;

export interface ToolTrialsPorts extends CallableToolPorts {
  readonly calls: Pick<CallList, "recordTest">;
  readonly clock: Clock;
  readonly prober: Pick<Prober, "call">;
  readonly statuses: Pick<ServerStatuses, "saw">;
  /** Throws when too many tries are made of this tool, or by this person or key. */
  readonly before: (tool: string, by: string) => Promise<void>;
}

/** Tools called by hand, for whoever sets a server up: with all that was said on the way. */
export class ToolTrials {
  readonly #ports: ToolTrialsPorts;

  constructor(ports: ToolTrialsPorts) {
    this.#ports = ports;
  }

  /**
   * The call really happens, and is in the list of calls as this person's test. A failure is a result. Throws what
   * `callableTool` throws, `RequestError` `rate-limited`, and `InvalidError` with the place of each argument that does not
   * fit.
   */
  async try(
    staff: Staff,
    target: CallableTarget & { readonly arguments: Readonly<Record<string, unknown>> },
    signal: AbortSignal,
  ): Promise<TriedTool> {
    const { key, tool } = target;
    const { entry, definition } = await callableTool(this.#ports, staff, target);
    await this.#ports.before(`${key}/${tool}`, `${staff.kind}/${staff.id}`);
    const { clock, prober } = this.#ports;
    const callId = clock.id();
    const startedAt = clock.now();
    const tried = await prober.call(entry, { tool: definition, arguments: target.arguments, callId }, signal);
    if (tried.unfit !== undefined) throw new InvalidError(tried.unfit);
    noteCall(this.#ports.statuses, key, tried);
    await this.#record(staff, target, { callId, startedAt, tried });
    return shown(callId, tried);
  }

  async #record(
    staff: Staff,
    { key, tool, arguments: given, acceptPending }: Parameters<ToolTrials["try"]>[1],
    { callId, startedAt, tried }: { readonly callId: string; readonly startedAt: number; readonly tried: TriedCall },
  ): Promise<void> {
    const { outcome, durationMs, cause } = tried;
    const audit: AuditDraft = {
      by: actorOf(staff),
      action: "server-tool.try",
      target: { kind: "server-tool", id: `${key}/${tool}` },
      after: { callId, outcome, ...(acceptPending === true ? { acceptPending } : {}) },
    };
    const test = {
      callId,
      at: startedAt,
      person: staff.id,
      personName: staff.name,
      server: key,
      tool,
      arguments: given,
      outcome,
      startedAt,
      endedAt: startedAt + durationMs,
      durationMs,
      ...(cause === undefined ? {} : { cause }),
    };
    await this.#ports.calls.recordTest(test, [audit]);
  }
}

function shown(callId: string, tried: TriedCall): TriedTool {
  const { unfit: _unfit, durationMs: _durationMs, refusal: _refusal, needs, ...rest } = tried;
  return {
    callId,
    ...rest,
    content: [...rest.content],
    ...(needs === undefined ? {} : { needs: { ...needs, questions: [...needs.questions] } }),
    headers: [...rest.headers],
    messages: rest.messages.map((message) => ({ ...message })),
  };
}
