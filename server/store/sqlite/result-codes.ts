/** SQLite's primary result codes that somebody can do something about. https://www.sqlite.org/rescode.html */
export const BUSY = 5;
export const READ_ONLY = 8;
export const IO_ERROR = 10;
export const CORRUPT = 11;
export const FULL = 13;
export const CANNOT_OPEN = 14;
export const NOT_A_DATABASE = 26;
export const OTHER = 0;

/** The primary code of what SQLite or the file system threw; `OTHER` for anything else. */
export function primaryCode(cause: unknown): number {
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
