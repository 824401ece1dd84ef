import type { Clock } from "../../server/foundation/clock.ts";
import type { Log } from "../../server/foundation/log.ts";
import { createSecretBox, type SecretBox } from "../../server/guard/secrets/secret-box.ts";
import { createGuardedFetch } from "../../server/guard/network/guarded-fetch.ts";
import type { Staff } from "../../server/identity/staff/actions.ts";
import { createLocalLock } from "../../server/foundation/local-lock.ts";
import { followChanges } from "../../server/setup/follow-changes.ts";
import type { Prober } from "../../server/tools/probe/prober.ts";
import { serverInputSchema } from "../../server/setup/mcp-servers/server-input.ts";
import { ServerAccess } from "../../server/setup/mcp-servers/server-access.ts";
import { ServerChecks } from "../../server/setup/mcp-servers/server-checks.ts";
import { RegisteredServers } from "../../server/setup/mcp-servers/server-directory.ts";
import { ServerStatuses } from "../../server/setup/mcp-servers/server-status.ts";
import { ServerTools } from "../../server/setup/mcp-servers/server-tools.ts";
import { ServerTrials } from "../../server/setup/mcp-servers/server-trials.ts";
import { ToolRows } from "../../server/setup/mcp-servers/tool-rows.ts";
import { ToolTrials } from "../../server/setup/mcp-servers/tool-trials.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { TestLimits, TOOL_TRIES } from "../../server/guard/limits/test-limits.ts";
import { ServerTransfer } from "../../server/setup/mcp-servers/server-transfer.ts";
import { Servers } from "../../server/setup/mcp-servers/servers.ts";
import type { TestedServer } from "../../server/setup/mcp-servers/test-server.ts";
import { Sharing } from "../../server/setup/sharing/sharing.ts";
import { ToolPins } from "../../server/setup/mcp-servers/tool-pins.ts";
import { createProber } from "../../server/tools/probe/probe-server.ts";
import { serverSettings, type WrittenServer } from "../support/static-directory.ts";
import { createMemoryDocuments, type MemoryDocuments } from "../support/memory-documents.ts";

export const ADMIN: Staff = { kind: "person", id: "ada", name: "Ada", roles: ["admin"], groups: [] };
export const OWNER: Staff = { kind: "person", id: "olga", name: "Olga", roles: ["owner"], groups: ["shop"] };
export const SIGNAL = new AbortController().signal;

export interface TestRegistry {
  readonly directory: RegisteredServers;
  readonly pins: ToolPins;
  readonly statuses: ServerStatuses;
  readonly servers: Servers;
  readonly tools: ServerTools;
  readonly transfer: ServerTransfer;
  readonly serverTrials: ServerTrials;
  readonly toolTrials: ToolTrials;
  readonly toolRows: ToolRows;
  readonly checks: ServerChecks;
  readonly documents: MemoryDocuments;
  readonly sharing: Sharing;
  readonly clock: TestTime;
  readonly warnings: Readonly<Record<string, unknown>>[];
  /** Assistants by the server that they have. */
  readonly used: Map<string, readonly string[]>;
  readonly endedConnections: string[];
  create(input: Readonly<Record<string, unknown>>, staff?: Staff): Promise<TestedServer>;
  /** Everything that is kept, and everything that was audited, as one text. */
  everythingKept(): Promise<string>;
  /** Ends the checks, and waits for what is still being written. */
  close(): Promise<void>;
}

