import * as z from "zod";

const LONGEST = 254;

/**
 * One address, and nothing that a mail server could read as a second one or as another header: customers type them in.
 */
export const mailAddress = z
  .string()
  .trim()
  .max(LONGEST)
  .refine((text) => !/[\s\p{C},;:<>()[\]\\"]/u.test(text) && z.email().safeParse(text).success, "expected one e-mail address");
