import { RequestError } from "../../protocol/errors.ts";
import type { EventOf } from "../../protocol/events.ts";
import type { Spoken, VoiceEnd } from "../../protocol/voice-events.ts";
import { voiceOfferOf } from "../conversation/ports/voice.ts";
import type { CallTicket } from "./call-tickets.ts";
import type { CallWords } from "./call-words.ts";
import type { HeardTurn, VoiceCallsPorts } from "./ports.ts";
import type { AskedAloud, SpokenApprovals } from "./spoken-approvals.ts";

export interface SpokenTurnsPorts {
  readonly approvals: SpokenApprovals;
  readonly ask: (approvalId: string, sentences: readonly string[]) => void;
  readonly notice: (sentence: string) => void;
  readonly end: (reason: VoiceEnd, cause?: string) => void;
  readonly words: CallWords;
}

/** What became of a turn. */
export type TurnResult =
  | { readonly kind: "message" | "decision" | "waits" | "refused"; readonly messageId?: string }
  /** `wasCut`: the assistant was interrupted for it. `isTrouble`: somebody spoke for long. */
  | { readonly kind: "nothing"; readonly wasCut: boolean; readonly isTrouble: boolean; readonly messageId?: undefined };

/** A sound of this length was perhaps a word. */
const WORD_MS = 700;

/** What becomes of the customer's turns: the answer to an approval, or a message. One after the other. */
export class SpokenTurns {
  readonly #of: CallTicket;
  readonly #ports: VoiceCallsPorts;
  readonly #own: SpokenTurnsPorts;
  readonly #asked = new Map<string, AskedAloud>();
  #isCut = false;
  #before: Promise<unknown> = Promise.resolve();

  constructor(of: CallTicket, ports: VoiceCallsPorts, own: SpokenTurnsPorts) {
    this.#of = of;
    this.#ports = ports;
    this.#own = own;
  }

  /** The customer interrupted the assistant, and what they say is not known yet. */
  cut(): void {
    this.#isCut = true;
  }

  /** The model may begin on this; what it would do waits for the message. */
  likely(text: string): void {
    if (text === "" || this.#asked.size > 0) return;
    const { caller, conversationId, voiceCallId } = this.#of;
    this.#ports.journal
      .begin(caller, { conversationId, text, spoken: { voiceCallId } })
      .catch((error: unknown) => this.#ports.log.warn({ error, voiceCallId }, "The model could not be begun early."));
  }

  /** What was begun is void. */
  resumed(): void {
    const { caller, conversationId } = this.#of;
    this.#ports.journal.drop(caller, { conversationId });
  }

  approvalRequested(event: EventOf<"approval-requested">): void {
    if (event.approver === "staff") return this.#own.notice(this.#own.words.approvedByTeam);
    const asked = this.#own.approvals.ask(event);
    if (asked !== undefined) this.#ask(event.approvalId, asked);
  }

  approvalDecided(approvalId: string): void {
    this.#asked.delete(approvalId);
    this.#own.approvals.decided(approvalId);
  }

  /** The question was heard to its end. Returns the words that confirm. */
  asked(approvalId: string): string | undefined {
    this.#own.approvals.asked(approvalId, this.#ports.clock.now());
    return this.#asked.get(approvalId)?.phrase;
  }

  /** Never rejects. */
  heard(turn: HeardTurn, voiceWasOut: boolean): Promise<TurnResult> {
    const wasCut = this.#isCut;
    this.#isCut = false;
    const result = this.#before.then(() => this.#heard(turn, voiceWasOut, wasCut)).catch((error: unknown) => this.#refused(error));
    this.#before = result;
    return result;
  }

  async #heard(turn: HeardTurn, voiceWasOut: boolean, wasCut: boolean): Promise<TurnResult> {
    const { text, startedAt, endedAt } = turn;
    const { desk } = this.#ports;
    const { caller, conversationId } = this.#of;
    if (text === "") {
      this.resumed();
      return { kind: "nothing", wasCut, isTrouble: endedAt - startedAt >= WORD_MS };
    }
    const answer = this.#own.approvals.hear({ text, startedAt, endedAt, voiceWasOut });
    if (answer.kind === "message") return this.#send(turn);
    this.resumed();
    if (answer.kind === "decide") {
      const { approvalId, decision, argumentsHash } = answer;
      await desk.decide(caller, "approval-decide", { conversationId, approvalId, decision, argumentsHash, scope: "once" });
      return { kind: "decision" };
    }
    if (answer.kind === "again") this.#ask(answer.approvalId, answer.asked);
    else for (const sentence of answer.say ?? []) this.#own.notice(sentence);
    return { kind: "waits" };
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
    return { kind: "message", messageId };
  }

  #refused(error: unknown): TurnResult {
    const { log } = this.#ports;
    const { conversationId, voiceCallId } = this.#of;
    this.resumed();
    const code = error instanceof RequestError ? error.code : undefined;
    if (code === undefined) log.error({ error, voiceCallId, conversationId }, "What a customer said could not be sent.");
    if (code === "no-voice" || code === "unknown-assistant") this.#own.end("assistant");
    else if (code === "unknown-conversation") this.#own.end("person", "The conversation is gone.");
    // Decided elsewhere in the same moment: what was decided is said by the conversation.
    else if (code !== "already-decided" && code !== "approval-expired") this.#own.notice(this.#own.words.notSent);
    return { kind: "refused" };
  }

  #ask(approvalId: string, asked: AskedAloud): void {
    this.#asked.set(approvalId, asked);
    this.#own.ask(approvalId, asked.say);
  }
}
