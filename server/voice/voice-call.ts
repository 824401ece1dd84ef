import type { EventOf, JournalEvent } from "../../protocol/events.ts";
import type { ProgressFrame } from "../../protocol/frames.ts";
import type { ParsedVoiceMessage, VoiceFrame, VoicePhase } from "../../protocol/voice-frames.ts";
import type { VoiceEnd } from "../../protocol/voice-events.ts";
import type { NamedText } from "../conversation/ports/room.ts";
import { type VoiceSettings, voiceOfferOf } from "../conversation/ports/voice.ts";
import { CallJournal } from "./call-journal.ts";
import { CallLife } from "./call-life.ts";
import type { CallSides, OpenSides } from "./call-sides.ts";
import type { CallTicket } from "./call-tickets.ts";
import { callWords, type CallWords } from "./call-words.ts";
import { ConversationWatch } from "./conversation-watch.ts";
import { Fillers } from "./fillers.ts";
import type { CallLine, HeardOf, HeardTurn, Saying, SpokenOf, VoiceCallsPorts } from "./ports.ts";
import { SpokenTurns } from "./spoken-turns.ts";
import { VoiceOut } from "./voice-out.ts";

export interface VoiceCallOf extends CallTicket {
  readonly voice: VoiceSettings;
  readonly language: string | undefined;
}

const LONGEST_MS = 30 * 60_000;
const IDLE_MS = 3 * 60_000;

/** A customer talks with the assistant: what they say becomes messages, and what is answered is said. */
export class VoiceCall {
  readonly of: VoiceCallOf;
  readonly #ports: VoiceCallsPorts;
  readonly #onOver: (call: VoiceCall) => void;
  readonly #sides: CallSides;
  readonly #watch: ConversationWatch;
  readonly #fillers: Fillers;
  readonly #turns: SpokenTurns;
  readonly #journal: CallJournal;
  readonly #life: CallLife;
  readonly #words: CallWords;
  readonly #voiceOut: VoiceOut;
  readonly #begunAt: number;
  /** Turns that this call stopped itself. */
  readonly #stopped = new Set<string>();
  #line: CallLine | undefined;
  #phase: VoicePhase | undefined;
  /** When the customer finished what the next answer answers. */
  #since: number | undefined;
  #over: Promise<void> | undefined;

