/** A device on the wire: what it sends and answers is the test's to say. */
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { waitFor } from "../../support/wait-for.ts";

export interface Frame {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: Record<string, unknown>;
    readonly cursor?: string;
    readonly requestId?: number;
  };
  readonly result?: unknown;
}

export interface WireTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: object;
  readonly outputSchema?: object;
  readonly annotations?: object;
}

export interface WireDeviceOptions {
  readonly name?: string;
  /** May be changed while it runs. */
  tools?: readonly WireTool[];
  /** Absent: says which tool it did. Undefined as an answer: it says nothing. */
  readonly call?: (name: string, given: Record<string, unknown>, frame: Frame) => unknown;
  /** Instead of everything: undefined falls through to what a device answers, `silent` says nothing. */
  readonly answer?: (frame: Frame) => unknown;
  readonly headers?: Record<string, string>;
}

export class WireDevice {
  readonly frames: Frame[] = [];
  readonly texts: string[] = [];
  readonly options: WireDeviceOptions;
  readonly socket: WebSocket;
  closed: { readonly code: number; readonly reason: string } | undefined;

  constructor(url: string, options: WireDeviceOptions = {}) {
    this.options = options;
    this.socket = new WebSocket(url, { headers: { "User-Agent": "Python/3.11 websockets/10.4", ...options.headers } });
    this.socket.on("message", (data, isBinary) => {
      if (isBinary) throw new Error("A binary frame came.");
      const text = (data as Buffer).toString("utf8");
      this.texts.push(text);
      this.#take(JSON.parse(text) as Frame);
    });
    this.socket.on("close", (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.socket.on("error", () => undefined);
    onTestFinished(() => this.socket.terminate());
  }

  /** Each line of a program's output becomes a frame with its newline. */
  say(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : `${JSON.stringify({ jsonrpc: "2.0", ...(message as object) })}\n`);
  }

  listChanged(tools: readonly WireTool[]): void {
    this.options.tools = tools;
    this.say({ method: "notifications/tools/list_changed" });
  }

  /** Waits for a frame with this method, the `number`-th from 0. */
  async heard(method: string, number = 0): Promise<Frame> {
    return waitFor(() => this.frames.filter((frame) => frame.method === method)[number]);
  }

  async ended(): Promise<{ readonly code: number; readonly reason: string }> {
    return waitFor(() => this.closed);
  }

  #take(frame: Frame): void {
    this.frames.push(frame);
    if (frame.id === undefined || frame.method === undefined) return;
    const answer = this.options.answer?.(frame);
    if (answer === "silent") return;
    const result = answer ?? this.#answer(frame);
    if (result === undefined) return;
    this.say(typeof result === "object" && result !== null && "error" in result ? { id: frame.id, ...result } : { id: frame.id, result });
  }

  #answer(frame: Frame): unknown {
    const { name = "wire", tools = [], call } = this.options;
    if (frame.method === "initialize")
      return { protocolVersion: "2024-11-05", capabilities: { tools: { listChanged: true } }, serverInfo: { name, version: "1" } };
    if (frame.method === "tools/list")
      return { tools: tools.map((tool) => ({ description: "", inputSchema: { type: "object", properties: {} }, ...tool })) };
    if (frame.method === "ping") return {};
    if (frame.method !== "tools/call") return { error: { code: -32601, message: "Method not found" } };
    const { name: tool = "", arguments: given = {} } = frame.params ?? {};
    if (call !== undefined) return call(tool, given, frame);
    return { content: [{ type: "text", text: `${name} did ${tool} ${JSON.stringify(given)}` }] };
  }
}
