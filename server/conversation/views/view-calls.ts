import { RequestError } from "../../../protocol/errors.ts";
import type { EventDraft, EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { ViewToolResult } from "../../../protocol/views.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Journal } from "../journal/journal.ts";
import { ApprovalTakenError } from "../ports/errors.ts";
import type { StoredResult } from "../ports/store.ts";
import type { Tool } from "../ports/tools.ts";
import { notConnectedText } from "../prompt/tool-text.ts";
import { admit, resume } from "../turn/admission.ts";
import type { AdmissionContext } from "../turn/admission-context.ts";
import { filledIn, withFilled } from "../turn/bound-arguments.ts";
import { refuse } from "../turn/call-drafts.ts";
import { endCall } from "../turn/call-end.ts";
import { asItRuns } from "../turn/call-state.ts";
import { endOpen, expire } from "../turn/turn-drafts.ts";
import { carryOut } from "./carry-out.ts";
import { OpenCall } from "./open-call.ts";
import { bytesOf, viewResult } from "./view-result.ts";

export interface ViewCallsPorts {
  readonly journal: Journal;
  readonly clock: Clock;
}

/** A call that a view asks for, of a tool that it may call. */
export interface ViewCallOrder {
  readonly conversationId: string;
  readonly callId: string;
  /** The call whose view asks. */
  readonly view: EventOf<"tool-call-proposed">;
  readonly tool: Tool;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What is decided with, read anew at each decision. Undefined: the assistant is gone. */
  readonly context: () => Promise<AdmissionContext | undefined>;
  /** Whether a person may be asked about it. */
  readonly mayAsk: () => boolean;
  /** Hears that a person said no. */
  readonly rejected: () => void;
  /** Hears how much came back. */
  readonly gave: (bytes: number) => void;
}

/**
 * Calls that views make. Each is a call in the journal like the model's, decided by the same rules, but for three: it
 * has no part in a turn, no standing approval counts for it, and nobody is asked to sign in for it. The model reads
 * nothing of it.
 */
export class ViewCalls {
  readonly #ports: ViewCallsPorts;
  readonly #open = new Map<string, OpenCall>();

  constructor(ports: ViewCallsPorts) {
    this.#ports = ports;
  }

  /** Whether it is under way here. */
  has(callId: string): boolean {
    return this.#open.has(callId);
  }

  /** Hears everything that is written. */
  hear(events: readonly JournalEvent[]): void {
    if (this.#open.size === 0) return;
    for (const event of events) if ("callId" in event) this.#open.get(event.callId)?.hear(event);
  }

  /** Ends what is under way: this process leaves. */
  close(): void {
    for (const call of this.#open.values()) call.interrupt("shutdown");
  }

  /** Throws `RequestError` `view-refused` where it is not made. */
  async run(order: ViewCallOrder): Promise<ViewToolResult> {
    const { callId, view, tool } = order;
    const proposed = {
      type: "tool-call-proposed",
      turnId: view.turnId,
      step: view.step,
      callId,
      name: tool.name,
      tool: tool.reference,
      ...filledIn(tool, order.arguments),
      definitionHash: tool.definitionHash,
      byView: view.callId,
    } as const satisfies EventDraft;
    const context = await order.context();
    if (context === undefined) throw refused("The assistant is gone.");
    const open = new OpenCall();
    this.#open.set(callId, open);
    try {
      const first = ofView(await admit(proposed, context), proposed);
      if (first.type === "approval-requested" && !order.mayAsk())
        throw refused("Its calls were refused so often that nobody is asked any more. Nothing was done.");
      await this.#append(order, [proposed, first]);
      return await this.#from(order, open, first);
    } finally {
      this.#open.delete(callId);
    }
  }

  async #from(order: ViewCallOrder, open: OpenCall, first: EventDraft): Promise<ViewToolResult> {
    for (let next = first; ;) {
      if (next.type === "tool-call-ended") throw refused(next.text ?? "It was refused.");
      if (next.type === "tool-call-started") return this.#carryOut(order, open);
      if (next.type !== "approval-requested") throw new Error(`A view's call cannot go on with ${next.type}.`);
      await this.#decided(order, open, next.expiresAt);
      if (open.signal.aborted && open.signal.reason === "shutdown") throw new RequestError("stopping");
      const { ended, decision } = open.state;
      if (decision?.decision === "rejected") order.rejected();
      if (ended !== undefined) throw refused(ended.text ?? "Nobody decided in time.");
      const context = await order.context();
      const { proposed } = open.state;
      next =
        context === undefined
          ? refuse(proposed, "withdrawn", "The assistant is gone. Nothing was done.")
          : ofView(await resume(open.state, context), proposed);
      await this.#append(order, [next]);
    }
  }

  /** Waits for whoever decides. In the end nobody did, which is written. */
  async #decided(order: ViewCallOrder, open: OpenCall, expiresAt: number): Promise<void> {
    const { clock } = this.#ports;
    const late = Promise.withResolvers<"late">();
    const callOff = clock.after(Math.max(0, expiresAt - clock.now()), () => late.resolve("late"));
    try {
      if ((await Promise.race([open.decided(), late.promise])) !== "late") return;
      await this.#append(order, expire(open.state, expiresAt));
    } catch (error) {
      // Somebody decided in the same moment, and we hear of it.
      if (!(error instanceof ApprovalTakenError)) throw error;
      await open.decided();
    } finally {
      callOff();
    }
  }

  async #carryOut(order: ViewCallOrder, open: OpenCall): Promise<ViewToolResult> {
    const { clock } = this.#ports;
    const { callId, tool } = order;
    const call = open.state;
    const input = withFilled(asItRuns(call).arguments ?? {}, call.proposed);
    const begun = clock.now();
    const result = await carryOut(tool, input, { callId, signal: open.signal });
    const context = await order.context();
    const { event, stored } = endCall(call, result, clock.now() - begun, context?.assistant.resultBytes ?? 16_384);
    // There is no turn until whose end a result could be beside the journal that is not kept.
    const isKept = result.keep === undefined || result.keep === "full";
    await this.#append(order, [event], stored !== undefined && isKept ? { [callId]: stored } : undefined);
    order.gave(bytesOf(result));
    if (result.outcome === "ok" || result.outcome === "failed") return viewResult(result.outcome, result);
    throw refused(
      result.outcome === "unknown" ? "No answer came. Whether the call was carried out is not known." : "The call was cancelled.",
    );
  }

  async #append({ conversationId }: ViewCallOrder, events: readonly EventDraft[], results?: Record<string, StoredResult>): Promise<void> {
    const { journal, clock } = this.#ports;
    await journal.append({ conversationId, events, at: clock.now(), ...(results === undefined ? {} : { results }) });
  }
}

/** A view's call asks each time, and asks nobody to sign in: its customer pressed nothing in the chat. */
function ofView(draft: EventDraft, proposed: Parameters<typeof refuse>[0]): EventDraft {
  if (draft.type === "approval-requested") return { ...draft, rememberable: false };
  if (draft.type !== "connection-requested") return draft;
  return refuse(proposed, "not-connected", notConnectedText(draft.serverName, "withdrawn"));
}

/** Ends in the journal a call that an earlier process left. */
export function leftCall(events: readonly JournalEvent[]): EventDraft[] {
  const call = new OpenCall();
  for (const event of events) call.hear(event);
  const { state } = call;
  return state.status === "ended" ? [] : endOpen({ calls: new Map([[state.callId, state]]) });
}

export function refused(detail: string): RequestError {
  return new RequestError("view-refused", { detail });
}
