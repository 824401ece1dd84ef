import { Following } from "../documents/following.ts";
import type { DocumentStore } from "../documents/ports.ts";
import type { LiveAssistants } from "./assistants/live-assistants.ts";
import type { RegisteredServers } from "./mcp-servers/server-directory.ts";
import type { ServerStatuses } from "./mcp-servers/server-status.ts";
import type { LivePublished } from "./published-servers/live-published.ts";
import type { ToolPins } from "./mcp-servers/tool-pins.ts";
import type { Sharing } from "./sharing/sharing.ts";

export interface Caches {
  readonly servers: RegisteredServers;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  readonly sharing: Sharing;
  /** Absent where no conversation is. */
  readonly live?: LiveAssistants;
  /** Absent where nobody is offered anything. */
  readonly published?: LivePublished;
}

/**
 * Lets everything that is kept in memory of what owners set up follow the documents, in the order in which one needs
 * the other:
 *
 * 1. servers, so that the tools and status of one that is gone are not begun anew by a conversation that still has it;
 * 2. their tools and statuses, and the shares;
 * 3. the assistants, and what is published, which ask servers and shares who may use what.
 *
 * Whoever plans by any of them (the checks of servers) follows afterwards.
 */
export function followChanges(documents: Pick<DocumentStore, "onChange">, caches: Caches): Following {
  const { servers, pins, statuses, sharing, live, published } = caches;
  const asking = [live, published].filter((one) => one !== undefined);
  return new Following(documents, [servers, pins, statuses, sharing, ...asking]);
}
