import type { Conversation } from "../../api/types.ts";

/** What this tab has said that its member has seen, by conversation: up to which event. */
export const saidSeen = new Map<string, number>();

/** A list that the server read before it knew of it does not call unread what is before somebody's eyes. */
export function asSeen(conversation: Conversation): Conversation {
  const { id, events, unread } = conversation;
  return unread === true && events <= (saidSeen.get(id) ?? 0) ? { ...conversation, unread: false, seen: true } : conversation;
}
