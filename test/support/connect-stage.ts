import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Assistant } from "../../server/conversation/ports/assistant.ts";
import { clientDocument } from "../../server/oauth/client-metadata.ts";
import type { ConnectionsPorts } from "../../server/oauth/connections.ts";
import type { OAuthServerSettings } from "../../server/oauth/oauth-settings.ts";
import { createApplication } from "../../server/http/application.ts";
import { connectRoutes, oauthRoutes } from "../../server/http/pages/connect-routes.ts";
import { type ConnectionsStage, connectionsStage } from "./connections-stage.ts";

/**
 * Connections with their pages on a port, and a shop's page on another origin that opens sign-ins as the widget does.
 */
export interface ConnectStage {
  readonly stage: ConnectionsStage;
  readonly url: string;
  readonly shopUrl: string;
  readonly assistant: Assistant;
  begin(customerId: string, requestId?: string): Promise<{ url: string; proof: string }>;
  close(): Promise<void>;
}

export interface ConnectStageOptions {
  readonly servers: readonly OAuthServerSettings[];
  readonly connections?: Partial<ConnectionsPorts>;
  /** Headers of the shop's page. */
  readonly shopHeaders?: Readonly<Record<string, string>>;
}

export async function connectStage({ servers, connections = {}, shopHeaders = {} }: ConnectStageOptions): Promise<ConnectStage> {
  let url = "";
  const stage = connectionsStage(servers, { publicUrl: () => url, ...connections });
  const quiet = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: unknown) => void stage.logged.push(JSON.stringify(fields)),
  };
  const options = { pages: stage.tickets, publicUrl: () => url, clientDocument };
  const application = createApplication({
    routers: [],
    mounts: [
      { path: "/connect", load: async () => connectRoutes(options) },
      { path: "/oauth", load: async () => oauthRoutes(options) },
    ],
    isHttpsOnly: false,
    log: quiet,
  });
  const server = createServer(application);
  const shop = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html", ...shopHeaders });
    response.end(SHOP);
  });
  await Promise.all([server, shop].map((one) => new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve))));
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const shopUrl = `http://localhost:${(shop.address() as AddressInfo).port}`;
  const assistant = assistantOf(
    servers.map(({ key }) => key),
    [shopUrl],
  );
  return {
    stage,
    url,
    shopUrl,
    assistant,
    begin: (customerId, requestId = "request-0001") =>
      stage.signIns.begin({
        customerId,
        assistant,
        conversationId: "conversation-1",
        requestId,
        server: servers[0]?.key ?? "",
        scopes: [],
      }),
    close: async () => {
      for (const one of [server, shop]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
    },
  };
}

/** What the widget does, in as few words as it takes: opens the window, and tells the proof to whom it opened. */
const SHOP = `<!doctype html><title>Shop</title><h1>Shop</h1><script>
  window.connect = ({ url, proof }) => {
    const opened = window.open(url);
    addEventListener("message", (event) => {
      if (event.source !== opened || event.origin !== new URL(url).origin || event.data.type !== "frontdesk:connect") return;
      event.source.postMessage({ type: "frontdesk:proof", ticket: event.data.ticket, proof }, event.origin);
    });
  };
</script>`;

function assistantOf(servers: readonly string[], allowedOrigins: readonly string[]): Assistant {
  return {
    key: "shop",
    name: "Shop",
    prompt: "",
    model: { provider: "openai-compatible", model: "none", contextTokens: 8_000, maxOutputTokens: 1_000 },
    allowedOrigins,
    trace: "full",
    starters: [],
    connectors: servers.map((server) => ({ server, method: "personal" as const, permissions: {} })),
    maxSteps: 10,
    turnTimeoutMs: 60_000,
    turnTokens: 100_000,
    approvalTimeoutMs: 60_000,
    resultBytes: 16_000,
    limits: { messageCharacters: 4_000, messagesPerMinute: 100, messagesPerMinutePerAddress: 100, concurrentTurns: 10 },
  };
}
