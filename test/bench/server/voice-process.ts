/**
 * A whole server whose model and engines of speech answer at once, in a process of its own: what is left is ours. Says
 * its port on standard output, and its memory when asked.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import type { Model } from "../../../server/conversation/ports/model.ts";
import { readSettings } from "../../../server/start/settings.ts";
import { startServer } from "../../../server/start/start-server.ts";
import { scriptedSpeech } from "../../support/scripted-speech.ts";

/** About eight seconds of it, in three sentences. */
const ANSWER =
  process.env["BENCH_ANSWER"] ??
  "Your order left us on Monday. The parcel is with the post by now. It will be with you tomorrow before noon, and somebody has to be there.";

const folder = mkdtempSync(join(tmpdir(), "frontdesk-voice-bench-"));
const engine = { provider: "openai-compatible", baseUrl: "http://127.0.0.1:9/v1" };
const plenty = 100_000;
const config = join(folder, "frontdesk.json");
writeFileSync(
  config,
  JSON.stringify({
    assistants: {
      shop: {
        name: "Shop",
        prompt: "Help.",
        model: { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1" },
        allowedOrigins: [process.env["BENCH_ORIGIN"] ?? "https://shop.example"],
        limits: { messagesPerMinute: plenty, messagesPerMinutePerAddress: plenty, concurrentTurns: 1000 },
        voice: {
          enabled: true,
          concurrentCalls: 200,
          hearing: [{ ...engine, model: "ears" }],
          speaking: [{ ...engine, model: "mouth", voice: "any", sampleRate: 16_000 }],
        },
      },
    },
    limits: { connectionsPerAddress: plenty, connectionsPerMinutePerAddress: plenty, requestsPerMinutePerAddress: plenty },
    network: { allowPrivate: ["127.0.0.1"] },
  }),
);

const times = { arrived: [] as number[], sent: [] as number[] };
const now = (): number => performance.timeOrigin + performance.now();
const { speech, hearing, speaking } = scriptedSpeech();
hearing.understands = () => "where is my order";
const { open } = hearing;
hearing.open = (options) => {
  const session = open(options);
  return Object.assign(session, {
    send: ((send) => (pcm: Uint8Array) => {
      times.arrived.push(now());
      send(pcm);
    })(session.send),
  });
};
/** An answer begins, and its first frame has not left. */
let begins = false;
const { speak } = speaking;
speaking.speak = (text, options) => {
  begins = true;
  return speak(text, options);
};
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function timed(this: WebSocket, ...all: unknown[]): void {
  if (begins && typeof all[0] !== "string") {
    begins = false;
    times.sent.push(now());
  }
  Reflect.apply(send, this, all);
};
const model: Model = {
  async *stream() {
    for (const text of ANSWER.split(/(?<= )/)) yield { type: "text", text };
    yield { type: "finish", reason: "stop", usage: {} };
  },
};
const environment = { FRONTDESK_CONFIG: config, DATA_DIR: join(folder, "data"), PORT: "0", HOST: "127.0.0.1" };
const server = await startServer(readSettings(environment), {
  logDestination: { write: () => undefined },
  wrapPort: (name, port) => {
    if (name === "speech") return speech as typeof port;
    return name === "models" ? { ...port, of: async () => model } : port;
  },
});
process.on("message", (asked) => {
  if (asked === "times") return void process.send?.(times);
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage().rss, cpuMs: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000 });
});
process.send?.({ port: server.port });
