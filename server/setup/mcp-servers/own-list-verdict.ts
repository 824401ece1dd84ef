import type { PinVerdict } from "../../tools/mcp/servers/ports.ts";
import type { McpServerSettings } from "../../tools/mcp/servers/settings.ts";
import { verdictOf, type ToolPin } from "./tool-pin.ts";

/** What the owner chose for tools that nobody has accepted. */
export type OwnListChoice = Pick<McpServerSettings, "newTools" | "personalTools">;

/**
 * Whether the model of the customer whose own list has a tool with this hash may see it. One that is not exactly what
 * was accepted is that customer's alone, so it may be offered, and each call asks. `decided`: what a person said about
 * the name; where there is a pin, that says it.
 */
export function ownListVerdict(
  hash: string,
  { pin, decided }: { readonly pin: ToolPin | undefined; readonly decided: boolean | undefined },
  { newTools, personalTools }: OwnListChoice,
): PinVerdict {
  if (pin === undefined && decided === false) return { use: "hidden", reason: "disabled" };
  // What staff see of the server changed: that is nobody's own affair.
  if (pin !== undefined && (!pin.enabled || pin.offered !== undefined)) return verdictOf(pin, hash);
  if (pin !== undefined && pin.reviewed && pin.accepted.hash === hash) return { use: "offered" };
  if (newTools === "disabled" && (pin !== undefined || decided !== true))
    return { use: "hidden", reason: pin === undefined ? "new" : "changed" };
  return personalTools === "accepted" ? { use: "offered" } : { use: "offered", asks: true };
}
