/** Conversations written straight into a store: what takes hours or many people in life. */
import type { JournalEvent } from "../../protocol/events.ts";
import type { StoredResult } from "../../server/conversation/ports/store.ts";
import { openStore } from "../../server/start/open-store.ts";
import type { Settings } from "../../server/start/settings.ts";

export interface WrittenConversation {
  readonly id: string;
  readonly assistant: string;
  readonly events: readonly JournalEvent[];
  /** By call. */
  readonly results?: Readonly<Record<string, StoredResult>>;
}

const AT_ONCE = 500;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** While no server runs on it. */
export async function writeConversations(settings: Settings, conversations: readonly WrittenConversation[]): Promise<void> {
  const store = await openStore(settings, silent);
  for (const { id, assistant, events, results = {} } of conversations) {
    const create = { assistant, customerId: `customer-of-${id}` };
    const write = async ({ seq: _seq, at, ...event }: JournalEvent): Promise<unknown> => {
      const result = event.type === "tool-call-ended" ? results[event.callId] : undefined;
      const kept = event.type !== "tool-call-ended" || result === undefined ? {} : { results: { [event.callId]: result } };
      return store.append({ conversationId: id, at, events: [event], create, ...kept });
    };
    // What is asked for at once is kept in one commit, in order.
    for (let from = 0; from < events.length; from += AT_ONCE) await Promise.all(events.slice(from, from + AT_ONCE).map(write));
  }
  await store.close();
}