/** A registry over real connections on this machine, with its documents in memory. */
export async function testRegistry(
  more: {
    readonly documents?: MemoryDocuments;
    readonly clock?: TestTime;
    readonly box?: SecretBox;
    readonly prober?: Prober;
    readonly fileServers?: readonly WrittenServer[];
    /** Absent: all are. */
    readonly isUsed?: (key: string) => boolean;
    /** Who may act with the shared sign-ins; everybody unless told. */
    readonly mayUseSignIn?: (staff: Staff, server: string) => Promise<boolean>;
  } = {},
): Promise<TestRegistry> {
  const { documents = createMemoryDocuments(), clock = testTime(), fileServers = [], isUsed = () => true } = more;
  const { box = createSecretBox({ keys: [Buffer.alloc(32, 7)] }) } = more;
  const { prober = createProber({ fetch: createGuardedFetch({ allowPrivate: ["127.0.0.1"] }), clock }) } = more;
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const log: Log = { info: () => undefined, warn: (fields) => void warnings.push(fields), error: (fields) => void warnings.push(fields) };
  const used = new Map<string, readonly string[]>();
  const endedConnections: string[] = [];
  const pins = new ToolPins({ documents, clock, log });
  const statuses = new ServerStatuses({ documents, clock, log });
  const directory = new RegisteredServers({ documents, clock, log, box, pins, statuses, fileServers: fileServers.map(serverSettings) });
  const sharing = new Sharing({ documents, clock, lock: createLocalLock(), generalAccess: ({ id }) => directory.accessOf(id) });
  const access = new ServerAccess(directory, sharing);
  const servers = new Servers({
    documents,
    calls: documents,
    clock,
    box,
    directory,
    access,
    pins,
    statuses,
    prober,
    usedBy: (key) => used.get(key) ?? [],
    endConnections: async (key) => void endedConnections.push(key),
  });
  const mayUseSignIn = more.mayUseSignIn ?? (async () => true);
  const limits = new TestLimits({ limiters: createMemoryLimiters(), thing: TOOL_TRIES });
  const before = (tried: string, by: string): Promise<void> => limits.before(tried, by);
  const tools = new ServerTools({ calls: documents, clock, access, pins, prober, statuses, mayUseSignIn, before });
  const serverTrials = new ServerTrials({ documents, clock, box, directory, access, prober, before });
  const toolTrials = new ToolTrials({ calls: documents, clock, access, pins, prober, statuses, mayUseSignIn, before });
  const transfer = new ServerTransfer({ servers, directory, access });
  const following = followChanges(documents, { servers: directory, pins, statuses, sharing });
  const checks = new ServerChecks({ following, directory, prober, pins, statuses, isUsed, clock, log });
  await directory.load();
  return {
    directory,
    pins,
    statuses,
    servers,
    tools,
    transfer,
    serverTrials,
    toolTrials,
    toolRows: new ToolRows({ directory, access, pins }),
    checks,
    documents,
    sharing,
    clock,
    warnings,
    used,
    endedConnections,
    create: (input, staff = ADMIN) => servers.create(staff, serverInputSchema.parse(input), SIGNAL),
    everythingKept: async () => {
      const kinds = ["mcp-server", "server-status", "server-tool", "proposed-tool", "connection", "share"] as const;
      const kept = await Promise.all(kinds.map((kind) => documents.list(kind, { limit: 1_000, now: clock.now() })));
      return JSON.stringify([kept, await documents.listAudit({ limit: 1_000, filter: {} })]);
    },
    close: () => checks.close(),
  };
}

export interface TestTime extends Clock {
  /** How long each wait that is not over will be. */
  readonly waits: readonly number[];
  /** Moves the time on, and calls back whatever waited until then. */
  move(ms: number): void;
}

/** Time that stands until it is moved. */
export function testTime(): TestTime {
  let now = Date.UTC(2026, 10, 20, 9);
  let ids = 0;
  const waiting = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    after(ms, callback) {
      const entry = { at: now + ms, callback };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    id: () => `id-${String((ids += 1)).padStart(6, "0")}`,
    random: () => 0.5,
    get waits() {
      return [...waiting].map(({ at }) => at - now).toSorted((left, right) => left - right);
    },
    move(ms) {
      now += ms;
      for (const entry of [...waiting].toSorted((left, right) => left.at - right.at)) {
        if (entry.at > now || !waiting.delete(entry)) continue;
        entry.callback();
      }
    },
  };
}
