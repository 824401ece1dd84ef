/** Servers that speak each engine's format, with what a test wants them to do. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SpeakingEngine } from "../../server/conversation/ports/voice.ts";
import { KEY } from "./speech-ports.ts";

export interface AskedToSpeak {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly response: ServerResponse;
}

export interface SpeakingServer {
  readonly url: string;
  readonly asked: AskedToSpeak[];
  /** Connections of requests that were not answered to their end, and are gone. */
  readonly broken: { count: number };
  answer: (asked: AskedToSpeak) => void;
  close(): Promise<void>;
}

/** How the engine's format looks, for the law that all of them keep. */
export interface SpeakingFormat {
  readonly name: string;
  /** Whether audio is sent as it is made. */
  readonly streams: boolean;
  readonly settings: (url: string) => SpeakingEngine;
  /** The text in a request. */
  readonly textIn: (body: string) => unknown;
  readonly keyIn: (request: IncomingMessage) => unknown;
  /** Begins a good answer. */
  readonly head: (response: ServerResponse) => void;
  /** A whole answer, as bytes. */
  readonly body: (pcm: Buffer) => Buffer;
  readonly refusal: (status: number, code: string, message: string) => string;
  /** An answer that is none. */
  readonly garbage: { readonly type: string; readonly body: Buffer; readonly kind: "bad-audio" | "broken" };
}

const json = (body: string): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
const raw = (type: string) => (response: ServerResponse) => response.writeHead(200, { "content-type": type });
const MP3 = { type: "audio/mpeg", body: Buffer.concat([Buffer.from("ID3\u0004"), Buffer.alloc(100, 7)]), kind: "bad-audio" } as const;
const openAiRefusal = (_status: number, code: string, message: string): string =>
  JSON.stringify({ error: { code, message, type: "error" } });

export const SPEAKING_FORMATS: readonly SpeakingFormat[] = [
  {
    name: "OpenAI-compatible",
    streams: true,
    settings: (url) => ({ provider: "openai-compatible", model: "kokoro", voice: "af_bella", baseUrl: `${url}/v1`, apiKey: KEY }),
    textIn: (body) => json(body)["input"],
    keyIn: ({ headers }) => headers.authorization?.replace("Bearer ", ""),
    head: raw("audio/pcm"),
    body: (pcm) => pcm,
    refusal: openAiRefusal,
    garbage: { type: "audio/pcm", body: Buffer.concat([Buffer.from("OggS"), Buffer.alloc(60)]), kind: "bad-audio" },
  },
  {
    name: "Deepgram",
    streams: true,
    settings: (url) => ({ provider: "deepgram", baseUrl: `${url}/v1`, apiKey: KEY }),
    textIn: (body) => json(body)["text"],
    keyIn: ({ headers }) => headers.authorization?.replace("Token ", ""),
    head: raw("audio/l16;rate=24000"),
    body: (pcm) => pcm,
    refusal: (_status, code, message) => JSON.stringify({ err_code: code, err_msg: message, request_id: "r" }),
    garbage: MP3,
  },
  {
    name: "ElevenLabs",
    streams: true,
    settings: (url) => ({ provider: "elevenlabs", voice: "v1", baseUrl: `${url}/v1`, apiKey: KEY }),
    textIn: (body) => json(body)["text"],
    keyIn: ({ headers }) => headers["xi-api-key"],
    head: raw("audio/pcm"),
    body: (pcm) => pcm,
    refusal: (_status, code, message) => JSON.stringify({ detail: { status: code, message } }),
    garbage: MP3,
  },
  {
    name: "Google",
    streams: false,
    settings: (url) => ({ provider: "google", baseUrl: `${url}/v1beta`, apiKey: KEY }),
    textIn: (body) => (json(body) as { contents: { parts: { text: string }[] }[] }).contents[0]?.parts[0]?.text,
    keyIn: ({ headers }) => headers["x-goog-api-key"],
    head: raw("application/json"),
    body: (pcm) =>
      Buffer.from(
        JSON.stringify({
          candidates: [
            { content: { parts: [{ inlineData: { mimeType: "audio/L16;codec=pcm;rate=24000", data: pcm.toString("base64") } }] } },
          ],
        }),
      ),
    refusal: (status, code, message) => JSON.stringify({ error: { code: status, status: code, message } }),
    garbage: { type: "application/json", body: Buffer.from('{"candidates": 7}'), kind: "broken" },
  },
];

export async function startSpeakingServer(): Promise<SpeakingServer> {
  const asked: AskedToSpeak[] = [];
  const broken = { count: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      response.on("close", () => {
        if (!response.writableFinished) broken.count += 1;
      });
      const one = { request, body, response };
      asked.push(one);
      found.answer(one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const found: SpeakingServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    broken,
    answer: ({ response }) => response.destroy(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return found;
}
