import type { WireError } from "../../../protocol/errors.ts";
import type { Words } from "../../words/types/words.ts";

type Said = { readonly errors: { readonly [code: string]: string } };

/** What the server said to an answer, in the customer's language. */
export function errorText(error: WireError | undefined, words: Words, late: Said): string | undefined {
  return error && (late.errors[error.code] ?? words.errors[error.code] ?? error.message);
}
