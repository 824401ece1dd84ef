import { StringDecoder } from "node:string_decoder";

/** A single event longer than this is no model's answer. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) from bytes cut anywhere, even inside a character. Gives the
 * `data` of each event; names, ids and comments are skipped, since every provider repeats in the data what it names.
 * Throws `RangeError` for an event without end.
 */
export class EventStreamReader {
  readonly #decoder = new StringDecoder("utf8");
  #begun = false;
  #afterReturn = false;
  /** A line whose end has not come yet. */
  #line = "";
  /** The data lines of an event whose end has not come yet. */
  #data: string | undefined;

  /** The events that these bytes complete. */
  push(chunk: Uint8Array): string[] {
    return this.#read(this.#decoder.write(chunk));
  }

  /** The stream is over: an event that only lacks its empty line counts. */
  end(): string[] {
    return this.#read(`${this.#decoder.end()}\n\n`);
  }

  #read(decoded: string): string[] {
    const text = this.#normalised(decoded);
    const events: string[] = [];
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      if (end < 0) break;
      const line = this.#line === "" ? text.slice(start, end) : this.#line + text.slice(start, end);
      this.#line = "";
      start = end + 1;
      if (line !== "") this.#field(line);
      else if (this.#data !== undefined) {
        events.push(this.#data);
        this.#data = undefined;
      }
    }
    if (start < text.length) this.#line += start === 0 ? text : text.slice(start);
    if (this.#line.length + (this.#data?.length ?? 0) > MAX_EVENT_CHARACTERS)
      throw new RangeError(`one event was longer than ${MAX_EVENT_CHARACTERS} characters`);
    return events;
  }

  /** Every line end as `\n`, although a `\r` and its `\n` may come in two chunks; without a byte order mark. */
  #normalised(decoded: string): string {
    let text = decoded;
    if (!this.#begun && text !== "") {
      this.#begun = true;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }
    if (this.#afterReturn && text !== "") {
      this.#afterReturn = false;
      if (text.startsWith("\n")) text = text.slice(1);
    }
    if (!text.includes("\r")) return text;
    this.#afterReturn = text.endsWith("\r");
    return text.replaceAll(/\r\n?/g, "\n");
  }

  #field(line: string): void {
    if (!line.startsWith("data")) return;
    let value: string;
    if (line.startsWith("data: ")) value = line.slice(6);
    else if (line.startsWith("data:")) value = line.slice(5);
    else if (line === "data") value = "";
    else return;
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }
}
