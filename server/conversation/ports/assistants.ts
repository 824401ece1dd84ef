import type { Assistant } from "./assistant.ts";

export interface Assistants {
  /** As configured at this moment. */
  find(key: string): Assistant | undefined;
}
