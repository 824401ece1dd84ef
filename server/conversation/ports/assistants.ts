/** The port that finds assistants. Its words are in docs/words.md. */
import type { Assistant } from "./assistant.ts";

export interface Assistants {
  /** As configured at this moment. */
  find(key: string): Assistant | undefined;
}
