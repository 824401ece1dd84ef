/** A whole server whose engines and model the test scripts, and customers who call it. */
import { io, type Socket } from "socket.io-client";
import { onTestFinished } from "vitest";
import type { JournalEvent } from "../../../protocol/events.ts";
import { LINE_PATH, type Reply, type WelcomeFrame } from "../../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../../protocol/version.ts";
import type { Model, ModelRequest } from "../../../server/conversation/ports/model.ts";
import type { Store } from "../../../server/conversation/ports/store.ts";
import type { Clock } from "../../../server/foundation/clock.ts";
import { type RunningServer, startServer } from "../../../server/start/start-server.ts";
import { systemClock } from "../../../server/start/system-clock.ts";
import { CONFIGURATION, settingsFor, SHOP_ORIGIN, temporaryFolder, widgetFolder } from "../../http/server-harness.ts";
import { type Script, scriptedTool, type ToolScript } from "../../support/desk-scripts.ts";
import { type ScriptedSpeech, scriptedSpeech } from "../../support/scripted-speech.ts";
import { openVoice, type VoiceClient } from "../../support/voice-client.ts";
import { waitFor } from "../../support/wait-for.ts";

export const VOICE = {
  enabled: true,
  hearing: [{ provider: "openai-compatible", model: "ears", baseUrl: "http://127.0.0.1:9/v1" }],
  speaking: [{ provider: "openai-compatible", model: "mouth", voice: "slt", baseUrl: "http://127.0.0.1:9/v1" }],
};

export interface VoiceServer extends ScriptedSpeech {
  readonly server: RunningServer;
  readonly url: string;
  readonly folder: string;
  readonly requests: ModelRequest[];
  readonly logged: string[];
  /** Every event of the conversation. */
  journal(conversationId?: string): Promise<readonly JournalEvent[]>;
  /** Waits for an event of this type, the `number`-th from 0. */
  event<T extends JournalEvent["type"]>(type: T, number?: number): Promise<Extract<JournalEvent, { type: T }>>;
  customer(): Promise<Customer>;
}

export interface Customer {
  readonly welcome: WelcomeFrame;
  readonly line: Socket;
  ask(name: string, frame: object): Promise<Reply<Record<string, unknown>>>;
  /** Calls, and is on the line. */
  call(change?: { voiceCallId?: string; takeOver?: boolean; conversationId?: string }): Promise<VoiceClient>;
}

export const CONVERSATION = "conversation-one";
export const CALL = "call-one-0000001";

/** Time of a server and of the page that calls it: a customer who thinks takes no time of the test. */
export function thoughtfulTime() {
  const begun = performance.now();
  let thoughtMs = 0;
  return {
    /** The server's. */
    clock: { ...systemClock, now: () => systemClock.now() + thoughtMs } satisfies Clock,
    /** The page's, at this moment. */
    capturedMs: () => 1_000 + performance.now() - begun + thoughtMs,
    /** A second passes for both: what is said at once with the end of a question may be its echo. */
    thinks: () => void (thoughtMs += 1_000),
  };
}

export async function startVoiceServer(
  options: {
    script?: Script;
    voice?: object;
    folder?: string;
    assistant?: object;
    environment?: Record<string, string>;
    widget?: Readonly<Record<string, string | Buffer>>;
    tools?: readonly ToolScript[];
    mcpServers?: object;
    /** The server makes its engines itself. */
    ownEngines?: boolean;
    clock?: Clock;
  } = {},
): Promise<VoiceServer> {
  const speech = scriptedSpeech();
  const requests: ModelRequest[] = [];
  const logged: string[] = [];
  const folder = options.folder ?? (await temporaryFolder());
  const { script = () => [] } = options;
  const model: Model = {
    async *stream(request, signal) {
      requests.push(request);
      yield* script(request, requests.length, signal);
    },
  };
  let store: Store | undefined;
  const wrapPort = <T extends object>(name: string, port: T): T => {
    if (name === "speech" && options.ownEngines !== true) return speech.speech as T;
    if (name === "models") return { ...port, of: async () => model };
    if (name === "tools" && options.tools !== undefined)
      return { ...port, open: async () => ({ tools: options.tools?.map(scriptedTool), unavailable: [] }) };
    if (name === "store") store = port as Store;
    return port;
  };
  const { shop } = CONFIGURATION.assistants;
  const configuration = {
    ...CONFIGURATION,
    ...(options.mcpServers === undefined ? {} : { mcpServers: options.mcpServers }),
    assistants: { shop: { ...shop, voice: options.voice ?? VOICE, ...options.assistant } },
  };
  const server = await startServer(await settingsFor(folder, options.environment ?? {}, configuration), {
    widgetFolder: await widgetFolder(options.widget),
    logDestination: { write: (line) => void logged.push(line) },
    wrapPort,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  onTestFinished(() => server.close());
  const url = `http://127.0.0.1:${server.port}`;
  const journal = async (conversationId = CONVERSATION) => (await store?.readFrom(conversationId, 1, 100_000)) ?? [];
  return {
    ...speech,
    server,
    url,
    folder,
    requests,
    logged,
    journal,
    event: (type, number = 0) =>
      waitFor(
        async () => (await journal()).filter((one): one is Extract<JournalEvent, { type: typeof type }> => one.type === type)[number],
      ),
    customer: () => openCustomer(url),
  };
}

async function openCustomer(url: string): Promise<Customer> {
  const auth = { version: PROTOCOL_VERSION, assistant: "shop", sessionId: "session-one" };
  const extraHeaders = { Origin: SHOP_ORIGIN };
  const line = io(url, { path: LINE_PATH, transports: ["websocket"], forceNew: true, reconnection: false, auth, extraHeaders });
  onTestFinished(() => void line.disconnect());
  const welcome = await new Promise<WelcomeFrame>((resolve, reject) => {
    line.once("welcome", resolve);
    line.once("connect_error", reject);
  });
  const ask = async (name: string, frame: object) =>
    (await line.timeout(10_000).emitWithAck(name, frame)) as Reply<Record<string, unknown>>;
  return {
    welcome,
    line,
    ask,
    async call({ voiceCallId = CALL, takeOver = false, conversationId = CONVERSATION } = {}) {
      const reply = await ask("call-start", { conversationId, voiceCallId, takeOver });
      if (!reply.ok) throw new Error(JSON.stringify(reply.error));
      const client = openVoice(url, { Origin: SHOP_ORIGIN });
      await new Promise((resolve) => client.socket.once("open", resolve));
      client.say({ type: "call-open", token: String(reply["token"]) });
      await client.hear("call-ready");
      return client;
    },
  };
}
