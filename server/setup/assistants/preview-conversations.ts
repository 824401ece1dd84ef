/** What whoever may change an assistant sees of its previews: the conversations in which its draft was tried out. */
import { RequestError } from "../../../protocol/errors.ts";
import type { JournalEvent } from "../../../protocol/events.ts";
import type { Store } from "../../conversation/ports/store.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { ConversationList, ConversationPlace, ConversationSummary } from "../../inbox/conversations.ts";
import type { AssistantRegistry } from "./assistants.ts";

export interface PreviewConversationsPorts {
  readonly assistants: Pick<AssistantRegistry, "editable">;
  readonly conversations: Pick<ConversationList, "listConversations">;
  readonly journal: Pick<Store, "find" | "readBefore">;
}

/** Every method throws `RequestError` `not-found`, `read-only` or `forbidden`. No customer's conversation is here. */
export class PreviewConversations {
  readonly #ports: PreviewConversationsPorts;

  constructor(ports: PreviewConversationsPorts) {
    this.#ports = ports;
  }

  /** Newest first, after `after`. */
  async list(
    staff: Staff,
    assistant: string,
    { after, limit }: { readonly after?: ConversationPlace; readonly limit: number },
  ): Promise<readonly ConversationSummary[]> {
    const { assistants, conversations } = this.#ports;
    await assistants.editable(staff, assistant);
    return conversations.listConversations({ filter: { assistant, preview: true }, limit, ...(after === undefined ? {} : { after }) });
  }

  /** The newest events before the one with the number `before`, in order. Throws `RequestError` `unknown-conversation`, too. */
  async events(
    staff: Staff,
    { assistant, id }: { readonly assistant: string; readonly id: string },
    { before, limit }: { readonly before: number | undefined; readonly limit: number },
  ): Promise<readonly JournalEvent[]> {
    const { assistants, journal } = this.#ports;
    await assistants.editable(staff, assistant);
    const found = await journal.find(id);
    // Somebody else's conversation, and a customer's own, is none here.
    if (found?.preview === undefined || found.assistant !== assistant) throw new RequestError("unknown-conversation");
    return journal.readBefore(id, before ?? found.lastSeq + 1, limit);
  }
}
