import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { StoreOpenError } from "../store-open-error.ts";
import { BUSY, CANNOT_OPEN, CORRUPT, FULL, NOT_A_DATABASE, primaryCode, READ_ONLY } from "./result-codes.ts";

/** Says in an operator's words why the database file at `path` does not open. */
export function openErrorOf(path: string, cause: unknown): StoreOpenError {
  if (cause instanceof StoreOpenError) return cause;
  return new StoreOpenError(explanation(path, primaryCode(cause), cause), { cause });
}

function explanation(path: string, code: number, cause: unknown): string {
  const folder = dirname(path);
  switch (code) {
    case BUSY:
      return `Another Frontdesk uses DATA_DIR ${folder}. Stop it, or give this one a DATA_DIR of its own.`;
    case READ_ONLY:
    case CANNOT_OPEN:
      return unwritable(path, readOnlyPart(path));
    case FULL:
      return `The disk of DATA_DIR ${folder} is full. Make room and start again; nothing that was acknowledged is lost.`;
    case CORRUPT:
    case NOT_A_DATABASE:
      return `The file ${path} is damaged or not a Frontdesk database. Put a backup in its place, or move it away to begin with an empty one.`;
    default: {
      // SQLite says "disk I/O error" of a file that even root may not change.
      const part = readOnlyPart(path);
      if (part !== undefined) return unwritable(path, part);
      return `The database ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
    }
  }
}

function unwritable(path: string, part: string | undefined): string {
  const which = part === undefined ? "" : `: ${part} is read-only`;
  return `The database ${path} cannot be written${which}. Give this user the right to write in DATA_DIR ${dirname(path)}, or choose another DATA_DIR.`;
}

/** Whatever of the database this user may not write. */
function readOnlyPart(path: string): string | undefined {
  return [path, `${path}-wal`, `${path}-shm`, dirname(path)].find((part) => existsSync(part) && !isWritable(part));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
