import type { CallLine } from "./ports/call-line.ts";
import type { HeardOf, Saying, SpeakingNews, SpeakingSide, SpokenOf } from "./ports/speaking-side.ts";
import type { VoiceCallsPorts } from "./ports.ts";
import type { VoiceEnd } from "../../protocol/voice-events.ts";
import type { VoiceSettings } from "../conversation/ports/voice.ts";
import type { ApprovalSpeech } from "./approval/approval-voice.ts";
import type { CallJournal } from "./call-journal.ts";
import type { CallTicket } from "./call-tickets.ts";
import type { ConversationWatch } from "./conversation-watch.ts";
import { Interruptions } from "./interruptions.ts";
import { VoiceOut } from "./speaking/voice-out.ts";

export interface CallVoiceParts {
  readonly line: () => CallLine | undefined;
  readonly watch: Pick<ConversationWatch, "isWriting" | "isAt" | "drop" | "goOn">;
  readonly journal: Pick<CallJournal, "heard">;
  /** Whether the customer speaks, or what they said is not understood yet. */
  readonly isHeard: () => boolean;
  readonly changed: () => void;
}

/** The assistant's voice in a call: what is said, interrupted, and heard of it. */
export class CallVoice {
  readonly #of: CallTicket & { readonly voice: VoiceSettings };
  readonly #ports: Pick<VoiceCallsPorts, "journal" | "clock" | "log">;
  readonly #parts: CallVoiceParts;
  readonly #out: VoiceOut;
  /** Turns that were stopped because nobody listened. */
  readonly #stopped = new Set<string>();
  /** What was asked to be said, until it is over. */
  readonly #waiting = new Map<
    SpokenOf,
    { readonly begun?: (() => void) | undefined; readonly over: (heardAt: number | undefined) => void }
  >();
  readonly speaking: SpeakingSide;
  readonly interruptions: Interruptions;
  /** When the customer finished what the next answer answers. */
  #since: number | undefined;

