import { limitedResponse } from "./limited-response.ts";

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** The chat that a request belongs to. */
export interface Chat {
  readonly conversationId: string;
  /** The page view that was last heard of. */
  sessionId: string;
}

/** A fetch for one connection: names the chat in every request of any method, and breaks off answers that are too large. */
export function chatFetch(fetch: Fetch, chat: Chat, limitBytes: number): Fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("X-Chat-Id", chat.conversationId);
    headers.set("X-Session-Id", chat.sessionId);
    return limitedResponse(await fetch(url, { ...init, headers }), limitBytes);
  };
}
