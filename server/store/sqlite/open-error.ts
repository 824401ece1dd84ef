import { dirname } from "node:path";
import { StoreOpenError } from "../store-open-error.ts";

/** SQLite's primary result codes that an operator can do something about. https://www.sqlite.org/rescode.html */
const BUSY = 5;
const READ_ONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;
const OTHER = 0;

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
      return `The database ${path} cannot be written. Give this user the right to write in DATA_DIR ${folder}, or choose another DATA_DIR.`;
    case FULL:
      return `The disk of DATA_DIR ${folder} is full. Make room and start again; nothing that was acknowledged is lost.`;
    case CORRUPT:
    case NOT_A_DATABASE:
      return `The file ${path} is damaged or not a Frontdesk database. Put a backup in its place, or move it away to begin with an empty one.`;
    default:
      return `The database ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

function primaryCode(cause: unknown): number {
  if (!(cause instanceof Error)) return OTHER;
  if ("errcode" in cause && typeof cause.errcode === "number") return cause.errcode & 0xff;
  if ("code" in cause && typeof cause.code === "string") return FILE_SYSTEM_CODES.get(cause.code) ?? OTHER;
  return OTHER;
}

const FILE_SYSTEM_CODES = new Map([
  ["EACCES", CANNOT_OPEN],
  ["EPERM", CANNOT_OPEN],
  ["EROFS", READ_ONLY],
  ["ENOTDIR", CANNOT_OPEN],
  ["EEXIST", CANNOT_OPEN],
  ["ENOENT", CANNOT_OPEN],
  ["ENOSPC", FULL],
]);
