import * as fc from "fast-check";
import type { EventDraft, JournalEvent, VisibleEvent } from "../../../protocol/events.ts";
import type { InputField } from "../../../protocol/input-fields.ts";
import type { EventPage, OpenedConversation, ProgressFrame, RunningText, TextFrame } from "../../../protocol/frames.ts";

export const conversationId = "conversation-1";
const customer = { kind: "customer", id: "customer-1" } as const;
const tool = { source: "mcp", server: "orders", serverName: "Orders", tool: "lookup_order", title: "Look up an order" } as const;

/** One thing a server sends to who listens. */
export type Emission =
  | { readonly kind: "event"; readonly event: VisibleEvent }
  | { readonly kind: "text"; readonly frame: TextFrame }
  | { readonly kind: "progress"; readonly frame: ProgressFrame };

const CALL_KINDS = ["plain", "approved", "rejected", "expired", "connected", "skipped", "questions", "connected-then-approved"] as const;
type CallKind = (typeof CALL_KINDS)[number];

interface TurnScript {
  readonly steps: readonly {
    readonly words: readonly string[];
    readonly calls: readonly CallKind[];
  }[];
  readonly ending: "done" | "stopped" | "failed" | "running";
  readonly queuedMeanwhile: boolean;
  readonly hidden: boolean;
  readonly settled: boolean;
  readonly retried: boolean;
}

