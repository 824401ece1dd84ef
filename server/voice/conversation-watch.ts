import type { EventOf, JournalEvent } from "../../protocol/events.ts";
import type { ProgressFrame } from "../../protocol/frames.ts";
import type { NamedText } from "../conversation/ports/room.ts";
import { SentenceCutter } from "../speech/text/sentences.ts";
import { FollowedText } from "./followed-text.ts";
import type { Saying, SpokenOf } from "./ports/speaking-side.ts";

/** What a conversation tells its call. */
export interface ConversationNews {
  /** Something is to be said, from its first word on. */
  begin(of: Omit<SpokenOf, "since">): Saying;
  /** A tool began while none ran; all have ended. */
  working(isWorking: boolean): void;
  progress(frame: ProgressFrame): void;
  /** The customer has to look at the chat: a sign-in, or a form. */
  asksInChat(): void;
  /** `wasSilent`: nothing was said since its last tool, or at all. */
  turnEnded(event: EventOf<"turn-ended">, wasSilent: boolean): void;
  /** The conversation is somebody else's by now. */
  moved(customerId: string): void;
  changed(): void;
}

interface FollowedTurn {
  readonly turnId: string;
  readonly steps: Map<number, FollowedText>;
  readonly tools: Set<string>;
  /** Approvals, sign-ins and questions that wait for somebody, and how they were asked for. */
  readonly waiting: Map<string, JournalEvent["type"]>;
  /** What waited when the customer was told that their message waits as well. */
  told: ReadonlySet<string>;
  /** Whether text came since the last tool ended, or since it began. */
  hasSpoken: boolean;
}

const NOBODY: ConversationNews = {
  begin: (of) => ({ of, say: () => undefined, finish: () => undefined }),
  working: () => undefined,
  progress: () => undefined,
  asksInChat: () => undefined,
  turnEnded: () => undefined,
  moved: () => undefined,
  changed: () => undefined,
};

/** Follows the conversation of a call: what is to be said of it, and what the assistant is at. */
export class ConversationWatch {
  readonly #language: string | undefined;
  readonly #news: ConversationNews;
  #turn: FollowedTurn | undefined;

  constructor(language: string | undefined, news: ConversationNews) {
    this.#language = language;
    this.#news = news;
  }

  /** What the assistant is at; `waiting`: for somebody's decision. */
  get work(): "none" | "thinking" | "working" | "waiting" {
    const turn = this.#turn;
    if (turn === undefined) return "none";
    if (turn.tools.size > 0) return "working";
    return turn.waiting.size > 0 ? "waiting" : "thinking";
  }

  /** Whether a message of this moment waits for somebody's decision. True once for each: so often it is said. */
  tellsOfWaiting(): boolean {
    const turn = this.#turn;
    if (turn === undefined || this.work !== "waiting") return false;
    const isNew = [...turn.waiting.keys()].some((id) => !turn.told.has(id));
    turn.told = new Set(turn.waiting.keys());
    return isNew;
  }

  /** Whether the assistant is at this turn. */
  isAt(turnId: string): boolean {
    return this.#turn?.turnId === turnId;
  }

  /** Whether this text is still being written. */
  isWriting({ turnId, step }: SpokenOf): boolean {
    const turn = this.#turn;
    return turn !== undefined && turn.turnId === turnId && step !== undefined && turn.steps.get(step)?.isOpen === true;
  }

