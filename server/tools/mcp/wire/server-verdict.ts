import type { PriorDiscovery } from "@modelcontextprotocol/client";
import type { Wire } from "./wires-of.ts";

/** What the first link to a server has taught about it, so that the next one does not ask again. */
export interface Verdict {
  readonly wire: Wire;
  readonly prior: PriorDiscovery;
  readonly at: number;
}

/** A server may be upgraded without our knowing, and an old verdict would keep it in the old era for ever. */
export const VERDICT_GOOD_MS = 30 * 60_000;
