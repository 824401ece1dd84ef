import type { VoiceServerMessage } from "../../../protocol/voice-frames.ts";

/** Something to say of an approval. */
export interface ApprovalSpeech {
  readonly kind: "question" | "notice";
  readonly approvalId: string;
  /** Each is said as a whole, in their order. */
  readonly pieces: readonly string[];
  /** Its first audio leaves. */
  readonly onBegin?: () => void;
  /** It is not to be said any more: what was not heard yet is dropped. */
  readonly signal: AbortSignal;
}

export type ApprovalMessage = Extract<VoiceServerMessage, { readonly type: "asking" | "asked" }>;

/** What a call lends to the approvals that are asked for in it. */
export interface ApprovalVoice {
  /**
   * Says it after what is being said. Resolves when that is over: with the moment at which all of it was heard, by the
   * server's clock; with undefined where it was cut, or dropped. Never rejects.
   */
  say(speech: ApprovalSpeech): Promise<number | undefined>;
  /** Tells the page. */
  tell(message: ApprovalMessage): void;
}

/** What was understood of a turn that has ended; an empty text: nothing. */
export interface SpokenAnswer {
  readonly text: string;
  /** From 0 to 1. Absent: the engine does not say. */
  readonly confidence?: number;
  /** When the customer began to speak, by the server's clock. Rather too early than too late. */
  readonly beganAt: number;
  /** Audio of ours was out when they began: it was sent, and neither heard to its end nor cut. */
  readonly overVoice: boolean;
  /** It may be only a part of what was said, or have begun while our voice was out: it may refuse, and approves nothing. */
  readonly isDoubtful?: boolean;
}
