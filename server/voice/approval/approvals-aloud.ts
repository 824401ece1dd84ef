import { type ErrorCode, RequestError } from "../../../protocol/errors.ts";
import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import { presentNeed } from "../../conversation/ports/approval-need.ts";
import type { ToolPermission } from "../../conversation/ports/assistant.ts";
import type { Clock } from "../../foundation/clock.ts";
import { ApprovalQueue, type ApprovalQueuePorts } from "./approval-queue.ts";
import type { ApprovalMessage, ApprovalVoice, SpokenAnswer } from "./approval-voice.ts";
import { type Asked, asking, isOwnWord, toAsk } from "./asked.ts";
import { judge, type Verdict } from "./judge.ts";
import { plainWords } from "./plain-words.ts";
import { readAgain, readBack, sayInstead } from "./read-back.ts";
import { saysMore } from "./refusal-words.ts";
import { type SpokenBy, spokenBy } from "./spoken-by.ts";

type Requested = EventOf<"approval-requested">;
type Proposed = EventOf<"tool-call-proposed">;

export interface ApprovalsAloudPorts extends ApprovalQueuePorts {
  readonly clock: Pick<Clock, "now" | "after">;
  readonly voice: ApprovalVoice;
  /** What the owner allows for the tool at this moment. Undefined: the assistant is gone. */
  readonly permission: (call: Proposed) => ToolPermission | undefined;
  /** As the card decides. Throws `RequestError`. */
  readonly decide: (
    request: ParsedRequest<"approval-decide">,
    spoken: { readonly voiceCallId: string; readonly transcript: string },
  ) => Promise<unknown>;
}

export interface ApprovalCall {
  readonly conversationId: string;
  readonly voiceCallId: string;
  /** In which customers are asked. Absent: English. */
  readonly language?: string | undefined;
}

/** How long nobody has to say anything before it counts as no answer, and how long somebody may take to say one. */
const SILENCE_MS = 8_000;
const LONGEST_ANSWER_MS = 30_000;
const MOST_QUESTIONS = 2;
/** Rooms cut a question by its own echo, so one that was cut is said again; and a voice may be out of order for a while. */
const MOST_CUTS = 3;
const MOST_SILENCES = 2;
const REASON_CHARACTERS = 500;

/** There is nothing left to decide. */
const OVER: ReadonlySet<string> = new Set<ErrorCode>(["unknown-approval", "unknown-conversation", "already-decided", "approval-expired"]);

/**
 * The approvals of one call: each is read aloud and asked for, one after the other, in our own words. Decides as the
 * card does, on the exact phrase alone, and only where it was the customer who spoke, after the question.
 */
export class ApprovalsAloud {
  readonly #ports: ApprovalsAloudPorts;
  readonly #of: ApprovalCall;
  readonly #queue: ApprovalQueue;
  /** The one that is asked for now. */
  #now: Asked | undefined;
  /** Those that wait for the button, the newest last. */
  #left: Asked[] = [];
  #isSpeaking = false;
  #isClosed = false;
  #cancelTimer = (): void => {};

  constructor(ports: ApprovalsAloudPorts, of: ApprovalCall) {
    this.#ports = ports;
    this.#of = of;
    this.#queue = new ApprovalQueue(ports, of.conversationId);
  }

  /** Whether what the customer says next is an answer: nothing else may be begun on it. */
  get isAsking(): boolean {
    return this.#now !== undefined;
  }

  /** What a page has to know that comes again. */
  get asking(): readonly ApprovalMessage[] {
    return (this.#now?.heardAt === undefined ? this.#left : this.#all).map(asking);
  }

  get #all(): readonly Asked[] {
    return this.#now === undefined ? this.#left : [...this.#left, this.#now];
  }

