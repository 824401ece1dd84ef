/** A quarter of an hour: every zone's offset is a whole number of them, so days of all zones are made of whole ones. */
export const QUARTER_MS = 15 * 60_000;

/** The number of the quarter, since 1970 in UTC. */
export function quarterOf(at: number): number {
  return Math.floor(at / QUARTER_MS);
}
