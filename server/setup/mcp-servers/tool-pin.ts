import * as z from "zod";
import type { PinVerdict } from "../../tools/mcp/servers/ports.ts";
import { listedToolSchema, type ToolDefinition } from "../../tools/definitions/tool-definition.ts";

export const pinnedDefinitionSchema = z.object({
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
  /**
   * It was accepted by an earlier release, perhaps from one customer's own list. It counts again once a list has it that
   * is nobody's own. Absent: written by such a release, and not looked at since.
   */
  doubted: z.boolean().optional(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
});
export type ToolPin = z.output<typeof toolPinSchema>;

/** `proposed`: only customers' own lists have it. */
export const TOOL_STATES = ["accepted", "changed", "new", "gone", "proposed"] as const;
export type ToolState = (typeof TOOL_STATES)[number];

export function stateOf(pin: ToolPin): Exclude<ToolState, "proposed"> {
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
    doubted: false,
    firstSeenAt: at,
    lastSeenAt: at,
  };
}

/** The pin after a person accepted this definition; `enabled`, where there was none. */
export function acceptedPin(
  pin: ToolPin | undefined,
  definition: ToolPin["accepted"],
  { at, by, enabled }: { readonly at: number; readonly by: string; readonly enabled: boolean },
): ToolPin {
  const { offered: _, ...rest } = pin ?? { enabled, gone: false, firstSeenAt: definition.at, lastSeenAt: definition.at };
  return { ...rest, accepted: { ...definition, at, by }, reviewed: true, doubted: false };
}

/**
 * A pin of a server with sign-ins, after it was read from the database. An earlier release took customers' own lists for
 * the server's: what no person accepted is new again, and a change that waits is forgotten, since the next list that is
 * nobody's own shows it again.
 */
export function afterUpgrade(pin: ToolPin): ToolPin {
  if (pin.doubted !== undefined) return pin;
  const { offered: _, ...rest } = pin;
  const doubted = pin.reviewed && pin.accepted.by === undefined;
  return { ...rest, reviewed: pin.reviewed && !doubted, doubted };
}

/**
 * The pin after a list that is nobody's own had the tool like this; the same object if nothing is new. `settles`: this
 * list has everything, so a definition that returned to the accepted one ends the quarantine.
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
  const cleared = fits && pin.doubted === true;
  if (offered === pin.offered && !pin.gone && !noted && !cleared) return pin;
  const { offered: _, ...rest } = pin;
  return {
    ...rest,
    ...(offered === undefined ? {} : { offered }),
    ...(cleared ? { reviewed: true, doubted: false } : {}),
    gone: false,
    lastSeenAt: seen.at,
  };
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
