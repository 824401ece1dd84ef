/** What the benches of voice calls run against. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { io } from "socket.io-client";
import { WebSocket, WebSocketServer } from "ws";
import { LINE_PATH } from "../../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../../protocol/version.ts";
import { VOICE_PATH } from "../../../protocol/voice-frames.ts";
import { onServerCore } from "../cores.ts";
import { median } from "../samples.ts";

const FRAME_MS = 20;
/** A frame of that length. */
const PCM = new Uint8Array(16 * FRAME_MS * 2);

/** A new customer of this origin may open one call with it; `close` ends their line. */
export async function voiceToken(port: number, origin: string, name: string) {
  const url = `http://127.0.0.1:${port}`;
  const auth = { version: PROTOCOL_VERSION, assistant: "shop", sessionId: `session-${name}-of-bench` };
  const line = io(url, { path: LINE_PATH, auth, transports: ["websocket"], extraHeaders: { origin }, forceNew: true });
  await new Promise((resolve, reject) => {
    line.once("welcome", resolve);
    line.once("connect_error", reject);
  });
  const request = { conversationId: `conversation-${name}-bench`, voiceCallId: `voice-call-${name}-bench` };
  const reply = (await line.emitWithAck("call-start", request)) as { ok: boolean; token: string };
  if (!reply.ok) throw new Error(`No call: ${JSON.stringify(reply)}`);
  return { token: reply.token, voiceUrl: `ws://127.0.0.1:${port}${VOICE_PATH}`, close: () => void line.close() };
}

interface Times {
  /** When each frame came to the engine that hears, and when the first frame of each answer left. */
  readonly arrived: readonly number[];
  readonly sent: readonly number[];
}

interface Asked {
  readonly rss: number;
  readonly cpuMs: number;
}

/** A whole server in a process of its own, for pages of this origin. `answer`: what its model says. */
export async function startVoiceProcess({ origin, answer }: { readonly origin: string; readonly answer?: string }) {
  const [program = "", ...rest] = onServerCore([process.execPath, "--expose-gc", new URL("voice-process.ts", import.meta.url).pathname]);
  const child: ChildProcess = spawn(program, rest, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, BENCH_ORIGIN: origin, ...(answer === undefined ? {} : { BENCH_ANSWER: answer }) },
  });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return {
    port,
    times: async (): Promise<Times> => {
      child.send("times");
      return ((await once(child, "message")) as [Times])[0];
    },
    ask: async (): Promise<Asked> => {
      child.send("memory");
      return ((await once(child, "message")) as [Asked])[0];
    },
    close: () => void child.kill("SIGKILL"),
  };
}

/** A bare `ws` that sends each frame back. */
export async function startEcho() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (socket) => socket.on("message", (data, binary) => socket.send(data, { binary })));
  await once(server, "listening");
  const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, "open");
  return {
    url,
    async roundTripMs(): Promise<number> {
      const times: number[] = [];
      for (let round = 0; round < 50; round += 1) {
        const begun = performance.now();
        socket.send(PCM);
        await once(socket, "message");
        times.push(performance.now() - begun);
        await pause(FRAME_MS);
      }
      return median(times);
    },
    close: () => {
      socket.terminate();
      server.close();
    },
  };
}
