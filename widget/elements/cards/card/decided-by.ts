import type { Card } from "../../../thread/state.ts";
import { callWords } from "../../../words/call-words.ts";
import type { ThreadContext } from "../../foundation/thread-context.ts";

/** Who ended a card and when: no name for the customer, "9:59 AM" on one line. */
export function endedBy(
  { by, decidedAt = 0 }: Card,
  { words, formats }: Pick<ThreadContext, "words" | "formats">,
): [string | undefined, string] {
  const name = by?.kind === "customer" ? undefined : (by?.name ?? callWords(words).theTeam);
  return [name, formats.time(decidedAt).replace(/\s/g, "\u00a0")];
}