  constructor(of: VoiceCallOf, openSides: OpenSides, ports: VoiceCallsPorts, onOver: (call: VoiceCall) => void) {
    const { clock, assistants } = ports;
    const { language, voice, caller } = of;
    this.of = of;
    this.#ports = ports;
    this.#onOver = onOver;
    this.#begunAt = clock.now();
    this.#words = callWords(language);
    this.#journal = new CallJournal(ports.journal, of, ports.log);
    this.#voiceOut = new VoiceOut(clock);
    this.#watch = new ConversationWatch(language, this.#conversationNews());
    this.#sides = openSides({
      voice,
      language,
      line: () => this.#line,
      clock,
      hearingNews: this.#hearingNews(),
      speakingNews: {
        heard: (speech) => this.#heard(speech),
        changed: () => this.#changed(),
        late: () => this.#line?.say({ type: "trouble", code: "not-spoken" }),
        failed: (cause) => this.#notSpoken(cause),
      },
    });
    this.#fillers = new Fillers({
      clock,
      words: this.#words,
      own: voice.fillers,
      isQuiet: () => !this.#sides.speaking.isOut && !this.#isCustomerHeard,
      say: (text) => this.#say("filler", [text]),
    });
    const place = { conversationId: of.conversationId, language, assistant: () => assistants.find(caller.assistant) };
    this.#turns = new SpokenTurns(of, ports, {
      approvals: ports.approvals(place),
      ask: (approvalId, sentences) => this.#say("question", sentences, approvalId),
      notice: (sentence) => this.#say("notice", [sentence]),
      end: (reason, cause) => void this.end(reason, cause),
      words: this.#words,
    });
    this.#life = new CallLife(
      clock,
      { longestMs: voice.longestMs ?? LONGEST_MS, idleMs: voice.idleMs ?? IDLE_MS },
      () => this.#sides.speaking.isOut || this.#isCustomerHeard || this.#watch.work === "working" || this.#watch.work === "thinking",
      (reason) => void this.end(reason),
    );
  }

  get isOver(): boolean {
    return this.#over !== undefined;
  }

  /** The page or device is there; a page that was gone goes on. */
  attach(line: CallLine): void {
    const isBack = this.#line !== undefined || this.#phase !== undefined;
    this.#line?.close();
    const { voiceCallId, conversationId, voice, language } = this.of;
    const { hearing = "server", speaking = "server" } = voiceOfferOf(voice) ?? {};
    this.#line = line;
    line.say({
      type: "call-ready",
      voiceCallId,
      conversationId,
      codec: "pcm",
      hearing,
      speaking,
      ...(language === undefined ? {} : { language }),
      ...(isBack ? { resumed: true } : {}),
    });
    this.#life.back();
    this.#phase = undefined;
    if (isBack) this.#sides.speaking.goOn();
    this.#hold();
    this.#changed();
  }

  /** The line is gone. Nothing that was sent on it and not heard will be. */
  detach(line: CallLine): void {
    if (line !== this.#line || this.isOver) return;
    this.#line = undefined;
    this.#sides.speaking.cut("lost");
    this.#sides.hearing.renew();
    this.#hold();
    this.#life.gone();
  }

  frame(frame: VoiceFrame): void {
    if (!this.isOver) this.#sides.hearing.frame(frame);
  }

  take(message: Exclude<ParsedVoiceMessage, { type: "call-open" }>): void {
    if (this.isOver) return;
    const { hearing, speaking } = this.#sides;
    switch (message.type) {
      case "speech":
      case "talk":
      case "mute":
      case "transcript":
        return hearing.take(message);
      case "heard":
      case "spoke":
        return speaking.take(message);
      case "cut":
        return this.#cut(message.by, message.untilMs);
      case "stats":
        return this.#journal.played(message);
      case "call-end":
        return void this.end("hung-up");
    }
  }

  text(frame: NamedText): void {
    if (!this.isOver) this.#watch.text(frame);
  }

  progress(frame: ProgressFrame): void {
    if (!this.isOver) this.#watch.progress(frame);
  }

  event(event: JournalEvent): void {
    if (this.isOver) return;
    if (event.type === "stop-requested" && !this.#stopped.has(event.turnId)) this.#cut("button");
    this.#watch.event(event);
  }

  /** Ends it, once; resolves when the journal has it and the engines are let go. */
  end(reason: VoiceEnd, cause?: string): Promise<void> {
    if (this.#over !== undefined) return this.#over;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#over = promise;
    void this.#end(reason, cause).then(resolve);
    return promise;
  }

  async #end(reason: VoiceEnd, cause: string | undefined): Promise<void> {
    const { hearing, speaking } = this.#sides;
    this.#life.over();
    this.#fillers.end();
    speaking.cut(reason === "hung-up" ? "button" : "lost");
    speaking.close();
    this.#line?.say({ type: "call-end", reason });
    this.#line?.close();
    this.#line = undefined;
    this.#onOver(this);
    const durationMs = this.#ports.clock.now() - this.#begunAt;
    const { voiceCallId, conversationId } = this.of;
    const log = (error: unknown): void => this.#ports.log.error({ error, voiceCallId }, "A voice call could not be ended well.");
    await Promise.all([
      hearing.close().catch(log),
      this.#journal
        .ended({ reason, durationMs, ...(cause === undefined ? {} : { cause }) })
        .then(() => this.#ports.opened.over(voiceCallId, conversationId))
        .catch(log),
    ]);
  }

  // ─── Hearing ──────────────────────────────────────────────────────────────────────────────────────────────────────

  get #isCustomerHeard(): boolean {
    return this.#sides.hearing.isOpen || this.#sides.hearing.isPending;
  }

  #hearingNews() {
    const { ahead } = this.#ports;
    const { caller, conversationId } = this.of;
    return {
      turnOpen: () => {
        this.#life.spoken();
        this.#hold();
        this.#changed();
      },
      partial: (turn: number, text: string) => this.#line?.say({ type: "understood", turn, text, final: false }),
      likely: (text: string) => ahead.begin(caller, { conversationId, text }),
      resumed: () => ahead.drop(conversationId),
      final: (turn: HeardTurn) => void this.#final(turn),
      failed: (cause: string) => this.#notHeard(cause),
      over: (cause: string) => void this.end("engine", cause),
    };
  }

  async #final(turn: HeardTurn): Promise<void> {
    const voiceWasOut = this.#voiceOut.during(turn.startedAt, turn.endedAt);
    const result = await this.#turns.heard(turn, voiceWasOut);
    if (this.isOver) return;
    const { messageId } = result;
    this.#line?.say({
      type: "understood",
      turn: turn.turn,
      text: turn.text,
      final: true,
      ...(messageId === undefined ? {} : { messageId }),
    });
    if (result.kind === "message") this.#since = turn.endedAt;
    if (result.kind === "nothing") {
      if (result.isTrouble) this.#line?.say({ type: "trouble", code: "nothing-understood" });
      if (result.wasCut) this.#sides.speaking.goOn();
    }
    this.#hold();
    this.#changed();
  }

  #notHeard(cause: string): void {
    const { voiceCallId } = this.of;
    this.#ports.log.warn({ voiceCallId, cause }, "What a customer said was not heard.");
    this.#line?.say({ type: "trouble", code: "not-heard" });
    this.#say("notice", [this.#words.notHeard]);
    this.#hold();
    this.#changed();
  }

  // ─── Speaking ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** While the customer speaks, or nobody is there, nothing new is begun. */
  #hold(): void {
    this.#sides.speaking.hold(this.#line === undefined || this.#isCustomerHeard);
  }

  #begin(of: Omit<SpokenOf, "since">): Saying {
    const since = of.kind === "answer" ? this.#since : undefined;
    if (since !== undefined) this.#since = undefined;
    return this.#sides.speaking.begin({ ...of, ...(since === undefined ? {} : { since }) });
  }

  #say(kind: "filler" | "notice" | "question", sentences: readonly string[], approvalId?: string): void {
    const saying = this.#begin({ kind, ...(approvalId === undefined ? {} : { approvalId }) });
    for (const [index, sentence] of sentences.entries()) saying.say({ written: index === 0 ? sentence : ` ${sentence}`, spoken: sentence });
    saying.finish();
  }

  #cut(by: "speech" | "button", untilMs?: number): void {
    const cut = this.#sides.speaking.cut(by, untilMs);
    // What comes before this is of what was cut.
    this.#line?.say({ type: "hush" });
    if (by === "speech") this.#turns.cut();
    for (const of of cut) {
      if (!this.#watch.isWriting(of) || of.turnId === undefined) continue;
      this.#watch.drop(of);
      this.#stop(of.turnId);
    }
  }

  /** The model need not write what nobody listens to. */
  #stop(turnId: string): void {
    const { caller, conversationId, voiceCallId } = this.of;
    if (this.#stopped.has(turnId)) return;
    this.#stopped.add(turnId);
    this.#ports.desk
      .stop(caller, { conversationId, turnId })
      .catch((error: unknown) => this.#ports.log.warn({ error, voiceCallId }, "An answer that was interrupted could not be stopped."));
  }

  #heard(speech: HeardOf): void {
    this.#life.spoken();
    this.#journal.heard(speech);
    const { approvalId } = speech.of;
    if (approvalId === undefined || speech.cutBy !== undefined) return;
    const phrase = this.#turns.asked(approvalId);
    this.#line?.say({ type: "asking", approvalId, ...(phrase === undefined ? {} : { phrase }) });
  }

  #notSpoken(cause: string): void {
    const { voiceCallId } = this.of;
    this.#ports.log.warn({ voiceCallId, cause }, "What a call wanted to say was not spoken.");
    this.#line?.say({ type: "trouble", code: "not-spoken" });
  }

  // ─── The conversation ─────────────────────────────────────────────────────────────────────────────────────────────

  #conversationNews() {
    return {
      begin: (of: Omit<SpokenOf, "since">) => this.#begin(of),
      working: (isWorking: boolean) => (isWorking ? this.#fillers.begin() : this.#fillers.end()),
      progress: (frame: ProgressFrame) => this.#fillers.progress(frame),
      approvalRequested: (event: EventOf<"approval-requested">) => this.#turns.approvalRequested(event),
      approvalDecided: (approvalId: string) => {
        this.#turns.approvalDecided(approvalId);
        this.#line?.say({ type: "asked", approvalId });
      },
      asksInChat: () => this.#say("notice", [this.#words.lookAtChat]),
      turnEnded: ({ turnId, outcome }: EventOf<"turn-ended">, wasSilent: boolean) => {
        this.#stopped.delete(turnId);
        if (outcome === "failed") this.#say("notice", [this.#words.answerFailed]);
        else if (outcome === "done" && wasSilent) this.#say("notice", [this.#words.nothingSaid]);
      },
      moved: () => void this.end("left", "The customer signed in, so the conversation is of their account now."),
      changed: () => this.#changed(),
    };
  }

  #changed(): void {
    if (this.isOver) return;
    this.#voiceOut.set(this.#sides.speaking.isSpeaking);
    const phase = this.#phaseNow();
    if (phase === this.#phase || this.#line === undefined) return;
    this.#phase = phase;
    this.#line.say({ type: "phase", phase });
  }

  #phaseNow(): VoicePhase {
    const { speaking, hearing } = this.#sides;
    if (speaking.isSpeaking || (speaking.isOut && this.#phase === "speaking")) return "speaking";
    if (hearing.isOpen) return "listening";
    if (hearing.isPending) return "understanding";
    const { work } = this.#watch;
    return work === "working" || work === "thinking" ? work : "listening";
  }
}
