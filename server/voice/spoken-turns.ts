import { RequestError } from "../../protocol/errors.ts";
import type { Spoken, VoiceEnd } from "../../protocol/voice-events.ts";
import { type VoiceSettings, voiceOfferOf } from "../conversation/ports/voice.ts";
import type { CallTicket } from "./call-tickets.ts";
import type { CallWords } from "./call-words.ts";
import type { HeardTurn } from "./ports/hearing-side.ts";
import type { VoiceCallsPorts } from "./ports.ts";
import type { SpokenApprovals } from "./spoken-approvals.ts";

export interface SpokenTurnsPorts {
  readonly approvals: SpokenApprovals;
  /** Whether our voice was out in this time. */
  readonly wasOut: (from: number, until: number) => boolean;
  readonly notice: (sentence: string) => void;
  /** Whether the customer is to be told that their message waits for somebody's decision. */
  readonly tellsOfWaiting: () => boolean;
  readonly end: (reason: VoiceEnd, cause?: string) => void;
  readonly words: CallWords;
}

/** What became of a turn. */
export type TurnResult =
  | { readonly kind: "message" | "answer" | "refused"; readonly messageId?: string }
  /** `isTrouble`: somebody spoke for long. */
  | { readonly kind: "nothing"; readonly isTrouble: boolean; readonly messageId?: undefined };

/** A sound of this length was perhaps a word. */
const WORD_MS = 700;
/** The phrase of an approval takes a second and a half; of speech that is longer than this it was not all. */
const LONGEST_PHRASE_MS = 4_000;
/** Speech is noticed so long after it began, at the latest. */
const NOTICED_MS = 160;

/** What becomes of the customer's turns: the answer to an approval, or a message. One after the other. */
export class SpokenTurns {
  readonly #of: CallTicket & { readonly voice: VoiceSettings };
  readonly #ports: VoiceCallsPorts;
  readonly #own: SpokenTurnsPorts;
  #before: Promise<unknown> = Promise.resolve();

  constructor(of: CallTicket & { readonly voice: VoiceSettings }, ports: VoiceCallsPorts, own: SpokenTurnsPorts) {
    this.#of = of;
    this.#ports = ports;
    this.#own = own;
  }

  /** The model may begin on this; what it would do waits for the message. */
  likely(text: string): void {
    const { caller, conversationId, voiceCallId, voice } = this.#of;
    // A model that hears the customer itself begins once it has heard all.
    if (text === "" || this.#own.approvals.isAsking || voice.realtime !== undefined) return;
    this.#ports.journal
      .begin(caller, { conversationId, text, spoken: { voiceCallId } })
      .catch((error: unknown) => this.#ports.log.warn({ error, voiceCallId }, "The model could not be begun early."));
  }

  /** What was begun is void. */
  resumed(): void {
    const { caller, conversationId } = this.#of;
    this.#ports.journal.drop(caller, { conversationId });
  }

  /** A turn counts for nothing: nobody has answered. */
  lost(): void {
    this.#own.approvals.answer({ text: "", beganAt: this.#ports.clock.now(), overVoice: false });
    this.#before = this.#before.then(() => this.resumed());
  }

  /** Never rejects. */
  heard(turn: HeardTurn): Promise<TurnResult> {
    const isAnswer = this.#answers(turn);
    const result = this.#before.then(() => this.#heard(turn, isAnswer)).catch((error: unknown) => this.#refused(error));
    this.#before = result;
    return result;
  }

  #answers({ text, startedAt, endedAt, earliestAt, confidence, isCut }: HeardTurn): boolean {
    const beganAt = startedAt - NOTICED_MS;
    const overVoice = this.#own.wasOut(beganAt, startedAt);
    // A recogniser that does not say when speech began may tell its end late as well.
    const isPart = earliestAt === undefined ? endedAt - startedAt > LONGEST_PHRASE_MS : this.#own.wasOut(earliestAt, startedAt);
    const isDoubtful = isCut === true || isPart;
    const sure = { ...(isDoubtful ? { isDoubtful } : {}), ...(confidence === undefined ? {} : { confidence }) };
    return this.#own.approvals.answer({ text, beganAt, overVoice, ...sure });
  }

  async #heard(turn: HeardTurn, isAnswer: boolean): Promise<TurnResult> {
    if (turn.text !== "" && !isAnswer) return this.#send(turn);
    this.resumed();
    if (turn.text !== "") return { kind: "answer" };
    return { kind: "nothing", isTrouble: !isAnswer && turn.endedAt - turn.startedAt >= WORD_MS };
  }

  async #send(turn: HeardTurn): Promise<TurnResult> {
    const { desk, clock, countMessage, assistants } = this.#ports;
    const { caller, conversationId, voiceCallId } = this.#of;
    const assistant = assistants.find(caller.assistant);
    if (assistant === undefined || voiceOfferOf(assistant.voice) === undefined) throw new RequestError("no-voice");
    await countMessage(caller);
    const { partialMs, transcriptMs, confidence, engine, startedAt, endedAt } = turn;
    const spoken: Spoken = {
      voiceCallId,
      transcriptMs,
      speechMs: endedAt - startedAt,
      ...(partialMs === undefined ? {} : { partialMs }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(engine === undefined ? {} : { engine }),
    };
    const messageId = clock.id();
    const text = turn.text.slice(0, assistant.limits.messageCharacters);
    await desk.send(caller, { conversationId, messageId, text }, spoken);
    if (!this.#own.approvals.isAsking && this.#own.tellsOfWaiting()) this.#own.notice(this.#own.words.afterDecision);
    return { kind: "message", messageId };
  }

  #refused(error: unknown): TurnResult {
    const { conversationId, voiceCallId } = this.#of;
    this.resumed();
    const code = error instanceof RequestError ? error.code : undefined;
    if (code === undefined) this.#ports.log.error({ error, voiceCallId, conversationId }, "What a customer said could not be sent.");
    if (code === "no-voice" || code === "unknown-assistant") this.#own.end("assistant");
    else if (code === "identity-required" || code === "unauthenticated") this.#own.end("assistant", String(error));
    else if (code === "unknown-conversation") this.#own.end("person", "The conversation is gone.");
    else this.#own.notice(this.#own.words.notSent);
    return { kind: "refused" };
  }
}
