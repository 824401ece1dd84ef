/** The port that finds assistants. Its words are in docs/words.md. */
import type { Assistant, SettingsPlace } from "./assistant.ts";

export interface Assistants {
  /** As configured at this moment. `name` is the assistant's key, or the name of one of its previews. */
  find(name: string): Assistant | undefined;
  /**
   * With the settings of an earlier moment, and the connectors of this one. Undefined: they are not kept. Its model has
   * no key. Absent: nothing earlier is kept.
   */
  at?(name: string, place: SettingsPlace): Promise<Assistant | undefined>;
}
