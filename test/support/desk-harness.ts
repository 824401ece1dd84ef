/**
 * A desk over a real SQLite file, with a model and tools that the test scripts in-process. For rules of the conversation; wire formats and MCP have tests with
 * real peers.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalEvent, ToolReference } from "../../protocol/events.ts";
import type { ProgressFrame, TextFrame } from "../../protocol/frames.ts";
import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import { canonicalJson, sha256Hex } from "../../server/foundation/canonical-json.ts";
import type { Customer, CustomerDesk } from "../../server/conversation/customer-desk.ts";
import { Desk } from "../../server/conversation/desk.ts";
import type { StaffDesk } from "../../server/conversation/staff-desk.ts";
import { noSignIns } from "./no-sign-ins.ts";
import type { Assistants } from "../../server/conversation/ports/assistants.ts";
import type { CallContext, ConnectionNeed, Tool, ToolResult, Tools } from "../../server/conversation/ports/tools.ts";
import type { Clock } from "../../server/foundation/clock.ts";
import type { Model, ModelPart, ModelRequest } from "../../server/conversation/ports/model.ts";
import type { Room } from "../../server/conversation/ports/room.ts";
import type { SignIns } from "../../server/conversation/ports/sign-ins.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { mortalStore, type Moments } from "./mortal-store.ts";

export const CUSTOMER: Customer = { id: "customer-one", assistant: "shop", sessionId: "session-one" };
export const OTHER_CUSTOMER: Customer = { id: "customer-two", assistant: "shop", sessionId: "session-two" };
export const CONVERSATION = "conversation-one";

export function assistant(change: Partial<Assistant> = {}): Assistant {
  return {
    key: "shop",
    name: "Shop",
    prompt: "You help.",
    model: { provider: "openai-compatible", model: "scripted", contextTokens: 100_000, maxOutputTokens: 1_000 },
    allowedOrigins: [],
    trace: "full",
    starters: [],
    connectors: [{ server: "orders", permissions: {} }],
    maxSteps: 10,
    turnTimeoutMs: 60_000,
    turnTokens: 1_000_000,
    approvalTimeoutMs: 900_000,
    resultBytes: 16_384,
    limits: { messageCharacters: 8_000, messagesPerMinute: 1_000, messagesPerMinutePerAddress: 1_000, concurrentTurns: 100 },
    ...change,
  };
}

export const needsApproval = { permission: "needs_approval", approver: "customer", rememberable: false, safeToRepeat: false } as const;
export const alwaysAllow = { permission: "always_allow", approver: "customer", rememberable: false, safeToRepeat: false } as const;
export const disabled = { permission: "disabled", approver: "customer", rememberable: false, safeToRepeat: false } as const;

/** What the model says at one step: parts, or a function of the request. */
export type Script = (request: ModelRequest, step: number, signal: AbortSignal) => AsyncIterable<ModelPart> | Iterable<ModelPart>;

export function say(text: string): ModelPart[] {
  return [
    { type: "text", text },
    { type: "finish", reason: "stop", usage: { inputTokens: 10, outputTokens: 5 } },
  ];
}

export function callTools(...calls: { name: string; arguments: unknown; id?: string }[]): ModelPart[] {
  return [
    ...calls.map((call, index): ModelPart => ({
      type: "tool-call",
      modelCallId: call.id ?? `call-${index}`,
      name: call.name,
      argumentsText: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
    })),
    { type: "finish", reason: "tool-calls", usage: { inputTokens: 10, outputTokens: 5 } },
  ];
}

export interface ToolScript {
  readonly tool: string;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly description?: string;
  /** Another server than `orders`. */
  readonly server?: string;
  readonly reference?: Partial<ToolReference>;
  readonly needsConnection?: () => ConnectionNeed | undefined;
  readonly alwaysAsks?: boolean;
  readonly run: (input: Readonly<Record<string, unknown>>, context: CallContext) => Promise<CallOutcome> | CallOutcome;
}

