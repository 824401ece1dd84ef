import type { EventOf, JournalEvent } from "../../../../../protocol/events.ts";
import type { Span, Step, StepKind, Tone } from "./step.ts";

/** A row that is still being made. */
export interface Draft extends Omit<{ -readonly [Name in keyof Step]: Step[Name] }, "spans" | "events"> {
  spans: Span[];
  events: JournalEvent[];
  callId?: string;
}

/** What a call waited for, by the id of the request. */
interface OpenCall {
  readonly step: Draft;
  readonly parts: Draft[];
  /** How many requests are open: it runs while there are none. */
  waits: number;
}

export interface OpenTurn {
  readonly step: Draft;
  readonly turnId: string;
  readonly parts: Draft[];
  readonly calls: Map<string, OpenCall>;
  /** Its newest event. */
  lastAt: number;
}

/** Events of a call. */
type CallEvent = Extract<JournalEvent, { readonly callId: string }>;
type Asked = EventOf<"approval-requested" | "connection-requested" | "input-requested">;
type Decided = EventOf<"approval-decided" | "connection-decided" | "input-decided">;

export function draft(event: JournalEvent, kind: StepKind, depth: 0 | 1 | 2 = 0): Draft {
  return { id: String(event.seq), kind, depth, name: "", from: event.at, spans: [], isFailed: false, events: [event] };
}

/** Takes in an event of a call; one whose beginning is not loaded begins here. */
export function callStep(event: CallEvent, turn: Pick<OpenTurn, "calls" | "parts">): void {
  const call = turn.calls.get(event.callId) ?? beginCall(event, turn);
  switch (event.type) {
    case "tool-call-proposed":
      call.step.name = event.tool.title || event.tool.tool;
      return;
    case "approval-requested":
      return ask(call, event, event.approvalId, "approval");
    case "connection-requested":
      return ask(call, event, event.requestId, "sign-in");
    case "input-requested":
      return ask(call, event, event.requestId, "question");
    case "approval-given":
      return void (call.parts.find((part) => part.callId === event.approvalId) ?? call.step).events.push(event);
    case "approval-decided":
      return decide(call, event, event.approvalId, event.arguments === undefined ? event.decision : "approved-changed");
    case "connection-decided":
      return decide(call, event, event.requestId, event.decision);
    case "input-decided":
      return decide(call, event, event.requestId, event.action);
    case "sampling-ended":
      return sampled(call, event);
    default:
      return move(call.step, event);
  }
}

function beginCall(event: CallEvent, turn: Pick<OpenTurn, "calls" | "parts">): OpenCall {
  const step = draft(event, "call", 1);
  step.callId = event.callId;
  if (event.type !== "tool-call-proposed") {
    step.events = [];
    // What it waits for begins with the same event.
    step.id = event.callId;
  }
  const call: OpenCall = { step, parts: [], waits: 0 };
  turn.calls.set(event.callId, call);
  turn.parts.push(step);
  return call;
}

/** What happens to the call itself, not to what it waits for. */
function move(step: Draft, event: CallEvent): void {
  step.events.push(event);
  switch (event.type) {
    case "tool-call-started":
    case "tool-call-resumed":
      endSpan(step, event.at);
      return void step.spans.push({ from: event.at, tone: "tool" });
    case "tool-call-paused":
      return endSpan(step, event.at);
    case "tool-call-ended": {
      const isFailed = event.outcome === "failed" || event.outcome === "unknown";
      endSpan(step, event.at, isFailed ? "failed" : undefined);
      step.to = event.at;
      step.outcome = event.outcome;
      step.isFailed = isFailed;
      return;
    }
    case "tool-call-settled":
      // What it ended as was unknown then, whatever is known now.
      if (event.outcome !== "unknown") step.outcome = "settled";
      step.isFailed = event.outcome === "unknown";
      return;
    default:
  }
}

function endSpan(step: Draft, at: number, tone?: Tone): void {
  const last = step.spans.at(-1);
  if (last === undefined || last.to !== undefined) return;
  step.spans[step.spans.length - 1] = { ...last, to: at, tone: tone ?? last.tone };
}

function ask(call: OpenCall, event: Asked, requestId: string, kind: StepKind): void {
  const part = draft(event, kind, 2);
  part.callId = requestId;
  part.name = event.type === "approval-requested" ? event.approver : event.serverName;
  part.spans.push({ from: event.at, tone: "waiting" });
  call.parts.push(part);
  call.waits += 1;
  // While a person thinks, the server does nothing.
  if (event.type !== "approval-requested") endSpan(call.step, event.at);
}

function decide(call: OpenCall, event: Decided, requestId: string, outcome: string): void {
  const part = call.parts.find((one) => one.callId === requestId);
  if (part === undefined) return void call.step.events.push(event);
  part.events.push(event);
  part.to = event.at;
  part.outcome = outcome;
  endSpan(part, event.at);
  call.waits -= 1;
  // A server that asked over its open request goes on with it; one that answered instead says so with a pause.
  const isOpen = call.step.events.some(({ type }) => type === "tool-call-started");
  const isPaused = call.step.events.findLast(({ type }) => type === "tool-call-paused" || type === "tool-call-resumed");
  if (event.type === "input-decided" && isOpen && call.waits === 0 && call.step.to === undefined && isPaused?.type !== "tool-call-paused")
    call.step.spans.push({ from: event.at, tone: "tool" });
}

function sampled(call: OpenCall, event: EventOf<"sampling-ended">): void {
  const part = draft(event, "sampling", 2);
  part.to = event.at;
  part.name = event.model ?? event.server;
  part.outcome = event.outcome;
  part.isFailed = event.outcome === "failed";
  call.parts.push(part);
}

/** The turn is over: nothing in it is under way any more. */
export function closeParts({ calls }: OpenTurn, at: number): void {
  for (const { step, parts } of calls.values())
    for (const part of [step, ...parts]) {
      part.to ??= at;
      endSpan(part, at);
    }
}

/** While nothing else is under way in a turn, the model is asked; the journal hears of it at its end. */
export function addRunning(turn: OpenTurn): void {
  if ([...turn.calls.values()].some(({ step }) => step.to === undefined)) return;
  const { turnId, lastAt } = turn;
  const spans: Span[] = [{ from: lastAt, tone: "model" }];
  turn.parts.push({ id: `${turnId}-now`, kind: "model", depth: 1, name: "", from: lastAt, spans, isFailed: false, events: [] });
}
