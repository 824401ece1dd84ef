/**
 * A whole server whose model and engines of speech answer at once, in a process of its own: what is left is ours. Says
 * its port on standard output, and its memory when asked.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model } from "../../../server/conversation/ports/model.ts";
import { readSettings } from "../../../server/start/settings.ts";
import { startServer } from "../../../server/start/start-server.ts";
import { scriptedSpeech } from "../../support/scripted-speech.ts";

/** About eight seconds of it, in three sentences. */
const ANSWER =
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
        allowedOrigins: ["https://shop.example"],
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

const { speech, hearing } = scriptedSpeech();
hearing.understands = () => "where is my order";
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
process.on("message", () => {
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage().rss, cpuMs: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000 });
});
process.send?.({ port: server.port });
