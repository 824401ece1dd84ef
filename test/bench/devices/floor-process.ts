/** The floor: a bare `ws` server that asks the same of the same devices. Prints its port. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

const sockets = new Set<WebSocket>();
const waiting = new Map<number, (raw: unknown) => void>();
let next = 0;

const httpServer = createServer((request, response) => void answer(request.url ?? "").then((body) => response.end(JSON.stringify(body))));
const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 4 * 1024 * 1024, clientTracking: false });
httpServer.on("upgrade", (request, socket, head) =>
  server.handleUpgrade(request, socket, head, (webSocket) => {
    sockets.add(webSocket);
    webSocket.on("message", (data: Buffer) => {
      const { id, result } = JSON.parse(data.toString("utf8")) as { id: number; result: unknown };
      waiting.get(id)?.(result);
      waiting.delete(id);
    });
    webSocket.on("close", () => sockets.delete(webSocket));
  }),
);

function ask(socket: WebSocket, method: string, params: object): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const id = next++;
  waiting.set(id, resolve);
  socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  return promise;
}

async function answer(path: string): Promise<unknown> {
  if (path === "/token") return "none";
  if (path === "/ready") return sockets.size;
  const samples: number[] = [];
  for (const socket of sockets) {
    const begun = performance.now();
    await ask(socket, "tools/call", { name: "look_up", arguments: { order: "1042" } });
    samples.push(performance.now() - begun);
  }
  return samples;
}

httpServer.listen(0, "127.0.0.1", () => console.log((httpServer.address() as AddressInfo).port));
