import type { CallLine, HeardOf, Saying, SpeakingNews, SpeakingSide, SpokenOf, VoiceCallsPorts } from "./ports.ts";
import type { CallJournal } from "./call-journal.ts";
import type { CallTicket } from "./call-tickets.ts";
import type { ConversationWatch } from "./conversation-watch.ts";
import { VoiceOut } from "./voice-out.ts";

export interface CallVoiceParts {
  readonly line: () => CallLine | undefined;
  readonly watch: Pick<ConversationWatch, "isWriting" | "drop" | "goOn">;
  readonly journal: Pick<CallJournal, "heard">;
  /** The question of an approval was heard to its end. Returns the words that confirm. */
  readonly asked: (approvalId: string) => string | undefined;
  readonly changed: () => void;
}

/** The assistant's voice in a call: what is said, interrupted, and heard of it. */
export class CallVoice {
  readonly #of: CallTicket;
  readonly #ports: Pick<VoiceCallsPorts, "journal" | "clock" | "log">;
  readonly #parts: CallVoiceParts;
  readonly #out: VoiceOut;
  /** Turns that were stopped because nobody listened. */
  readonly #stopped = new Set<string>();
  readonly speaking: SpeakingSide;
  /** When the customer finished what the next answer answers. */
  #since: number | undefined;

  constructor(
    of: CallTicket,
    ports: Pick<VoiceCallsPorts, "journal" | "clock" | "log">,
    parts: CallVoiceParts,
    open: (news: SpeakingNews) => SpeakingSide,
  ) {
    this.#of = of;
    this.#ports = ports;
    this.#parts = parts;
    this.#out = new VoiceOut(ports.clock);
    this.speaking = open({
      heard: (speech) => this.#heard(speech),
      changed: () => parts.changed(),
      late: () => parts.line()?.say({ type: "trouble", code: "not-spoken" }),
      failed: (cause) => this.#failed(cause),
    });
  }

  /** The customer has finished; what is answered is measured from here. */
  answers(since: number): void {
    this.#since = since;
  }

  begin(of: Omit<SpokenOf, "since">): Saying {
    const since = of.kind === "answer" ? this.#since : undefined;
    if (since === undefined) return this.speaking.begin(of);
    this.#since = undefined;
    return this.speaking.begin({ ...of, since });
  }

  say(kind: "filler" | "notice" | "question", sentences: readonly string[], approvalId?: string): void {
    const saying = this.begin({ kind, ...(approvalId === undefined ? {} : { approvalId }) });
    for (const [index, spoken] of sentences.entries()) saying.say({ written: index === 0 ? spoken : ` ${spoken}`, spoken });
    saying.finish();
  }

  /** Nothing that is out is heard any more. What the model still writes of it, it need not write. */
  cut(by: "speech" | "button", untilMs?: number): void {
    const { line, watch } = this.#parts;
    const cut = this.speaking.cut(by, untilMs);
    line()?.say({ type: "hush" });
    for (const of of cut) {
      if (of.turnId === undefined || !watch.isWriting(of)) continue;
      watch.drop(of);
      this.#stop(of.turnId);
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

  /** It was interrupted for nothing: what was written to its end is said from where it was cut. */
  goOn(): void {
    this.speaking.goOn(() => false);
  }

  turnEnded(turnId: string): void {
    this.#stopped.delete(turnId);
  }

  /** Notes when the voice is out. */
  look(): void {
    this.#out.set(this.speaking.isSpeaking);
  }

  wasOut(from: number, until: number): boolean {
    return this.#out.during(from, until);
  }

  #stop(turnId: string): void {
    const { caller, conversationId, voiceCallId } = this.#of;
    if (this.#stopped.has(turnId)) return;
    this.#stopped.add(turnId);
    this.#ports.journal
      .interrupt(caller, { conversationId, turnId })
      // What goes on may be interrupted later, once it writes again.
      .then((became) => became === "working" && this.#stopped.delete(turnId))
      .catch((error: unknown) => this.#ports.log.warn({ error, voiceCallId }, "An answer that was interrupted could not be stopped."));
  }

  #heard(speech: HeardOf): void {
    const { journal, asked, line } = this.#parts;
    journal.heard(speech);
    const { approvalId } = speech.of;
    if (approvalId === undefined || speech.cutBy !== undefined) return;
    const phrase = asked(approvalId);
    line()?.say({ type: "asking", approvalId, ...(phrase === undefined ? {} : { phrase }) });
  }

  #failed(cause: string): void {
    const { voiceCallId } = this.#of;
    this.#ports.log.warn({ voiceCallId, cause }, "What a call wanted to say was not spoken.");
    this.#parts.line()?.say({ type: "trouble", code: "not-spoken" });
  }
}
