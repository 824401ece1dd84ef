/** A tool that the page offers to the assistant, in WebMCP's words. */
export interface PageTool {
  /** 1 to 128 letters, digits, `_`, `.` or `-`; the page has one of each name. */
  readonly name: string;
  /** What people read in its place. */
  readonly title?: string;
  /** What it does, for the model. */
  readonly description: string;
  /** JSON Schema of its arguments, an object. Absent: it takes none. */
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  /** Shown; they allow nothing. */
  readonly annotations?: Readonly<Record<string, boolean>>;
  /**
   * Does it. What it returns, or its promise gives, is the result: words, anything that can be JSON, or MCP's
   * `{ content }`. What it throws is a failure, and the assistant reads its message. `signal` says that nobody waits any
   * more.
   */
  readonly execute: (input: Record<string, unknown>, options: { readonly signal: AbortSignal }) => unknown;
}
