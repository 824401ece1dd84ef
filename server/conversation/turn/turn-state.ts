import type { EventOf, JournalEvent, Usage } from "../../../protocol/events.ts";
import { type SettingsPlace, settingsPlace } from "../ports/assistant.ts";
import { callAfter, proposedCall, type CallState } from "./call-state.ts";

export interface OpenTurn {
  readonly turnId: string;
  readonly messageId: string;
  /** The settings that it began with. */
  readonly settings: SettingsPlace;
  /** Model steps that ended. */
  steps: number;
  /** Whether the last step wanted tools; undefined before the first step. */
  lastStepCalled: boolean | undefined;
  /** How the last step was cut, if it was. */
  lastStepCut: "stopped" | "broken" | undefined;
  readonly calls: Map<string, CallState>;
  stopRequested: boolean;
  /**
   * A person joined while it was open, so it ends once its calls have. `unanswered`: they have not replied yet, so its
   * message is one of those that wait for them.
   */
  taken: "unanswered" | "answered" | undefined;
  tokens: number;
  /** Time spent in model steps and tool calls, calls of one step counting once; waiting for a person costs nothing. */
  activeMs: number;
  /** The longest call of the last step. */
  longestCallMs: number;
}

/** A message without an ended turn. */
export interface OpenMessage {
  readonly messageId: string;
  readonly seq: number;
}

/**
 * What the turn has to know, folded from the journal's open end: the events from `Conversation.openSeq` on. Events of
 * turns that began before are passed over, so its size is that of the work at hand, whatever the length of the
 * conversation.
 */
export class TurnState {
  /** The newest event taken in. */
  seq: number;
  turn: OpenTurn | undefined;
  /** Those that nobody has begun to answer. While a person answers, they are that person's. */
  messages: OpenMessage[] = [];
  /** Whether a person answers, as of the newest event: then the assistant says nothing, and begins nothing. */
  personAnswers: boolean;
  #running: OpenMessage | undefined;

  /** `personAnswers` is how the conversation stands at the end of its journal. */
  constructor(openSeq: number, personAnswers: boolean) {
    this.seq = openSeq - 1;
    this.personAnswers = personAnswers;
  }

  /** The oldest event that recovery would need. */
  get openSeq(): number {
    return this.#running?.seq ?? this.messages[0]?.seq ?? this.seq + 1;
  }

  apply(event: JournalEvent): void {
    if (event.seq !== this.seq + 1) throw new Error(`The journal was read out of order: event ${event.seq} came after ${this.seq}.`);
    this.seq = event.seq;
    const turn = this.turn;
    switch (event.type) {
      case "message-received":
        this.messages.push({ messageId: event.messageId, seq: event.seq });
        return;
      case "retry-requested":
        // Pressed twice, or in two tabs: one more try, not two.
        if (turn?.messageId !== event.messageId && !this.messages.some((message) => message.messageId === event.messageId))
          this.messages.push({ messageId: event.messageId, seq: event.seq });
        return;
      case "turn-started":
        this.#begin(event);
        return;
      case "turn-ended":
        return this.#end(event);
      case "person-joined":
        this.personAnswers = true;
        if (turn !== undefined) turn.taken = "unanswered";
        return;
      case "reply-sent":
        this.messages = [];
        if (turn?.taken !== undefined) turn.taken = "answered";
        return;
      case "handed-back":
        this.personAnswers = false;
        // One answer for all that the customer wrote meanwhile: the model reads the others before it.
        this.messages = event.answer === true ? this.messages.slice(-1) : [];
        if (turn?.taken === "unanswered") turn.taken = event.answer === true ? undefined : "answered";
        return;
      // What was heard of an answer moves no turn: it may have ended long before.
      case "speech-heard":
      case "speech-cut":
        return;
      default:
        // Events without a turn move none: a summary, or a person who settles a call afterwards.
        if ("turnId" in event && turn !== undefined && turn.turnId === event.turnId) applyToTurn(turn, event);
    }
  }

  #end({ turnId }: EventOf<"turn-ended">): void {
    if (this.turn?.turnId !== turnId) return;
    // What it was to answer is the person's now, unless they have answered already.
    if (this.turn.taken === "unanswered" && this.#running !== undefined) this.messages.unshift(this.#running);
    this.turn = undefined;
    this.#running = undefined;
  }

  #begin(event: EventOf<"turn-started">): void {
    const index = this.messages.findIndex((message) => message.messageId === event.messageId);
    if (index < 0) return;
    this.#running = this.messages.splice(index, 1)[0];
    this.turn = {
      turnId: event.turnId,
      messageId: event.messageId,
      settings: settingsPlace(event),
      steps: 0,
      lastStepCalled: undefined,
      lastStepCut: undefined,
      calls: new Map(),
      stopRequested: false,
      taken: undefined,
      tokens: 0,
      activeMs: 0,
      longestCallMs: 0,
    };
  }
}

type TurnEvent = Extract<JournalEvent, { turnId: string }>;

function applyToTurn(turn: OpenTurn, event: TurnEvent): void {
  switch (event.type) {
    case "step-ended":
      turn.steps += 1;
      turn.lastStepCalled = false;
      turn.lastStepCut = event.cut;
      turn.tokens += tokensOf(event.usage);
      turn.activeMs += event.durationMs ?? 0;
      turn.longestCallMs = 0;
      return;
    case "tool-call-proposed":
      // A view calls beside the turn: no run moves it.
      if (event.byView !== undefined) return;
      turn.lastStepCalled = true;
      turn.calls.set(event.callId, proposedCall(event));
      return;
    case "stop-requested":
      turn.stopRequested = true;
      return;
    default:
      if ("callId" in event) applyToCall(turn, event);
  }
}

function applyToCall(turn: OpenTurn, event: Extract<TurnEvent, { callId: string }>): void {
  const call = turn.calls.get(event.callId);
  if (call === undefined) return;
  const after = callAfter(call, event);
  turn.calls.set(event.callId, after);
  if (event.type === "tool-call-paused") addCallTime(turn, after.spentMs);
  // A task is worked on elsewhere: an answer that waited for one for an hour still has all its time.
  if (event.type === "tool-call-ended" && call.task === undefined) addCallTime(turn, event.durationMs ?? 0);
  if (event.type === "sampling-ended") turn.tokens += tokensOf(event.usage);
}

function tokensOf(usage: Usage | undefined): number {
  return (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
}

function addCallTime(turn: OpenTurn, durationMs: number): void {
  turn.activeMs += Math.max(0, durationMs - turn.longestCallMs);
  turn.longestCallMs = Math.max(turn.longestCallMs, durationMs);
}
