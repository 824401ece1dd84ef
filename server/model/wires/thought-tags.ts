/** What models that think aloud write around it; a server that knows them keeps it apart, many do not. */
const TAGS = [
  ["<think>", "</think>"],
  ["<thinking>", "</thinking>"],
] as const;

/**
 * Keeps thoughts that a model writes into its text, at its beginning, from whoever reads the text. Pieces may cut
 * anywhere, even in a tag.
 */
export class ThoughtTags {
  /** What may still become a tag, and what a tag that is open has to end with. */
  #held = "";
  #closing: string | undefined;
  #begun = false;
  #thought = false;

  /** What of this piece, and of what was held back before it, is said. */
  said(piece: string): string {
    if (this.#begun) return piece;
    this.#held += piece;
    for (;;) {
      if (this.#closing === undefined) {
        const start = this.#held.trimStart();
        const open = TAGS.find(([tag]) => start.startsWith(tag));
        if (open === undefined) return TAGS.some(([tag]) => tag.startsWith(start)) ? "" : this.#begin(this.#held);
        this.#closing = open[1];
        this.#thought = true;
        this.#held = start.slice(open[0].length);
      }
      const end = this.#held.indexOf(this.#closing);
      if (end < 0) {
        // Nothing of a thought is needed but what may be the beginning of its end.
        this.#held = this.#held.slice(-this.#closing.length);
        return "";
      }
      this.#held = this.#held.slice(end + this.#closing.length);
      this.#closing = undefined;
    }
  }

  /** What was held back and is text after all, at the end of the answer. */
  rest(): string {
    return this.#begun || this.#closing !== undefined ? "" : this.#begin(this.#held);
  }

  /** The blanks after a thought are its own. */
  #begin(text: string): string {
    this.#begun = true;
    this.#held = "";
    return this.#thought ? text.trimStart() : text;
  }
}
