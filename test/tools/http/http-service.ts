import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createGuardedFetch } from "../../../server/guard/network/guarded-fetch.ts";
import type { HttpToolDefinition } from "../../../server/tools/http/definition.ts";
import { createHttpTools, type HttpToolDefinitions, type UnusableHttpTool } from "../../../server/tools/http/http-tools.ts";
import type { Assistant } from "../../../server/conversation/ports/assistant.ts";
import type { Toolbox, Tools } from "../../../server/conversation/ports/tools.ts";
import { systemClock } from "../../../server/start/system-clock.ts";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A service that somebody else runs, on this machine. */
export interface HttpService {
  readonly url: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

export async function httpService(
  answer: (response: ServerResponse, request: SeenRequest, raw: IncomingMessage) => void,
): Promise<HttpService> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
      seen.push(one);
      answer(response, one, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** A tool as short as a test about it needs. */
export function httpTool(name: string, url: string, more: Partial<HttpToolDefinition> = {}): HttpToolDefinition {
  return {
    name,
    description: `Does ${name}.`,
    method: "GET",
    url,
    query: {},
    headers: {},
    parameters: { type: "object" },
    timeoutMs: 30_000,
    answerBytes: 256 * 1024,
    readOnly: false,
    safeToRepeat: false,
    idempotencyKey: false,
    trusted: false,
    results: "full",
    ...more,
  };
}

export interface HttpToolsHost {
  readonly tools: Tools;
  /** May be changed while a test runs. */
  readonly definitions: (HttpToolDefinition | UnusableHttpTool)[];
  readonly warnings: Readonly<Record<string, unknown>>[];
  open(permissions?: readonly string[], voiceCallId?: string, depth?: number): Promise<Toolbox>;
}

const LOCAL = ["127.0.0.1"];

export function httpToolsHost(
  definitions: (HttpToolDefinition | UnusableHttpTool)[],
  { allowPrivate = LOCAL }: { allowPrivate?: readonly string[] } = {},
): HttpToolsHost {
  const port: HttpToolDefinitions = {
    list: async () => [...definitions],
    find: async (name) => definitions.find((one) => one.name === name),
  };
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const warn = (fields: Readonly<Record<string, unknown>>): void => void warnings.push(fields);
  const tools = createHttpTools({
    definitions: port,
    fetch: createGuardedFetch({ allowPrivate }),
    clock: systemClock,
    log: { info: () => undefined, warn, error: warn },
  });
  return {
    tools,
    definitions,
    warnings,
    open: (permissions = ["*"], voiceCallId, depth) =>
      tools.open({
        assistant: assistantWith(permissions),
        conversationId: "conversation-1",
        customerId: "customer-1",
        sessionId: "session-1",
        ...(voiceCallId === undefined ? {} : { voiceCallId }),
        ...(depth === undefined ? {} : { depth }),
        signal: new AbortController().signal,
      }),
  };
}

export function assistantWith(permissions: readonly string[] | undefined, servers: readonly string[] = []): Assistant {
  const allow = { permission: "always_allow", approver: "customer", rememberable: false, safeToRepeat: false } as const;
  const http =
    permissions === undefined ? [] : [{ server: "http", permissions: Object.fromEntries(permissions.map((name) => [name, allow])) }];
  return {
    key: "shop",
    name: "Shop",
    prompt: "",
    model: { provider: "openai-compatible", model: "none", contextTokens: 8_000, maxOutputTokens: 1_000 },
    allowedOrigins: [],
    trace: "full",
    starters: [],
    connectors: [...servers.map((server) => ({ server, permissions: {} })), ...http],
    maxSteps: 10,
    turnTimeoutMs: 60_000,
    turnTokens: 100_000,
    approvalTimeoutMs: 60_000,
    resultBytes: 16_000,
    limits: { messageCharacters: 4_000, messagesPerMinute: 60, messagesPerMinutePerAddress: 60, concurrentTurns: 10 },
  };
}
