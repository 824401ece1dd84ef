import type { JournalEvent } from "../../protocol/events.ts";
import type { ProgressFrame } from "../../protocol/frames.ts";
import type { ParsedVoiceMessage, VoiceFrame, VoicePhase } from "../../protocol/voice-frames.ts";
import type { VoiceEnd } from "../../protocol/voice-events.ts";
import type { NamedText } from "../conversation/ports/room.ts";
import type { VoiceModel } from "../../voice/activity/silero.ts";
import { CallJournal } from "./call-journal.ts";
import { CallLife } from "./call-life.ts";
import { phaseOf } from "./call-phase.ts";
import { callReady, type VoiceCallOf } from "./call-ready.ts";
import type { OpenSides } from "./call-sides.ts";
import type { Caller } from "./caller.ts";
import { CallVoice } from "./call-voice.ts";
import { callWords, type CallWords } from "./call-words.ts";
import { type ConversationNews, ConversationWatch } from "./conversation-watch.ts";
import { EarlyEvents } from "./early-events.ts";
import { Fillers } from "./fillers.ts";
import type { CallLine } from "./ports/call-line.ts";
import type { HearingNews, HearingSide, HeardTurn } from "./ports/hearing-side.ts";
import type { VoiceCallsPorts } from "./ports.ts";
import { ServerEar } from "./hearing/server-ear.ts";
import type { SpokenApprovals } from "./spoken-approvals.ts";
import { SpokenTurns } from "./spoken-turns.ts";

/** A customer talks with the assistant: what they say becomes messages, and what is answered is said. */
export class VoiceCall {
  readonly of: VoiceCallOf;
  readonly #ports: VoiceCallsPorts;
  readonly #onOver: (call: VoiceCall) => void;
  readonly #watch: ConversationWatch;
  readonly #voice: CallVoice;
  readonly #hearing: HearingSide;
  readonly #fillers: Fillers;
  readonly #approvals: SpokenApprovals;
  readonly #turns: SpokenTurns;
  readonly #journal: CallJournal;
  readonly #life: CallLife;
  readonly #words: CallWords;
  readonly #begunAt: number;
  #line: CallLine | undefined;
  #ear: ServerEar | undefined;
  #phase: VoicePhase | undefined;
  readonly #early = new EarlyEvents();
  #over: Promise<void> | undefined;

