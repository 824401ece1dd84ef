import type { CodedFault } from "./fault-codes.ts";

/** One fault at one place of a request or document. */
export interface Fault extends CodedFault {
  /** A JSON pointer (RFC 6901) into what was sent, such as `/headers/0/name`; empty for the whole value. */
  readonly path: string;
  /** What was found and what is expected, for a person. Never contains a secret. */
  readonly message: string;
}

/**
 * A value has the right shape but cannot be accepted: a name that is taken, a server that may not be used, a template
 * that leaves its place. The API answers with `invalid` (422) and the path of each fault. Nothing was changed.
 */
export class InvalidError extends Error {
  override readonly name = "InvalidError";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("\n"));
    this.faults = faults;
  }
}
