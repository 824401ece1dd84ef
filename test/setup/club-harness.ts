/**
 * A club at which each customer signs in, and which words its list for whoever reads it. The registry, the MCP host and
 * the desk are the real ones; what is kept of it all is every request that the model got.
 */
import { onTestFinished } from "vitest";
import type { EventOf, EventType, JournalEvent } from "../../protocol/events.ts";
import type { Customer } from "../../server/conversation/customer-desk.ts";
import type { ToolPermission } from "../../server/conversation/ports/assistant.ts";
import type { ModelRequest } from "../../server/conversation/ports/model.ts";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { type Harness, openDesk } from "../support/desk-harness.ts";
import { callTools, say } from "../support/desk-scripts.ts";
import { HandSignIns } from "../support/mcp-directory.ts";
import { type TestHost, testHost } from "../support/mcp-host.ts";
import { eventStream, json, scriptedServer } from "../support/mcp-scripted-server.ts";
import type { MemoryDocuments } from "../support/memory-documents.ts";
import { waitFor } from "../support/wait-for.ts";
import type { WrittenRemote } from "../support/static-directory.ts";
import type { Listed } from "./changing-server.ts";
import { testRegistry, type TestRegistry, type TestTime } from "./registry-harness.ts";

export interface Club {
  readonly registry: TestRegistry;
  readonly host: TestHost;
  readonly desk: Harness;
  /** What the club lists, by customer, from now on; it announces nothing. */
  readonly lists: Map<string, readonly Listed[]>;
  /** More of what a list says, such as `ttlMs`. */
  readonly listed: Record<string, unknown>;
  /** Calls that came to the club: who made them, and of what. */
  readonly called: string[];
  signIn(who: string): void;
  /** The club tells this customer's link that the list changed; resolves once somebody listened. */
  announceChange(who: string): Promise<void>;
  /** Sends a message, and waits until its turn has ended or rests. The requests that the model got meanwhile. */
  ask(who: string, text: string): Promise<readonly ModelRequest[]>;
  /** What the model is offered for this customer in a new conversation: each tool as one text. */
  offered(who: string): Promise<readonly string[]>;
  journal<T extends EventType>(who: string, type: T): Promise<readonly EventOf<T>[]>;
  /** The customer's yes to the last call that asked. */
  approve(who: string): Promise<void>;
  /** A customer's sign-in, as the desk hears of it, for the last call that asked. */
  connected(who: string): Promise<void>;
}

export interface ClubOptions {
  readonly settings?: Partial<WrittenRemote>;
  readonly permissions?: Readonly<Record<string, ToolPermission>>;
  readonly documents?: MemoryDocuments;
  readonly clock?: TestTime;
}

/** "call club__a" calls that tool; anything else is answered in words. */
function script(request: ModelRequest) {
  const said = request.messages.findLastIndex((message) => message.role === "user");
  const last = request.messages[said];
  const [, name] = /^call (\S+)$/.exec(last !== undefined && "text" in last ? last.text.trim() : "") ?? [];
  return name === undefined || request.messages.length - 1 > said ? say("Well.") : callTools({ name, arguments: {} });
}

