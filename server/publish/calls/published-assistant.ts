import type { Assistant, Connector, ToolPermission } from "../../conversation/ports/assistant.ts";
import type { Assistants } from "../../conversation/ports/assistants.ts";
import { devicesServer } from "../../conversation/ports/tools.ts";
import type { LivePublished, PublishedServer } from "../../setup/published-servers/live-published.ts";
import type { OfferedTool } from "./caller.ts";
import { CALL_MODEL } from "./call-model.ts";

type KeptAssistant = Pick<Assistant, "key" | "retention">;

/** No key of an assistant has a slash. */
const BEGINNING = "published/";
const APPROVAL_MS = 10 * 60_000;
const LONGEST_TURN_MS = 30 * 60_000;
const PLENTY = 1_000_000_000;

/** Under which a published server's calls are in journals, where the staff is asked about them. */
export function assistantNameOf(server: string): string {
  return `${BEGINNING}${server}`;
}

/** Each such conversation is one call, so they are kept as long as the list of calls. */
export function publishedRetention(live: Pick<LivePublished, "ids">, callDays: number | undefined): readonly KeptAssistant[] {
  const kept = callDays === undefined ? {} : { retention: { conversationDays: callDays } };
  return live.ids().map((id) => ({ key: assistantNameOf(id), ...kept }));
}

/** The assistants, and beside them each published server as the assistant of its calls. */
export function withPublished(assistants: Assistants, live: Pick<LivePublished, "find">): Assistants {
  return {
    find(name) {
      if (!name.startsWith(BEGINNING)) return assistants.find(name);
      const server = live.find(name.slice(BEGINNING.length));
      return server === undefined || server === "deleted" ? undefined : publishedAssistant(server, server.tools);
    },
    ...(assistants.at === undefined ? {} : { at: (name, place) => assistants.at!(name, place) }),
  };
}

/** An assistant that has these tools and nothing else. Its model says nothing: it makes the call that a client asked for. */
export function publishedAssistant({ id, name }: Pick<PublishedServer, "id" | "name">, tools: readonly OfferedTool[]): Assistant {
  return {
    key: assistantNameOf(id),
    name,
    prompt: "",
    model: CALL_MODEL,
    allowedOrigins: [],
    trace: "hidden",
    starters: [],
    connectors: connectorsOf(tools.filter(({ active }) => active)),
    maxSteps: 4,
    turnTimeoutMs: LONGEST_TURN_MS,
    turnTokens: PLENTY,
    approvalTimeoutMs: APPROVAL_MS,
    resultBytes: 16 * 1024,
    toolSearch: { tools: PLENTY, windowShare: 1 },
    limits: { messageCharacters: PLENTY, messagesPerMinute: PLENTY, messagesPerMinutePerAddress: PLENTY, concurrentTurns: 100 },
    feedback: false,
  };
}

/** The server that has a tool, as connectors name it. Undefined: the tool is an assistant. */
export function serverOf({ source, server = "" }: Pick<OfferedTool, "source" | "server">): string | undefined {
  if (source === "assistant") return undefined;
  if (source === "device") return devicesServer(server);
  return source === "http" ? "http" : server;
}

function connectorsOf(tools: readonly OfferedTool[]): readonly Connector[] {
  const byServer = new Map<string, Record<string, ToolPermission>>();
  for (const tool of tools) {
    const server = serverOf(tool);
    if (server === undefined) continue;
    const permissions = byServer.get(server) ?? {};
    // In a conversation a call is only where the staff has to be asked.
    permissions[tool.name] = { permission: "needs_approval", approver: "staff", rememberable: false, safeToRepeat: false };
    byServer.set(server, permissions);
  }
  const off: ToolPermission = { permission: "disabled", approver: "staff", rememberable: false, safeToRepeat: false };
  return Array.from(byServer, ([server, permissions]) => ({
    server,
    permissions: server === "http" ? permissions : { ...permissions, "*": off },
  }));
}
