import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { PromptMessage, Thoughts } from "../ports/model.ts";
import { personMessage } from "./person-said.ts";
import { cutAside, cutSpeech } from "./cut-speech.ts";
import { HistorySummary } from "./history-summary.ts";
import {
  type CallSaid,
  charactersOf,
  copyTurn,
  foundIn,
  hearIn,
  learntOf,
  newTurn,
  resultSaid,
  saidForeign,
  settleIn,
  turnMessages,
  viewSaid,
  type TurnSaid,
} from "./turn-said.ts";
import { settledText } from "./tool-text.ts";
import { VoiceCallOn } from "./voice-call-on.ts";

const CUSTOMER_ASKED = {
  open: "(The customer asked for a member of the team. The team knows, and somebody will come.)",
  closed: "(The customer asked for a member of the team. Nobody is there at this hour; the customer was told so.)",
};
const ANSWER_NOW = "(Please answer now what the customer wrote last.)";
const RETRY = "(That did not work because of a technical fault. Please try once more.)";

/**
 * The conversation as the model reads it, folded from the journal: turns in the order in which they began, each a
 * question, then steps with their calls and results. Text of a summary stands for all that it covers.
 */
export class PromptHistory {
  #summary = new HistorySummary();
  /** Results that are not kept, whole, until their turn ends; by call id. */
  readonly #whole = new Map<string, string>();
  readonly #turns: TurnSaid[] = [];
  readonly #received = new Map<string, EventOf<"message-received">>();
  /** Messages that no turn has begun to answer. */
  readonly #unbegun = new Set<string>();
  /** What is said while a person answers; undefined: the assistant does. */
  #stretch: PromptMessage[] | undefined;
  /** The newest number at which a person's stretch ended. */
  #handedBackSeq = 0;
  readonly #modelCallIds = new Map<string, CallSaid>();
  /** What views of calls say, which the model has not read yet; by call id. */
  readonly #views = new Map<string, EventOf<"view-context">>();
  #voiceCall = new VoiceCallOn();

