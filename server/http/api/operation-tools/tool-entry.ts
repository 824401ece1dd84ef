/** An operation of the API as a tool. What it takes and needs is the operation's; here is what a model is told of it. */
export interface ToolEntry {
  readonly name: string;
  readonly title: string;
  /** The `operationId` of its route. */
  readonly operation: string;
  readonly description: string;
  /**
   * `reads`: it changes nothing. `changes`: what the staff alone sees, and can take back. `acts`: it reaches customers or
   * what is live, or cannot be taken back; off unless the operator names it.
   */
  readonly does: "reads" | "changes" | "acts";
  /** The same call again changes nothing more. */
  readonly isIdempotent?: boolean;
  /** Words of people or servers outside come in, or it reaches them. */
  readonly isOpen?: boolean;
  /** Parameters of the operation that a model has no use for. */
  readonly without?: readonly string[];
  /** A field of the body that is an id of the sender's own, made anew for each call. */
  readonly ownId?: string;
}

/** Of a list, as its description ends. */
export const MORE = "`next` of the answer, given back as `cursor`, leads on.";
/** Of an operation that may also give its answer as a file. */
export const DOWNLOAD = ["format", "of"] as const;
