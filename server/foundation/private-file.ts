import { closeSync, openSync } from "node:fs";

/** Makes an empty file where there is none, which nobody else may read: SQLite would let everybody read its own. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, "a", 0o600));
}
