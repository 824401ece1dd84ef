import * as z from "zod";

/** More than any provider answers with. */
const MOST_TOKENS = 1_000_000_000;

/**
 * What a provider says that an answer cost. It is only counted, so a count that is none (negative, a text, a fraction)
 * is as if it had not been said.
 */
export const tokenCount = z.int().min(0).max(MOST_TOKENS).nullish().catch(undefined);

/**
 * How many of the input's tokens the provider had cached. Input contains them: where a wire counts them beside it, its
 * reader adds them first. More than the input were none of it, so they are cut to it.
 */
export function cachedOf(inputTokens: number | null | undefined, cached: number | null | undefined): { readonly cachedTokens?: number } {
  if (typeof inputTokens !== "number" || typeof cached !== "number" || cached === 0) return {};
  return { cachedTokens: Math.min(cached, inputTokens) };
}