export async function openClub(lists: Readonly<Record<string, readonly Listed[]>> = {}, options: ClubOptions = {}): Promise<Club> {
  const listed: Record<string, unknown> = {};
  const called: string[] = [];
  const byCustomer = new Map(Object.entries(lists));
  const server = await scriptedServer();
  onTestFinished(() => server.close());
  const reader = (): string => server.requests.at(-1)?.headers.authorization?.replace("Bearer token of ", "") ?? "";
  const { initialize } = server.script;
  server.script["initialize"] = (response, message) => {
    if (byCustomer.has(reader())) initialize?.(response, message);
    else response.writeHead(401, { "www-authenticate": "Bearer" }).end();
  };
  server.script["tools/list"] = (response, { id }) =>
    json(response, { jsonrpc: "2.0", id, result: { tools: byCustomer.get(reader()), ...listed } });
  server.script["tools/call"] = (response, { id, params }) => {
    called.push(`${reader()}: ${String(params?.["name"])}`);
    json(response, { jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "done" }] } });
  };

  const streams = new Map<string, (message: unknown) => void>();
  server.script["GET"] = (response) => void streams.set(reader(), eventStream(response));

  const settings = { key: "club", name: "The Club", url: server.url, auth: { kind: "oauth" }, connectTimeoutMs: 60_000 } as const;
  const { documents, clock } = options;
  const registry = await testRegistry({
    fileServers: [{ ...settings, ...options.settings }],
    ...(documents === undefined ? {} : { documents }),
    ...(clock === undefined ? {} : { clock }),
  });
  const signIns = new HandSignIns();
  const host = testHost([], { directory: registry.directory, authorizations: signIns });
  onTestFinished(() => host.close());
  const connectors = [{ server: "club", method: "personal", permissions: options.permissions ?? { "*": alwaysAllow } }] as const;
  const desk = await openDesk({ script, host: host.tools, assistant: { connectors } });

  let count = 0;
  const customer = (who: string): Customer => ({ id: who, assistant: "shop", sessionId: `session-of-${who}` });
  const conversation = (who: string): string => `conversation-of-${who}`;
  const journal = async <T extends EventType>(who: string, type: T): Promise<readonly EventOf<T>[]> =>
    (await desk.journal(conversation(who))).filter((event: JournalEvent): event is EventOf<T> => event.type === type);
  const settled = async (who: string, before: number): Promise<void> => {
    const ends = ["turn-ended", "approval-requested", "connection-requested"];
    await desk.room.until(() => desk.room.journal.slice(before).some(({ type }) => ends.includes(type)));
    await desk.journal(conversation(who));
  };
  return {
    registry,
    host,
    desk,
    lists: byCustomer,
    listed,
    called,
    journal,
    signIn: (who) => void signIns.tokens.set(who, `token of ${who}`),
    async announceChange(who) {
      await waitFor(() => streams.has(who));
      streams.get(who)?.({ jsonrpc: "2.0", method: "notifications/tools/list_changed" });
    },
    async ask(who, text) {
      const [asked, heard] = [desk.requests.length, desk.room.journal.length];
      await desk.desk.send(customer(who), { conversationId: conversation(who), messageId: `message-${(count += 1)}`, text });
      await settled(who, heard);
      return desk.requests.slice(asked);
    },
    async offered(who) {
      const { tools } = await host.open(`another conversation of ${who} (${(count += 1)})`, {
        servers: ["club"],
        method: "personal",
        customerId: who,
      });
      return tools.map(textOf);
    },
    async approve(who) {
      const [asked] = (await journal(who, "approval-requested")).slice(-1);
      if (asked === undefined) throw new Error(`Nothing asks ${who}.`);
      const { approvalId, argumentsHash } = asked;
      const heard = desk.room.journal.length;
      const said = { conversationId: conversation(who), approvalId, argumentsHash, decision: "approved", scope: "once" } as const;
      await desk.desk.decide(customer(who), "approval-decide", said);
      await settled(who, heard);
    },
    async connected(who) {
      const [asked] = (await journal(who, "connection-requested")).slice(-1);
      if (asked === undefined) throw new Error(`Nothing asks ${who} to sign in.`);
      const heard = desk.room.journal.length;
      await desk.connected({ conversationId: conversation(who), requestId: asked.requestId });
      await settled(who, heard);
    },
  };
}

/** Everything that a model reads of a tool. */
function textOf({ name, description, inputSchema, alwaysAsks }: Awaited<ReturnType<TestHost["open"]>>["tools"][number]): string {
  const schema = Object.keys(inputSchema).length === 1 || name.endsWith("__connect") ? "" : ` ${JSON.stringify(inputSchema)}`;
  return `${name}${alwaysAsks === true ? " (asks)" : ""}: ${description}${schema}`;
}

/** Everything that the model got to read, as one text. */
export function readOf(requests: readonly ModelRequest[]): string {
  return JSON.stringify(requests.map(({ messages, tools }) => [messages, tools]));
}
