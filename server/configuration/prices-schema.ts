import * as z from "zod";

const price = z.number().min(0).max(1_000_000);

/** What a model costs. */
export const pricesSchema = z.strictObject({
  input: price.describe("What a million tokens of input cost."),
  output: price.describe("What a million tokens of output cost."),
  cached: price.exactOptional().describe("What a million tokens of input cost that the provider had cached. By default as much as input."),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected a currency such as "USD"')
    .describe("The currency's three letters."),
});
