import type { CustomerFacts } from "../../../conversation/ports/customer-facts.ts";
import { customerHeaders } from "../servers/customer-fields.ts";
import { DEPTH_HEADER } from "../../calls/depth.ts";
import { limitedResponse } from "./limited-response.ts";

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Where a request comes from: its conversation, and the page view and the voice call that were last heard of. */
export interface ConversationPlace {
  readonly conversationId: string;
  sessionId: string;
  /** Undefined: what is answered was written. */
  voiceCallId?: string | undefined;
  /** What the site says of its customer now. */
  facts?: CustomerFacts | undefined;
  /** How often assistants have already asked each other on the way here. Undefined: not at all. */
  depth?: number | undefined;
}

/**
 * A fetch for one link: names the conversation in every request of any method, and its customer where the owner says so
 * (`told`), and breaks off answers that are too large.
 */
export function conversationFetch(
  fetch: Fetch,
  place: ConversationPlace,
  { limitBytes, told }: { readonly limitBytes: number; readonly told: Readonly<Record<string, string>> },
): Fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("X-Chat-Id", place.conversationId);
    headers.set("X-Session-Id", place.sessionId);
    if (place.depth !== undefined) headers.set(DEPTH_HEADER, String(place.depth));
    if (place.voiceCallId !== undefined) headers.set("X-Call-Id", place.voiceCallId);
    // Whatever else has such a name is not the site's word.
    for (const name of Object.keys(told)) headers.delete(name);
    for (const [name, value] of Object.entries(customerHeaders(told, place.facts))) headers.set(name, value);
    return limitedResponse(await fetch(url, { ...init, headers }), limitBytes);
  };
}
