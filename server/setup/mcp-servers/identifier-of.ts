import { isReservedIdentifier } from "./server-record.ts";

const CHARACTERS = 40;
const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"] as const;

/**
 * Makes an identifier from a foreign name: `GitHub-Copilot 2` is `github_copilot_two`. Empty when nothing is left of
 * it.
 */
export function identifierOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\d/g, (digit) => `_${DIGITS[Number(digit)]}_`)
    .replace(/[^a-z]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, CHARACTERS)
    .replace(/_+$/, "");
  return isReservedIdentifier(plain) ? `${plain}_server` : plain;
}
