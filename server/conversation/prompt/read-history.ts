import type { Conversation, Store } from "../ports/store.ts";
import { PromptHistory } from "./prompt-history.ts";

const PAGE = 500;

/** Reads a conversation as a turn would: from the newest summary on. */
export async function readHistory(store: Pick<Store, "readFrom">, { id, summarySeq }: Conversation): Promise<PromptHistory> {
  const history = new PromptHistory();
  let from = 1;
  if (summarySeq > 0) {
    const [summary] = await store.readFrom(id, summarySeq, 1);
    if (summary?.type === "summary-written") {
      history.apply(summary);
      from = summary.throughSeq + 1;
    }
  }
  for (;;) {
    const events = await store.readFrom(id, from, PAGE);
    for (const event of events) if (event.seq !== summarySeq) history.apply(event);
    if (events.length < PAGE) return history;
    from += PAGE;
  }
}