  apply(event: JournalEvent): void {
    this.#voiceCall.apply(event);
    switch (event.type) {
      case "message-received":
        this.#received.set(event.messageId, event);
        if (this.#stretch === undefined) this.#unbegun.add(event.messageId);
        else this.#stretch.push({ role: "user", text: event.text });
        return;
      case "person-asked":
        if (event.by.kind === "customer") this.#turns.push(aside(event.seq, CUSTOMER_ASKED[event.open ? "open" : "closed"]));
        return;
      case "person-joined":
      case "reply-sent":
      case "handed-back":
        this.#personSaid(event);
        return;
      case "turn-started":
        this.#begin(event);
        return;
      case "step-ended":
        this.#turn(event.turnId)?.steps.push({ text: event.text, thoughts: thoughtsIn(event), calls: [], results: [] });
        return;
      case "view-context":
        this.#views.set(event.callId, event);
        return;
      case "tool-call-proposed":
        this.#propose(event);
        return;
      case "approval-decided": {
        const call = this.#modelCallIds.get(event.callId);
        if (call === undefined || event.decision !== "approved" || event.arguments === undefined) return;
        this.#modelCallIds.set(event.callId, { ...call, edited: event.arguments });
        return;
      }
      case "tool-call-settled":
        this.#settle(event);
        return;
      case "speech-heard":
      case "speech-cut":
        this.#hear(event);
        return;
      case "tool-call-ended": {
        const call = this.#modelCallIds.get(event.callId);
        if (call !== undefined) this.#turn(event.turnId)?.steps.at(-1)?.results.push(resultSaid(call, event));
        return;
      }
      case "turn-ended":
        this.#end(event);
        return;
      case "summary-written":
        this.#summarise(event);
        return;
      default:
        return;
    }
  }

  get summary(): string | undefined {
    return this.#summary.text;
  }

  /** Everything, oldest first, without the system prompt. */
  messages(): PromptMessage[] {
    return this.#turns.flatMap((turn) => turnMessages(turn, this.#whole));
  }

  /** Whether the answer of a turn is heard in a voice call. */
  isAloud(turnId: string): boolean {
    return this.#turn(turnId)?.aloud === true;
  }

  /** What is applied to the copy does not change this one. */
  copy(): PromptHistory {
    const copy = new PromptHistory();
    copy.#summary = this.#summary.copy();
    for (const [callId, text] of this.#whole) copy.#whole.set(callId, text);
    copy.#turns.push(...this.#turns.map(copyTurn));
    for (const [messageId, message] of this.#received) copy.#received.set(messageId, message);
    for (const messageId of this.#unbegun) copy.#unbegun.add(messageId);
    const stretch = this.#turns.findIndex((turn) => turn.stretch !== undefined && turn.stretch === this.#stretch);
    copy.#stretch = copy.#turns[stretch]?.stretch;
    copy.#handedBackSeq = this.#handedBackSeq;
    for (const [callId, call] of this.#modelCallIds) copy.#modelCallIds.set(callId, call);
    for (const [callId, said] of this.#views) copy.#views.set(callId, said);
    copy.#voiceCall = this.#voiceCall.copy();
    return copy;
  }

  /** A message as it was received, as far as this has read. */
  received(messageId: string): EventOf<"message-received"> | undefined {
    return this.#received.get(messageId);
  }

  /** How many characters it holds, about. */
  get characters(): number {
    let sum = this.summary?.length ?? 0;
    for (const turn of this.#turns) sum += charactersOf(turn);
    // Texts stay when a summary stands for their turns.
    for (const { text } of this.#received.values()) sum += text.length;
    return sum;
  }

  /** The whole of a result that is not kept, for the rest of its turn. */
  tellWhole(callId: string, text: string): void {
    this.#whole.set(callId, text);
  }

  /**
   * Whether anything in the prompt was said by a server that is not marked as trusted, in its own words or summarised.
   */
  readForeign(): boolean {
    return this.#summary.foreign || this.#turns.some(saidForeign);
  }

  /** The names of tools that a search found or that were called, in that order. */
  toolsFound(): readonly string[] {
    return [...new Set([...this.#summary.found, ...this.#turns.flatMap(foundIn)])];
  }

  /**
   * The turns that could be summarised: ended, and not among the last `keep`. `throughSeq` is the journal number up to
   * which the summary would speak.
   */
  older(keep: number): OlderTurns | undefined {
    const ended = this.#turns.filter((turn) => turn.endedSeq !== undefined);
    const running = this.#turns.length - ended.length;
    const older = ended.slice(0, Math.max(0, ended.length - Math.max(0, keep - running)));
    const last = older.at(-1);
    if (last?.endedSeq === undefined) return undefined;
    const next = this.#turns[older.length];
    // What was learnt of them before the next message is in their words.
    const learntSeq = Math.max(last.endedSeq, ...older.flatMap(learntOf).map(({ seq }) => seq));
    const throughSeq = next === undefined ? last.endedSeq : Math.min(learntSeq, next.messageSeq - 1);
    if (throughSeq <= this.#summary.throughSeq) return undefined;
    return {
      messages: older.flatMap((turn) => turnMessages(turn, this.#whole)),
      throughSeq,
      foreign: this.#summary.foreign || older.some(saidForeign),
      foundTools: [...new Set([...this.#summary.found, ...older.flatMap(foundIn)])],
    };
  }

  #begin({ turnId, messageId, at }: EventOf<"turn-started">): void {
    const known = this.#received.get(messageId);
    if (known === undefined) return;
    this.#unbegun.delete(messageId);
    const again = this.#turns.some((turn) => turn.user === known.text && turn.messageSeq === known.seq);
    this.#turns.push(
      newTurn({
        turnId,
        messageSeq: known.seq,
        // The model has read it already, as said before the person handed back.
        user: known.seq < this.#handedBackSeq ? ANSWER_NOW : again ? RETRY : known.text,
        aloud: this.#voiceCall.isOn(at),
        views: [...this.#views.values()].map(viewSaid),
      }),
    );
    this.#views.clear();
  }

  /** What a view called is its own affair. */
  #propose(event: EventOf<"tool-call-proposed">): void {
    if (event.byView !== undefined) return;
    const name = event.name ?? event.tool.tool;
    const modelCallId = event.modelCallId ?? event.callId;
    this.#modelCallIds.set(event.callId, { modelCallId, name, tool: event.tool });
    const argumentsText = JSON.stringify(saidByModel(event));
    this.#turn(event.turnId)?.steps.at(-1)?.calls.push({ modelCallId, name, argumentsText });
  }

  #end({ turnId, seq, outcome }: EventOf<"turn-ended">): void {
    const turn = this.#turn(turnId);
    if (turn === undefined) return;
    turn.endedSeq = seq;
    turn.stopped = outcome !== "stopped" ? undefined : turn.taken === true ? "person" : "customer";
    this.#whole.clear();
  }

  #personSaid(event: EventOf<"person-joined" | "reply-sent" | "handed-back">): void {
    const stretch = this.#stretch ?? this.#beginStretch(event.seq);
    stretch.push(personMessage(event));
    if (event.type !== "handed-back") return;
    this.#stretch = undefined;
    this.#handedBackSeq = event.seq;
    const turn = this.#turns.findLast((one) => one.stretch === stretch);
    if (turn !== undefined) turn.endedSeq = event.seq;
  }

  /** What waited for the assistant is the person's to answer. A reading may begin in the middle of a stretch. */
  #beginStretch(seq: number): PromptMessage[] {
    const stretch: PromptMessage[] = [...this.#unbegun].map((messageId) => ({
      role: "user",
      text: this.#received.get(messageId)?.text ?? "",
    }));
    this.#unbegun.clear();
    for (const turn of this.#turns) if (turn.endedSeq === undefined) turn.taken = true;
    this.#turns.push(newTurn({ turnId: "", messageSeq: seq, user: "", stretch }));
    this.#stretch = stretch;
    return stretch;
  }

  /** Where its turn is summarised already, the summary is told: it may say that nobody knows. */
  #settle(event: EventOf<"tool-call-settled">): void {
    const { seq, outcome, title = "the call", note, mayRetry } = event;
    if (outcome === "unknown" || this.#turns.some((turn) => settleIn(turn, event))) return;
    this.#summary.learn({ seq, text: settledText({ outcome, title, note, mayRetry }) });
  }

  /** Only answers are read by the model: what is said beside them is ours. */
  #hear(event: EventOf<"speech-heard" | "speech-cut">): void {
    if (event.kind !== "answer" || event.turnId === undefined) return;
    const turn = this.#turn(event.turnId);
    if (turn !== undefined) hearIn(turn, event);
    else if (event.type === "speech-cut") for (const learnt of cutAside(cutSpeech(event))) this.#summary.learn(learnt);
  }

  #turn(turnId: string): TurnSaid | undefined {
    return this.#turns.findLast((turn) => turn.turnId === turnId);
  }

  #summarise(event: EventOf<"summary-written">): void {
    const covered = this.#turns.findIndex((turn) => turn.messageSeq > event.throughSeq);
    const gone = this.#turns.splice(0, covered < 0 ? this.#turns.length : covered);
    this.#summary.write(event, gone.flatMap(learntOf));
  }
}

/** What the model is told between two turns. */
function aside(seq: number, text: string): TurnSaid {
  const stretch: PromptMessage[] = [{ role: "user", text }];
  return newTurn({ turnId: "", messageSeq: seq, user: "", endedSeq: seq, stretch });
}

function thoughtsIn({ thoughts }: EventOf<"step-ended">): Thoughts | undefined {
  return thoughts === undefined ? undefined : { of: thoughts.of, value: thoughts.value };
}

/** Turns that a summary would stand for, and what it has to carry of them beside its text. */
export interface OlderTurns {
  readonly messages: PromptMessage[];
  readonly throughSeq: number;
  readonly foreign: boolean;
  readonly foundTools: readonly string[];
}

/** What the server filled in is not the model's, and it never learns that it is there. */
function saidByModel({ arguments: given = {}, filled = [] }: EventOf<"tool-call-proposed">): Readonly<Record<string, unknown>> {
  return filled.length === 0 ? given : Object.fromEntries(Object.entries(given).filter(([name]) => !filled.includes(name)));
}
