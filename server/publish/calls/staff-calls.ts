import type { JournalEvent } from "../../../protocol/events.ts";
import type { Customer, CustomerDesk } from "../../conversation/customer-desk.ts";
import type { Tool, Tools } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import { type Caller, customerOf } from "./caller.ts";
import type { FlowSide } from "./call-flow.ts";
import { callText } from "./call-model.ts";
import { type CallEnd, said } from "./call-result.ts";
import { carryCall, type ClientMeans } from "./carry-call.ts";
import type { HeardConversations } from "./heard-conversations.ts";
import { waitFor } from "./patience.ts";
import { assistantNameOf } from "./published-assistant.ts";

export interface StaffCallsPorts {
  readonly clock: Clock;
  readonly heard: HeardConversations;
}

/** A call that the staff is asked about. */
export interface AskedCall {
  readonly caller: Caller;
  /** Who calls, as the staff reads it. */
  readonly by: string;
  readonly tool: Tool;
  readonly input: Readonly<Record<string, unknown>>;
  readonly side: FlowSide;
  readonly means: ClientMeans;
  /** Whether the client hears progress. */
  readonly isTold: boolean;
  /** Undefined: it may still be called. Looked at once more when it was approved. */
  readonly refusal: () => Promise<string | undefined>;
}

interface Running {
  readonly depth: number;
  /** Absent: the conversation is an assistant's own, whose calls are not the client's. */
  readonly asked?: AskedCall;
  result?: CallEnd;
}

/** A conversation that no other assistant asked for: its calls come from one assistant. */
const AN_ASSISTANT = { depth: 1 } as const satisfies Running;
const LONGEST_MS = 10 * 60_000;
const ENDING_MS = 10_000;

/**
 * Asks the staff about calls of published servers. Each such call is a conversation of its own, whose customer is the
 * key: so it stands in the same queue, is decided by the same rules, and leaves the same trace as a call that a model
 * asked for.
 */
export class StaffCalls {
  readonly #ports: StaffCallsPorts;
  readonly #running = new Map<string, Running>();
  /** Of requests that run in conversations of assistants; a client may send several at once. */
  readonly #depths = new Map<string, readonly number[]>();

  constructor(ports: StaffCallsPorts) {
    this.#ports = ports;
  }

  /** The tools of all conversations: those of published calls hand their results on. All say how deep they are. */
  tools(tools: Tools): Tools {
    return {
      open: async (request) => {
        const running = this.#running.get(request.conversationId) ?? this.#assistants(request.conversationId) ?? AN_ASSISTANT;
        const toolbox = await tools.open({ ...request, depth: running.depth });
        return { ...toolbox, tools: toolbox.tools.map((tool) => ({ ...tool, call: calling(tool, running) })) };
      },
      rest: (conversationId) => tools.rest(conversationId),
      close: () => tools.close(),
    };
  }

  /** From now on, calls in the conversation are so deep, or as deep as another request there. The returned function ends it. */
  within(conversationId: string, depth: number): () => void {
    this.#depths.set(conversationId, [...(this.#depths.get(conversationId) ?? []), depth]);
    return () => {
      const others = [...(this.#depths.get(conversationId) ?? [])];
      others.splice(others.indexOf(depth), 1);
      if (others.length > 0) this.#depths.set(conversationId, others);
      else this.#depths.delete(conversationId);
    };
  }

  #assistants(conversationId: string): Running | undefined {
    const depths = this.#depths.get(conversationId);
    return depths && { depth: Math.max(...depths) };
  }

  async run(desk: CustomerDesk, call: AskedCall): Promise<CallEnd> {
    const { clock, heard } = this.#ports;
    const { caller, by, tool, input, side } = call;
    const conversationId = clock.id();
    const customer: Customer = {
      id: customerOf(caller),
      assistant: assistantNameOf(caller.server),
      sessionId: caller.session ?? conversationId,
    };
    const running: Running = { depth: caller.depth + 1, asked: call };
    const course = new Course();
    this.#running.set(conversationId, running);
    const end = heard.follow(conversationId, (event) => course.hear(event));
    try {
      await desk.send(customer, { conversationId, messageId: clock.id(), text: callText({ by, tool: tool.name, input }) });
      const message = (): string => (course.isStarted ? "The call is running." : "Waiting for the staff to approve this call.");
      // Once it was approved it takes as long as it takes.
      const waited = await waitFor(course.begun, { side, clock }, { isTold: call.isTold, longestMs: LONGEST_MS, message });
      if (waited === "done") await Promise.race([course.ended, aborted(side.signal)]);
      if (!course.isEnded) await this.#stop(desk, customer, { conversationId, course });
      return { ...(running.result ?? refused(course, waited)), conversation: conversationId };
    } finally {
      end();
      this.#running.delete(conversationId);
    }
  }

  async #stop(
    desk: CustomerDesk,
    customer: Customer,
    { conversationId, course }: { conversationId: string; course: Course },
  ): Promise<void> {
    if (course.turnId === undefined) return;
    await desk.stop(customer, { conversationId, turnId: course.turnId });
    const late = new Promise<void>((resolve) => this.#ports.clock.after(ENDING_MS, resolve));
    await Promise.race([course.ended, late]);
  }
}

function calling(tool: Tool, running: Running): Tool["call"] {
  const { asked, depth } = running;
  if (asked === undefined) return (input, context) => tool.call(input, { ...context, depth });
  return async (input, context) => {
    const refusal = await asked.refusal();
    const side = { ...asked.side, signal: context.signal };
    const end: CallEnd =
      refusal === undefined
        ? await carryCall({ tool, input, callId: context.callId, side, means: asked.means, depth })
        : said("failed", refusal);
    running.result = end;
    const { content, structured, cause, keep } = end;
    return {
      outcome: end.outcome === "refused" ? "failed" : end.outcome,
      content,
      ...(structured === undefined ? {} : { structured }),
      ...(cause === undefined ? {} : { cause }),
      ...(keep === undefined ? {} : { keep }),
    };
  };
}

/** How far the conversation of one call came. */
class Course {
  readonly #begun = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  turnId: string | undefined;
  isStarted = false;
  isEnded = false;
  /** What was said about a call that never ran. */
  said: string | undefined;
  cause: string | undefined;

  /** The call runs, or will not. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  hear(event: JournalEvent): void {
    switch (event.type) {
      case "turn-started":
        this.turnId = event.turnId;
        return;
      case "tool-call-started":
        this.isStarted = true;
        this.#begun.resolve();
        return;
      case "approval-decided":
        if (event.decision === "rejected") this.said = rejectedText(event.reason);
        return;
      case "tool-call-ended":
        if (event.outcome === "refused") this.said ??= event.text;
        this.cause = event.cause ?? event.refusal;
        return;
      case "turn-ended":
        this.cause ??= event.cause;
        this.isEnded = true;
        this.#begun.resolve();
        this.#ended.resolve();
        return;
      default:
        return;
    }
  }
}

function rejectedText(reason: string | undefined): string {
  return `The staff did not approve this call, so nothing was done.${reason === undefined ? "" : ` They said: ${reason}`}`;
}

function refused(course: Course, waited: "done" | "gone" | "over"): CallEnd {
  if (course.isStarted)
    return said(waited === "gone" ? "cancelled" : "unknown", "The call was stopped while it ran. What it did is not known.", course.cause);
  if (waited === "gone") return said("cancelled", "The client gave up before the staff decided. Nothing was done.");
  if (waited === "over")
    return said("refused", "Nobody of the staff decided in time, so nothing was done. Try again when somebody is there.");
  return said("refused", course.said ?? "This call was not approved, so nothing was done.", course.cause);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
