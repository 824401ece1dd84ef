import { limitedResponse } from "./limited-response.ts";

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Where a request comes from: its conversation, and the page view that was last heard of. */
export interface ConversationPlace {
  readonly conversationId: string;
  sessionId: string;
}

/**
 * A fetch for one link: names the conversation in every request of any method, and breaks off answers that are too
 * large.
 */
export function conversationFetch(fetch: Fetch, place: ConversationPlace, limitBytes: number): Fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("X-Chat-Id", place.conversationId);
    headers.set("X-Session-Id", place.sessionId);
    return limitedResponse(await fetch(url, { ...init, headers }), limitBytes);
  };
}
