import { lazily } from "../../../foundation/lazily.ts";

/**
 * What we use of the MCP client. It is loaded with the first conversation that needs it: a server at rest does without
 * its 35 MB.
 */
export type McpSdk = Awaited<ReturnType<typeof load>>;

/** What is needed of it to offer tools that are known: it loads in a few milliseconds. */
export type Validation = Pick<McpSdk, "validators">;

async function load() {
  const [client, stdio, { validators }] = await Promise.all([
    import("@modelcontextprotocol/client"),
    import("@modelcontextprotocol/client/stdio"),
    loadValidation(),
  ]);
  return {
    Client: client.Client,
    StreamableHTTPClientTransport: client.StreamableHTTPClientTransport,
    SSEClientTransport: client.SSEClientTransport,
    StdioClientTransport: stdio.StdioClientTransport,
    ProtocolError: client.ProtocolError,
    UnsupportedProtocolVersionError: client.UnsupportedProtocolVersionError,
    parseJSONRPCMessage: client.parseJSONRPCMessage,
    SdkError: client.SdkError,
    SdkHttpError: client.SdkHttpError,
    SseError: client.SseError,
    validators,
  };
}

export const loadValidation = lazily(async () => {
  const { CfWorkerJsonSchemaValidator } = await import("@modelcontextprotocol/client/validators/cf-worker");
  return { validators: new CfWorkerJsonSchemaValidator() };
});

export const loadMcpSdk = lazily(load);
