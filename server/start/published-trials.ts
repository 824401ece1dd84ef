import type { LastRefusals } from "../publish/door/last-refusals.ts";
import type { PublishedGateway } from "../publish/published-gateway.ts";

/** What the API asks of the published servers: to look at them and to try them, and who was not let in. */
export interface PublishedTrials {
  /** Loads the MCP server. */
  readonly publishedGateway: () => Promise<PublishedGateway>;
  readonly publishedRefusals: LastRefusals;
}
