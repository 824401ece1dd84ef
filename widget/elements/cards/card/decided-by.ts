import type { Card } from "../../../thread/state.ts";
import { callWords } from "../../../words/call-words.ts";
import type { Speaking } from "../../foundation/thread-context.ts";

/** Who decided a card and when: no name for the customer, "9:59 AM" on one line. */
export function decidedBy({ by, decidedAt = 0 }: Card, { words, formats }: Speaking): [string | undefined, string] {
  const name = by?.kind === "customer" ? undefined : (by?.name ?? callWords(words).theTeam);
  return [name, formats.time(decidedAt).replace(/\s/g, "\u00a0")];
}
