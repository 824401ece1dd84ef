import type { ToolDefinition } from "../../tools/definitions/tool-definition.ts";
import type { PinVerdict } from "../../tools/mcp/servers/ports.ts";
import { type OwnListChoice, ownListVerdict } from "./own-list-verdict.ts";
import type { ToolPin } from "./tool-pin.ts";
import { NOTED_MS, showsTheSame, sighted, standing, type ToolProposal } from "./tool-proposal.ts";

/** What staff accepted, and a number that changes with it. */
export interface Pinned {
  readonly pins: ReadonlyMap<string, ToolPin>;
  readonly version: number;
}

/** A customer's own list was read. */
export interface OwnListReading {
  /** No readable name. */
  readonly customer: string;
  readonly choice: OwnListChoice;
  readonly pins: Pinned;
  readonly now: number;
}

/** Names that are kept for one server, and of those, names that only one customer had. */
const PER_SERVER = 1_000;
const PER_CUSTOMER = 250;
const CHARACTERS_PER_SERVER = 4 * 1024 * 1024;

interface Answer {
  readonly verdicts: ReadonlyMap<string, PinVerdict>;
  readonly until: number;
  readonly basis: string;
}

/** What customers' own lists of one server have beside what staff accepted, and what the database does not hold yet. */
export class HeldProposals {
  readonly proposals = new Map<string, ToolProposal>();
  /** Not written yet. */
  readonly dirty = new Set<string>();
  /** Being written by us right now. */
  readonly writing = new Set<string>();
  /** When a proposal was last written, or is to be. */
  readonly #notedAt = new Map<string, number>();
  /** Changes with whatever a person decided. */
  #decisions = 0;
  #characters = 0;
  /** The answers for lists, kept as long as nothing changes. */
  readonly #answers = new WeakMap<readonly ToolDefinition[], Answer>();

  /** Puts what the database has. */
  put(tool: string, proposal: ToolProposal): void {
    this.#set(tool, proposal);
    this.#notedAt.set(tool, proposal.lastSeenAt);
    this.#decisions += 1;
  }

  /** Replaces all proposals except those that the database does not hold yet. */
  replaceAll(stored: ReadonlyMap<string, ToolProposal>): void {
    const ours = [...this.proposals].filter(([tool]) => this.dirty.has(tool) || this.writing.has(tool));
    for (const tool of this.proposals.keys()) this.#drop(tool);
    for (const [tool, proposal] of [...stored, ...ours]) this.put(tool, proposal);
  }

  /** Forgets one, to be written. Whoever still has it otherwise is noted again. */
  forget(tool: string): void {
    if (!this.proposals.has(tool)) return;
    this.#drop(tool);
    this.#decisions += 1;
    this.dirty.add(tool);
  }

  /** Says for each tool of a customer's own list whether that customer's model may see it, and notes what is new. */
  observe(tools: readonly ToolDefinition[], reading: OwnListReading): ReadonlyMap<string, PinVerdict> {
    const { choice, pins, now } = reading;
    const basis = `${pins.version} ${this.#decisions} ${choice.newTools} ${choice.personalTools}`;
    const answer = this.#answers.get(tools);
    if (answer?.basis === basis && now <= answer.until) return answer.verdicts;
    const verdicts = new Map<string, PinVerdict>();
    const room = this.#roomFor(reading.customer);
    for (const definition of tools) {
      const { tool, definitionHash: hash } = definition;
      const pin = pins.pins.get(tool);
      const before = this.proposals.get(tool);
      verdicts.set(tool, ownListVerdict(hash, { pin, decided: before?.enabled }, choice));
      if (pin?.accepted.hash !== hash) this.#note(definition, before, { ...reading, room });
    }
    this.#answers.set(tools, { verdicts, basis, until: now + NOTED_MS });
    return verdicts;
  }

  #note(
    definition: ToolDefinition,
    before: ToolProposal | undefined,
    { customer, now, room }: OwnListReading & { readonly room: { left: number } },
  ): void {
    const { tool } = definition;
    if (before === undefined && (room.left <= 0 || !this.#makeRoom(now))) return;
    if (before === undefined) room.left -= 1;
    const after = sighted(before, definition, { customer, at: now });
    const { common, ...rest } = after;
    const isLarge = common !== before?.common && this.#characters > CHARACTERS_PER_SERVER;
    this.#set(tool, isLarge ? rest : after);
    // A server that words its list anew each time must not make a write of each reading.
    if (showsTheSame(before, after) && now - (this.#notedAt.get(tool) ?? 0) < NOTED_MS) return;
    this.#notedAt.set(tool, now);
    this.dirty.add(tool);
  }

  /** How many more names this customer alone may bring. */
  #roomFor(customer: string): { left: number } {
    let alone = 0;
    for (const { sightings } of this.proposals.values()) if (sightings.every((one) => one.customer === customer)) alone += 1;
    return { left: PER_CUSTOMER - alone };
  }

  /** Whether there is room for one more name: the oldest that one customer alone had gives way, if it is not fresh. */
  #makeRoom(now: number): boolean {
    if (this.proposals.size < PER_SERVER) return true;
    let oldest: [string, ToolProposal] | undefined;
    for (const entry of this.proposals) {
      const [, { enabled, sightings, lastSeenAt }] = entry;
      if (enabled !== undefined || sightings.length > 1 || now - lastSeenAt < NOTED_MS) continue;
      if (oldest === undefined || lastSeenAt < oldest[1].lastSeenAt) oldest = entry;
    }
    if (oldest === undefined) return false;
    this.#drop(oldest[0]);
    this.dirty.add(oldest[0]);
    return true;
  }

  #set(tool: string, proposal: ToolProposal): void {
    this.#characters += sizeOf(proposal) - sizeOf(this.proposals.get(tool));
    this.proposals.set(tool, proposal);
  }

  #drop(tool: string): void {
    this.#characters -= sizeOf(this.proposals.get(tool));
    this.proposals.delete(tool);
    this.#notedAt.delete(tool);
  }
}

function sizeOf(proposal: ToolProposal | undefined): number {
  return proposal?.common === undefined ? 0 : JSON.stringify(proposal.common.said).length;
}

/** The proposals that stand beside the accepted tools. */
export function standingProposals(
  proposals: ReadonlyMap<string, ToolProposal>,
  pins: Pinned["pins"],
  now: number,
): ReadonlyMap<string, ToolProposal> {
  const found = new Map<string, ToolProposal>();
  for (const [tool, proposal] of proposals) {
    const left = standing(proposal, pins.get(tool)?.accepted.hash, now);
    if (left !== undefined) found.set(tool, left);
  }
  return found;
}
