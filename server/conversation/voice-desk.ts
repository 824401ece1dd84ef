import type { EventOf } from "../../protocol/events.ts";
import type { Spoken } from "../../protocol/voice-events.ts";
import type { Customer, Written } from "./customer-desk.ts";

type Said<T extends "voice-call-started" | "voice-call-ended" | "speech-heard" | "speech-cut"> = Omit<EventOf<T>, "type" | "seq" | "at">;

interface InConversation {
  readonly conversationId: string;
}

/** One thing that the assistant said aloud: all of what one model step wrote, a filler, a question, or a notice. */
interface OneSpeech extends InConversation {
  /** The caller's own name of it within the call, of any characters: it is heard, or cut, once. */
  readonly speechId: string;
}

export type StartedCall = InConversation & Omit<Said<"voice-call-started">, "by">;
export type EndedCall = InConversation & Said<"voice-call-ended">;
/** Of an answer, `text` begins where its step does. */
export type HeardSpeech = OneSpeech & Said<"speech-heard">;
export type CutSpeech = OneSpeech & Said<"speech-cut">;

/** A message that the customer has likely finished saying. */
export interface LikelyMessage extends InConversation {
  readonly text: string;
  readonly spoken: Pick<Spoken, "voiceCallId">;
}

/**
 * What becomes of a turn that is interrupted. `stopped`: the model was writing, and is stopped. `working`: a tool call
 * is under way, or waits for somebody, or the turn is ending by itself; it goes on. `ended`: it had ended.
 */
export type Interrupted = "stopped" | "working" | "ended";

/**
 * What the server's voice line does for a customer who calls. Every method checks that the conversation is theirs, and
 * throws `RequestError` when it cannot do what is asked; nothing has changed then. What it writes is answered by nobody,
 * so it begins no run. What is told twice is written once.
 */
export interface VoiceDesk {
  /** A call begins, perhaps a conversation with it. */
  started(customer: Customer, call: StartedCall): Promise<Written>;
  ended(customer: Customer, call: EndedCall): Promise<Written>;
  heard(customer: Customer, speech: HeardSpeech): Promise<Written>;
  /** Of an answer, the model reads what was heard, and that it was cut there. */
  cut(customer: Customer, speech: CutSpeech): Promise<Written>;
  /**
   * Asks the model early what it will be asked once the message is sent, with the very same text. Nothing else happens
   * before: no entry, no tool call, no approval. Whatever is begun in the conversation already is dropped, unless it is
   * the same. False: nothing was begun, and the message is answered as any other.
   */
  begin(customer: Customer, message: LikelyMessage): Promise<boolean>;
  /** The customer spoke on: what was begun is dropped. Harmless where nothing was. */
  drop(customer: Customer, conversation: InConversation): void;
  /** The customer speaks while the assistant answers. Throws `unknown-turn`. */
  interrupt(customer: Customer, turn: InConversation & { readonly turnId: string }): Promise<Interrupted>;
}
