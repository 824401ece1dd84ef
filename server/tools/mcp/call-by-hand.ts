import type { Log } from "../../foundation/log.ts";
import { PauseMemory } from "../calls/pause-memory.ts";
import { carryOut, type CallEnd, type CallOrder } from "./carry-out.ts";
import type { McpLink } from "./wire/mcp-link.ts";

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * One call over a link that somebody else made and closes: outside of conversations, with nobody to ask. Never throws.
 */
export async function callByHand(
  link: McpLink,
  call: Pick<CallOrder, "definition" | "input" | "context" | "settings" | "clock" | "sdk" | "onRefused">,
): Promise<CallEnd> {
  return carryOut({
    ...call,
    log: silent,
    samplingTokens: 0,
    memory: new PauseMemory(),
    link: async () => link,
    leaving: new AbortController().signal,
    personal: false,
  });
}
