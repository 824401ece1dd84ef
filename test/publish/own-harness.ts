/** Frontdesk's own MCP server: a desk with an assistant, keys of its API, and conversations that wait for a decision. */
import type { Client } from "@modelcontextprotocol/client";
import { io } from "socket.io-client";
import { expect, onTestFinished } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { CONFIGURATION, SHOP_ORIGIN } from "../http/server-harness.ts";
import { type ModelScript, startScriptedModel } from "../story/scripted-model.ts";
import { type Backend, backend, cancelOrder, connect, type Desk, desk, type Era, type Published } from "./publish-harness.ts";

export interface OwnDesk extends Desk {
  /** `/mcp/frontdesk`. */
  readonly ownUrl: string;
  readonly behind: Backend;
  /** An API key, and its id. */
  key(roles: readonly string[], more?: object): Promise<{ readonly key: string; readonly id: string }>;
  own(key: string, era?: Era, headers?: Readonly<Record<string, string>>): Promise<Client>;
}

/** `allow` as the configuration has it. */
export async function ownDesk({ allow = [], enabled = true }: { allow?: readonly string[]; enabled?: boolean } = {}): Promise<OwnDesk> {
  const behind = await backend();
  const server = await desk({ configuration: { ...CONFIGURATION, ownServer: { enabled, allow } } });
  await server.api("POST", "/http-tools", cancelOrder(behind.url));
  const ownUrl = `${server.url}/mcp/frontdesk`;
  return {
    ...server,
    ownUrl,
    behind,
    key: async (roles, more = {}) => {
      const made = await server.api<{ key: string; apiKey: { id: string } }>("POST", "/api-keys", {
        name: roles.join("+"),
        roles,
        ...more,
      });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      return { key: made.body.key, id: made.body.apiKey?.id ?? (made.body as unknown as { id: string }).id };
    },
    own: (key, era = "modern", headers = {}) => connect({ url: ownUrl, key }, era, { headers }),
  };
}

/** An assistant that plays a script and may cancel orders once the staff says so; a client asks it. */
export async function helper(server: OwnDesk, script: ModelScript, permission: object = {}): Promise<Published> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  const made = await server.api("POST", "/assistants", {
    key: "helper",
    name: "Helper",
    prompt: "Help.",
    model: { provider: "openai-compatible", model: "small", baseUrl: model.url, apiKey: "sk-never-shown-anywhere" },
    allowedOrigins: [SHOP_ORIGIN],
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const permissions = { cancel_order: { permission: "needs_approval", approver: "staff", ...permission } };
  const connected = await server.api("POST", "/assistants/helper/connectors", { server: "http", permissions });
  expect(connected.status, JSON.stringify(connected.body)).toBeLessThan(300);
  return server.publish([{ source: "assistant", server: "helper", name: "ask_assistant" }]);
}

/** Somebody asks it something, and does not wait for the answer. */
export async function ask(published: Published, message: string): Promise<{ readonly answer: Promise<{ content: unknown }> }> {
  const client = await connect(published, "modern");
  const answer = client.callTool({ name: "ask_assistant", arguments: { message } });
  answer.catch(() => undefined);
  return { answer: answer as Promise<{ content: unknown }> };
}

/** Cancels the order that it is asked about, and says what came of it. */
export const cancels: ModelScript = (question, step, lastResult) =>
  step === 0
    ? { pieces: [], calls: [{ tool: "cancel_order", arguments: { order: Number(/\d+/.exec(question)?.[0] ?? 0) } }] }
    : { pieces: [`Done: ${lastResult}`], calls: [] };

export interface Given {
  readonly isError: boolean;
  /** What it said, as a text. */
  readonly text: string;
  readonly result: Record<string, unknown>;
  readonly version: number | undefined;
  readonly structured: Record<string, unknown> | undefined;
}

/** A call, and its answer in parts. */
export async function call(client: Client, name: string, input: object = {}): Promise<Given> {
  const answer = await client.callTool({ name, arguments: input as Record<string, unknown> });
  const [first] = answer.content as { type: string; text: string }[];
  const structured = answer.structuredContent as Record<string, unknown> | undefined;
  if (structured !== undefined) expect(JSON.parse(first?.text ?? "")).toEqual(structured);
  return {
    isError: answer.isError === true,
    text: first?.text ?? "",
    result: (structured?.["result"] ?? {}) as Record<string, unknown>,
    version: structured?.["version"] as number | undefined,
    structured,
  };
}

export async function toolNames(client: Client): Promise<readonly string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

interface Waiting {
  readonly approvalId: string;
  readonly conversationId: string;
  readonly argumentsHash: string;
  readonly arguments: Record<string, unknown>;
}

/** The approvals that wait, once there are some. */
export async function waiting(client: Client, count = 1): Promise<readonly Waiting[]> {
  const read = async () => (await call(client, "list_pending_approvals")).result["items"] as Waiting[];
  await expect.poll(async () => (await read()).length, { timeout: 60_000 }).toBe(count);
  return read();
}

/** A customer at the widget. Resolves with what the assistant answered, once its turn is over. */
export function customer(server: OwnDesk): { say(conversation: string, text: string): Promise<string> } {
  const socket = io(server.url, {
    path: LINE_PATH,
    transports: ["websocket"],
    forceNew: true,
    auth: { version: PROTOCOL_VERSION, assistant: "helper", sessionId: "session-one" },
    extraHeaders: { Origin: SHOP_ORIGIN },
  });
  onTestFinished(() => void socket.disconnect());
  return {
    say: async (conversation, text) => {
      const request = { conversationId: conversation, messageId: `message-of-${conversation}`, text };
      expect(await socket.timeout(10_000).emitWithAck("message-send", request)).toMatchObject({ ok: true });
      const read = async () =>
        (await server.api<{ items: { type: string; text?: string }[] }>("GET", `/conversations/${conversation}/events?limit=100`)).body
          .items;
      await expect.poll(async () => (await read()).some(({ type }) => type === "turn-ended"), { timeout: 60_000 }).toBe(true);
      return (await read()).flatMap(({ type, text: said = "" }) => (type === "step-ended" ? [said] : [])).join("\n");
    },
  };
}
