/** Servers that hear in each engine's format, with what a test wants them to do. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { SpeechEngine } from "../../server/conversation/ports/voice.ts";
import { KEY } from "./speech-ports.ts";

/** A turn as the engine hears it. */
export interface HeardTurn {
  /** The samples of the turn, as far as they came. */
  readonly audio: Buffer;
  readonly partial: (text: string) => void;
  readonly final: (text: string) => void;
  /** Anything, in the format's frames. */
  readonly raw: (text: string) => void;
  readonly die: () => void;
}

export interface HearingServer {
  readonly url: string;
  /** Everything that was asked and said, but audio. */
  readonly said: string[];
  readonly keys: unknown[];
  readonly turns: HeardTurn[];
  /** How many connections were opened, and how many are open. */
  readonly connections: { opened: number; open: number };
  /** Called when a turn was ended. */
  onTurn: (turn: HeardTurn) => void;
  /** With audio that came before a turn was ended, where it comes before. */
  onAudio: (turn: HeardTurn) => void;
  /** Undefined: whoever comes is taken. */
  refusal: { readonly status: number; readonly code: string; readonly message: string } | undefined;
  /** Whether connections are answered at all. */
  hangs: boolean;
  /** Ends the connections that are open, as a lost network would. */
  cut(): void;
  /** Reads nothing more, and so answers no close. */
  pause(): void;
  close(): Promise<void>;
}

export interface HearingFormat {
  readonly name: string;
  /** Whether there is a connection for the call. */
  readonly keepsConnection: boolean;
  readonly hasPartials: boolean;
  readonly settings: (url: string) => SpeechEngine;
  readonly refusal: (status: number, code: string, message: string) => string;
  /** What the engine tells by itself when it is connected. */
  readonly welcome?: string;
  /** What it tells before it closes a connection by itself. */
  readonly leaving?: string;
  readonly keepAlive: RegExp;
  readonly keepAliveMs: number;
  readonly partial: (text: string, turn: { readonly startMs: number; readonly endMs: number }) => string;
  readonly final: (text: string, turn: { readonly startMs: number; readonly endMs: number }) => string;
  /** What a message of ours is: audio, the end of a turn, or something else. */
  readonly read: (data: Buffer, isBinary: boolean) => Buffer | "end" | "other";
}

interface Message {
  readonly type?: string;
  readonly audio_base_64?: string;
  readonly commit?: boolean;
  readonly realtimeInput?: { readonly audio?: { readonly data: string }; readonly audioStreamEnd?: boolean };
}
const parsed = (data: Buffer): Message => JSON.parse(data.toString("utf8")) as Message;
const openAiRefusal = (_status: number, code: string, message: string): string => JSON.stringify({ error: { code, message } });
const never = (): never => {
  throw new Error("not in this format");
};

const results = (transcript: string, flags: object, { startMs, endMs }: { startMs: number; endMs: number }): string =>
  JSON.stringify({
    type: "Results",
    channel_index: [0, 1],
    start: startMs / 1000,
    duration: (endMs - startMs) / 1000,
    is_final: false,
    speech_final: false,
    channel: { alternatives: [{ transcript, confidence: 0.9, words: [] }] },
    metadata: { request_id: "r", model_uuid: "m", model_info: { name: "n", version: "v", arch: "a" } },
    ...flags,
  });

const overHttp = (name: string, settings: HearingFormat["settings"], hasPartials: boolean): HearingFormat => ({
  name,
  keepsConnection: false,
  hasPartials,
  settings,
  refusal: openAiRefusal,
  keepAlive: /never/,
  keepAliveMs: 0,
  partial: (delta) => `data: ${JSON.stringify({ type: "transcript.text.delta", delta })}\n\n`,
  final: (text) =>
    hasPartials ? `data: ${JSON.stringify({ type: "transcript.text.done", text })}\n\ndata: [DONE]\n\n` : JSON.stringify({ text }),
  read: never,
});

