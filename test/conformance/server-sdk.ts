/** The official server, as the fixture uses it. */
import {
  createRequestStateCodec,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";

export type FixtureServer = Server;

export interface FixtureContext {
  readonly mcpReq: Pick<ServerContext["mcpReq"], "_meta" | "inputResponses" | "notify" | "log" | "requestState">;
  /** Signs a state that the client gives back. */
  mint(state: object): Promise<string>;
  /** What the client can do. */
  capabilities(): Readonly<Record<string, unknown>> | undefined;
  missing(capabilities: object): Error;
}

export type FixtureHandlers = Readonly<
  Record<string, (params: Readonly<Record<string, unknown>>, context: FixtureContext) => object | Promise<object>>
>;

export async function fixtureModule(): Promise<{
  make(handlers: FixtureHandlers): FixtureServer;
  invalidParams(message: string, data?: unknown): Error;
}> {
  const codec = createRequestStateCodec<object>({ key: "a key that is long enough for the fixture" });
  return {
    make: (handlers) => {
      const server = new Server(
        { name: "fixture", version: "1" },
        {
          capabilities: {
            tools: { listChanged: true },
            resources: { subscribe: true, listChanged: true },
            prompts: { listChanged: true },
            completions: {},
            logging: {},
          },
          // Some tools give a state that is not signed, in the legacy era, where it never leaves this process.
          requestState: { verify: (state, context) => (state === "asked" ? state : codec.verify(state, context)) },
        },
      );
      for (const [method, handle] of Object.entries(handlers))
        server.setRequestHandler(
          method as "tools/call",
          ((request: { params?: Record<string, unknown> }, context: ServerContext) =>
            handle(request.params ?? {}, {
              mcpReq: context.mcpReq,
              mint: (state) => codec.mint(state, context),
              capabilities: () => server.getClientCapabilities() as Record<string, unknown> | undefined,
              missing: (capabilities) => new MissingRequiredClientCapabilityError({ requiredCapabilities: capabilities }),
            })) as never,
        );
      return server;
    },
    invalidParams: (message, data) => new ProtocolError(ProtocolErrorCode.InvalidParams, message, data),
  };
}
