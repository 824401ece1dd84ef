/** A WebSocket that sends any frame that there is, and answers none. */
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { HELLO, SHOP_ORIGIN } from "./line-harness.ts";

export interface RawWebSocket {
  /** Writes these bytes; resolves when the network has taken them, or is gone. */
  write(bytes: Buffer): Promise<void>;
  /** From now on nothing is read. */
  pause(): void;
  readonly isGone: () => boolean;
  /** Everything that came in so far, frames and all. */
  readonly received: () => string;
}

const TEXT = 1;

/** A masked frame of up to 64 kB. The mask is 0, so the payload is readable as it is. */
export function frame(payload: string | Buffer, { opcode = TEXT, fin = true }: { opcode?: number; fin?: boolean } = {}): Buffer {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | opcode;
  const head = body.length < 126 ? [first, 0x80 | body.length] : [first, 0x80 | 126, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}

export const hello = (auth: unknown = HELLO): Buffer => frame(`40${JSON.stringify(auth)}`);

/**
 * Asks for the upgrade. `sid`: of a session that polls. `query`: instead of what a page asks with. `path`: of another
 * line than the customers'. `origin`: null for a program.
 */
export async function openRaw(
  url: string,
  given: { sid?: string; query?: string; path?: string; origin?: string | null; headers?: readonly string[] } = {},
): Promise<RawWebSocket> {
  const { sid, query = "EIO=4&transport=websocket", path = LINE_PATH, origin = SHOP_ORIGIN } = given;
  const socket: Socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  let gone = false;
  socket.setEncoding("latin1").on("data", (text: string) => (received += text));
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  void closed.then(() => (gone = true));
  const headers = [
    "Host: x",
    "Connection: Upgrade",
    "Upgrade: websocket",
    ...(origin === null ? [] : [`Origin: ${origin}`]),
    "Sec-WebSocket-Version: 13",
    ...(given.headers ?? []),
  ];
  socket.write(
    `GET ${path}/?${query}${sid === undefined ? "" : `&sid=${sid}`} HTTP/1.1\r\n${[...headers, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="].join("\r\n")}\r\n\r\n`,
  );
  await Promise.race([closed, new Promise<void>((resolve) => socket.once("data", () => resolve()))]);
  const write = (bytes: Buffer): Promise<void> => new Promise((resolve) => void (gone ? resolve() : socket.write(bytes, () => resolve())));
  return {
    write: (bytes) => Promise.race([closed, write(bytes)]),
    pause: () => void socket.pause(),
    isGone: () => gone,
    received: () => received,
  };
}