  constructor(
    of: CallTicket & { readonly voice: VoiceSettings },
    ports: Pick<VoiceCallsPorts, "journal" | "clock" | "log">,
    parts: CallVoiceParts,
    open: (news: SpeakingNews) => SpeakingSide,
  ) {
    this.#of = of;
    this.#ports = ports;
    this.#parts = parts;
    this.#out = new VoiceOut(ports.clock);
    this.speaking = open({
      begun: (of) => {
        this.interruptions.begun(of);
        this.#waiting.get(of)?.begun?.();
      },
      heard: (speech) => this.#heard(speech),
      changed: () => parts.changed(),
      late: () => parts.line()?.say({ type: "trouble", code: "not-spoken" }),
      failed: (cause) => this.#failed(cause),
    });
    const { speaking } = this;
    const { watch, isHeard } = parts;
    this.interruptions = new Interruptions({ clock: ports.clock, watch, speaking, isHeard, stop: (turnId) => void this.#stop(turnId) });
  }

  /** The customer has finished saying something; what is answered is measured from here. */
  answers(since: number): void {
    this.#since = since;
    this.interruptions.understood();
  }

  begin(of: Omit<SpokenOf, "since">): Saying {
    const since = of.kind === "answer" ? this.#since : undefined;
    if (since === undefined) return this.speaking.begin(of);
    this.#since = undefined;
    return this.speaking.begin({ ...of, since });
  }

  say(kind: "filler" | "notice", sentence: string): void {
    const saying = this.begin({ kind });
    saying.say({ written: sentence, spoken: sentence });
    saying.finish();
  }

  /** Resolves when it is over: with the moment at which all of it was heard; with undefined where it was cut. */
  async ask({ kind, approvalId, pieces, onBegin, signal }: ApprovalSpeech): Promise<number | undefined> {
    if (signal.aborted || pieces.length === 0) return undefined;
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const of: SpokenOf = { kind, approvalId };
    this.#waiting.set(of, { begun: onBegin, over: resolve });
    const drop = (): void => this.#drop(of);
    signal.addEventListener("abort", drop, { once: true });
    const saying = this.speaking.begin(of);
    for (const [index, spoken] of pieces.entries()) saying.say({ written: index === 0 ? spoken : ` ${spoken}`, spoken });
    saying.finish();
    const heardAt = await promise;
    signal.removeEventListener("abort", drop);
    return heardAt;
  }

  /** It is not to be said any more. What waits behind it is. */
  #drop(of: SpokenOf): void {
    if (!this.#waiting.has(of)) return;
    this.speaking.cut("button");
    this.#parts.line()?.say({ type: "hush" });
    this.speaking.goOn((cut, saying) => this.#parts.watch.goOn(cut, saying));
  }

  /** Nothing that is out is heard any more. After the button the model need not write on; what `failed` is read. */
  cut(by: "speech" | "button" | "failed", untilMs?: number): void {
    const { line, watch } = this.#parts;
    const cut = this.speaking.cut(by === "failed" ? "lost" : by, untilMs);
    line()?.say({ type: "hush" });
    if (by === "speech") return this.interruptions.sound(cut);
    this.interruptions.forget();
    for (const of of cut) {
      if (of.turnId === undefined || !watch.isWriting(of)) continue;
      watch.drop(of);
      if (by === "button") void this.#stop(of.turnId);
    }
  }

  /** Somebody stops the answer in the chat, or this call did. */
  stopRequested(turnId: string): void {
    if (this.#stopped.has(turnId)) return;
    this.#stopped.add(turnId);
    this.cut("button");
  }

  /** The line is lost, and perhaps comes back. */
  lost(): void {
    this.speaking.cut("lost");
    this.speaking.goOn((of, saying) => this.#parts.watch.goOn(of, saying));
  }

  turnEnded(turnId: string): void {
    this.#stopped.delete(turnId);
  }

  /** Nothing more is said. A model that goes with the call stops writing, too; resolves when it knows. */
  async end(reason: VoiceEnd): Promise<void> {
    const cut = this.speaking.cut(reason === "hung-up" ? "button" : "lost");
    this.interruptions.forget();
    this.speaking.close();
    // What a server that goes down leaves open is answered by the next one.
    if (this.#of.voice.realtime === undefined || reason === "stopping") return;
    const writing = cut.flatMap((of) => (of.turnId !== undefined && this.#parts.watch.isWriting(of) ? [of.turnId] : []));
    await Promise.all(writing.map((turnId) => this.#stop(turnId)));
  }

  /** Notes when the voice is out. */
  look(): void {
    this.#out.set(this.speaking.isSpeaking);
  }

  wasOut(from: number, until: number): boolean {
    return this.#out.during(from, until);
  }

  async #stop(turnId: string): Promise<void> {
    const { caller, conversationId, voiceCallId } = this.#of;
    if (this.#stopped.has(turnId)) return;
    this.#stopped.add(turnId);
    await this.#ports.journal
      .interrupt(caller, { conversationId, turnId })
      // What goes on may be interrupted later, once it writes again.
      .then((became) => became === "working" && this.#stopped.delete(turnId))
      .catch((error: unknown) => {
        this.#stopped.delete(turnId);
        this.#ports.log.warn({ error, voiceCallId }, "An answer that was interrupted could not be stopped.");
      });
  }

  #heard(speech: HeardOf): void {
    this.#parts.journal.heard(speech);
    const waiting = this.#waiting.get(speech.of);
    this.#waiting.delete(speech.of);
    waiting?.over(speech.cutBy === undefined ? this.#ports.clock.now() : undefined);
  }

  #failed(cause: string): void {
    const { voiceCallId } = this.#of;
    this.#ports.log.warn({ voiceCallId, cause }, "What a call wanted to say was not spoken.");
    this.#parts.line()?.say({ type: "trouble", code: "not-spoken" });
  }
}
