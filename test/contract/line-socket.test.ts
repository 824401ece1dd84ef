import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import type { WireError } from "../../protocol/errors.ts";
import { LINE_PATH } from "../../protocol/frames.ts";
import type { HelloFrame, RequestName } from "../../protocol/frames.ts";
import { openSocketLine } from "../../widget/line/socket-line.ts";
import { welcomeFrame } from "../support/memory-line.ts";
import { lineLaw } from "./line.ts";
import type { LinePeer } from "./line.ts";

lineLaw("openSocketLine", () => socketPeer());

async function socketPeer(): Promise<LinePeer> {
  const http = createServer();
  const io = new Server(http, { path: LINE_PATH, cors: { origin: "*" } });
  const hellos: HelloFrame[] = [];
  let refusal: WireError | undefined;
  let answer: (name: RequestName, frame: Record<string, unknown>) => object | undefined = () => undefined;
  io.use((socket, next) => {
    if (refusal === undefined) return next();
    const error = Object.assign(new Error(refusal.code), { data: refusal });
    refusal = undefined;
    next(error);
  });
  io.on("connection", (socket) => {
    hellos.push(socket.handshake.auth as HelloFrame);
    socket.emit("welcome", welcomeFrame());
    socket.onAny((name: RequestName, frame: Record<string, unknown>, acknowledge: (reply: object) => void) => {
      const reply = answer(name, frame);
      if (reply !== undefined) acknowledge(reply);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    server: `http://127.0.0.1:${port}`,
    openLine: openSocketLine,
    hellos,
    answer: (next) => {
      answer = next;
    },
    refuseNext: (error) => {
      refusal = error;
    },
    send: (kind, frame) => void io.emit(kind, frame),
    drop: () => {
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    },
    dismiss: () => io.disconnectSockets(),
    flush: () => Promise.resolve(),
    close: async () => {
      await io.close();
    },
  };
}
