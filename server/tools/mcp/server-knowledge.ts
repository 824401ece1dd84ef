import type { Fault } from "./servers/fault.ts";
import type { Verdict } from "./wire/server-verdict.ts";
import type { ToolList } from "../definitions/tool-list.ts";

/** A list and when it was read, milliseconds since 1970, and under which `ServerDirectory.listGeneration`. */
export interface DatedList {
  readonly list: ToolList;
  readonly at: number;
  readonly generation: number;
}

/**
 * How long a list without a time to live is good for a conversation that has no link on which a change could be
 * announced.
 */
const WARM_MS = 30_000;
const LONGEST_TTL_MS = 24 * 60 * 60_000;
/** A list that is said to be stale at once is still good for the turn that fetched it. */
const SHORTEST_TTL_MS = 1_000;

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/** Whether a list may still be used. `listening`: changes would have been heard since it was read. */
export function isFresh({ list, at }: DatedList, now: number, listening: boolean): boolean {
  if (list.ttlMs !== undefined) return now - at < Math.min(Math.max(list.ttlMs, SHORTEST_TTL_MS), LONGEST_TTL_MS);
  return listening || now - at < WARM_MS;
}

/** What all conversations know together about one server: one small record, however many there are. */
export class ServerKnowledge {
  #shared: DatedList | undefined;
  #failure: { readonly fault: Fault; readonly until: number; readonly pauseMs: number } | undefined;
  verdict: Verdict | undefined;
  /** A conversation's reading of the list that is under way. Never rejects. */
  reading?: Promise<unknown>;

  /** A list that another conversation has read, if it may be used here. */
  warmList(now: number, generation: number): DatedList | undefined {
    return this.#shared?.generation === generation && isFresh(this.#shared, now, false) ? this.#shared : undefined;
  }

  keepList(dated: DatedList): void {
    if (dated.list.shareable) this.#shared = dated;
  }

  forgetList(): void {
    this.#shared = undefined;
  }

  /** Why the server could not be used a moment ago; undefined when it is time to try again. */
  recentFault(now: number): Fault | undefined {
    return this.#failure !== undefined && now < this.#failure.until ? this.#failure.fault : undefined;
  }

  failed(fault: Fault, now: number): void {
    this.verdict = undefined;
    // Several at once found the same out.
    if (this.recentFault(now) !== undefined) return;
    const pauseMs = Math.min(this.#failure === undefined ? FIRST_PAUSE_MS : this.#failure.pauseMs * 2, LONGEST_PAUSE_MS);
    this.#failure = { fault, until: now + pauseMs, pauseMs };
  }

  succeeded(): void {
    this.#failure = undefined;
  }
}
