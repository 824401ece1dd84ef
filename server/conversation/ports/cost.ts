import type { Cost, Usage } from "../../../protocol/events.ts";
import type { ModelPrices } from "./model-prices.ts";

const MILLION = 1_000_000;

/**
 * What tokens cost. Nothing where a price or a count is missing: an unknown cost is not none. Input contains the cached
 * tokens, which are priced once.
 */
export function costOf(usage: Usage, prices: ModelPrices | undefined): { readonly cost?: Cost } {
  const { inputTokens, outputTokens, cachedTokens = 0 } = usage;
  if (prices === undefined || inputTokens === undefined || outputTokens === undefined) return {};
  const fresh = Math.max(0, inputTokens - cachedTokens);
  const amount = (fresh * prices.input + (inputTokens - fresh) * (prices.cached ?? prices.input) + outputTokens * prices.output) / MILLION;
  return { cost: { amount, currency: prices.currency } };
}
