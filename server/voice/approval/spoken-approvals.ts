import { RequestError } from "../../../protocol/errors.ts";
import type { EventOf, JournalEvent } from "../../../protocol/events.ts";
import type { ParsedRequest } from "../../../protocol/frames.ts";
import { presentNeed } from "../../conversation/ports/approval-need.ts";
import type { ToolPermission } from "../../conversation/ports/assistant.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { ApprovalMessage, ApprovalVoice, SpokenAnswer } from "./approval-voice.ts";
import { type Asked, asking, isOwnWord } from "./asked.ts";
import { judge, type Verdict } from "./judge.ts";
import { plainWords } from "./plain-words.ts";
import { readAgain, readBack, sayInstead } from "./read-back.ts";
import { saysMore } from "./refusal-words.ts";
import { spokenBy } from "./spoken-by.ts";

type Requested = EventOf<"approval-requested">;
type Proposed = EventOf<"tool-call-proposed">;

export interface SpokenApprovalsPorts {
  readonly clock: Pick<Clock, "now" | "after">;
  readonly log: Log;
  readonly voice: ApprovalVoice;
  /** The event of a call; undefined: there is none. */
  readonly findCall: (conversationId: string, callId: string) => Promise<JournalEvent | undefined>;
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
const REASON_CHARACTERS = 500;

/**
 * The approvals of one call: each is read aloud and asked for, one after the other, in our own words. Decides as the
 * card does, on the exact phrase alone, and only where it was the customer who spoke, after the question.
 */
export class SpokenApprovals {
  readonly #ports: SpokenApprovalsPorts;
  readonly #of: ApprovalCall;
  readonly #calls = new Map<string, Proposed>();
  /** Of approvals that nobody was asked for yet. */
  readonly #queue: Requested[] = [];
  /** The one that is asked for now. */
  #now: Asked | undefined;
  /** Those that wait for the button, the newest last. */
  #left: Asked[] = [];
  #isOpening = false;
  #isSpeaking = false;
  #isClosed = false;
  #cancelTimer = (): void => {};

  constructor(ports: SpokenApprovalsPorts, of: ApprovalCall) {
    this.#ports = ports;
    this.#of = of;
  }

  /** Whether what the customer says next is an answer: nothing else may be begun on it. */
  get isAsking(): boolean {
    return this.#now !== undefined;
  }

