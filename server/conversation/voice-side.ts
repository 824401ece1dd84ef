import type { EventDraft } from "../../protocol/events.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Customer, Written } from "./customer-desk.ts";
import { findTurn } from "./find-turn.ts";
import type { Journal } from "./journal/journal.ts";
import { assistantOf, creation, customerActor, findOwn, ownConversation } from "./own-conversation.ts";
import type { Assistants } from "./ports/assistants.ts";
import type { Append, Store } from "./ports/store.ts";
import type { Runner } from "./turn/runner.ts";
import type { CutSpeech, EndedCall, HeardSpeech, Interrupted, LikelyMessage, StartedCall, VoiceDesk } from "./voice-desk.ts";

export interface VoiceSidePorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly runner: Pick<Runner, "begin" | "dropBegun" | "interrupt" | "refresh">;
  readonly assistants: Assistants;
  readonly clock: Clock;
}

/** The side of the desk for customers who call. */
export class VoiceSide implements VoiceDesk {
  readonly #ports: VoiceSidePorts;

  constructor(ports: VoiceSidePorts) {
    this.#ports = ports;
  }

  async started(customer: Customer, { conversationId, ...call }: StartedCall): Promise<Written> {
    const { store, assistants } = this.#ports;
    const assistant = assistantOf(assistants, customer);
    await findOwn(store, customer, conversationId);
    const event = { type: "voice-call-started", ...call, by: customerActor(customer) } as const;
    return this.#write(conversationId, event, { once: `call-started ${call.voiceCallId}`, create: creation(assistant, customer) });
  }

  async ended(customer: Customer, { conversationId, ...call }: EndedCall): Promise<Written> {
    await ownConversation(this.#ports.store, customer, conversationId);
    return this.#write(conversationId, { type: "voice-call-ended", ...call }, { once: `call-ended ${call.voiceCallId}` });
  }

  async heard(customer: Customer, { conversationId, speechId, ...speech }: HeardSpeech): Promise<Written> {
    await ownConversation(this.#ports.store, customer, conversationId);
    return this.#write(conversationId, { type: "speech-heard", ...speech }, { once: `speech ${speech.voiceCallId} ${speechId}` });
  }

  async cut(customer: Customer, { conversationId, speechId, ...speech }: CutSpeech): Promise<Written> {
    await ownConversation(this.#ports.store, customer, conversationId);
    const written = await this.#write(
      conversationId,
      { type: "speech-cut", ...speech },
      { once: `speech ${speech.voiceCallId} ${speechId}` },
    );
    // What the model is asked next, it is asked with this.
    this.#ports.runner.refresh(conversationId);
    return written;
  }

  async begin(customer: Customer, { conversationId, text, spoken }: LikelyMessage): Promise<boolean> {
    const { store, assistants, runner } = this.#ports;
    const { limits } = assistantOf(assistants, customer);
    const conversation = await findOwn(store, customer, conversationId);
    if (conversation === undefined || text.trim() === "" || text.length > limits.messageCharacters) return false;
    return runner.begin(conversation, { text, sessionId: customer.sessionId, spoken: { voiceCallId: spoken.voiceCallId } });
  }

  drop(customer: Customer, { conversationId }: Parameters<VoiceDesk["drop"]>[1]): void {
    this.#ports.runner.dropBegun(conversationId, customer.id);
  }

  async interrupt(customer: Customer, { conversationId, turnId }: Parameters<VoiceDesk["interrupt"]>[1]): Promise<Interrupted> {
    const { store, runner } = this.#ports;
    await ownConversation(store, customer, conversationId);
    const { ended } = await findTurn(store, conversationId, turnId);
    if (ended) return "ended";
    return runner.interrupt(conversationId, turnId, customerActor(customer)) ? "stopped" : "working";
  }

  async #write(conversationId: string, event: EventDraft, more: Pick<Append, "once" | "create">): Promise<Written> {
    const { journal, clock } = this.#ports;
    const appended = await journal.append({ conversationId, events: [event], at: clock.now(), ...more });
    return { seq: appended.repeated ?? appended.events[0]?.seq ?? 0 };
  }
}
