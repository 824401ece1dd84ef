import type { EventOf, EventType, JournalEvent } from "../../../../../protocol/events.ts";
import { addRunning, callStep, closeParts, type Draft, draft, type OpenTurn } from "./call-steps.ts";
import type { Step, StepKind } from "./step.ts";
import { ViewSteps } from "./view-steps.ts";
import { isSpoken, type Spoken, VoiceSteps } from "./voice-steps.ts";

/** Events that are a row by themselves, and what it is. */
const ALONE: Partial<Readonly<Record<EventType, StepKind>>> = {
  "message-received": "message",
  "retry-requested": "message",
  "reply-sent": "person",
  "person-asked": "person",
  "contact-left": "person",
  "person-joined": "person",
  "handed-back": "person",
  "conversation-closed": "person",
  "conversation-reopened": "person",
  "customer-identified": "person",
  "note-written": "note",
  "feedback-given": "feedback",
  "summary-written": "summary",
};

/**
 * Every step of a journal in the order in which they began, the parts of a turn under it and what a call waited for under
 * the call. The journal may begin in the middle of a turn, and may not be at its end.
 */
export function stepsOf(events: readonly JournalEvent[]): readonly Step[] {
  const made: Made = { rows: [], turns: new Map(), voice: new VoiceSteps(), views: new ViewSteps(), spoken: new Map() };
  for (const event of events) take(event, made);
  for (const turn of made.turns.values()) if (turn.step.to === undefined) addRunning(turn);
  return flat(made);
}

interface Made {
  readonly rows: Draft[];
  readonly turns: Map<string, OpenTurn>;
  readonly voice: VoiceSteps;
  readonly views: ViewSteps;
  /** Messages that were spoken: how long the answer took is counted from their end. */
  readonly spoken: Map<string, Draft>;
}

function take(event: JournalEvent, made: Made): void {
  if (takeVoice(event, made) || takeView(event, made)) return;
  const { rows, turns, spoken } = made;
  const alone = ALONE[event.type];
  if (alone !== undefined) return void rows.push(pointOf(event, alone));
  if (event.type === "tool-call-settled") return settle(event, rows, turns);
  const turnId = "turnId" in event ? event.turnId : undefined;
  if (turnId === undefined) return void rows.push(pointOf(event, "other"));
  const turn = turns.get(turnId) ?? begin(event, turnId, rows, turns);
  turn.lastAt = event.at;
  switch (event.type) {
    case "turn-started": {
      if (turn.step.events.length === 0) turn.step.events.push(event);
      const message = spoken.get(event.messageId);
      if (message !== undefined) message.turnId = turnId;
      return;
    }
    case "step-ended":
      return addModel(turn, modelStep(event));
    case "stop-requested":
      return void turn.parts.push(pointOf(event, "stop", 1));
    case "tools-unavailable":
      return void turn.parts.push({ ...pointOf(event, "unavailable", 1), isFailed: true });
    case "turn-ended":
      return endTurn(event, turn);
    default:
      if ("callId" in event) callStep(event, turn);
      else turn.parts.push(pointOf(event as JournalEvent, "other", 1));
  }
}

/** What belongs to a voice call. */
function takeVoice(event: JournalEvent, { rows, turns, voice, spoken }: Made): boolean {
  switch (event.type) {
    case "message-received":
      if (!isSpoken(event)) return false;
      rows.push(heardMessage(event, { voice, spoken }));
      return true;
    case "voice-call-started":
      rows.push(voice.started(event));
      return true;
    case "voice-call-ended":
      rows.push(...voice.ended(event));
      return true;
    case "speech-heard":
    case "speech-cut": {
      const step = voice.speech(event);
      const turn = event.turnId === undefined ? undefined : turns.get(event.turnId);
      if (turn === undefined) rows.push(step);
      else addSpeech(turn, step);
      return true;
    }
    default:
      return false;
  }
}

/** What views did. */
function takeView(event: JournalEvent, { rows, views }: Made): boolean {
  const taken = views.take(event);
  if (typeof taken === "boolean") return taken;
  rows.push(taken);
  return true;
}

function heardMessage(event: Spoken, { voice, spoken }: Pick<Made, "voice" | "spoken">): Draft {
  const step = voice.message(event);
  spoken.set(event.messageId, step);
  return step;
}