  /** What a page has to know that comes again. */
  get asking(): readonly ApprovalMessage[] {
    return [...this.#left, ...(this.#now === undefined ? [] : [this.#now])].map(asking);
  }

  /** What happened in the conversation, in its order; with the call's begin, its last events. */
  accept(events: readonly JournalEvent[]): void {
    for (const event of events) this.#accept(event);
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
      if (!now.isReading) this.#wait(now);
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
    this.#queue.length = 0;
    this.#cancelTimer();
    for (const asked of [...this.#left, ...(this.#now === undefined ? [] : [this.#now])]) asked.over.abort();
    this.#now = undefined;
    this.#left = [];
  }

  #accept(event: JournalEvent): void {
    switch (event.type) {
      case "tool-call-proposed":
        this.#calls.set(event.callId, event);
        return;
      case "approval-requested":
        if (!this.#isClosed) this.#queue.push(event);
        return;
      case "approval-decided":
        return this.#drop(({ approvalId }) => approvalId === event.approvalId);
      case "tool-call-ended":
        this.#calls.delete(event.callId);
        return this.#drop(({ callId }) => callId === event.callId);
      case "turn-ended":
        return this.#drop(({ turnId }) => turnId === event.turnId);
      default:
        return;
    }
  }

  #drop(isOver: (request: Requested) => boolean): void {
    this.#queue.splice(0, this.#queue.length, ...this.#queue.filter((request) => !isOver(request)));
    for (const asked of [...this.#left, this.#now]) if (asked !== undefined && isOver(asked.request)) this.#end(asked);
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
    if (this.#now !== undefined || this.#isOpening) return;
    const request = this.#queue[0];
    if (request === undefined) return;
    this.#isOpening = true;
    const call = await this.#callOf(request).finally(() => (this.#isOpening = false));
    // Meanwhile it may have been decided.
    const waits = this.#queue[0] === request;
    if (waits) this.#queue.shift();
    if (waits && call !== undefined) await this.#open(request, call);
    await this.#next();
  }

  async #callOf({ callId }: Requested): Promise<Proposed | undefined> {
    const known = this.#calls.get(callId);
    if (known !== undefined) return known;
    try {
      const found = await this.#ports.findCall(this.#of.conversationId, callId);
      return found?.type === "tool-call-proposed" ? found : undefined;
    } catch (error) {
      this.#ports.log.error({ error, callId }, "An approval is not asked for aloud: its call could not be read.");
      return undefined;
    }
  }

  async #open(request: Requested, call: Proposed): Promise<void> {
    const over = new AbortController();
    const { language } = this.#of;
    const permission = this.#ports.permission(call);
    const { approvalId, fields } = request;
    if (presentNeed(permission, request.arguments, request).approver === "staff") {
      void this.#ports.voice.say({ kind: "notice", approvalId, pieces: [sayInstead(language).staff], signal: over.signal });
      return;
    }
    const by = permission === undefined ? "button" : spokenBy(permission, { tool: call.tool, fields });
    const { pieces, phrase } = readBack({ tool: call.tool, fields }, by, language);
    const nothingYet = { times: 0, isReading: false, begunAt: undefined, heardAt: undefined, isDeciding: false };
    const asked: Asked = { request, call, pieces, phrase, ...nothingYet, over };
    this.#now = asked;
    await this.#ask(asked, pieces);
  }

  /** Says it, and waits: for an answer, or for the button. */
  async #ask(asked: Asked, pieces: readonly string[]): Promise<void> {
    const { voice } = this.#ports;
    const { approvalId } = asked.request;
    const { signal } = asked.over;
    this.#cancelTimer();
    if (asked.begunAt !== undefined || asked.times === 0) asked.times += 1;
    asked.heardAt = undefined;
    asked.isReading = true;
    voice.tell(asking(asked));
    const onBegin = (): void => void (asked.begunAt ??= this.#ports.clock.now());
    const heardAt = await voice.say({ kind: "question", approvalId, pieces, onBegin, signal });
    if (signal.aborted) return;
    asked.isReading = false;
    asked.heardAt = heardAt;
    if (asked.phrase === undefined && asked.begunAt !== undefined) this.#leave(asked);
    else this.#wait(asked);
  }

  #leave(asked: Asked): void {
    asked.heardAt ??= this.#ports.clock.now();
    this.#left = [...this.#left, asked];
    this.#now = undefined;
    void this.#next();
  }

  #wait(asked: Asked): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#ports.clock.after(this.#isSpeaking ? LONGEST_ANSWER_MS : SILENCE_MS, () => this.#again(asked));
  }

  #follow(asked: Asked, verdict: Verdict, { text }: SpokenAnswer): void {
    if (verdict === "approve") void this.#decide(asked, "approved", text);
    else if (verdict === "refuse") void this.#decide(asked, "rejected", text);
    // While it is being read, what is heard may be the reading.
    else if (asked.isReading) return;
    else if (verdict === "unclear" || asked.heardAt === undefined) this.#again(asked);
    else this.#wait(asked);
  }

  /** There was no answer. */
  #again(asked: Asked): void {
    if (this.#now !== asked || asked.isDeciding) return;
    if (asked.begunAt === undefined) void this.#ask(asked, asked.pieces);
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
    const permission = this.#ports.permission(call);
    // The owner may have changed it since it was asked.
    if (
      decision === "approved" &&
      (permission === undefined || spokenBy(permission, { tool: call.tool, fields: request.fields }) === "button")
    )
      return this.#onlyButton(asked);
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
      // It was decided by somebody else, or its time is over.
      if (error instanceof RequestError) return this.#end(asked);
      this.#ports.log.error({ error, approvalId }, "What a customer said of an approval could not be kept. It waits for the button.");
      if (this.#now === asked) this.#onlyButton(asked);
    }
  }
}
