/** A server that speaks as OpenAI Realtime does, with what a test wants it to do. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { type Client, ProviderSession, type SessionScript } from "./realtime-session.ts";

export interface RealtimeProvider extends SessionScript {
  /** Ends with `/v1`. */
  readonly url: string;
  /** One for each connection, in their order. */
  readonly sessions: ProviderSession[];
  readonly keys: (string | undefined)[];
  readonly models: (string | null)[];
  /** How many connections are open. */
  open: number;
  /** Undefined: whoever comes is taken. */
  refusal: { readonly status: number; readonly code: string; readonly message: string } | undefined;
  /** Takes connections and says nothing. */
  hangs: boolean;
  /** More of the session that is told first, such as when it expires. */
  created: object;
  /** The connection is gone. */
  cut(): void;
  /** Ends all sessions as the provider does after their longest time. */
  expire(): void;
  /** Reads nothing more, and so answers no close. */
  pause(): void;
  /** Resolves when whatever was sent by either side before has been read. */
  settled(): Promise<void>;
  /** Says anything to all. */
  raw(text: string): void;
  close(): Promise<void>;
}

export async function openRealtimeProvider(): Promise<RealtimeProvider> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  let ids = 0;
  const newId = (kind: string): string => `${kind}_${String((ids += 1)).padStart(8, "0")}`;
  const provider: RealtimeProvider = {
    url: "",
    sessions: [],
    keys: [],
    models: [],
    open: 0,
    refusal: undefined,
    hangs: false,
    created: {},
    answer: () => ({ pieces: [{ text: "Yes." }] }),
    understand: (pcm) => `${pcm.length} bytes`,
    cut: () => {
      for (const client of sockets.clients) client.terminate();
    },
    expire: () => {
      const message = "Your session hit the maximum duration of 60 minutes.";
      for (const session of provider.sessions) session.refuse("session_expired", message, undefined);
      for (const client of sockets.clients) client.close(1001, message);
    },
    pause: () => {
      for (const client of sockets.clients) client.pause();
    },
    settled: async () => {
      for (const client of [...sockets.clients, ...sockets.clients]) {
        await new Promise((resolve) => {
          client.once("pong", resolve);
          client.ping();
        });
      }
    },
    raw: (text) => {
      for (const client of sockets.clients) client.send(text);
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const begin = (socket: WebSocket): void => {
    provider.open += 1;
    socket.on("close", () => (provider.open -= 1));
    if (provider.hangs) return;
    const script: SessionScript = { answer: (asked) => provider.answer(asked), understand: (pcm) => provider.understand(pcm) };
    const session = new ProviderSession(script, (text) => socket.readyState === socket.OPEN && socket.send(text), newId);
    provider.sessions.push(session);
    session.begin(provider.created);
    socket.on("message", (data: Buffer) => session.take(JSON.parse(data.toString("utf8")) as Client));
  };
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "", "http://x");
    provider.keys.push(request.headers.authorization?.replace(/^Bearer /, ""));
    provider.models.push(url.searchParams.get("model"));
    const { refusal } = provider;
    const wrong = url.pathname === "/v1/realtime" ? undefined : { status: 404, code: "not_found", message: url.pathname };
    const refused = refusal ?? wrong;
    if (refused === undefined) return sockets.handleUpgrade(request, socket, head, begin);
    const body = JSON.stringify({ error: { type: "invalid_request_error", code: refused.code, message: refused.message } });
    const head_ = `HTTP/1.1 ${refused.status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
    socket.end(`${head_}\r\nConnection: close\r\n\r\n${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(provider, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` });
}
