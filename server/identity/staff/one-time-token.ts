import { randomBytes } from "node:crypto";
import { sha256Hex } from "../../foundation/canonical-json.ts";

const TOKEN_BYTES = 32;

/** 256 random bits as text that fits into a URL. */
export function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/**
 * What is kept of a token, so that whoever reads the database cannot use it. Its 256 bits need no salt and no slow
 * hash.
 */
export function tokenId(token: string): string {
  return sha256Hex(token);
}
