import type { Assistant, ModelSettings } from "../ports/assistant.ts";
import type { BudgetSeat } from "../ports/budgets.ts";
import type { Model, ModelRequest } from "../ports/model.ts";
import type { Conversation } from "../ports/store.ts";
import { type AheadMessage, composeAhead } from "./compose-ahead.ts";
import { EarlyStream } from "./early-stream.ts";
import type { RecentHistories } from "./recent-histories.ts";
import type { RunPorts } from "./run-ports.ts";
import { isSame, isSameRequest } from "./same-request.ts";
import { countUnused } from "./unwritten-usage.ts";

/** What is the runs' own. `assistant`: the name under which its customer speaks with it. */
export interface AheadHost {
  /** Room for a turn of the assistant. False: there is none now. */
  take(assistant: string, most: number): boolean;
  giveBack(assistant: string): void;
  /** The tools of the conversation are needed no longer, but by its run. */
  rest(conversationId: string): void;
}

/** What was asked before the message was there. */
export interface TakenAhead {
  readonly model: Model;
  /** How long before. */
  readonly aheadMs: number;
}

/** One beginning: from the moment at which it is wanted until a run has its answer, or it is dropped. */
interface Begun {
  readonly name: string;
  readonly customerId: string;
  readonly message: AheadMessage;
  readonly assistant: Assistant;
  readonly at: number;
  /** Aborted once it is dropped, or taken. */
  readonly over: AbortController;
  readonly callOff: () => void;
  hasPlace: boolean;
  seat: BudgetSeat | undefined;
  asked: { readonly request: ModelRequest; readonly stream: EarlyStream } | undefined;
}

/** The message follows within a second, or it never does. */
const KEPT_MS = 8_000;

/**
 * Asks models early, for messages that are likely to come: one for a conversation, within the room for turns and the
 * budget of its assistant. Nothing is written and no tool is called; what the model answers lies here until the run of
 * the message asks the very same, and is dropped otherwise. What was dropped was paid for all the same, and is counted.
 */
export class Ahead {
  readonly #ports: RunPorts;
  readonly #recent: Pick<RecentHistories, "peek">;
  readonly #host: AheadHost;
  readonly #begun = new Map<string, Begun>();

  constructor(ports: RunPorts, recent: Pick<RecentHistories, "peek">, host: AheadHost) {
    this.#ports = ports;
    this.#recent = recent;
    this.#host = host;
  }

  /** False: nothing was begun. Never throws for what a model, a tool or a store does. */
  async begin(conversation: Conversation, name: string, message: AheadMessage): Promise<boolean> {
    const { id } = conversation;
    const present = this.#begun.get(id);
    if (present !== undefined && isSame(present.message, message)) return true;
    this.drop(id);
    const { assistants, clock, log } = this.#ports;
    const assistant = assistants.find(name);
    if (assistant === undefined || !this.#host.take(name, assistant.limits.concurrentTurns)) return false;
    const begun: Begun = {
      name,
      customerId: conversation.customerId,
      message,
      assistant,
      at: clock.now(),
      over: new AbortController(),
      callOff: clock.after(KEPT_MS, () => this.#drop(id, begun)),
      hasPlace: true,
      seat: undefined,
      asked: undefined,
    };
    this.#begun.set(id, begun);
    try {
      if (await this.#ask(conversation, begun)) return true;
    } catch (error) {
      log.warn({ conversationId: id, error: String(error) }, "A model could not be asked early. It is asked once the message is there.");
    }
    this.#drop(id, begun);
    return false;
  }

  /** Of this customer alone, where one is given. */
  drop(conversationId: string, customerId?: string): void {
    const begun = this.#begun.get(conversationId);
    if (begun !== undefined && (customerId ?? begun.customerId) === begun.customerId) this.#drop(conversationId, begun);
  }

  close(): void {
    for (const conversationId of this.#begun.keys()) this.drop(conversationId);
  }

  /** Whether there is room for the turn of the conversation already. */
  hasPlace(conversationId: string): boolean {
    return this.#begun.get(conversationId)?.hasPlace === true;
  }

  /** The run of the conversation begins: the room that was taken is its own from now on. False: none was. */
  handPlace(conversationId: string): boolean {
    const begun = this.#begun.get(conversationId);
    if (begun?.hasPlace !== true) return false;
    begun.hasPlace = false;
    return true;
  }

  /** The place in the budget is the run's from now on. Undefined: there is none. */
  handSeat(conversationId: string): BudgetSeat | undefined {
    const begun = this.#begun.get(conversationId);
    const seat = begun?.seat;
    if (begun !== undefined) begun.seat = undefined;
    return seat;
  }

  /** The run asks: the answer that is on its way, where it was asked the same. Whatever was begun is over with this. */
  take(conversationId: string, settings: ModelSettings, request: ModelRequest): TakenAhead | undefined {
    const begun = this.#begun.get(conversationId);
    if (begun === undefined) return undefined;
    const { asked, assistant, at, callOff, over } = begun;
    if (asked === undefined || asked.stream.failed || !isSame(assistant.model, settings) || !isSameRequest(asked.request, request)) {
      this.#drop(conversationId, begun);
      return undefined;
    }
    callOff();
    over.abort("taken");
    this.#begun.delete(conversationId);
    this.#giveBack(begun);
    return { model: { stream: (_request, signal) => asked.stream.taken(signal) }, aheadMs: this.#ports.clock.now() - at };
  }

  async #ask(conversation: Conversation, begun: Begun): Promise<boolean> {
    const ports = this.#ports;
    const { assistant, message, over } = begun;
    const isDropped = () => over.signal.aborted;
    const seat = await ports.budgets?.admit(assistant);
    if (seat !== undefined && "cause" in seat) return false;
    if (isDropped()) seat?.close();
    else begun.seat = seat;
    if (isDropped()) return false;
    const place = { ports, recent: this.#recent, conversation, assistant, signal: over.signal };
    const request = await composeAhead(place, message);
    if (request === undefined || isDropped()) return false;
    const model = await ports.models.of(assistant.model);
    // A run may have begun meanwhile, and asked.
    if (isDropped()) return false;
    begun.asked = { request, stream: new EarlyStream(model, request, () => this.#drop(conversation.id, begun)) };
    return true;
  }

  #drop(conversationId: string, begun: Begun): void {
    if (begun.over.signal.aborted) return;
    begun.callOff();
    begun.over.abort("dropped");
    if (this.#begun.get(conversationId) === begun) this.#begun.delete(conversationId);
    const { asked, assistant } = begun;
    if (asked !== undefined) {
      asked.stream.drop();
      countUnused(this.#ports, assistant, asked.request, asked.stream);
    }
    this.#giveBack(begun);
    this.#host.rest(conversationId);
  }

  #giveBack(begun: Begun): void {
    begun.seat?.close();
    begun.seat = undefined;
    if (!begun.hasPlace) return;
    begun.hasPlace = false;
    this.#host.giveBack(begun.name);
  }
}
