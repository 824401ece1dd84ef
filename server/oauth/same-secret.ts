import { createHash, timingSafeEqual } from "node:crypto";

/** Compares two secrets in a time that does not reveal where they differ. */
export function sameSecret(left: string, right: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(left), hash(right));
}
