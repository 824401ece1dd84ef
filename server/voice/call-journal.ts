import type { ParsedVoiceMessage } from "../../protocol/voice-frames.ts";
import type { EndedCall, VoiceDesk } from "../conversation/voice-desk.ts";
import type { Log } from "../foundation/log.ts";
import type { HeardOf } from "./ports.ts";

type Stats = Pick<Extract<ParsedVoiceMessage, { type: "stats" }>, "underruns" | "underrunMs">;

const NO_STATS: Stats = { underruns: 0, underrunMs: 0 };

/** What a call writes into its journal, in the order in which it happened. What cannot be written is logged. */
export class CallJournal {
  readonly #journal: VoiceDesk;
  readonly #conversationId: string;
  readonly #voiceCallId: string;
  readonly #log: Log;
  #writing: Promise<void> = Promise.resolve();
  #stats = NO_STATS;
  #toldStats = NO_STATS;

  constructor(journal: VoiceDesk, of: { readonly conversationId: string; readonly voiceCallId: string }, log: Log) {
    this.#journal = journal;
    this.#conversationId = of.conversationId;
    this.#voiceCallId = of.voiceCallId;
    this.#log = log;
  }

  /** How playing goes, since the call began. A page that was loaded anew counts anew. */
  played({ underruns, underrunMs }: Stats): void {
    if (underruns < this.#stats.underruns) this.#toldStats = NO_STATS;
    this.#stats = { underruns, underrunMs };
  }

  heard({ of, cutBy, unheard = "", ...speech }: HeardOf): void {
    const { since: _since, ...place } = of;
    // A filler of which nothing was heard is nothing.
    if (cutBy !== undefined && speech.text === "" && (of.kind === "filler" || of.kind === "notice")) return;
    const said = { voiceCallId: this.#voiceCallId, ...place, ...speech, ...this.#newUnderruns() };
    this.#write(() =>
      this.#journal.heard(
        this.#conversationId,
        cutBy === undefined ? { type: "speech-heard", ...said } : { type: "speech-cut", ...said, unheard, cutBy },
      ),
    );
  }

  /** Resolves when everything is written that can be. */
  ended(call: Omit<EndedCall, "voiceCallId">): Promise<void> {
    this.#write(() => this.#journal.ended(this.#conversationId, { voiceCallId: this.#voiceCallId, ...call }));
    return this.#writing;
  }

  #newUnderruns(): { readonly underruns?: number; readonly underrunMs?: number } {
    const underruns = this.#stats.underruns - this.#toldStats.underruns;
    const underrunMs = this.#stats.underrunMs - this.#toldStats.underrunMs;
    this.#toldStats = this.#stats;
    return underruns <= 0 ? {} : { underruns, underrunMs: Math.max(0, underrunMs) };
  }

  #write(write: () => Promise<void>): void {
    const { conversationId, voiceCallId } = { conversationId: this.#conversationId, voiceCallId: this.#voiceCallId };
    this.#writing = this.#writing
      .then(write)
      .catch((error: unknown) => this.#log.error({ error, conversationId, voiceCallId }, "A voice call could not write into its journal."));
  }
}