export type CallOutcome = Awaited<ReturnType<Tool["call"]>>;

export function textResult(text: string): ToolResult {
  return { outcome: "ok", content: [{ kind: "text", text }] };
}

export function scriptedTool(script: ToolScript): Tool {
  const schema = script.schema ?? { type: "object" };
  const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  const description = script.description ?? script.tool;
  const { server = "orders", needsConnection } = script;
  return {
    name: `${server}__${script.tool}`,
    reference: { source: "mcp", server, serverName: nameOf(server), tool: script.tool, title: script.tool, ...script.reference },
    description,
    inputSchema: schema,
    definitionHash: sha256Hex(canonicalJson({ schema, description })),
    check: (input) => {
      const missing = required.filter((name) => !Object.hasOwn(input, name));
      return missing.length === 0 ? undefined : `Missing: ${missing.join(", ")}.`;
    },
    ...(script.alwaysAsks === true ? { alwaysAsks: true } : {}),
    ...(needsConnection === undefined ? {} : { needsConnection: async () => needsConnection() }),
    call: async (input, context) => script.run(input, context),
  };
}

/** `orders` → "Orders". */
export function nameOf(server: string): string {
  return `${server.slice(0, 1).toUpperCase()}${server.slice(1)}`;
}

export class RecordingRoom implements Room {
  readonly journal: JournalEvent[] = [];
  readonly texts: TextFrame[] = [];
  readonly progresses: ProgressFrame[] = [];
  readonly #watchers = new Set<() => void>();

  events(_conversationId: string, events: readonly JournalEvent[]): void {
    this.journal.push(...events);
    this.#changed();
  }
  text(frame: TextFrame): void {
    this.texts.push(frame);
    this.#changed();
  }
  progress(frame: ProgressFrame): void {
    this.progresses.push(frame);
    this.#changed();
  }

