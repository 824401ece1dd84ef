import * as z from "zod";

/** A whole number, 1 or more. */
export function positive(maximum: number): z.ZodInt {
  return z.int().min(1).max(maximum);
}

/** Milliseconds, a tenth of a second or more. */
export function durationMs(maximum: number): z.ZodInt {
  return z.int().min(100).max(maximum);
}
