/**
 * A desk over a real SQLite file, with a model and tools that the test scripts in-process. For rules of the
 * conversation; wire formats and MCP have tests with real peers.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import type { Customer, CustomerDesk } from "../../server/conversation/customer-desk.ts";
import { Desk } from "../../server/conversation/desk.ts";
import type { Assistant, ToolPermission } from "../../server/conversation/ports/assistant.ts";
import type { FindApprover } from "../../server/conversation/ports/approvers.ts";
import type { Assistants } from "../../server/conversation/ports/assistants.ts";
import type { FindCustomerFacts } from "../../server/conversation/ports/customer-facts.ts";
import type { Meter } from "../../server/conversation/ports/meter.ts";
import type { Model, ModelRequest } from "../../server/conversation/ports/model.ts";
import type { SignIns } from "../../server/conversation/ports/sign-ins.ts";
import type { Store } from "../../server/conversation/ports/store.ts";
import type { Toolbox, Tools } from "../../server/conversation/ports/tools.ts";
import type { DiskLogFiles } from "../../server/store/sqlite/disk-log.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import type { Clock } from "../../server/foundation/clock.ts";
import type { OpenedStore } from "../../server/store/opened-store.ts";
import { AssistantBudgets } from "../../server/usage/assistant-budgets.ts";
import { assistant } from "./desk-assistant.ts";
import { DeskClock } from "./desk-clock.ts";
import { scriptedTool, type Script, type ToolScript } from "./desk-scripts.ts";
import { mortalStore, type Moments } from "./mortal-store.ts";
import { noSignIns } from "./no-sign-ins.ts";
import { RecordingRoom } from "./recording-room.ts";

export const CUSTOMER: Customer = { id: "customer-one", assistant: "shop", sessionId: "session-one" };
export const OTHER_CUSTOMER: Customer = { id: "customer-two", assistant: "shop", sessionId: "session-two" };
export const CONVERSATION = "conversation-one";

export interface HarnessOptions extends Moments {
  readonly script: Script;
  readonly tools?: readonly ToolScript[];
  /** Instead of `tools`: whoever makes them for each conversation. The caller closes it. */
  readonly host?: Tools;
  /**
   * What each tool may do, by its name or `*`, at every server that the tools name. For more than that:
   * `assistant.connectors`.
   */
  readonly permissions?: Readonly<Record<string, ToolPermission>>;
  readonly assistant?: Partial<Assistant>;
  readonly directory?: string;
  /** How the journal gets to the disk; absent: at once, as the disk can. */
  readonly disk?: DiskLogFiles;
  readonly unavailable?: Toolbox["unavailable"];
  readonly pollMs?: number;
  readonly signIns?: SignIns;
  /** What the site says of its customers. */
  readonly facts?: FindCustomerFacts;
  /** Instead of the one that `assistant` and `configure` make. */
  readonly assistants?: Assistants;
  /** Who of the staff may decide approvals, with their groups. Absent: everybody, in none. */
  readonly approvers?: FindApprover;
  /** Keeps assistants within their budgets, over the same file. */
  readonly budgets?: true;
}

export interface Harness {
  readonly desk: CustomerDesk;
  readonly voice: Desk["voice"];
  readonly staff: Desk["staff"];
  readonly people: Desk["people"];
  readonly views: Desk["views"];
  /** Reports that a sign-in is done. */
  readonly connected: Desk["connected"];
  readonly identified: Desk["identified"];
  readonly store: Store;
  readonly room: RecordingRoom;
  readonly clock: DeskClock;
  readonly requests: ModelRequest[];
  configure(change: Partial<Assistant>): void;
  setTools(tools: readonly ToolScript[], unavailable?: HarnessOptions["unavailable"]): void;
  /** Every event that the store has, in order. */
  journal(conversationId?: string): Promise<readonly JournalEvent[]>;
  /** Sends and waits until the turn that answers has ended. */
  ask(text: string, messageId?: string): Promise<readonly JournalEvent[]>;
  turnsEnded(count: number): Promise<void>;
  /** Runs that hold a conversation at this moment; what waits for a person holds nothing. */
  runs(): number;
  /** A new desk over the same file, as after a restart. */
  restart(change?: Partial<HarnessOptions>): Promise<Harness>;
  /** Resolves when the process "died", as `dieAt` says. */
  readonly died: Promise<void>;
  /**
   * As after a crash: the old desk learns nothing and writes nothing more, and a new one is opened over the same file.
   */
  crash(change?: Partial<HarnessOptions>): Promise<Harness>;
  /** Closes the newest desk over this file, once. */
  close(): Promise<void>;
}

/**
 * A desk for the test that opens it: closed when the test is over. `change` is a test's own word about its scenario's
 * options.
 */
export async function openDesk(options: HarnessOptions, change: Partial<HarnessOptions> = {}): Promise<Harness> {
  const harness = await openHarness({ ...options, ...change, assistant: { ...options.assistant, ...change.assistant } });
  onTestFinished(() => harness.close());
  return harness;
}