  /** Resolves when the predicate holds over what the room has heard. */
  async until(predicate: (room: RecordingRoom) => boolean): Promise<void> {
    if (predicate(this)) return;
    await new Promise<void>((resolve) => {
      const watcher = () => {
        if (!predicate(this)) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** Real timers, with a clock that the test can push forward. */
export class TestClock implements Clock {
  #offsetMs = 0;
  readonly #pending = new Map<NodeJS.Timeout, number>();
  #count = 0;
  now(): number {
    return Date.now() + this.#offsetMs;
  }
  forward(ms: number): void {
    this.#offsetMs += ms;
  }
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(() => (this.#pending.delete(timer), callback()), Math.min(ms, 2 ** 31 - 1));
    this.#pending.set(timer, ms);
    return () => {
      this.#pending.delete(timer);
      clearTimeout(timer);
    };
  }
  /** What is waited for at this moment: the times that were given, in milliseconds. */
  pending(): readonly number[] {
    return [...this.#pending.values()];
  }
  id(): string {
    this.#count += 1;
    return `test-id-${String(this.#count).padStart(6, "0")}-${Math.random().toString(36).slice(2, 8)}`;
  }
  random(): number {
    return 0.5;
  }
}

export interface Harness {
  readonly desk: CustomerDesk;
  readonly staff: StaffDesk;
  /** Reports that a sign-in is done. */
  readonly connected: Desk["connected"];
  readonly store: Store;
  readonly room: RecordingRoom;
  readonly clock: TestClock;
  readonly requests: ModelRequest[];
  configure(change: Partial<Assistant>): void;
  setTools(tools: readonly ToolScript[], unavailable?: HarnessOptions["unavailable"]): void;
  /** Every event that the store has, in order. */
  journal(conversationId?: string): Promise<readonly JournalEvent[]>;
  /** Sends and waits until the turn that answers ended. */
  ask(text: string, messageId?: string): Promise<readonly JournalEvent[]>;
  turnsEnded(count: number): Promise<void>;
  /** Runs that hold a conversation at this moment; what waits for a person holds nothing. */
  runs(): number;
  /** A new desk over the same file, as after a restart. */
  restart(change?: Partial<HarnessOptions>): Promise<Harness>;
  /** Resolves when the process "died", as `dieAt` says. */
  readonly died: Promise<void>;
  /** As after a crash: the old desk learns nothing and writes nothing more, and a new one is opened over the same file. */
  crash(change?: Partial<HarnessOptions>): Promise<Harness>;
  close(): Promise<void>;
}

export interface HarnessOptions extends Moments {
  readonly script: Script;
  readonly tools?: readonly ToolScript[];
  readonly assistant?: Partial<Assistant>;
  readonly directory?: string;
  readonly unavailable?: readonly { server: string; serverName: string; cause: string }[];
  readonly pollMs?: number;
  readonly signIns?: SignIns;
  /** Instead of the one that `assistant` and `configure` make. */
  readonly assistants?: Assistants;
}

export async function openHarness(options: HarnessOptions): Promise<Harness> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "frontdesk-desk-")));
  const opened = await openSqliteStore({ path: join(directory, "frontdesk.db") });
  const mortal = mortalStore(opened, options);
  const store = mortal.store;
  const room = new RecordingRoom();
  const clock = new TestClock();
  const requests: ModelRequest[] = [];
  let current = assistant(options.assistant);
  let offered = options.tools ?? [];
  let unavailable = options.unavailable ?? [];
  const model: Model = {
    async *stream(request, signal) {
      requests.push(request);
      for await (const part of options.script(request, requests.length, signal)) {
        signal.throwIfAborted();
        yield part;
      }
    },
  };
  const tools: Tools = {
    open: async () => ({ tools: offered.map(scriptedTool), unavailable }),
    rest: () => {},
    close: async () => {},
  };
  const silent = { info: () => {}, warn: () => {}, error: (fields: unknown, message: string) => console.error(message, fields) };
  let runs = 0;
  const meter = {
    runStarted: () => void (runs += 1),
    runEnded: () => void (runs -= 1),
    turnEnded: () => {},
    stepEnded: () => {},
    toolCalled: () => {},
  };
  const desk = new Desk(
    {
      store,
      room,
      clock,
      tools,
      models: { of: async () => model },
      assistants: options.assistants ?? { find: (key) => (key === current.key ? current : undefined) },
      log: silent,
      meter,
      signIns: options.signIns ?? noSignIns,
    },
    { holder: "test", leaseMs: 30_000, pollMs: options.pollMs ?? 20, pageEvents: 100 },
  );
  desk.start();
  const journal = async (conversationId = CONVERSATION) => store.readFrom(conversationId, 1, 100_000);
  const turnsEnded = (count: number) => room.until((heard) => heard.journal.filter((event) => event.type === "turn-ended").length >= count);
  const stop = async () => {
    await desk.drain(1_000);
    await store.close();
  };
  return {
    desk: desk.customers,
    staff: desk.staff,
    connected: (request) => desk.connected(request),
    store,
    room,
    clock,
    requests,
    configure: (change) => (current = { ...current, ...change }),
    setTools: (next, away = []) => {
      offered = next;
      unavailable = away;
    },
    journal,
    turnsEnded,
    runs: () => runs,
    async ask(text, messageId = clock.id()) {
      const before = room.journal.filter((event) => event.type === "turn-ended").length;
      await desk.customers.send(CUSTOMER, { conversationId: CONVERSATION, messageId, text });
      await turnsEnded(before + 1);
      return journal();
    },
    async restart(change = {}) {
      await stop();
      return openHarness({ ...options, tools: offered, assistant: current, directory, ...change });
    },
    died: mortal.died,
    async crash(change = {}) {
      mortal.die();
      await opened.close();
      const { dieAt: _dieAt, beforeAppend: _beforeAppend, ...again } = options;
      return openHarness({ ...again, tools: offered, assistant: current, directory, ...change });
    },
    async close() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
