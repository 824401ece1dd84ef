import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import type { CallContext, Tool, Toolbox, ToolResult } from "../../server/conversation/ports/tools.ts";
import type { Clock } from "../../server/foundation/clock.ts";
import type { Log } from "../../server/foundation/log.ts";
import { createMcpTools, type McpToolsPorts } from "../../server/tools/mcp/mcp-tools.ts";
import { noAuthorizations, staticDirectory, type WrittenServer } from "./static-directory.ts";

/**
 * A busy machine may make servers slow, which is not what tests are about: they end by what happens, not by the clock.
 */
const PATIENT = { connectTimeoutMs: 60_000 } as const;

/**
 * An MCP host for tests: a clock that stands still until it is moved on (waits are over in real time as well), and a
 * log that can be read.
 */
export interface TestHost {
  readonly tools: ReturnType<typeof createMcpTools>;
  readonly warnings: Readonly<Record<string, unknown>>[];
  /** Moves the clock on: what `after` was asked for until then is called back. */
  advance(ms: number): void;
  /** From now on waits of exactly so long are over at once. */
  skip(ms: number): void;
  now(): number;
  readonly open: (
    conversationId?: string,
    more?: {
      sessionId?: string;
      voiceCallId?: string;
      customerId?: string;
      signal?: AbortSignal;
      servers?: readonly string[];
      method?: "shared" | "personal";
    },
  ) => Promise<Toolbox>;
  close(): Promise<void>;
}

export function testHost(servers: readonly WrittenServer[], options: Partial<McpToolsPorts> = {}): TestHost {
  const time = movableClock();
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const log: Log = { info: () => undefined, warn: (fields) => void warnings.push(fields), error: (fields) => void warnings.push(fields) };
  const tools = createMcpTools({
    directory: staticDirectory(servers.map((settings) => ({ ...PATIENT, ...settings }))),
    authorizations: noAuthorizations,
    fetch,
    clock: time.clock,
    log,
    listWaitMs: PATIENT.connectTimeoutMs,
    ...options,
  });
  return {
    tools,
    warnings,
    advance: time.advance,
    skip: time.skip,
    now: () => time.clock.now(),
    open: (conversationId = "conversation-1", more = {}) =>
      tools.open({
        assistant: assistantWith(more.servers ?? servers.map(({ key }) => key), more.method),
        conversationId,
        customerId: more.customerId ?? "customer-1",
        sessionId: more.sessionId ?? "session-1",
        ...(more.voiceCallId === undefined ? {} : { voiceCallId: more.voiceCallId }),
        signal: more.signal ?? new AbortController().signal,
      }),
    close: () => tools.close(),
  };
}

/** A tool whose calls come to an end by themselves. */
export type FinishingTool = Omit<Tool, "call"> & { call(...given: Parameters<Tool["call"]>): Promise<ToolResult> };

/** The same for tests of calls that end by themselves: one that pauses throws. */
export function toolOf(toolbox: Toolbox, name: string): FinishingTool {
  const tool = anyToolOf(toolbox, name);
  return { ...tool, call: (...given) => finished(tool.call(...given)) };
}

/** The result of a call that should neither pause nor ask for a sign-in. */
export async function finished(calling: ReturnType<Tool["call"]>): Promise<ToolResult> {
  const result = await calling;
  if (result.outcome === "paused" || result.outcome === "needs-connection")
    throw new Error(`The call did not end: ${JSON.stringify(result)}`);
  return result;
}

/** The tool that the model knows by `name`; throws with what there is and what is not. */
export function anyToolOf(toolbox: Toolbox, name: string): Tool {
  const tool = toolbox.tools.find((candidate) => candidate.name === name);
  if (tool === undefined)
    throw new Error(
      `No ${name} among ${toolbox.tools.map((one) => one.name).join(", ") || "no tools"}; ${JSON.stringify(toolbox.unavailable)}`,
    );
  return tool;
}

export function callContext(more: Partial<CallContext> = {}): CallContext {
  return {
    callId: "call-0001",
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ask: async () => ({ kind: "input", action: "decline" }),
    sample: async () => ({ kind: "refused", cause: "No model in this test." }),
    onTask: async () => undefined,
    ...more,
  };
}

export function assistantWith(servers: readonly string[], method?: "shared" | "personal"): Assistant {
  return {
    key: "shop",
    name: "Shop",
    prompt: "",
    model: { provider: "openai-compatible", model: "none", contextTokens: 8_000, maxOutputTokens: 1_000 },
    allowedOrigins: [],
    trace: "full",
    starters: [],
    connectors: servers.map((server) => ({ server, permissions: {}, ...(method === undefined ? {} : { method }) })),
    maxSteps: 10,
    turnTimeoutMs: 60_000,
    turnTokens: 100_000,
    approvalTimeoutMs: 60_000,
    resultBytes: 16_000,
    limits: { messageCharacters: 4_000, messagesPerMinute: 60, messagesPerMinutePerAddress: 60, concurrentTurns: 10 },
  };
}

function movableClock(): { clock: Clock; advance: (ms: number) => void; skip: (ms: number) => void } {
  let ahead = 0;
  const skipped = new Set<number>();
  const waiting = new Set<{ at: number; fire: () => void }>();
  const start = Date.now();
  const now = (): number => start + ahead;
  const clock: Clock = {
    now,
    after(ms, callback) {
      const entry = { at: now() + ms, fire: () => undefined as void };
      const timer = setTimeout(() => entry.fire(), ms).unref();
      const callOff = (): void => {
        clearTimeout(timer);
        waiting.delete(entry);
      };
      entry.fire = () => {
        callOff();
        callback();
      };
      waiting.add(entry);
      if (skipped.has(ms)) setImmediate(() => waiting.has(entry) && entry.fire());
      return callOff;
    },
    id: () => crypto.randomUUID(),
    random: () => Math.random(),
  };
  return {
    clock,
    skip: (ms) => void skipped.add(ms),
    advance(ms) {
      ahead += ms;
      for (const entry of [...waiting].sort((a, b) => a.at - b.at)) if (entry.at <= now() && waiting.has(entry)) entry.fire();
    },
  };
}

/** Turns of the event loop and hours by the clock in which everything that was still to come has come. */
export async function longAfter(host: TestHost): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    host.advance(600_000);
    await new Promise(setImmediate);
  }
}