function budgetsOver({ usage, budgetNotices: notices }: OpenedStore, clock: Clock): AssistantBudgets {
  return new AssistantBudgets({ usage, notices, clock, log: { info: () => {}, warn: () => {}, error: console.error } });
}

/** A desk that its user closes. */
export async function openHarness(options: HarnessOptions): Promise<Harness> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "frontdesk-desk-")));
  const { disk } = options;
  const opened = await openSqliteStore({ path: join(directory, "frontdesk.db"), ...(disk === undefined ? {} : { files: disk }) });
  const { store, died, die } = mortalStore(opened, options);
  const room = new RecordingRoom();
  const clock = new DeskClock();
  const requests: ModelRequest[] = [];
  const given = { assistant: assistantOf(options), tools: options.tools ?? [], unavailable: options.unavailable ?? [] };
  let runs = 0;
  const meter: Meter = {
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
      tools: options.host ?? {
        open: async () => ({ tools: given.tools.map(scriptedTool), unavailable: given.unavailable }),
        rest: () => {},
        close: async () => {},
      },
      models: { of: async () => scriptedModel(options.script, requests) },
      assistants: options.assistants ?? { find: (key) => (key === given.assistant.key ? given.assistant : undefined) },
      log: { info: () => {}, warn: () => {}, error: (fields: unknown, message: string) => console.error(message, fields) },
      meter,
      approvers: options.approvers ?? (async () => []),
      ...(options.facts === undefined ? {} : { facts: options.facts }),
      signIns: options.signIns ?? noSignIns,
      ...(options.budgets === undefined ? {} : { budgets: budgetsOver(opened, clock) }),
    },
    { holder: "test", leaseMs: 30_000, pollMs: options.pollMs ?? 20, page: { events: 100, bytes: 256 * 1024 } },
  );
  desk.start();
  const stop = async () => {
    await desk.drain(1_000);
    await store.close();
  };
  return {
    desk: desk.customers,
    voice: desk.voice,
    staff: desk.staff,
    people: desk.people,
    views: desk.views,
    connected: (request) => desk.connected(request),
    identified: (moved) => desk.identified(moved),
    store,
    room,
    clock,
    requests,
    configure: (change) => void (given.assistant = { ...given.assistant, ...change }),
    setTools: (tools, unavailable = []) => void Object.assign(given, { tools, unavailable }),
    runs: () => runs,
    ...listening({ desk: desk.customers, store, room, clock }),
    died,
    ...lives({ options, given, directory, stop, die: () => (die(), opened.close()) }),
  };
}

function assistantOf({ tools = [], permissions, assistant: change }: HarnessOptions): Assistant {
  if (permissions === undefined) return assistant(change);
  const servers = new Set(tools.map(({ server = "orders" }) => server));
  return assistant({ connectors: [...servers].map((server) => ({ server, permissions })), ...change });
}

function scriptedModel(script: Script, requests: ModelRequest[]): Model {
  return {
    async *stream(request, signal) {
      requests.push(request);
      for await (const part of script(request, requests.length, signal)) {
        signal.throwIfAborted();
        yield part;
      }
    },
  };
}

function listening({ desk, store, room, clock }: Pick<Harness, "desk" | "store" | "room" | "clock">) {
  const ended = () => room.journal.filter((event) => event.type === "turn-ended").length;
  const journal = async (conversationId = CONVERSATION) => store.readFrom(conversationId, 1, 100_000);
  const turnsEnded = (count: number) => room.until(() => ended() >= count);
  return {
    journal,
    turnsEnded,
    async ask(text: string, messageId = clock.id()) {
      const before = ended();
      await desk.send(CUSTOMER, { conversationId: CONVERSATION, messageId, text });
      await turnsEnded(before + 1);
      return journal();
    },
  };
}

interface Life {
  readonly options: HarnessOptions;
  readonly given: { readonly assistant: Assistant; readonly tools: readonly ToolScript[] };
  readonly directory: string;
  readonly stop: () => Promise<void>;
  readonly die: () => Promise<void>;
}

/** How one desk over a file ends, and how the next one begins. */
function lives({ options, given, directory, stop, die }: Life): Pick<Harness, "restart" | "crash" | "close"> {
  let closed: Promise<void> | undefined;
  let next: Harness | undefined;
  const again = async (kept: HarnessOptions, change: Partial<HarnessOptions> = {}): Promise<Harness> => {
    next = await openHarness({ ...kept, assistant: given.assistant, tools: given.tools, directory, ...change });
    return next;
  };
  const end = async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  };
  return {
    async restart(change) {
      await stop();
      return again(options, change);
    },
    async crash(change) {
      await die();
      const { dieAt: _dieAt, beforeAppend: _beforeAppend, ...kept } = options;
      return again(kept, change);
    },
    close: () => (closed ??= next === undefined ? end() : next.close()),
  };
}
