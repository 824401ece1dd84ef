/**
 * What we use of the MCP client. It is loaded with the first conversation that needs it: a server at rest does without
 * its 35 MB.
 */
export type McpSdk = Awaited<ReturnType<typeof load>>;

async function load() {
  const [client, stdio, validation] = await Promise.all([
    import("@modelcontextprotocol/client"),
    import("@modelcontextprotocol/client/stdio"),
    import("@modelcontextprotocol/client/validators/cf-worker"),
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
    validators: new validation.CfWorkerJsonSchemaValidator(),
  };
}

let loading: Promise<McpSdk> | undefined;

export function loadMcpSdk(): Promise<McpSdk> {
  return (loading ??= load());
}
