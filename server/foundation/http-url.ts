import * as z from "zod";
import { coded } from "./fault-codes.ts";

/** An address that the server itself calls. Names and passwords belong in headers, where they are kept secret. */
export const httpUrl = urlOf("an http or https URL").refine((text) => new URL(text).hash === "", "Expected a URL without a #fragment.");

/** An http or https URL. `expected` is named in the fault when a value is not one. */
export function urlOf(expected: string): z.ZodString {
  return z
    .string()
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), {
      error: `Expected ${expected}.`,
      abort: true,
      params: coded("not-an-address"),
    })
    .refine((text) => new URL(text).username === "" && new URL(text).password === "", {
      error: "Expected a URL without a user name and password. Send them as a header.",
      abort: true,
    });
}