  /** What is still written of this is not said. */
  drop({ turnId, step }: SpokenOf): void {
    if (this.#turn?.turnId === turnId && step !== undefined) this.#turn?.steps.get(step)?.drop();
  }

  /** What is still written of this is said with another. False: nothing is. */
  goOn({ turnId, step }: SpokenOf, saying: Saying): boolean {
    const followed = this.#turn?.turnId === turnId && step !== undefined ? this.#turn?.steps.get(step) : undefined;
    if (followed?.isOpen !== true) return false;
    followed.goOn(saying);
    return true;
  }

  text({ turnId, step, offset, text }: NamedText): void {
    const turn = this.#turnOf(turnId);
    let followed = turn.steps.get(step);
    // The model began this step anew: what was written of it before counts no more.
    if (offset === 0 && followed?.isOpen === true) {
      followed.drop();
      followed = undefined;
    }
    if (followed === undefined) {
      followed = this.#follow({ kind: "answer", turnId, step }, offset);
      turn.steps.set(step, followed);
    }
    turn.hasSpoken ||= text.trim() !== "";
    followed.push(offset, text);
    this.#news.changed();
  }

  /** What happened before the call, and since it began, in its order: the call is in the middle of that. Nothing of it is said. */
  catchUp(events: readonly JournalEvent[]): void {
    const past = new ConversationWatch(this.#language, NOBODY);
    for (const event of events) past.event(event);
    const then = past.#turn;
    if (then === undefined || (this.#turn !== undefined && this.#turn.turnId !== then.turnId)) return;
    const turn = this.#turnOf(then.turnId);
    turn.hasSpoken ||= then.hasSpoken;
    this.#tool(turn, () => {
      for (const id of then.tools) turn.tools.add(id);
    });
    const news = [...then.waiting].filter(([id]) => !turn.waiting.has(id));
    for (const [id, type] of news) turn.waiting.set(id, type);
    if (news.some(([, type]) => type !== "approval-requested")) this.#news.asksInChat();
    this.#news.changed();
  }

  progress(frame: ProgressFrame): void {
    if (this.#turn?.tools.has(frame.callId) === true) this.#news.progress(frame);
  }

  event(event: JournalEvent): void {
    switch (event.type) {
      case "turn-started":
        this.#turnOf(event.turnId);
        break;
      case "step-ended":
        this.#stepEnded(event);
        break;
      case "turn-ended":
        this.#turnEnded(event);
        break;
      case "reply-sent":
        this.#sayWhole({ kind: "answer" }, event.text);
        break;
      case "customer-identified":
        this.#news.moved(event.customerId);
        break;
      default:
        if ("turnId" in event && "callId" in event) this.#callEvent(event);
    }
    this.#news.changed();
  }

  #callEvent(event: Extract<JournalEvent, { readonly turnId: string; readonly callId: string }>): void {
    const turn = this.#turnOf(event.turnId);
    switch (event.type) {
      case "tool-call-started":
      case "tool-call-resumed":
        return this.#tool(turn, () => turn.tools.add(event.callId));
      case "tool-call-ended":
        turn.hasSpoken = false;
        return this.#tool(turn, () => turn.tools.delete(event.callId));
      case "tool-call-paused":
        return this.#tool(turn, () => turn.tools.delete(event.callId));
      case "approval-requested":
        turn.waiting.set(event.approvalId, event.type);
        turn.hasSpoken = true;
        return;
      case "approval-decided":
        turn.waiting.delete(event.approvalId);
        return;
      case "connection-requested":
      case "input-requested":
        turn.waiting.set(event.requestId, event.type);
        turn.hasSpoken = true;
        return this.#news.asksInChat();
      case "connection-decided":
      case "input-decided":
        turn.waiting.delete(event.requestId);
        return;
      default:
    }
  }

  #tool(turn: FollowedTurn, change: () => void): void {
    const before = turn.tools.size > 0;
    change();
    const after = turn.tools.size > 0;
    if (before !== after) this.#news.working(after);
  }

  #stepEnded({ turnId, step, text, cut }: EventOf<"step-ended">): void {
    const turn = this.#turnOf(turnId);
    const followed = turn.steps.get(step);
    if (followed !== undefined) followed.end(text);
    else if (text.trim() !== "" && cut === undefined) {
      const whole = this.#follow({ kind: "answer", turnId, step }, 0);
      turn.steps.set(step, whole);
      turn.hasSpoken = true;
      whole.end(text);
    }
  }

  #turnEnded(event: EventOf<"turn-ended">): void {
    const turn = this.#turn;
    if (turn?.turnId !== event.turnId) return;
    this.#turn = undefined;
    for (const step of turn.steps.values()) step.drop();
    if (turn.tools.size > 0) this.#news.working(false);
    this.#news.turnEnded(event, !turn.hasSpoken);
  }

  #turnOf(turnId: string): FollowedTurn {
    const before = this.#turn;
    if (before?.turnId === turnId) return before;
    const turn: FollowedTurn = {
      turnId,
      steps: new Map(),
      tools: new Set<string>(),
      waiting: new Map(),
      told: new Set<string>(),
      hasSpoken: false,
    };
    this.#turn = turn;
    if (before !== undefined && before.tools.size > 0) this.#news.working(false);
    return turn;
  }

  #follow(of: Omit<SpokenOf, "since">, offset: number): FollowedText {
    return new FollowedText(this.#news.begin(of), this.#language, offset);
  }

  #sayWhole(of: Omit<SpokenOf, "since">, text: string): void {
    const saying = this.#news.begin(of);
    const cutter = new SentenceCutter(this.#language);
    for (const piece of [...cutter.push(text), ...cutter.flush()]) saying.say(piece);
    saying.finish();
  }
}
