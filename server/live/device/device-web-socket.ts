import type { RawData, WebSocket } from "ws";
import type { Clock } from "../../foundation/clock.ts";
import type { DeviceSocket } from "../../tools/devices/ports.ts";

/** A device that reads nothing takes nothing more. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;
/** Closing is answered by then, or the line is cut. */
const CLOSE_MS = 2_000;

/** A device's WebSocket. What comes before anybody listens waits: a program may speak first. */
export class DeviceWebSocket implements DeviceSocket {
  readonly #socket: WebSocket;
  readonly #clock: Pick<Clock, "after">;

  constructor(socket: WebSocket, clock: Pick<Clock, "after">) {
    this.#socket = socket;
    this.#clock = clock;
    socket.pause();
    // A frame that is too long, or no WebSocket's: ws says so to the other side and closes.
    socket.on("error", ignore);
  }

  send(text: string): string | undefined {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return "it is not connected";
    if (socket.bufferedAmount > MOST_UNREAD_BYTES) return "it does not read what it is sent";
    socket.send(text);
    return undefined;
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.resume();
    socket.close(code, reason);
    const callOff = this.#clock.after(CLOSE_MS, () => socket.terminate());
    socket.once("close", callOff);
  }

  onText(heard: (text: string) => void): void {
    this.#socket.on("message", (data) => heard(textOf(data)));
    this.#socket.resume();
  }

  onPong(heard: () => void): void {
    this.#socket.on("pong", heard);
  }

  onClose(heard: () => void): void {
    if (this.#socket.readyState === this.#socket.CLOSED) queueMicrotask(heard);
    else this.#socket.once("close", heard);
  }
}

function ignore(): void {}

/** A client that sends bytes means a text. */
function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.isBuffer(data) ? data.toString("utf8") : Buffer.from(data).toString("utf8");
}
