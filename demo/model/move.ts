/** A tool the script wants, by the name its own server gives it. */
export interface Wish {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** One model step: some text, and either tool calls or the end of the answer. */
export interface Move {
  readonly text: string;
  readonly wishes: readonly Wish[];
}
