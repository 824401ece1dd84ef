import { StoreUnwritableError } from "../../conversation/ports/errors.ts";
import { BUSY, CANNOT_OPEN, FULL, IO_ERROR, primaryCode, READ_ONLY } from "./result-codes.ts";

/** What a write failed with, as its caller should know it: a disk that takes nothing is nobody's mistake. */
export function writeErrorOf(cause: unknown): unknown {
  const reason = REASONS.get(primaryCode(cause));
  return reason === undefined || cause instanceof StoreUnwritableError ? cause : new StoreUnwritableError(reason, { cause });
}

const REASONS = new Map([
  [FULL, "The disk of DATA_DIR is full, so nothing can be written. Make room; nothing that was acknowledged is lost."],
  [IO_ERROR, "The disk of DATA_DIR reports an error, so nothing can be written. Look at the disk."],
  [READ_ONLY, "The database has become read-only, so nothing can be written. Give this user the right to write in DATA_DIR."],
  [CANNOT_OPEN, "A file of the database cannot be opened, so nothing can be written. Give this user the right to write in DATA_DIR."],
  [BUSY, "Another process has the database locked, so nothing can be written. Look for one that hangs."],
]);
