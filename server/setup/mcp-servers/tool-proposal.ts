import * as z from "zod";
import type { ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import { pinnedDefinitionSchema } from "./tool-pin.ts";

/** As many customers are remembered for one tool. */
const MOST_SIGHTINGS = 8;
/** How exact it is kept when a tool was seen. */
export const NOTED_MS = 60 * 60_000;
/** A name that no list has had for so long, and about which nobody decided, is forgotten. */
export const PROPOSED_MS = 90 * 24 * 60 * 60_000;

/**
 * What customers' own lists have of one tool that staff did not accept, as the database holds it. A definition may hold
 * one customer's private words, so it is kept only once the lists of two customers had exactly the same.
 */
export const toolProposalSchema = z.object({
  /** The customers who were seen with it last, the latest at the end: who, in no readable form, and with which definition. */
  sightings: z.array(z.object({ customer: z.string(), hash: z.string(), at: z.number() })),
  /** The definition that at least two customers had. */
  common: pinnedDefinitionSchema.optional(),
  /** What a person decided about the name, whatever is behind it. */
  enabled: z.boolean().optional(),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
});
export type ToolProposal = z.output<typeof toolProposalSchema>;

/** The proposal after a customer's list had the tool like this. `customer` is no readable name. */
export function sighted(
  proposal: ToolProposal | undefined,
  { definitionHash: hash, said }: ToolDefinition,
  { customer, at }: { readonly customer: string; readonly at: number },
): ToolProposal {
  const others = (proposal?.sightings ?? []).filter((one) => one.customer !== customer);
  const sightings = [...others, { customer, hash, at }].slice(-MOST_SIGHTINGS);
  const common = others.some((one) => one.hash === hash) && proposal?.common?.hash !== hash ? { said, hash, at } : proposal?.common;
  const { enabled } = proposal ?? {};
  return {
    sightings,
    ...(common === undefined ? {} : { common }),
    ...(enabled === undefined ? {} : { enabled }),
    firstSeenAt: proposal?.firstSeenAt ?? at,
    lastSeenAt: at,
  };
}

/** What is left of a proposal beside the definition that is pinned; undefined: nothing, or it is too old. */
export function standing(proposal: ToolProposal, pinnedHash: string | undefined, now: number): ToolProposal | undefined {
  const { common, ...rest } = proposal;
  const sightings = proposal.sightings.filter(({ hash }) => hash !== pinnedHash);
  const isDecided = proposal.enabled !== undefined && pinnedHash === undefined;
  if (!isDecided && (sightings.length === 0 || now - proposal.lastSeenAt > PROPOSED_MS)) return undefined;
  return { ...rest, sightings, ...(common === undefined || common.hash === pinnedHash ? {} : { common }) };
}

/** Whether the latest lists do not all have the same. */
export function differs({ sightings }: Pick<ToolProposal, "sightings">): boolean {
  return new Set(sightings.map(({ hash }) => hash)).size > 1;
}

/** Whether staff would see another thing, or only a later time. */
export function showsTheSame(left: ToolProposal | undefined, right: ToolProposal): boolean {
  if (left === undefined) return false;
  return left.common?.hash === right.common?.hash && left.sightings.length === right.sightings.length && differs(left) === differs(right);
}
