import { sha256Hex } from "../../foundation/canonical-json.ts";
import type { ToolPin } from "./tool-pin.ts";
import type { ToolProposal } from "./tool-proposal.ts";

/** As many digits as a number keeps exactly. */
const HEX_DIGITS = 12;

/** A number for what a list of tools shows that people decide: the same in every process, and after a restart. */
export function toolsVersion(pins: ReadonlyMap<string, ToolPin>, proposed: ReadonlyMap<string, ToolProposal>): number {
  const pinned = [...pins].map(([name, { enabled, accepted, offered, reviewed, gone }]) => [
    name,
    enabled,
    accepted.hash,
    offered?.hash ?? "",
    reviewed,
    gone,
  ]);
  const own = [...proposed].map(([name, { enabled }]) => [name, enabled ?? true]);
  const sorted = [...pinned, ...own].toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  return Number.parseInt(sha256Hex(JSON.stringify(sorted)).slice(0, HEX_DIGITS), 16);
}