const turnScript: fc.Arbitrary<TurnScript> = fc.record({
  steps: fc.array(
    fc.record({
      words: fc.array(fc.constantFrom("Order ", "1042 ", "is ", "on ", "its ", "way. ", "aa", "a"), { maxLength: 6 }),
      calls: fc.array(fc.constantFrom(...CALL_KINDS), { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  ending: fc.constantFrom("done", "stopped", "failed", "running"),
  queuedMeanwhile: fc.boolean(),
  hidden: fc.boolean(),
  settled: fc.boolean(),
  retried: fc.boolean(),
});

/** Everything a server sends in a whole conversation, in order; only the last turn may still run. */
export const conversation: fc.Arbitrary<readonly Emission[]> = fc.array(turnScript, { minLength: 1, maxLength: 5 }).map(play);

function play(scripts: readonly TurnScript[]): readonly Emission[] {
  const emissions: Emission[] = [];
  let seq = 0;
  const event = (draft: EventDraft | { type: "hidden" }): void => {
    seq += 1;
    emissions.push({ kind: "event", event: { ...draft, seq, at: 1_000 + seq } as JournalEvent });
  };
  const said = new Set<string>();
  const say = (index: number): void => {
    if (said.has(`message-${index}`)) return;
    said.add(`message-${index}`);
    event({ type: "message-received", messageId: `message-${index}`, text: `Question ${index}`, by: customer });
  };
  scripts.forEach((script, index) => {
    const last = index === scripts.length - 1;
    const turnId = `turn-${index}`;
    say(index);
    event({ type: "turn-started", turnId, messageId: `message-${index}` });
    if (script.hidden) event({ type: "hidden" });
    script.steps.forEach((step, number) => {
      let text = "";
      for (const word of step.words) {
        emissions.push({ kind: "text", frame: { conversationId, turnId, step: number, offset: text.length, text: word } });
        text += word;
      }
      if (script.queuedMeanwhile && !last) say(index + 1);
      if (last && script.ending === "running" && number === script.steps.length - 1) return;
      event({ type: "step-ended", turnId, step: number, text, ...(script.ending === "stopped" ? { cut: "stopped" as const } : {}) });
      step.calls.forEach((kind, position) =>
        playCall(kind, { turnId, step: number, callId: `call-${index}-${number}-${position}` }, event, emissions),
      );
    });
    if (last && script.ending === "running") return;
    if (script.ending === "stopped") event({ type: "stop-requested", turnId, by: customer });
    const outcome = script.ending === "running" ? "done" : script.ending;
    event({ type: "turn-ended", turnId, outcome, ...(outcome === "failed" ? { error: "model-busy" } : {}) });
    if (script.settled) event({ type: "tool-call-settled", callId: `call-0-0-0`, by: { kind: "staff", id: "staff-1" }, outcome: "ok" });
    if (script.retried && outcome === "failed") {
      event({ type: "retry-requested", turnId, messageId: `message-${index}` });
      event({ type: "turn-started", turnId: `${turnId}-again`, messageId: `message-${index}` });
      event({ type: "turn-ended", turnId: `${turnId}-again`, outcome: "done" });
    }
  });
  return emissions;
}

function playCall(
  kind: CallKind,
  ids: { turnId: string; step: number; callId: string },
  event: (draft: EventDraft | { type: "hidden" }) => void,
  emissions: Emission[],
): void {
  const { turnId, callId } = ids;
  event({ type: "tool-call-proposed", ...ids, tool, arguments: { order: 1042 } });
  if (kind === "connected" || kind === "skipped" || kind === "connected-then-approved") {
    const decision = kind === "skipped" ? "skipped" : "connected";
    playConnection(`connection-${callId}`, decision, ids, event);
    if (decision === "skipped") return event({ type: "tool-call-ended", turnId, callId, outcome: "refused", refusal: "not-connected" });
    // Its token turns out to need more.
    if (kind === "connected") playConnection(`more-${callId}`, decision, ids, event);
  }
  if (kind === "approved" || kind === "rejected" || kind === "expired" || kind === "connected-then-approved") {
    const decision = kind === "connected-then-approved" ? "approved" : kind;
    const approvalId = `approval-${callId}`;
    const fields = [{ name: "order", title: "Order", value: 1042 }];
    const asked = {
      approver: "customer",
      arguments: { order: 1042 },
      fields,
      argumentsHash: "hash",
      rememberable: false,
      expiresAt: 99_000,
    } as const;
    event({ type: "approval-requested", turnId, callId, approvalId, ...asked });
    event({ type: "approval-decided", turnId, callId, approvalId, decision, scope: "once", by: customer });
    if (decision !== "approved") return event({ type: "tool-call-ended", turnId, callId, outcome: "refused", refusal: decision });
  }
  event({ type: "tool-call-started", turnId, callId, attempt: 1 });
  for (const progress of [1, 2]) emissions.push({ kind: "progress", frame: { conversationId, callId, progress, total: 2 } });
  if (kind === "questions") playQuestions(ids, event);
  event({ type: "tool-call-ended", turnId, callId, outcome: "ok", durationMs: 12, media: [] });
}

function playConnection(
  requestId: string,
  decision: "connected" | "skipped",
  { turnId, callId }: { turnId: string; callId: string },
  event: (draft: EventDraft) => void,
): void {
  const asked = {
    server: "orders",
    serverName: "Orders",
    scopes: ["orders:read"] as string[],
    reason: "first",
    expiresAt: 99_000,
  } as const;
  event({ type: "connection-requested", turnId, callId, requestId, ...asked });
  event({ type: "connection-decided", turnId, callId, requestId, decision, by: customer });
}

/**
 * Two at once, answered the other way round, then one more; what the server keeps for itself is hidden from a customer.
 */
function playQuestions(
  { turnId, callId }: { turnId: string; callId: string },
  event: (draft: EventDraft | { type: "hidden" }) => void,
): void {
  const question = {
    turnId,
    callId,
    server: "orders",
    serverName: "Orders",
    mode: "form",
    message: "Size?",
    fields: [] as InputField[],
    expiresAt: 99_000,
  } as const;
  for (const name of ["a", "b"]) event({ type: "input-requested", ...question, requestId: `${name}-${callId}` });
  event({ type: "hidden" });
  event({ type: "input-decided", turnId, callId, requestId: `b-${callId}`, action: "decline", by: customer });
  event({ type: "input-decided", turnId, callId, requestId: `a-${callId}`, action: "accept", by: customer });
  event({ type: "tool-call-resumed", turnId, callId });
  event({ type: "input-requested", ...question, requestId: `c-${callId}` });
  event({ type: "input-decided", turnId, callId, requestId: `c-${callId}`, action: "cancel", by: customer });
}

/** The server after it has sent the first `sent` emissions, with pages this small. */
export class ScriptedServer {
  readonly emissions: readonly Emission[];
  readonly pageLength: number;
  sent = 0;

  constructor(emissions: readonly Emission[], pageLength: number) {
    this.emissions = emissions;
    this.pageLength = pageLength;
  }

  get journal(): readonly VisibleEvent[] {
    return this.emissions.slice(0, this.sent).flatMap((emission) => (emission.kind === "event" ? [emission.event] : []));
  }

  /** All that is ever said in a step. */
  said(turnId: string, step: number): string {
    const pieces = this.emissions.flatMap((emission) => (emission.kind === "text" ? [emission.frame] : []));
    return pieces.filter((piece) => piece.turnId === turnId && piece.step === step).reduce((text, piece) => text + piece.text, "");
  }

  open(after: number | undefined): OpenedConversation {
    const journal = this.journal;
    const lastSeq = journal.length;
    const reset = after !== undefined && lastSeq - after > this.pageLength;
    const events = after === undefined || reset ? journal.slice(-this.pageLength) : journal.slice(after);
    const running = this.#running();
    const more = (events[0]?.seq ?? 1) > 1;
    return { events, more, lastSeq, reset, ...(running === undefined ? {} : { running }), progress: this.#progress() };
  }

  page(before: number): EventPage {
    const older = this.journal.slice(0, before - 1);
    const events = older.slice(-this.pageLength);
    return { events, more: events.length < older.length };
  }

  #running(): RunningText | undefined {
    let running: RunningText | undefined;
    for (const emission of this.emissions.slice(0, this.sent)) {
      if (emission.kind === "text") {
        const { turnId, step, text } = emission.frame;
        running =
          running?.turnId === turnId && running.step === step ? { turnId, step, text: running.text + text } : { turnId, step, text };
      } else if (emission.kind === "event" && (emission.event.type === "step-ended" || emission.event.type === "turn-ended"))
        running = undefined;
    }
    return running;
  }

  #progress(): readonly ProgressFrame[] {
    const running = new Map<string, ProgressFrame>();
    for (const emission of this.emissions.slice(0, this.sent)) {
      if (emission.kind === "progress") running.set(emission.frame.callId, emission.frame);
      else if (emission.kind === "event" && emission.event.type === "tool-call-ended") running.delete(emission.event.callId);
    }
    return [...running.values()];
  }
}
