import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import type { DeviceSdk } from "./device-sdk.ts";
import type { DeviceSocket } from "./ports.ts";

/** Well-known clients take frames of up to 1 MiB, and close on a longer one. */
export const MOST_SENT_BYTES = 1024 * 1024 - 1024;

/** Nothing was sent. */
export class NotSentError extends Error {
  override readonly name = "NotSentError";
}

/**
 * JSON-RPC over a device's socket: one object in each text frame, on one line. A bridge of a program sends each line of
 * the program's output, whatever it holds: what is no message is passed over.
 */
export class DeviceTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport["onmessage"];
  readonly #socket: DeviceSocket;
  readonly #sdk: Pick<DeviceSdk, "parseJSONRPCMessage">;

  constructor(socket: DeviceSocket, sdk: Pick<DeviceSdk, "parseJSONRPCMessage">) {
    this.#socket = socket;
    this.#sdk = sdk;
  }

  async start(): Promise<void> {}

  /** Throws `NotSentError`. */
  async send(message: JSONRPCMessage): Promise<void> {
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) > MOST_SENT_BYTES) throw new NotSentError("it is larger than 1 MB, which a device does not take");
    const fault = this.#socket.send(text);
    if (fault !== undefined) throw new NotSentError(fault);
  }

  /** Whoever holds the socket closes it, with the reason. */
  async close(): Promise<void> {
    this.ended();
  }

  /** The socket is gone. */
  ended(): void {
    const told = this.onclose;
    this.onclose = undefined;
    told?.();
  }

  /** False: it is no message. */
  heard(text: string): boolean {
    const message = this.#messageIn(text);
    if (message === undefined) return false;
    this.onmessage?.(message);
    return true;
  }

  #messageIn(text: string): JSONRPCMessage | undefined {
    if (!/^\s*\{/.test(text)) return undefined;
    try {
      return this.#sdk.parseJSONRPCMessage(JSON.parse(text));
    } catch {
      return undefined;
    }
  }
}