/** Before what was heard or pressed while it still wrote. */
function addModel({ parts }: OpenTurn, step: Draft): void {
  const last = parts.findLastIndex(({ kind, from }) => (kind !== "speech" && kind !== "stop") || from <= step.from);
  parts.splice(last + 1, 0, step);
}

/** Before the turn's end: what is heard later was begun before it. */
function addSpeech({ parts }: OpenTurn, step: Draft): void {
  step.depth = 1;
  if (parts.at(-1)?.kind === "end") parts.splice(-1, 0, step);
  else parts.push(step);
}

/** Somebody settles a call long after its turn: a row of its own at that time, and said of the call too, where it is loaded. */
function settle(event: EventOf<"tool-call-settled">, rows: Draft[], turns: ReadonlyMap<string, OpenTurn>): void {
  const turn = [...turns.values()].find(({ calls }) => calls.has(event.callId));
  if (turn !== undefined) callStep(event, turn);
  const step = pointOf(event, "settled");
  const title = event.title ?? turn?.calls.get(event.callId)?.step.name ?? "";
  step.name = [title, event.note ?? ""].filter((text) => text !== "").join(": ");
  rows.push(step);
}

function begin(event: JournalEvent, turnId: string, rows: Draft[], turns: Map<string, OpenTurn>): OpenTurn {
  const step: Draft = { ...draft(event, "turn"), events: [] };
  // Its beginning is not loaded, and the event is a row of its own.
  if (event.type !== "turn-started") step.id = turnId;
  step.spans.push({ from: event.at, tone: "turn" });
  const turn: OpenTurn = { step, turnId, parts: [], calls: new Map(), lastAt: event.at };
  rows.push(step);
  turns.set(turnId, turn);
  return turn;
}

function pointOf(event: JournalEvent, kind: StepKind, depth: 0 | 1 = 0): Draft {
  const step = draft(event, kind, depth);
  step.to = event.at;
  step.name = nameOf(event);
  return step;
}

function nameOf(event: JournalEvent): string {
  switch (event.type) {
    case "message-received":
    case "reply-sent":
    case "note-written":
    case "summary-written":
      return event.text;
    case "person-joined":
    case "handed-back":
    case "conversation-closed":
    case "conversation-reopened":
    case "stop-requested":
      return event.by.name ?? "";
    case "person-asked":
      return event.reason ?? "";
    case "contact-left":
      return event.email;
    case "customer-identified":
      return event.customerId;
    case "feedback-given":
      return event.comment ?? "";
    case "tools-unavailable":
      return event.serverName;
    default:
      return event.type;
  }
}

/** The journal hears of a model step at its end. */
function modelStep(event: EventOf<"step-ended">): Draft {
  const step = draft(event, "model", 1);
  const { durationMs = 0, firstTokenMs, cut } = event;
  step.from = event.at - durationMs;
  step.to = event.at;
  step.name = event.model ?? "";
  step.isFailed = cut === "broken";
  if (cut !== undefined) step.outcome = cut;
  if (firstTokenMs !== undefined) step.marks = [{ at: step.from + firstTokenMs, what: "first-token" }];
  step.spans.push({ from: step.from, to: step.to, tone: step.isFailed ? "failed" : "model" });
  return step;
}

function endTurn(event: EventOf<"turn-ended">, turn: OpenTurn): void {
  const { step } = turn;
  closeParts(turn, event.at);
  const from = step.spans[0]?.from ?? event.at;
  step.to = event.at;
  step.outcome = event.outcome;
  step.isFailed = event.outcome === "failed";
  step.spans = [{ from, to: event.at, tone: "turn" }];
  const end = draft(event, "end", 1);
  end.to = event.at;
  end.outcome = event.outcome;
  end.name = event.error ?? "";
  end.isFailed = step.isFailed;
  turn.parts.push(end);
}

function flat({ rows, turns, views }: Made): readonly Step[] {
  const partsOf = new Map([...turns.values()].map((turn) => [turn.step, turn]));
  return rows.flatMap((row) => {
    const turn = partsOf.get(row);
    if (turn === undefined) return [row, ...views.partsOf(row)];
    const { turnId } = turn;
    return [row, ...turn.parts.flatMap((part) => [part, ...(turn.calls.get(part.callId ?? "")?.parts ?? [])])].map((step) => ({
      ...step,
      turnId,
    }));
  });
}
