import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
import type { CustomerDesk } from "../conversation/customer-desk.ts";
import type { Tools } from "../conversation/ports/tools.ts";
import type { Clock } from "../foundation/clock.ts";
import { again } from "../foundation/again.ts";
import type { Log } from "../foundation/log.ts";
import type { AttemptLimits } from "../guard/limits/attempt-limits.ts";
import type { Limiters } from "../guard/limits/limiters.ts";
import type { OfferedToolInWords } from "../grants/authorization-server.ts";
import type { Grants } from "../grants/grants.ts";
import type { LivePublished, PublishedServer } from "../setup/published-servers/live-published.ts";
import { AskAssistant } from "./calls/ask-assistant.ts";
import type { CallLog } from "./calls/call-log.ts";
import type { Caller } from "./calls/caller.ts";
import { Gate } from "./gate.ts";
import type { HeardConversations } from "./calls/heard-conversations.ts";
import { KeyLimits } from "./door/key-limits.ts";
import { McpGateway } from "./door/mcp-gateway.ts";
import { McpSurface } from "./mcp-surface.ts";
import { OWN_SERVER } from "../setup/published-servers/published-server-record.ts";
import { type OwnServer, type Served, withOwnServer } from "./tools/own-server.ts";
import { ownToolbox } from "./tools/own-toolbox.ts";
import { PublishedEndpoint } from "./door/published-endpoint.ts";
import type { LastRefusals } from "./door/last-refusals.ts";
import { createReachable, reachedOrigin, type ReachablePorts } from "./door/reachable.ts";
import type { StaffCalls } from "./calls/staff-calls.ts";
import { testCall, type TestedCall, testerKey, type TestOrder } from "./test-call.ts";
import { previewed, type PreviewedTool } from "./tools/tool-preview.ts";
import { type PublishedToolNow, Toolboxes } from "./tools/toolboxes.ts";

export interface PublishedGatewayPorts extends ReachablePorts {
  readonly live: LivePublished;
  readonly grants: Grants;
  /** Frontdesk's own server. Absent: it is turned off. */
  readonly own?: OwnServer;
  readonly publicUrl: () => string;
  readonly basePath: string;
  readonly tools: Pick<Tools, "open" | "rest">;
  readonly desk: CustomerDesk;
  readonly heard: HeardConversations;
  readonly staff: StaffCalls;
  readonly calls: CallLog;
  readonly assistantName: (key: string) => string | undefined;
  readonly attempts: AttemptLimits;
  readonly refused: LastRefusals;
  readonly limiters: Limiters;
  readonly stateKey: Buffer;
  readonly version: string;
  readonly isStopping: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** So often it is looked whether tools changed of which their source does not tell, while somebody listens. */
export const LOOK_MS = 5_000;

interface Opened {
  readonly endpoint: PublishedEndpoint;
  /** The tools of which its clients were told. */
  told?: string;
}

/** Everything behind `/mcp`. It is loaded with the first request there. */
export class PublishedGateway {
  readonly #ports: Omit<PublishedGatewayPorts, "live"> & { readonly live: Served };
  readonly #toolboxes: Toolboxes;
  readonly #surface: McpSurface;
  readonly #gateway: McpGateway;
  readonly #opened = new Map<string, Opened>();
  #callOff: (() => void) | undefined;
  #closed = false;

