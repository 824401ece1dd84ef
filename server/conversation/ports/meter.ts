/** The port that counts. Its words (run, turn, step) are in docs/words.md. */
import type { Usage } from "../../../protocol/events.ts";

/** Counters for `/metrics`. */
export interface Meter {
  /** A run took a conversation up, and gave it back: to its end, or to rest until a person decides. */
  runStarted(assistant: string): void;
  runEnded(assistant: string): void;
  turnEnded(assistant: string, outcome: string, durationMs: number): void;
  stepEnded(assistant: string, usage: Usage, firstTokenMs: number | undefined): void;
  toolCalled(server: string, outcome: string, durationMs: number): void;
}
