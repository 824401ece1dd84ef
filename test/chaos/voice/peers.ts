/** What a server in calls needs of others: a model, tools, ears and a voice, each of which waits where a test wants it to. */
import { HEARING_FORMATS, type HearingServer, startHearingServer } from "../../speech/fake-hearing.ts";
import { type AskedToSpeak, type SpeakingServer, startSpeakingServer } from "../../speech/fake-speaking.ts";
import { type ScriptedStep, startScriptedModel } from "../../story/scripted-model.ts";
import { json, type ScriptedServer, scriptedServer, tool } from "../../support/mcp-scripted-server.ts";

export const STORY = ["Once there was a pot. ", "It held no water. ", "So it became a lamp."] as const;
export const ON_THE_WAY = "Your order is on the way. It will come tomorrow.";
export const REFUNDED = "The money is on its way back.";

const RATE = 16_000;
const CHARACTER_MS = 20;

/** The next that comes by waits, if it is told to. */
export class Gate {
  #reached: (() => void) | undefined;
  #letGo: (() => void) | undefined;

  /** Resolves when somebody waits. */
  close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#reached = resolve;
    return promise;
  }

  pass(): Promise<void> {
    const reached = this.#reached;
    if (reached === undefined) return Promise.resolve();
    this.#reached = undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#letGo = resolve;
    reached();
    return promise;
  }

  open(): void {
    this.#reached = undefined;
    this.#letGo?.();
    this.#letGo = undefined;
  }
}

export interface Peers {
  readonly hearing: HearingServer;
  readonly speaking: SpeakingServer;
  readonly tools: ScriptedServer;
  readonly gates: Readonly<Record<"transcript" | "model" | "tool" | "audio", Gate>>;
  /** Resolves when the engine that hears is given sound. */
  sound(): Promise<void>;
  /** What is understood of whatever is said from now on. */
  understand(text: string): void;
  /** The engine says nothing more, whoever asks; those who ask later do not even get a connection. */
  hang(what: "ears" | "voice"): void;
  /** Everything works again, and nothing waits. */
  mend(): void;
  /** Connections of calls that are open with engines. */
  open(): number;
  /** How often tools ran for a conversation. */
  ran(conversationId: string, name?: string): number;
  /** For the configuration file. `origin`: of the pages that may call. */
  configuration(origin?: string): object;
  close(): Promise<void>;
}

export async function startPeers(): Promise<Peers> {
  const gates = { transcript: new Gate(), model: new Gate(), tool: new Gate(), audio: new Gate() };
  const format = HEARING_FORMATS.find(({ name }) => name === "Deepgram")!;
  const hearing = await startHearingServer(format);
  const speaking = await startSpeakingServer();
  const model = await startScriptedModel((question, step) => answerTo(question, step, gates.model));
  const tools = await startTools(gates.tool);
  let understood = "";
  let isDeaf = false;
  let isMute = false;
  let speeches = 0;
  let onSound = (): void => undefined;
  hearing.onAudio = () => onSound();
  hearing.onTurn = (turn) => {
    const text = understood;
    void gates.transcript.pass().then(() => isDeaf || turn.final(text));
  };
  speaking.answer = (asked) => {
    speeches += 1;
    asked.response.once("close", () => (speeches -= 1));
    if (!isMute) void speak(asked, gates.audio);
  };
  return {
    hearing,
    speaking,
    tools,
    gates,
    sound: () => new Promise((resolve) => (onSound = resolve)),
    understand: (text) => (understood = text),
    hang: (what) => {
      if (what === "ears") isDeaf = hearing.hangs = true;
      else isMute = true;
    },
    mend: () => {
      isDeaf = hearing.hangs = isMute = false;
      for (const gate of Object.values(gates)) gate.open();
    },
    open: () => hearing.connections.open + speeches,
    ran: (conversationId, name) =>
      tools.requests.filter(
        ({ headers, message }) =>
          message?.method === "tools/call" &&
          headers["x-chat-id"] === conversationId &&
          (name === undefined || message.params?.["name"] === name),
      ).length,
    configuration: (origin = "https://shop.example") =>
      configurationOf({ ears: format.settings(hearing.url), voice: speaking.url, model: model.url, tools: tools.url, origin }),
    close: async () => {
      await Promise.all([hearing.close(), speaking.close(), model.close(), tools.close()]);
    },
  };
}

function answerTo(question: string, step: number, gate: Gate): ScriptedStep {
  const say = (text: string): ScriptedStep => ({ pieces: [text], calls: [] });
  // An answer of which nothing was heard is not there, so what was asked before it stands before the question.
  const wanted = ["story", "refund", "where"].toSorted((one, other) => question.lastIndexOf(other) - question.lastIndexOf(one))[0];
  if (wanted === "story") return { pieces: STORY, calls: [], pause: gate.pass() };
  if (wanted === "refund") return step === 0 ? { pieces: [], calls: [{ tool: "refund", arguments: {} }] } : say(REFUNDED);
  return step === 0 ? { pieces: [], calls: [{ tool: "lookup", arguments: {} }] } : say(ON_THE_WAY);
}

function startTools(gate: Gate): Promise<ScriptedServer> {
  return scriptedServer({
    "tools/list": (response, { id }) => json(response, { jsonrpc: "2.0", id, result: { tools: [tool("lookup"), tool("refund")] } }),
    "tools/call": (response, { id }) => {
      const result = { content: [{ type: "text", text: "done" }] };
      void gate.pass().then(() => json(response, { jsonrpc: "2.0", id, result }));
    },
  });
}

/** In two halves, between which it may be held. */
async function speak({ body, response }: AskedToSpeak, gate: Gate): Promise<void> {
  const { input } = JSON.parse(body) as { input: string };
  const half = Buffer.alloc(Math.round((input.length * CHARACTER_MS * RATE) / 1000 / 2) * 2, 1);
  response.writeHead(200, { "content-type": "audio/pcm" }).write(half.subarray(0, half.length / 2));
  await gate.pass();
  response.end(half);
}

function configurationOf(at: {
  readonly ears: object;
  readonly voice: string;
  readonly model: string;
  readonly tools: string;
  readonly origin: string;
}): object {
  const plenty = 100_000;
  const permissions = { "*": "always_allow", refund: { permission: "needs_approval", spoken: "phrase" } };
  const mouth = { provider: "openai-compatible", model: "mouth", voice: "any", baseUrl: `${at.voice}/v1`, sampleRate: RATE };
  const quiet = { endMs: 100, confirmedMs: 100, holdingMs: 100 };
  return {
    assistants: {
      shop: {
        name: "Shop",
        prompt: "You help.",
        model: { provider: "openai-compatible", model: "script", baseUrl: at.model, apiKey: "none" },
        allowedOrigins: [at.origin],
        connectors: { orders: { permissions } },
        limits: { messagesPerMinute: plenty, messagesPerMinutePerAddress: plenty },
        voice: { enabled: true, hearing: [at.ears], speaking: [mouth], turns: quiet, concurrentCalls: 1000 },
      },
    },
    mcpServers: { orders: { name: "Orders", url: at.tools } },
    limits: { connectionsPerAddress: plenty, connectionsPerMinutePerAddress: plenty, requestsPerMinutePerAddress: plenty },
    network: { allowPrivate: ["127.0.0.1"] },
  };
}