  constructor(of: VoiceCallOf, openSides: OpenSides, ports: VoiceCallsPorts, onOver: (call: VoiceCall) => void) {
    const { clock } = ports;
    const { language, voice } = of;
    this.of = of;
    this.#ports = ports;
    this.#onOver = onOver;
    this.#begunAt = clock.now();
    this.#words = callWords(language);
    this.#journal = new CallJournal(ports.journal, of, ports.log);
    this.#watch = new ConversationWatch(language, this.#conversationNews());
    const line = (): CallLine | undefined => this.#line;
    const sides = openSides({ language, line, clock, isAsking: () => this.#approvals.isAsking });
    const changed = (): void => this.#changed();
    const voiceParts = { line, watch: this.#watch, journal: this.#journal, isHeard: () => this.#isCustomerHeard, changed };
    this.#voice = new CallVoice(of, ports, voiceParts, (news) => sides.speaking(news));
    this.#approvals = ports.approvals(of, {
      say: (speech) => this.#voice.ask(speech),
      tell: (message) => this.#line?.say(message),
    });
    this.#turns = this.#openTurns();
    this.#hearing = sides.hearing(this.#hearingNews());
    this.#fillers = new Fillers({
      clock,
      words: this.#words,
      own: voice.fillers,
      isQuiet: () => !this.#voice.speaking.isOut && !this.#isCustomerHeard,
      say: (text) => this.#voice.say("filler", text),
    });
    this.#life = new CallLife(clock, voice, { isBusy: () => this.#isBusy, end: (...why) => void this.end(...why) });
    this.known(of.caller);
    this.#hold();
    if (voice.greeting !== undefined) this.#voice.say("notice", voice.greeting);
  }

  known(caller: Pick<Caller, "claims">): void {
    if (!this.isOver) this.#life.known(caller);
  }

  get isOver(): boolean {
    return this.#over !== undefined;
  }

  /** The page or device is there; one that was gone goes on. `model`: it does not say itself when somebody speaks. */
  attach(line: CallLine, model?: VoiceModel): void {
    const isBack = this.#phase !== undefined;
    const before = this.#line;
    if (before !== undefined) this.detach(before);
    before?.close();
    this.#line = line;
    this.#ear = model === undefined ? undefined : this.#openEar(model);
    line.say(callReady(this.of, line, isBack));
    for (const message of this.#approvals.asking) line.say(message);
    this.#life.back();
    this.#phase = undefined;
    this.#hold();
    this.#changed();
  }

  /** The line is gone. What was sent on it and not heard is said again, should the page come back. */
  detach(line: CallLine): void {
    if (line !== this.#line || this.isOver) return;
    this.#line = undefined;
    this.#hold();
    this.#voice.lost();
    this.#hearing.renew(this.of.caller.via !== "device");
    this.#life.gone();
  }

  frame(frame: VoiceFrame): void {
    if (this.isOver) return;
    if (this.#ear === undefined) this.#hearing.frame(frame);
    else this.#ear.accept(frame);
  }

  take(message: Exclude<ParsedVoiceMessage, { type: "call-open" }>): void {
    if (this.isOver) return;
    switch (message.type) {
      case "speech":
      case "talk":
      case "mute":
      case "transcript":
        return this.#hearing.take(message);
      case "heard":
      case "spoke":
        return this.#voice.speaking.take(message);
      case "cut":
        return this.#voice.cut(message.by, message.untilMs);
      case "stats":
        return this.#journal.played(message);
      case "call-end":
        return void this.end("hung-up");
    }
  }

  /** Text of an answer, or how far a tool is. */
  passing(frame: NamedText | ProgressFrame): void {
    if (this.isOver) return;
    if ("text" in frame) this.#watch.text(frame);
    else this.#watch.progress(frame);
  }

  event(event: JournalEvent): void {
    if (this.isOver) return;
    if (event.type === "stop-requested") this.#voice.stopRequested(event.turnId);
    this.#watch.event(event);
    if (!this.#early.keep(event)) this.#approvals.accept([event]);
  }

  /** The newest events of the conversation, as it was when the call began: the call is in the middle of its turn. */
  catchUp(events: readonly JournalEvent[]): void {
    const all = this.#early.after(events);
    if (this.isOver) return;
    this.#watch.catchUp(all);
    this.#approvals.accept(all);
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
    this.#life.over();
    this.#fillers.end();
    this.#approvals.close();
    const said = this.#voice.end(reason);
    this.#line?.say({ type: "call-end", reason });
    this.#line?.close();
    this.#line = undefined;
    this.#onOver(this);
    const durationMs = this.#ports.clock.now() - this.#begunAt;
    const { voiceCallId, recorder } = this.of;
    const log = (error: unknown): void => this.#ports.log.error({ error, voiceCallId }, "A voice call could not be ended well.");
    await Promise.all([
      said.then(() => this.#hearing.close()).catch(log),
      recorder?.end(),
      this.#journal
        .ended({ reason, durationMs, ...(cause === undefined ? {} : { cause }) })
        .then(() => this.#ports.opened.over(voiceCallId))
        .catch(log),
    ]);
  }

  get #isCustomerHeard(): boolean {
    return this.#hearing.isOpen || this.#hearing.isPending;
  }

  get #isBusy(): boolean {
    return this.#voice.speaking.isOut || this.#isCustomerHeard || ["working", "thinking"].includes(this.#watch.work);
  }

  #hearingNews(): HearingNews {
    return {
      turnOpen: (isOpen) => {
        this.#life.spoken();
        if (isOpen) this.#approvals.speechBegan();
        this.#hold();
        this.#changed();
      },
      partial: (turn: number, text: string) => {
        this.#voice.interruptions.partial(text);
        this.#line?.say({ type: "understood", turn, text, final: false });
      },
      likely: (text) => this.#turns.likely(text),
      resumed: () => this.#turns.resumed(),
      final: (turn) => void this.#final(turn),
      failed: (cause) => this.#notHeard(cause),
      dropped: () => this.#turns.lost(),
      over: (cause) => void this.end("engine", cause),
    };
  }

  async #final(turn: HeardTurn): Promise<void> {
    // The first word of the answer may come before the message is acknowledged.
    if (turn.text !== "") this.#voice.answers(turn.endedAt);
    const result = await this.#turns.heard(turn);
    if (this.isOver) return;
    const message = result.messageId === undefined ? {} : { messageId: result.messageId };
    this.#line?.say({ type: "understood", turn: turn.turn, text: turn.text, final: true, ...message });
    if (result.kind === "nothing") {
      if (result.isTrouble) this.#line?.say({ type: "trouble", code: "nothing-understood" });
      if (this.#voice.interruptions.nothing()) this.#voice.say("notice", this.#words.notHeard);
    }
    this.#hold();
    this.#changed();
  }

  #notHeard(cause: string): void {
    this.#ports.log.warn({ voiceCallId: this.of.voiceCallId, cause }, "What a customer said was not heard.");
    this.#turns.lost();
    this.#line?.say({ type: "trouble", code: "not-heard" });
    this.#voice.interruptions.nothing();
    this.#voice.say("notice", this.#words.notHeard);
    this.#hold();
    this.#changed();
  }

  /** While the customer speaks, or nobody is there, nothing new is begun. */
  #hold(): void {
    this.#voice.interruptions.hold(this.#line === undefined || this.#isCustomerHeard);
  }

  #openEar(model: VoiceModel): ServerEar {
    return new ServerEar(model, {
      frame: (frame) => this.#hearing.frame(frame),
      speech: (message) => this.#hearing.take(message),
      interrupted: () => this.#voice.cut("speech"),
    });
  }

  #openTurns(): SpokenTurns {
    return new SpokenTurns(this.of, this.#ports, {
      approvals: this.#approvals,
      wasOut: (from, until) => this.#voice.wasOut(from, until),
      notice: (sentence) => this.#voice.say("notice", sentence),
      tellsOfWaiting: () => this.#watch.tellsOfWaiting(),
      end: (reason, cause) => void this.end(reason, cause),
      words: this.#words,
    });
  }

  #conversationNews(): ConversationNews {
    return {
      begin: (of) => this.#voice.begin(of),
      working: (isWorking) => (isWorking ? this.#fillers.begin() : this.#fillers.end()),
      progress: (frame) => this.#fillers.progress(frame),
      asksInChat: () => this.#voice.say("notice", this.#words.lookAtChat),
      turnEnded: ({ turnId, outcome }, wasSilent) => {
        this.#voice.turnEnded(turnId);
        if (outcome === "failed") this.#voice.say("notice", this.#words.answerFailed);
        else if (outcome === "done" && wasSilent) this.#voice.say("notice", this.#words.nothingSaid);
      },
      moved: (customerId) => {
        this.#journal.movedTo(customerId);
        void this.end("left", "The customer signed in, so the conversation is of their account now.");
      },
      changed: () => this.#changed(),
    };
  }

  #changed(): void {
    if (this.isOver) return;
    this.#voice.look();
    this.#ear?.assistant(this.#voice.speaking.isSpeaking);
    if (this.#voice.speaking.isSpeaking) this.#life.spoken();
    const phase = phaseOf(this.#voice.speaking, this.#hearing, this.#watch.work, this.#phase);
    if (phase === this.#phase || this.#line === undefined) return;
    this.#phase = phase;
    this.#line.say({ type: "phase", phase });
  }
}
