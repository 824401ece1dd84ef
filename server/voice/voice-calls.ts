import { RequestError } from "../../protocol/errors.ts";
import type { JournalEvent } from "../../protocol/events.ts";
import type { ParsedRequest, ProgressFrame, Replies } from "../../protocol/frames.ts";
import type { VoiceEnd } from "../../protocol/voice-events.ts";
import type { Assistant } from "../conversation/ports/assistant.ts";
import type { NamedText } from "../conversation/ports/room.ts";
import { voiceOfferOf } from "../conversation/ports/voice.ts";
import { type OpenSides, sidesOf } from "./call-sides.ts";
import { CallTickets, type CallTicket, TICKET_MS } from "./call-tickets.ts";
import type { Caller } from "./caller.ts";
import type { CallLine } from "./ports/call-line.ts";
import type { VoiceCallsPorts } from "./ports.ts";
import { ignoringGone } from "./call-journal.ts";
import { leftSpeech } from "./left-speech.ts";
import { CallRecorder } from "./recording/call-recorder.ts";
import { VoiceCall } from "./voice-call.ts";

/** Voice calls of one assistant at once, where its limits do not say. */
const MOST_CALLS = 20;
/** Whoever cannot begin may try again after this. */
const FULL_MS = 60_000;

type CallableAssistant = Assistant & { readonly voice: NonNullable<Assistant["voice"]> };

interface Place {
  readonly ticket: CallTicket;
  readonly assistant: string;
  /** Resolves when the call has begun, or could not. */
  readonly begun: Promise<void>;
  call: VoiceCall | undefined;
}

/** All voice calls of this server: who may begin one, and which conversation each is in. */
export class VoiceCalls {
  readonly #ports: VoiceCallsPorts;
  readonly #tickets: CallTickets;
  /** One for each customer; undefined while it begins. */
  readonly #byCustomer = new Map<string, Place>();
  readonly #byConversation = new Map<string, VoiceCall>();
  readonly #ending = new Set<Promise<void>>();

  constructor(ports: VoiceCallsPorts) {
    this.#ports = ports;
    this.#tickets = new CallTickets(ports.clock);
  }

  /** How many there are at this moment. */
  get size(): number {
    return this.#byCustomer.size;
  }

  /** Ends in the journal what an earlier process left: what began before this moment and is in no call here. */
  async endLeft(before = Number.MAX_SAFE_INTEGER): Promise<void> {
    const { opened, journal, recordings, lastEvents, clock } = this.#ports;
    for (const { voiceCallId, startedAt, conversationId, customerId, assistant } of await opened.left()) {
      if (startedAt >= before) continue;
      const durationMs = Math.max(0, clock.now() - startedAt);
      const call = { conversationId, voiceCallId, reason: "stopping", durationMs, cause: "The server ended without a word." } as const;
      const customer = { id: customerId, assistant, sessionId: voiceCallId };
      const events = await lastEvents(conversationId);
      // Nobody knows how much of it was heard.
      for (const { turnId, step, text } of leftSpeech(
        voiceCallId,
        events.filter(({ at }) => at < before),
      )) {
        const speech = { conversationId, voiceCallId, speechId: `left ${turnId} ${step}`, kind: "answer", turnId, step } as const;
        await ignoringGone(journal.cut(customer, { ...speech, text: "", unheard: text, cutBy: "lost" }));
      }
      await ignoringGone(journal.ended(customer, call));
      await recordings.end({ conversationId, voiceCallId }, clock.now(), 0);
      await opened.over(voiceCallId);
    }
  }

