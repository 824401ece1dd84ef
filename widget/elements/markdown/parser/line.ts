/** A line of the text whose beginning is taken away, piece by piece. A tab reaches to the next column that 4 divides. */
export class Line {
  rest: string;
  #column = 0;

  constructor(text: string) {
    this.rest = text;
  }

  /** The rest without the blanks before it. Only spaces and tabs are some. */
  get bare(): string {
    return this.rest.replace(/^[ \t]+/, "");
  }

  get blank(): boolean {
    return !/[^ \t]/.test(this.rest);
  }

  /** How many columns of blank stand before the rest; none are taken away. */
  get indent(): number {
    let column = this.#column;
    for (const character of this.rest) {
      if (character === " ") column += 1;
      else if (character === "\t") column += 4 - (column % 4);
      else break;
    }
    return column - this.#column;
  }

  /** Takes away up to so many columns of blank; what is left of a tab stays as blanks. */
  skip(columns: number): void {
    let at = 0;
    let left = columns;
    for (; left > 0; at += 1) {
      const character = this.rest[at];
      const width = character === " " ? 1 : character === "\t" ? 4 - (this.#column % 4) : 0;
      if (width === 0) break;
      const taken = Math.min(width, left);
      this.#column += taken;
      left -= taken;
      if (taken < width) {
        this.rest = " ".repeat(width - taken) + this.rest.slice(at + 1);
        return;
      }
    }
    this.rest = this.rest.slice(at);
  }

  /** Takes away a mark of so many characters. */
  take(length: number): void {
    this.#column += length;
    this.rest = this.rest.slice(length);
  }

  /** Takes away `>` and the one blank that may follow it. */
  takeQuoteMark(): void {
    this.skip(3);
    this.take(1);
    this.skip(1);
  }
}
