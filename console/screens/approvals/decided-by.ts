import { api, type Page } from "../../api/client.ts";
import type { Event as JournalEvent } from "../../api/types.ts";
import { hiddenShown } from "../../parts/hidden-shown.ts";
import { approvalsWords } from "./approvals-words.ts";

interface Decided extends JournalEvent {
  readonly approvalId?: string;
  readonly decision?: keyof typeof approvalsWords.decidedBy;
  readonly by?: { readonly kind: string; readonly name?: string };
}

/** Who decided an approval that waits no more, as one sentence. */
export async function whoDecided(conversationId: string, approvalId: string): Promise<string> {
  try {
    const { body } = await api.get<Page<Decided>>(`/conversations/${conversationId}/events`, { query: { limit: 200 } });
    const found = body.items.find((event) => event.type === "approval-decided" && event.approvalId === approvalId);
    if (found?.decision === undefined) return approvalsWords.noLongerWaits;
    const { kind = "", name } = found.by ?? {};
    return approvalsWords.decidedBy[found.decision](
      kind === "customer" ? approvalsWords.theCustomer : hiddenShown(name ?? approvalsWords.somebody),
    );
  } catch {
    return approvalsWords.noLongerWaits;
  }
}
