import * as z from "zod";
import type { PinVerdict } from "../../tools/mcp/servers/ports.ts";
import { listedToolSchema, type ToolDefinition } from "../../tools/definitions/tool-definition.ts";

const pinnedDefinitionSchema = z.object({
  said: listedToolSchema,
  hash: z.string(),
  at: z.number(),
  /** Who accepted it; absent: accepted as first seen. */
  by: z.string().optional(),
});

/** What is known of one tool of a server, as the database holds it. */
export const toolPinSchema = z.object({
  /** What the model may see and call: as it was first seen, or as a person accepted it. */
  accepted: pinnedDefinitionSchema,
  /** What the server now offers instead; it waits for a person. */
  offered: pinnedDefinitionSchema.optional(),
  enabled: z.boolean(),
  /** Whether a person has reviewed it: in the server's first list, by accepting it, or by deciding about it. */
  reviewed: z.boolean(),
  /** It was missing from the last whole list. */
  gone: z.boolean(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
});
export type ToolPin = z.output<typeof toolPinSchema>;

export const TOOL_STATES = ["accepted", "changed", "new", "gone"] as const;
export type ToolState = (typeof TOOL_STATES)[number];

export function stateOf(pin: ToolPin): ToolState {
  if (pin.gone) return "gone";
  if (pin.offered !== undefined) return "changed";
  return pin.reviewed ? "accepted" : "new";
}

export function firstPin(definition: ToolDefinition, seen: { at: number; reviewed: boolean; enabled: boolean; by?: string }): ToolPin {
  const { at, reviewed, enabled, by } = seen;
  return {
    accepted: { said: definition.said, hash: definition.definitionHash, at, ...(by === undefined ? {} : { by }) },
    enabled,
    reviewed,
    gone: false,
    firstSeenAt: at,
    lastSeenAt: at,
  };
}

/**
 * The pin after its server listed the tool like this; the same object if nothing is new. `settles`: this list counts,
 * so a definition that returned to the accepted one ends the quarantine. Other lists may be made for one customer only.
 */
export function seenPin(pin: ToolPin, definition: ToolDefinition, seen: { at: number; settles: boolean; notedMs: number }): ToolPin {
  const hash = definition.definitionHash;
  const fits = hash === pin.accepted.hash;
  const offered = fits
    ? seen.settles
      ? undefined
      : pin.offered
    : hash === pin.offered?.hash
      ? pin.offered
      : { said: definition.said, hash, at: seen.at };
  const noted = seen.at - pin.lastSeenAt >= seen.notedMs;
  if (offered === pin.offered && !pin.gone && !noted) return pin;
  const { offered: _, ...rest } = pin;
  return { ...rest, ...(offered === undefined ? {} : { offered }), gone: false, lastSeenAt: seen.at };
}

/**
 * Whether the model may see the tool if a list contains it with this hash. A list may be older than a known change;
 * then the change counts.
 */
export function verdictOf(pin: ToolPin, hash: string): PinVerdict {
  if (!pin.enabled) return { use: "hidden", reason: pin.reviewed ? "disabled" : "new" };
  if (hash !== pin.accepted.hash || pin.offered !== undefined) return { use: "hidden", reason: "changed" };
  return pin.reviewed ? { use: "offered" } : { use: "offered", asks: true };
}
