import * as z from "zod";

/** More than any provider answers with. */
const MOST_TOKENS = 1_000_000_000;

/**
 * What a provider says that an answer cost. It is only counted, so a count that is none (negative, a text, a fraction)
 * is as if it had not been said.
 */
export const tokenCount = z.int().min(0).max(MOST_TOKENS).nullish().catch(undefined);
