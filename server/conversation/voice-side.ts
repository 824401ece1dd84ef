import { RequestError } from "../../protocol/errors.ts";
import type { EventDraft } from "../../protocol/events.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Customer, Written } from "./customer-desk.ts";
import type { Journal } from "./journal/journal.ts";
import type { Assistants } from "./ports/assistants.ts";
import { type Append, assistantName, type Store } from "./ports/store.ts";
import type { Runner } from "./turn/runner.ts";
import type { BegunCall, EndedCall, HeardSpeech, VoiceDesk } from "./voice-desk.ts";

export interface VoiceSidePorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly runner: Pick<Runner, "wake">;
  readonly assistants: Assistants;
  readonly clock: Clock;
}

/** The side of the desk for voice calls. */
export class VoiceSide implements VoiceDesk {
  readonly #ports: VoiceSidePorts;

  constructor(ports: VoiceSidePorts) {
    this.#ports = ports;
  }

  async begun(customer: Customer, { conversationId, voiceCallId, via, recorded }: BegunCall): Promise<Written> {
    const assistant = this.#ports.assistants.find(customer.assistant);
    if (assistant === undefined) throw new RequestError("unknown-assistant");
    const { language, page } = customer;
    return this.#append(
      conversationId,
      {
        type: "voice-call-started",
        voiceCallId,
        by: { kind: "customer", id: customer.id },
        via,
        ...(recorded === undefined ? {} : { recorded }),
      },
      {
        assistant: assistant.key,
        customerId: customer.id,
        ...(assistant.preview === true ? { preview: customer.assistant } : {}),
        ...(language === undefined ? {} : { language }),
        ...(page === undefined ? {} : { page }),
      },
    );
  }

  async ended(conversationId: string, call: EndedCall): Promise<void> {
    await this.#appendIfThere(conversationId, { type: "voice-call-ended", ...call });
  }

  async heard(conversationId: string, speech: HeardSpeech): Promise<void> {
    await this.#appendIfThere(conversationId, speech);
  }

  async #appendIfThere(conversationId: string, event: EventDraft): Promise<void> {
    try {
      await this.#append(conversationId, event);
    } catch (error) {
      if (!(error instanceof RequestError && error.code === "unknown-conversation")) throw error;
    }
  }

  /** Nobody has to answer it; the run reads it, so that the conversation's open end is behind it. */
  async #append(conversationId: string, event: EventDraft, create?: NonNullable<Append["create"]>): Promise<Written> {
    const { journal, store, runner, clock } = this.#ports;
    const appended = await journal.append({
      conversationId,
      events: [event],
      at: clock.now(),
      ...(create === undefined ? {} : { create }),
    });
    const seq = appended.events[0]?.seq ?? 0;
    const conversation = await store.find(conversationId);
    if (conversation !== undefined) runner.wake(conversationId, assistantName(conversation), seq);
    return { seq };
  }
}
