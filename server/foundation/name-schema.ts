import * as z from "zod";
import { coded } from "./fault-codes.ts";

const LONGEST = 100;
/** Control characters, and those that turn the text around them. Marks of a direction alone are in honest names. */
const HARMFUL = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;
const READABLE = /[^\p{C}\p{Z}\p{M}]/u;

/** What somebody calls a thing or themselves; others read it in lists, questions and sentences. */
export const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST)
  .refine((text) => text === "" || (text.isWellFormed() && READABLE.test(text) && !HARMFUL.test(text)), {
    error: "Expected a name that can be read: without line breaks, and without characters that turn or hide the text around them.",
    params: coded("unreadable-name"),
  });