  /**
   * A token that opens a call, or goes on with one. Throws `RequestError` `no-voice`, `call-elsewhere`, `call-over`,
   * `too-many-calls`, `unknown-conversation`.
   */
  async start(caller: Caller, request: ParsedRequest<"call-start">): Promise<Replies["call-start"]> {
    const { conversationId, voiceCallId, takeOver } = request;
    const ticket = { caller, conversationId, voiceCallId, takeOver };
    const assistant = this.#assistant(caller);
    if (!(await this.#ports.desk.canListen(caller, conversationId))) throw new RequestError("unknown-conversation");
    // A page that went while its call began comes back to it.
    await this.#byCustomer.get(caller.id)?.begun;
    this.#check(ticket, assistant);
    return { token: this.#tickets.issue(ticket), expiresInMs: TICKET_MS };
  }

  /** Throws as `start`, and `call-over` for a token that is none. */
  async open(token: string | undefined, line: CallLine, listens = true): Promise<VoiceCall> {
    const ticket = token === undefined ? undefined : this.#tickets.take(token);
    if (ticket === undefined) throw new RequestError("call-over", { detail: "The token is not good any more." });
    return this.begin(ticket, line, listens);
  }

  /** Whoever calls has shown that they may. `listens`: they say themselves when somebody speaks. */
  async begin(ticket: CallTicket, line: CallLine, listens = true): Promise<VoiceCall> {
    const model = listens ? undefined : await this.#ports.activity();
    const assistant = this.#assistant(ticket.caller);
    const here = this.#check(ticket, assistant);
    if (here?.isOver === false) {
      here.attach(line, model);
      return here;
    }
    const { id } = ticket.caller;
    const before = this.#byCustomer.get(id)?.call;
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const place: Place = { ticket, assistant: assistant.key, begun, call: undefined };
    this.#byCustomer.set(id, place);
    try {
      await before?.end(ticket.takeOver === true ? "taken-over" : "left");
      const call = await this.#begin(ticket, assistant);
      place.call = call;
      if (this.#ports.isStopping()) {
        await call.end("stopping");
        throw new RequestError("stopping");
      }
      // The conversation was erased, or became somebody else's, while it was opened.
      if (call.isOver) throw new RequestError("call-over");
      call.attach(line, model);
      return call;
    } catch (error) {
      if (this.#byCustomer.get(id) === place) this.#byCustomer.delete(id);
      throw error;
    } finally {
      resolve();
    }
  }

  /** The site said anew who this customer is. */
  known(caller: Pick<Caller, "id" | "claims">): void {
    this.#tickets.known(caller);
    this.#byCustomer.get(caller.id)?.call?.known(caller);
  }

  hears(conversationId: string): boolean {
    return this.#byConversation.has(conversationId);
  }

  events(conversationId: string, events: readonly JournalEvent[]): void {
    for (const event of events) this.#byConversation.get(conversationId)?.event(event);
  }

  text(frame: NamedText): void {
    this.#byConversation.get(frame.conversationId)?.passing(frame);
  }

  progress(frame: ProgressFrame): void {
    this.#byConversation.get(frame.conversationId)?.passing(frame);
  }

  /** The conversation is erased. */
  letGo(conversationId: string): void {
    void this.#byConversation.get(conversationId)?.end("person", "The conversation was erased.");
  }

  /** Ends all of them; resolves when that is written. */
  async close(reason: VoiceEnd = "stopping"): Promise<void> {
    for (const { call } of this.#byCustomer.values()) void call?.end(reason);
    await Promise.all(this.#ending);
  }

  async #begin(ticket: CallTicket, assistant: CallableAssistant): Promise<VoiceCall> {
    const { opened, journal, speech, lastEvents, clock } = this.#ports;
    const { caller, conversationId, voiceCallId } = ticket;
    const { voice } = assistant;
    const sides = await sidesOf(voice, conversationId, speech);
    await opened.begun(voiceCallId, { conversationId, customerId: caller.id, assistant: caller.assistant });
    const offer = voiceOfferOf(voice);
    const isRecorded = offer?.recorded === true;
    const startedAt = clock.now();
    const recorded = isRecorded ? { recorded: true as const } : {};
    await journal.started(caller, { conversationId, voiceCallId, via: caller.via ?? "page", ...recorded });
    const recorder = isRecorded ? new CallRecorder(this.#ports, { conversationId, voiceCallId, startedAt }) : undefined;
    const language = offer?.language ?? caller.language;
    const openSides: OpenSides = (place) => sides({ ...place, recorder });
    const call = new VoiceCall({ ...ticket, voice, language, recorder }, openSides, this.#ports, (over) => this.#forget(over));
    this.#byConversation.set(conversationId, call);
    try {
      call.catchUp(await lastEvents(conversationId));
    } catch (error) {
      await call.end("engine", "What had been said before could not be read.");
      throw error;
    }
    return call;
  }

  #forget(call: VoiceCall): void {
    const { caller, conversationId } = call.of;
    if (this.#byCustomer.get(caller.id)?.call === call) this.#byCustomer.delete(caller.id);
    if (this.#byConversation.get(conversationId) === call) this.#byConversation.delete(conversationId);
    // What it writes at its end is waited for.
    const ending = call.end("hung-up").finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #assistant({ assistant: name }: Caller): CallableAssistant {
    const assistant = this.#ports.assistants.find(name);
    if (assistant === undefined) throw new RequestError("unknown-assistant");
    const { voice } = assistant;
    if (voice === undefined || voiceOfferOf(voice) === undefined) throw new RequestError("no-voice");
    return { ...assistant, voice };
  }

  /** The same call, where it goes on. Throws `call-elsewhere`, `call-over`, `too-many-calls`. */
  #check({ caller, conversationId, voiceCallId, takeOver }: CallTicket, assistant: CallableAssistant): VoiceCall | undefined {
    const here = this.#byCustomer.get(caller.id);
    if (here?.ticket.voiceCallId === voiceCallId) {
      if (here.ticket.conversationId !== conversationId || here.call === undefined) throw new RequestError("call-over");
      return here.call;
    }
    if (here !== undefined && (here.call === undefined || (takeOver !== true && takeOver !== here.ticket.voiceCallId)))
      throw new RequestError("call-elsewhere");
    const others = [...this.#byCustomer.values()].filter((one) => one.assistant === assistant.key && one !== here);
    if (others.length >= (assistant.voice.concurrentCalls ?? MOST_CALLS))
      throw new RequestError("too-many-calls", { retryAfterMs: FULL_MS });
    return undefined;
  }
}
