import * as z from "zod";

/** A letter of plain text: nothing in it can be anything else. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Whom an answer goes to. */
  readonly replyTo?: string;
}

export const letterSchema = z.object({
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  replyTo: z.string().exactOptional(),
}) satisfies z.ZodType<Letter>;

const LONGEST_SUBJECT = 150;

/** One line, whatever somebody called an assistant or themselves. */
export function subjectOf(text: string): string {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length <= LONGEST_SUBJECT ? line : `${line.slice(0, LONGEST_SUBJECT - 1).toWellFormed()}…`;
}