  constructor(given: PublishedGatewayPorts) {
    const ports = { ...given, live: withOwnServer(given) };
    this.#ports = ports;
    const { clock, heard, staff, limiters } = ports;
    this.#toolboxes = new Toolboxes({ ...ports, own: async (caller) => ownToolbox((await given.own?.toolsFor(caller)) ?? []) });
    const assistants = new AskAssistant({ clock, heard, calls: staff });
    const gate = new Gate({ ...ports, toolboxes: this.#toolboxes, assistants });
    this.#surface = new McpSurface({
      ...ports,
      toolboxes: this.#toolboxes,
      gate,
      validator: new CfWorkerJsonSchemaValidator(),
      listed: (server, definitions) => {
        const opened = this.#open(server);
        opened.told ??= JSON.stringify(definitions);
      },
    });
    this.#gateway = new McpGateway({
      ...ports,
      endpointOf: (server) => this.#open(server).endpoint,
      limits: new KeyLimits({ limiters, clock }),
      reachable: createReachable(ports),
      reachedOrigin: (request) => reachedOrigin(request, ports),
    });
    this.#lookLater();
  }

  get handle(): McpGateway["handle"] {
    return this.#gateway.handle;
  }

  /** The tools of a server as clients see them, and why they do not see the others. */
  async preview(server: PublishedServer, by: TestOrder["by"]): Promise<readonly PreviewedTool[]> {
    const now = await this.#toolboxes.of(server, { server: server.id, key: testerKey(by), depth: 0 });
    return previewed(server, await this.#ports.live.offered(server), now);
  }

  /** Calls a tool as a client would. */
  test(server: PublishedServer, url: string, order: TestOrder): Promise<TestedCall> {
    return testCall(this.#open(server.id).endpoint, { url, version: this.#ports.version }, order);
  }

  /** Something changed of which published servers are made, or a key or grant. */
  async changed(): Promise<void> {
    this.#toolboxes.changed();
    await this.#endKeys();
    void this.#look();
  }

  /** The tools that a person would have who signed in. */
  async toolsFor(server: PublishedServer, person: string): Promise<readonly OfferedToolInWords[]> {
    const key = { id: `question-${person}`, name: "Frontdesk", person };
    const { byName } = await this.#toolboxes.of(server, { server: server.id, key, depth: 0 });
    return Array.from(byName.values(), inWords);
  }

  /** The tools that an assistant's devices bring are others now. */
  devicesChanged(assistant: string): void {
    const { live } = this.#ports;
    const fromThem = [...this.#opened.keys()].filter((id) => {
      const server = live.find(id);
      if (server === undefined || server === "deleted") return false;
      return server.tools.some((tool) => tool.source === "device" && tool.server === assistant);
    });
    for (const id of fromThem) this.#toolboxes.forget(id);
    if (fromThem.length > 0) void this.#look();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#callOff?.();
    this.#surface.close();
    this.#gateway.close();
    await Promise.all([...this.#opened.values()].map(({ endpoint }) => endpoint.close()));
    await this.#ports.calls.flush();
  }

  #open(id: string): Opened {
    const known = this.#opened.get(id);
    if (known !== undefined) return known;
    const { calls, clock, log } = this.#ports;
    const opened: Opened = {
      endpoint: new PublishedEndpoint(id, {
        make: (seat) => this.#surface.make(seat),
        used: (server) => calls.reached(server, "connected"),
        clock,
        log,
      }),
    };
    this.#opened.set(id, opened);
    return opened;
  }

  async #endKeys(): Promise<void> {
    const { live } = this.#ports;
    const isGood = (key: string): Promise<boolean> => live.isGood(key);
    await this.#gateway.endKeys(isGood);
    for (const [id, { endpoint }] of this.#opened) {
      const server = live.find(id);
      if (server !== undefined && server !== "deleted") void endpoint.endKeys(isGood);
      else {
        this.#opened.delete(id);
        void endpoint.close();
      }
    }
  }

  #lookLater(): void {
    this.#callOff = this.#ports.clock.after(LOOK_MS, () => {
      void this.#look().finally(() => this.#closed || this.#lookLater());
    });
  }

  /** Tells those who listen where the tools are not what they were. Many devices may come at once. */
  readonly #look = again(async () => {
    for (const [id, opened] of this.#opened) {
      // Those of our own server depend on the key alone, and stay as they are.
      if (this.#closed || !opened.endpoint.isHeard || id === OWN_SERVER) continue;
      const server = this.#ports.live.find(id);
      if (server === undefined || server === "deleted") continue;
      try {
        const now = await this.#definitions(server);
        const before = opened.told;
        opened.told = now;
        if (before !== undefined && before !== now) opened.endpoint.toolsChanged();
      } catch (error) {
        this.#ports.log.warn({ server: id, error: String(error) }, "The tools of a published server could not be read.");
      }
    }
  });

  async #definitions(server: PublishedServer): Promise<string> {
    const looking: Caller = { server: server.id, key: { id: "frontdesk", name: "Frontdesk" }, depth: 0 };
    const { definitions } = await this.#toolboxes.of(server, looking);
    return JSON.stringify(definitions);
  }
}

function inWords({ offered, tool, definition }: PublishedToolNow): OfferedToolInWords {
  const { title, name, description, annotations } = definition;
  const readOnly = annotations?.["readOnlyHint"];
  return {
    title: title ?? name,
    description,
    ...(typeof readOnly === "boolean" ? { readOnly } : {}),
    asks: offered.permission === "needs_approval" || tool?.alwaysAsks === true,
  };
}