export const HEARING_FORMATS: readonly HearingFormat[] = [
  overHttp(
    "OpenAI-compatible",
    (url) => ({ provider: "openai-compatible", model: "whisper-large-v3", baseUrl: `${url}/v1`, apiKey: KEY }),
    false,
  ),
  overHttp("OpenAI, streaming", (url) => ({ provider: "openai", baseUrl: `${url}/v1`, apiKey: KEY }), true),
  {
    name: "Deepgram",
    keepsConnection: true,
    hasPartials: true,
    settings: (url) => ({ provider: "deepgram", baseUrl: `${url}/v1`, apiKey: KEY }),
    refusal: (_status, code, message) => JSON.stringify({ err_code: code, err_msg: message }),
    keepAlive: /"KeepAlive"/,
    keepAliveMs: 4_000,
    partial: (text, turn) => results(text, {}, turn),
    final: (text, turn) => results(text, { is_final: true, from_finalize: true }, turn),
    read: (data, isBinary) => (isBinary ? data : parsed(data).type === "Finalize" ? "end" : "other"),
  },
  {
    name: "ElevenLabs",
    keepsConnection: true,
    hasPartials: true,
    settings: (url) => ({ provider: "elevenlabs", baseUrl: `${url}/v1`, apiKey: KEY }),
    refusal: (_status, code, message) => JSON.stringify({ detail: { status: code, message } }),
    welcome: JSON.stringify({ message_type: "session_started", session_id: "s", config: {} }),
    leaving: JSON.stringify({ message_type: "session_time_limit_exceeded", error: "over" }),
    keepAlive: /"audio_base_64":"A+=*"/,
    keepAliveMs: 5_000,
    partial: (text) => JSON.stringify({ message_type: "partial_transcript", text }),
    final: (text) => JSON.stringify({ message_type: "committed_transcript", text }),
    read: (data) => {
      const { commit, audio_base_64: audio = "" } = parsed(data);
      return commit === true ? "end" : Buffer.from(audio, "base64");
    },
  },
  {
    name: "Google",
    keepsConnection: true,
    hasPartials: true,
    settings: (url) => ({ provider: "google", baseUrl: `${url}/v1beta`, apiKey: KEY }),
    refusal: (status, code, message) => JSON.stringify({ error: { code: status, status: code, message } }),
    welcome: JSON.stringify({ setupComplete: {} }),
    leaving: JSON.stringify({ goAway: { timeLeft: "10s" } }),
    keepAlive: /"data":"A+=*"/,
    keepAliveMs: 5_000,
    partial: (text) => JSON.stringify({ serverContent: { interimInputTranscription: { text } } }),
    final: (text) => JSON.stringify({ serverContent: { inputTranscription: { text, finished: true }, turnComplete: true } }),
    read: (data) => {
      const { realtimeInput } = parsed(data);
      if (realtimeInput?.audioStreamEnd === true) return "end";
      return realtimeInput?.audio === undefined ? "other" : Buffer.from(realtimeInput.audio.data, "base64");
    },
  },
];

export async function startHearingServer(format: HearingFormat): Promise<HearingServer> {
  const server = createServer((request, response) => void hearByHttp(request, response).catch(() => response.destroy()));
  const sockets = new WebSocketServer({ noServer: true });
  const hanging = new Set<Duplex>();
  const found: HearingServer = {
    url: "",
    said: [],
    keys: [],
    turns: [],
    connections: { opened: 0, open: 0 },
    onTurn: () => undefined,
    onAudio: () => undefined,
    refusal: undefined,
    hangs: false,
    cut: () => {
      for (const client of sockets.clients) client.terminate();
    },
    pause: () => {
      for (const client of sockets.clients) client.pause();
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        for (const socket of hanging) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const noteKey = ({ headers, url = "" }: IncomingMessage): void => {
    found.keys.push(
      headers.authorization?.replace(/^\w+ /, "") ?? headers["xi-api-key"] ?? new URL(url, "http://x").searchParams.get("key"),
    );
    found.said.push(url);
  };

  const hearByHttp = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    noteKey(request);
    found.connections.opened += 1;
    found.connections.open += 1;
    response.on("close", () => (found.connections.open -= 1));
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const at = body.indexOf("RIFF");
    found.said.push(body.subarray(0, at).toString("utf8"));
    if (found.hangs) return;
    if (found.refusal !== undefined) {
      const { status, code, message } = found.refusal;
      response.writeHead(status).end(format.refusal(status, code, message));
      return;
    }
    const audio = body.subarray(at + 44, body.lastIndexOf("\r\n--"));
    const time = { startMs: 0, endMs: 0 };
    const turn: HeardTurn = {
      audio,
      partial: (text) => response.write(format.partial(text, time)),
      final: (text) => response.end(format.final(text, time)),
      raw: (text) => response.end(text),
      die: () => response.destroy(),
    };
    found.turns.push(turn);
    found.onTurn(turn);
  };

  const hearBySocket = (socket: WebSocket): void => {
    found.connections.opened += 1;
    found.connections.open += 1;
    socket.on("close", () => (found.connections.open -= 1));
    if (format.welcome !== undefined && !found.hangs) socket.send(format.welcome);
    let startMs = 0;
    let pieces: Buffer[] = [];
    const turnOf = (): HeardTurn => {
      const audio = Buffer.concat(pieces);
      const time = { startMs, endMs: startMs + audio.length / 32 };
      return {
        audio,
        partial: (text) => socket.send(format.partial(text, time)),
        final: (text) => socket.send(format.final(text, time)),
        raw: (text) => socket.send(text),
        die: () => socket.terminate(),
      };
    };
    socket.on("message", (data: Buffer, isBinary) => {
      const message = format.read(data, isBinary);
      if (typeof message === "string") found.said.push(data.toString("utf8"));
      else if (!message.some((byte) => byte !== 0)) found.said.push(data.toString("utf8"));
      else {
        pieces.push(message);
        found.onAudio(turnOf());
      }
      if (message !== "end") return;
      const turn = turnOf();
      startMs += turn.audio.length / 32;
      pieces = [];
      found.turns.push(turn);
      found.onTurn(turn);
    });
  };

  server.on("upgrade", (request, socket, head) => {
    noteKey(request);
    if (found.hangs && format.welcome === undefined) {
      found.connections.open += 1;
      hanging.add(socket);
      socket.on("close", () => (found.connections.open -= 1)).on("end", () => socket.destroy());
      socket.resume();
      return;
    }
    if (found.refusal !== undefined) {
      const { status, code, message } = found.refusal;
      const body = format.refusal(status, code, message);
      socket.end(
        `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, hearBySocket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(found, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
