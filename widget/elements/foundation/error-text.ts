import type { WireError } from "../../../protocol/errors.ts";
import type { Words } from "../../words/types/words.ts";

type Said = Pick<Words, "errors">;

/**
 * What the server said, in the customer's language; in its own words where the language has none. `late`: words that
 * only some cards need.
 */
export function errorText(error: WireError | undefined, words: Said, late?: Said): string | undefined {
  return error && (late?.errors[error.code] ?? words.errors[error.code] ?? error.message);
}

/** Why an answer failed. */
export function turnErrorText(code: string | undefined, { turnErrors }: Words): string {
  return turnErrors[code ?? ""] ?? turnErrors.internal;
}
