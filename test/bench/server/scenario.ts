import * as z from "zod";

/**
 * What the mock model should do, as the customer's message says it. `text` streams tokens; `tool` calls the tool
 * `look_up` first and answers `tokens` after it.
 */
export const scenarioSchema = z.object({
  kind: z.enum(["text", "tool"]),
  tokens: z.int(),
  /** Between two tokens, in milliseconds; 0 sends them at once. */
  gapMs: z.number().default(0),
  /** From the request to the first token. */
  waitMs: z.number().default(0),
  /** Markdown, as models write it, instead of one word again and again. */
  markdown: z.boolean().default(false),
});
export type Scenario = z.input<typeof scenarioSchema>;

/** Microseconds of the machine's clock in 16 digits, so that answers of equal length have equal bytes. */
export const STAMP_DIGITS = 16;
/** The first token says when the request arrived and when it left; the last one when it left. */
export const FIRST_STAMP = /a(\d{16})s(\d{16})/;
export const LAST_STAMP = /e(\d{16})/;
