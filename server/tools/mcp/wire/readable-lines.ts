import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import type { McpSdk } from "./mcp-sdk.ts";
import { isReadable, readableMessages } from "./readable-message.ts";

const LINE_FEED = 10;

/**
 * Takes the place of the MCP client's own reader of a program's output, which throws away each line that it cannot
 * read. Lines that are no JSON are banners and logs, and are passed over as there.
 */
export class ReadableLines {
  readonly #sdk: McpSdk;
  readonly #mostBytes: number;
  #open: Buffer[] = [];
  #openBytes = 0;
  #messages: JSONRPCMessage[] = [];

  constructor(sdk: McpSdk, mostBytes: number) {
    this.#sdk = sdk;
    this.#mostBytes = mostBytes;
  }

  /** Throws when a line is longer than allowed. */
  append(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      this.#keep(rest.subarray(0, end));
      this.#read(Buffer.concat(this.#open).toString("utf8"));
      this.#forgetLine();
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
  }

  /** Null: no more for now. */
  readMessage(): JSONRPCMessage | null {
    return this.#messages.shift() ?? null;
  }

  clear(): void {
    this.#forgetLine();
    this.#messages = [];
  }

  #keep(piece: Buffer): void {
    this.#open.push(piece);
    this.#openBytes += piece.length;
    if (this.#openBytes <= this.#mostBytes) return;
    this.clear();
    throw new Error(`A line exceeded the maximum size of ${this.#mostBytes} bytes`);
  }

  #forgetLine(): void {
    this.#open = [];
    this.#openBytes = 0;
  }

  #read(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line.replace(/^\uFEFF/, ""));
    } catch {
      return;
    }
    for (const message of readableMessages(value, this.#sdk))
      if (isReadable(message, this.#sdk)) this.#messages.push(message as JSONRPCMessage);
  }
}
