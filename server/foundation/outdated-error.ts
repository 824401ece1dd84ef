import type { Fault } from "./invalid-error.ts";

/**
 * Something was made from what has been replaced since. The API answers with `version-changed` (412) and the path of each
 * fault. Nothing was changed.
 */
export class OutdatedError extends Error {
  override readonly name = "OutdatedError";
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[]) {
    super(message);
    this.faults = faults;
  }
}
