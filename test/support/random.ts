/** A repeatable source of randomness (mulberry32): the same seed gives the same numbers, each from 0 up to 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The seed of this run: `FRONTDESK_SEED` to repeat one, else a new one. A test prints it. */
export function runSeed(): number {
  return Number(process.env["FRONTDESK_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
}
