import { lazily } from "../../foundation/lazily.ts";

/** What we use of the MCP client, loaded with the first device. */
export type DeviceSdk = Awaited<ReturnType<typeof load>>;

async function load() {
  const [client, { CfWorkerJsonSchemaValidator }] = await Promise.all([
    import("@modelcontextprotocol/client"),
    import("@modelcontextprotocol/client/validators/cf-worker"),
  ]);
  const { Client, ProtocolError, SdkError, parseJSONRPCMessage } = client;
  // One for all devices: a client without it makes its own.
  return { Client, ProtocolError, SdkError, parseJSONRPCMessage, validators: new CfWorkerJsonSchemaValidator() };
}

export const loadDeviceSdk = lazily(load);
