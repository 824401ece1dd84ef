import * as z from "zod";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Frontdesk sets these itself, or they say how the message is framed. */
const RESERVED = new Set([
  "host",
  "content-length",
  "content-type",
  "connection",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
  "mcp-session-id",
  "mcp-protocol-version",
  "x-chat-id",
  "x-session-id",
  "x-call-id",
]);
const MOST = 32;
const VALUE_CHARACTERS = 8192;

export const headerNameSchema = z
  .string()
  .regex(NAME, "Expected the name of an HTTP header.")
  .refine((name) => !RESERVED.has(name.toLowerCase()), "Expected another header: this one is set by Frontdesk itself.");
const valueSchema = z
  .string()
  .max(VALUE_CHARACTERS)
  .refine((value) => !/[^\t\x20-\x7e\x80-\xff]/.test(value), "Expected a header value: one line, no characters beyond Latin-1.");

/** Headers that are sent with every request to a server. Their values are secrets. */
export const headersSchema = z.record(headerNameSchema, valueSchema).superRefine(onlyOnce);

/** Changes to headers: null removes one, what is not named stays. */
export const headersPatchSchema = z.record(headerNameSchema, valueSchema.nullable()).superRefine(onlyOnce);

export function onlyOnce(headers: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const names = Object.keys(headers);
  if (names.length > MOST) context.addIssue({ code: "custom", message: `Expected ${MOST} headers at most.` });
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase()))
      context.addIssue({
        code: "custom",
        path: [name],
        message: "Expected each header once: this one is there twice, in capitals and small letters.",
      });
    seen.add(name.toLowerCase());
  }
}
