/** The port of customers' sign-ins. Its words (sign-in, connection) are in docs/words.md. */
import type { CustomerConnection } from "../../../protocol/frames.ts";
import type { Assistant } from "./assistant.ts";

/** The customers' own sign-ins at MCP servers; made by `oauth/`. */
export interface SignIns {
  /**
   * Begins a sign-in. Only the page that asked knows `proof`. The maker's `onConnected` reports when it is done. Throws
   * `RequestError` `sign-in-unavailable`, whose detail says what is wrong.
   */
  begin(request: {
    customerId: string;
    assistant: Assistant;
    conversationId: string;
    requestId: string;
    server: string;
    scopes: readonly string[];
  }): Promise<{ url: string; proof: string }>;
  /** Whether the last sign-in for this request ended because the customer declined; known for some minutes. */
  wasDeclined(request: { customerId: string; conversationId: string; requestId: string }): Promise<boolean>;
  list(customerId: string, assistant: Assistant): Promise<readonly CustomerConnection[]>;
  /**
   * Revokes it at the server where that is possible, and forgets it in any case. Throws `RequestError`
   * `unknown-connection`.
   */
  remove(customerId: string, connectionId: string): Promise<void>;
}
