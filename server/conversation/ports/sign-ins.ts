/** The port of customers' sign-ins. Its words (sign-in, connection) are in docs/words.md. */
import type { CustomerConnection } from "../../../protocol/frames.ts";
import type { Assistant } from "./assistant.ts";

/** The customers' own sign-ins at MCP servers; made by `oauth/`. */
export interface SignIns {
  /**
   * Begins a sign-in. `proof` is known to the page that asked only. Whether and when it is done comes by `onConnected`,
   * which the maker was given. Throws `RequestError` `sign-in-unavailable` with what is wrong as its detail.
   */
  begin(request: {
    customerId: string;
    assistant: Assistant;
    conversationId: string;
    requestId: string;
    server: string;
    scopes: readonly string[];
  }): Promise<{ url: string; proof: string }>;
  list(customerId: string, assistant: Assistant): Promise<readonly CustomerConnection[]>;
  /**
   * Revokes it at the server where that is possible, and forgets it in any case. Throws `RequestError`
   * `unknown-connection`.
   */
  remove(customerId: string, connectionId: string): Promise<void>;
}
