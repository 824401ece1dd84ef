import type { ConnectionNeed } from "../../../conversation/ports/tools.ts";
import type { Clock } from "../../../foundation/clock.ts";
import type { CallScope } from "../../calls/call-scope.ts";
import type { McpServerSettings } from "../servers/settings.ts";
import type { McpLink } from "../wire/mcp-link.ts";
import type { McpSdk } from "../wire/mcp-sdk.ts";

/** One call under way, and what carrying it out takes. */
export interface OpenCall {
  readonly scope: CallScope;
  readonly settings: McpServerSettings;
  readonly clock: Clock;
  readonly sdk: McpSdk;
  /** The link that there is, or a new one. What it throws is thrown. */
  readonly link: () => Promise<McpLink>;
  /** Aborted when the process or this conversation's links go: a task goes on, and somebody else asks for it. */
  readonly leaving: AbortSignal;
  /** Whether the sign-in is the customer's own, and they can be asked for it. */
  readonly personal: boolean;
}

/** The sign-in as people know the server, whatever whoever keeps the sign-ins calls it. */
export function namedNeed(need: ConnectionNeed, settings: McpServerSettings): ConnectionNeed {
  return { ...need, server: settings.key, serverName: settings.name };
}
