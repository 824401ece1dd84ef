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
  /** Whether every twentieth token says when it left. */
  stamps: z.boolean().default(false),
  /** Markdown, as models write it, instead of one word again and again. */
  markdown: z.boolean().default(false),
});
export type Scenario = z.input<typeof scenarioSchema>;

/** Microseconds of the machine's clock in 16 digits, so that answers of equal length have equal bytes. */
export const STAMP_DIGITS = 16;
/** The first token says when the request arrived and when it left; the last one when it left. */
export const FIRST_STAMP = /a(\d{16})s(\d{16})/;
export const LAST_STAMP = /e(\d{16})/;

export const STAMP_EVERY = 20;
/** Letters after the blank, so that a token with a stamp is as long as any other. */
const SHORT_DIGITS = 5;
const SHORT_RANGE = 36 ** SHORT_DIGITS;
const SHORT_STAMP = / ([0-9A-Z]{5})/g;

/** A token that says when it left; microseconds of the machine's clock, of which it keeps a minute. */
export function stampedToken(micros: number): string {
  return ` ${(micros % SHORT_RANGE).toString(36).toUpperCase().padStart(SHORT_DIGITS, "0")}`;
}

/** How long the stamped tokens of a text were under way, in microseconds. */
export function delaysIn(text: string, micros: number): number[] {
  return Array.from(text.matchAll(SHORT_STAMP), ([, stamp = ""]) => (micros - Number.parseInt(stamp, 36) + SHORT_RANGE) % SHORT_RANGE);
}
