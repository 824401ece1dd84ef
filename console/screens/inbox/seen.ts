import { api } from "../../api/client.ts";
import { ApiProblem } from "../../api/problem.ts";
import { inboxRows } from "./inbox-rows.ts";
import { saidSeen } from "./said-seen.ts";

/** Whoever has a conversation before their eyes has seen it up to `seq`. A fault is no matter: it is said again. */
export function markSeen(conversationId: string, seq: number): void {
  if (document.visibilityState !== "visible" || seq <= (saidSeen.get(conversationId) ?? 0)) return;
  saidSeen.set(conversationId, seq);
  inboxRows.change(conversationId, { unread: false, seen: true });
  api.post(`/conversations/${encodeURIComponent(conversationId)}/seen`, { seq }).catch((error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
    saidSeen.delete(conversationId);
  });
}
