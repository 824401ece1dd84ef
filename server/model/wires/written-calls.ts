const OPEN = "<tool_call>";
const CLOSE = "</tool_call>";
const FENCE = /^```(?:json)?\s*([\s\S]*?)\s*```$/;
const NAME = /"name"\s*:\s*"([^"]{1,128})"/;

/** A call as a model wrote it: `argumentsText` is not JSON where what it wrote is not. */
export interface WrittenCall {
  readonly name: string;
  readonly argumentsText: string;
}

/**
 * Keeps the calls that a model writes into its text, as templates of Qwen and Hermes have it, from whoever reads the
 * text: `<tool_call>{"name":…,"arguments":{…}}</tool_call>`. A server with a parser for them keeps them apart itself.
 * Pieces may cut anywhere, even in a mark.
 */
export class WrittenCalls {
  readonly #bodies: string[] = [];
  /** The pieces of a call that is open. */
  #body: string[] | undefined;
  /** What may still become a mark, and blanks that may stand before one. */
  #held = "";
  /** Blanks at the beginning of an answer are text if words follow them; after a call they are not. */
  #begun = false;
  #blanks = "";

  get empty(): boolean {
    return this.#bodies.length === 0 && this.#body === undefined;
  }

  /** What of this piece, and of what was held back before it, is said. */
  said(piece: string): string {
    if (this.#begun && this.#held === "" && this.#body === undefined && !piece.includes("<")) return piece;
    let rest = this.#held + piece;
    let said = "";
    for (;;) {
      const mark = this.#body === undefined ? OPEN : CLOSE;
      const at = rest.indexOf(mark);
      const until = at < 0 ? rest.length - beginningOf(mark, rest) : at;
      said += this.#passed(rest.slice(0, until));
      rest = rest.slice(at < 0 ? until : at + mark.length);
      if (at < 0) break;
      this.#turn();
    }
    this.#held = rest;
    return said;
  }

  /** What was held back and is text after all, at the end of the answer. */
  rest(): string {
    const rest = this.#passed(this.#held);
    this.#held = "";
    return this.#begun || !this.empty ? rest : this.#blanks;
  }

  /**
   * The calls, in their order; one that lacks its end mark counts, since servers cut at it. Undefined in place of one
   * that does not even say its name.
   */
  calls(): (WrittenCall | undefined)[] {
    return [...this.#bodies, ...(this.#body === undefined ? [] : [this.#body.join("")])].map(readCall);
  }

  /** Text goes on, or into the call that is open. */
  #passed(text: string): string {
    if (this.#body !== undefined) {
      if (text !== "") this.#body.push(text);
      return "";
    }
    if (this.#begun) return text;
    const said = this.#bodies.length === 0 ? this.#blanks + text : text.trimStart();
    this.#begun = said.trim() !== "";
    this.#blanks = this.#begun ? "" : said;
    return this.#begun ? said : "";
  }

  #turn(): void {
    if (this.#body === undefined) this.#body = [];
    else {
      this.#bodies.push(this.#body.join(""));
      this.#body = undefined;
      this.#begun = false;
    }
  }
}

/** How many characters at the end of a text may be the beginning of the mark. */
function beginningOf(mark: string, text: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1)
    if (text.endsWith(mark.slice(0, length))) return length;
  return 0;
}

function readCall(body: string): WrittenCall | undefined {
  const text = FENCE.exec(body.trim())?.[1] ?? body.trim();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const name = NAME.exec(text)?.[1];
    return name === undefined ? undefined : { name, argumentsText: text };
  }
  if (typeof value !== "object" || value === null || !("name" in value) || typeof value.name !== "string" || value.name === "")
    return undefined;
  const given = "arguments" in value ? value.arguments : "parameters" in value ? value.parameters : undefined;
  return { name: value.name, argumentsText: typeof given === "string" ? given : JSON.stringify(given ?? {}) };
}
