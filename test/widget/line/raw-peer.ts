import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Server } from "socket.io";
import { onTestFinished } from "vitest";
import { LINE_PATH } from "../../../protocol/frames.ts";
import { welcomeFrame } from "../../support/memory-line.ts";

/** One session of engine.io, with the packets of Socket.IO that came on it. */
export interface RawSession {
  readonly received: string[];
  /** How the session travels now. */
  readonly transport: string;
  readonly isOpen: boolean;
  send(packet: string): void;
  /** Ends it, as a network does. */
  end(): void;
}

/** A server whose side of the Socket.IO protocol the test speaks itself. */
export interface RawPeer {
  readonly url: string;
  readonly http: HttpServer;
  /** In the order in which they were opened. */
  readonly sessions: readonly RawSession[];
  /** What is sent for a CONNECT from now on; nothing by default. */
  answer: readonly string[];
}

export const WELCOMED = ['0{"sid":"session"}', `2${JSON.stringify(["welcome", welcomeFrame()])}`];

/** `transports`: those that the server takes. It is closed after the test. */
export async function openRawPeer(
  transports: ("websocket" | "polling")[] = ["websocket", "polling"],
  host = "127.0.0.1",
): Promise<RawPeer> {
  const http = createServer();
  const io = new Server(http, { path: LINE_PATH, transports });
  const sessions: RawSession[] = [];
  const peer = { http, sessions, answer: WELCOMED as readonly string[] };
  const sockets: Socket[] = [];
  http.on("connection", (socket: Socket) => void sockets.push(socket));
  io.engine.removeAllListeners("connection");
  io.engine.on("connection", (raw: EngineSession) => {
    const received: string[] = [];
    raw.on("message", (packet) => {
      received.push(packet);
      if (packet.startsWith("0")) for (const each of peer.answer) raw.send(each);
    });
    sessions.push({
      received,
      get transport() {
        return raw.transport.name;
      },
      get isOpen() {
        return raw.readyState === "open";
      },
      send: (packet) => raw.send(packet),
      end: () => raw.close(true),
    });
  });
  await new Promise<void>((resolve, reject) => http.once("error", reject).listen(0, host, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await io.close();
  });
  const { address, port, family } = http.address() as AddressInfo;
  return Object.assign(peer, { url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}` });
}

interface EngineSession {
  readonly transport: { readonly name: string };
  readonly readyState: string;
  on(event: "message", listener: (packet: string) => void): void;
  send(packet: string): void;
  close(discard: boolean): void;
}