  /** What happened in the conversation, in its order; with the call's begin, its last events. What is known changes nothing. */
  accept(events: readonly JournalEvent[]): void {
    if (this.#isClosed) return;
    for (const event of events) {
      const isOver = this.#queue.accept(event);
      if (isOver !== undefined) for (const asked of this.#all) if (isOver(asked.request)) this.#end(asked);
    }
    void this.#next();
  }

  /** Somebody speaks: their answer is waited for. */
  speechBegan(): void {
    this.#isSpeaking = true;
    if (this.#now !== undefined && !this.#now.isReading) this.#wait(this.#now);
  }

  /**
   * Every turn that ends, in their order. True: it was an answer to an approval, or may be an echo of the question, and
   * is no message.
   */
  answer(answer: SpokenAnswer): boolean {
    this.#isSpeaking = false;
    const now = this.#now;
    if (now === undefined) return this.#refusesLeft(answer);
    if (now.begunAt === undefined || answer.beganAt < now.begunAt) {
      // It was cut before anybody heard of it.
      if (now.begunAt === undefined && !now.isReading) this.#again(now);
      return false;
    }
    if (!now.isDeciding) this.#follow(now, isOwnWord(answer, now) ? judge(answer, now.phrase) : "nothing", answer);
    return true;
  }

  /** What waits for the button can be refused aloud all the same. */
  #refusesLeft(answer: SpokenAnswer): boolean {
    const asked = this.#left.findLast(({ isDeciding }) => !isDeciding);
    if (asked === undefined || !isOwnWord(answer, asked) || judge(answer, undefined) !== "refuse") return false;
    void this.#decide(asked, "rejected", answer.text);
    return true;
  }

  /** The call is over: nothing is asked any more, and what waits, waits for the card. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    for (const asked of this.#all) asked.over.abort();
    this.#now = undefined;
    this.#left = [];
  }

  #end(asked: Asked): void {
    if (asked.over.signal.aborted) return;
    asked.over.abort();
    this.#left = this.#left.filter((one) => one !== asked);
    this.#ports.voice.tell({ type: "asked", approvalId: asked.request.approvalId });
    if (this.#now !== asked) return;
    this.#cancelTimer();
    this.#now = undefined;
    void this.#next();
  }

  async #next(): Promise<void> {
    while (this.#now === undefined && !this.#isClosed) {
      const taken = await this.#queue.take();
      if (taken === undefined) return;
      if (!this.#isClosed) this.#open(taken.request, taken.call);
    }
  }

  #open(request: Requested, call: Proposed): void {
    const { language } = this.#of;
    const permission = this.#ports.permission(call);
    const { approvalId, fields } = request;
    if (presentNeed(permission, request.arguments, request).approver === "staff") {
      const { signal } = new AbortController();
      void this.#ports.voice.say({ kind: "notice", approvalId, pieces: [sayInstead(language).staff], signal });
      return;
    }
    const { pieces, phrase } = readBack({ tool: call.tool, fields }, this.#by(call, request), language);
    const asked = toAsk({ request, call, pieces, phrase });
    this.#now = asked;
    void this.#ask(asked, pieces);
  }

  #by(call: Proposed, { fields }: Requested): SpokenBy {
    const permission = this.#ports.permission(call);
    return permission === undefined ? "button" : spokenBy(permission, { tool: call.tool, fields });
  }

  /** Says it, and waits: for an answer, or for the button. */
  async #ask(asked: Asked, pieces: readonly string[]): Promise<void> {
    const { voice } = this.#ports;
    const { approvalId } = asked.request;
    const { signal } = asked.over;
    this.#cancelTimer();
    asked.heardAt = undefined;
    asked.isReading = true;
    const onBegin = (): void => void (asked.begunAt ??= this.#ports.clock.now());
    const heardAt = await voice.say({ kind: "question", approvalId, pieces, onBegin, signal });
    if (signal.aborted) return;
    asked.isReading = false;
    asked.heardAt = heardAt;
    if (heardAt !== undefined) {
      asked.begunAt ??= heardAt;
      asked.isRead ||= pieces === asked.pieces;
      asked.times += 1;
    } else if (asked.begunAt !== undefined) asked.cuts += 1;
    const isLeft = asked.phrase === undefined && asked.begunAt !== undefined;
    if (heardAt !== undefined || isLeft) voice.tell(asking(asked));
    if (isLeft) this.#leave(asked);
    else this.#wait(asked);
  }

  /** It waits for the button. What nobody heard of cannot be refused aloud. */
  #leave(asked: Asked): void {
    if (asked.begunAt !== undefined) asked.heardAt ??= this.#ports.clock.now();
    this.#left = [...this.#left, asked];
    this.#now = undefined;
    void this.#next();
  }

  #wait(asked: Asked): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#ports.clock.after(this.#isSpeaking ? LONGEST_ANSWER_MS : SILENCE_MS, () => this.#silent(asked));
  }

  #follow(asked: Asked, verdict: Verdict, { text }: SpokenAnswer): void {
    if (verdict === "approve") void this.#decide(asked, "approved", text);
    else if (verdict === "refuse") void this.#decide(asked, "rejected", text);
    // While it is being read, what is heard may be the reading.
    else if (asked.isReading) return;
    else if (verdict === "unclear" || asked.heardAt === undefined) this.#again(asked);
    else this.#wait(asked);
  }

  #silent(asked: Asked): void {
    if (asked.begunAt === undefined) asked.silences += 1;
    if (asked.silences < MOST_SILENCES) return this.#again(asked);
    asked.phrase = undefined;
    this.#ports.voice.tell(asking(asked));
    this.#leave(asked);
  }

  /** There was no answer. */
  #again(asked: Asked): void {
    if (this.#now !== asked || asked.isDeciding) return;
    if (asked.begunAt === undefined || (!asked.isRead && asked.cuts < MOST_CUTS)) void this.#ask(asked, asked.pieces);
    else if (asked.cuts >= MOST_CUTS) this.#onlyButton(asked);
    else if (asked.times < MOST_QUESTIONS) void this.#ask(asked, readAgain(asked.call, this.#of.language));
    else this.#onlyButton(asked);
  }

  #onlyButton(asked: Asked): void {
    asked.phrase = undefined;
    void this.#ask(asked, [sayInstead(this.#of.language).instead]);
  }

  async #decide(asked: Asked, decision: "approved" | "rejected", transcript: string): Promise<void> {
    const { request, call } = asked;
    const { conversationId, voiceCallId } = this.#of;
    // The owner may have changed it since it was asked.
    if (decision === "approved" && this.#by(call, request) === "button") return this.#onlyButton(asked);
    this.#cancelTimer();
    asked.isDeciding = true;
    const { approvalId, argumentsHash } = request;
    const reason = decision === "rejected" && saysMore(plainWords(transcript)) ? { reason: transcript.slice(0, REASON_CHARACTERS) } : {};
    try {
      await this.#ports.decide(
        { conversationId, approvalId, decision, argumentsHash, scope: "once", ...reason },
        { voiceCallId, transcript },
      );
      this.#end(asked);
    } catch (error) {
      asked.isDeciding = false;
      const code = error instanceof RequestError ? error.code : undefined;
      if (code !== undefined && OVER.has(code)) return this.#end(asked);
      this.#ports.log.error(
        { error: code ?? error, approvalId },
        "What a customer said of an approval could not be kept. It waits for the button.",
      );
      if (this.#now === asked) this.#onlyButton(asked);
    }
  }
}
