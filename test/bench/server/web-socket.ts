import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/**
 * The client's side of a WebSocket (RFC 6455) for text from a server that we trust, with next to no work per frame: the
 * load of a bench must weigh little beside what it measures.
 */
export class RawWebSocket {
  readonly #socket: Socket;
  readonly #onText: (text: string) => void;
  #rest: Buffer | undefined;

  private constructor(socket: Socket, onText: (text: string) => void) {
    this.#socket = socket;
    this.#onText = onText;
  }

  static open(url: URL, headers: Readonly<Record<string, string>>, onText: (text: string) => void): Promise<RawWebSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      socket.setNoDelay(true);
      const web = new RawWebSocket(socket, onText);
      const lines = {
        Host: url.host,
        Upgrade: "websocket",
        Connection: "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
        ...headers,
      };
      socket.once("connect", () => {
        const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${head.join("")}\r\n`);
      });
      socket.once("error", reject);
      let head = Buffer.alloc(0);
      const readHead = (chunk: Buffer): void => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        socket.off("data", readHead);
        if (!head.toString("latin1", 0, 12).startsWith("HTTP/1.1 101"))
          return reject(new Error(`The upgrade was answered with: ${head.toString()}`));
        socket.on("data", (more) => web.#take(more));
        resolve(web);
        if (end + 4 < head.length) web.#take(head.subarray(end + 4));
      };
      socket.on("data", readHead);
    });
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    // A mask of zeros is a mask.
    const head = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]) : Buffer.alloc(8);
    if (payload.length >= 126) {
      head[0] = 0x81;
      head[1] = 0x80 | 126;
      head.writeUInt16BE(payload.length, 2);
    }
    this.#socket.write(Buffer.concat([head, payload]));
  }

  close(): void {
    this.#socket.on("error", () => undefined);
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    while (at + 2 <= bytes.length) {
      let length = (bytes[at + 1] ?? 0) & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (at + 4 > bytes.length) break;
        length = bytes.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (at + 10 > bytes.length) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (start + length > bytes.length) break;
      if (((bytes[at] ?? 0) & 0x0f) === 1) this.#onText(bytes.toString("utf8", start, start + length));
      at = start + length;
    }
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }
}
