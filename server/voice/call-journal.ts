import type { ParsedVoiceMessage } from "../../protocol/voice-frames.ts";
import { RequestError } from "../../protocol/errors.ts";
import type { Customer } from "../conversation/customer-desk.ts";
import type { EndedCall, VoiceDesk } from "../conversation/voice-desk.ts";
import type { Log } from "../foundation/log.ts";
import type { HeardOf } from "./ports/speaking-side.ts";

type Stats = Pick<Extract<ParsedVoiceMessage, { type: "stats" }>, "underruns" | "underrunMs">;

const NO_STATS: Stats = { underruns: 0, underrunMs: 0 };

/** What a call writes into its journal, in the order in which it happened. What cannot be written is logged. */
export class CallJournal {
  readonly #journal: VoiceDesk;
  #customer: Customer;
  readonly #conversationId: string;
  readonly #voiceCallId: string;
  readonly #log: Log;
  #writing: Promise<void> = Promise.resolve();
  #stats = NO_STATS;
  #toldStats = NO_STATS;
  #speeches = 0;

  constructor(
    journal: VoiceDesk,
    of: { readonly caller: Customer; readonly conversationId: string; readonly voiceCallId: string },
    log: Log,
  ) {
    this.#journal = journal;
    this.#customer = of.caller;
    this.#conversationId = of.conversationId;
    this.#voiceCallId = of.voiceCallId;
    this.#log = log;
  }

  /** The conversation is this customer's by now. */
  movedTo(customerId: string): void {
    this.#customer = { ...this.#customer, id: customerId };
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
    const speechId = String(this.#speeches++);
    const said = {
      conversationId: this.#conversationId,
      speechId,
      voiceCallId: this.#voiceCallId,
      ...place,
      ...speech,
      ...this.#newUnderruns(),
    };
    this.#write(() =>
      cutBy === undefined ? this.#journal.heard(this.#customer, said) : this.#journal.cut(this.#customer, { ...said, unheard, cutBy }),
    );
  }

  /** Resolves when everything is written that can be. */
  ended(call: Omit<EndedCall, "voiceCallId" | "conversationId">): Promise<void> {
    this.#write(() =>
      this.#journal.ended(this.#customer, { conversationId: this.#conversationId, voiceCallId: this.#voiceCallId, ...call }),
    );
    return this.#writing;
  }

  #newUnderruns(): { readonly underruns?: number; readonly underrunMs?: number } {
    const underruns = this.#stats.underruns - this.#toldStats.underruns;
    const underrunMs = this.#stats.underrunMs - this.#toldStats.underrunMs;
    this.#toldStats = this.#stats;
    return underruns <= 0 ? {} : { underruns, underrunMs: Math.max(0, underrunMs) };
  }

  #write(write: () => Promise<unknown>): void {
    const { conversationId, voiceCallId } = { conversationId: this.#conversationId, voiceCallId: this.#voiceCallId };
    this.#writing = this.#writing
      .then(() => ignoringGone(write()))
      .catch((error: unknown) => this.#log.error({ error, conversationId, voiceCallId }, "A voice call could not write into its journal."));
  }
}

/** Nothing is written into a conversation that is gone. */
export async function ignoringGone(writing: Promise<unknown>): Promise<void> {
  await writing.catch((error: unknown) => {
    if (!(error instanceof RequestError && error.code === "unknown-conversation")) throw error;
  });
}
