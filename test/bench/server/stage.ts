/** Everything a bench of the server needs: the mocks, the built server and the floor, each in a process of its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtPackage } from "./built-package.ts";
import { Child, type ChildOptions } from "./child.ts";
import { ORIGIN } from "./customer.ts";

const MANY = 100_000;
const RELAY = new URL("relay-process.ts", import.meta.url).pathname;
const PEERS = new URL("peers-process.ts", import.meta.url).pathname;

export interface Stage {
  /** The product. */
  server(options?: ChildOptions): Promise<Child>;
  /** The bare relay that it is compared with; `durable`: it makes one durable append for a message. */
  floor(options?: ChildOptions & { readonly durable?: boolean }): Promise<Child>;
}

export interface StageOptions {
  /** Whether the assistant has the mock MCP server's tools. */
  readonly tools?: boolean;
  /** Where the pages lie that may use the assistant, beside those of `Customer`. */
  readonly origins?: readonly string[];
}

/**
 * Sets the stage, lets `work` play on it, and takes everything away again. Every limit is raised: the load comes from
 * one address.
 */
export async function onStage<Result>(
  { tools = false, origins = [] }: StageOptions,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bench-"));
  const { program } = await builtPackage();
  const peers = await Child.start([PEERS]);
  const children: Child[] = [peers];
  const configuration = join(folder, "frontdesk.json");
  await writeFile(configuration, JSON.stringify(configurationFor(peers.url, tools, [ORIGIN, ...origins])));
  const environment = {
    FRONTDESK_CONFIG: configuration,
    DATA_DIR: join(folder, "data"),
    HOST: "127.0.0.1",
    PORT: "0",
    MODEL_URL: `${peers.url}/v1`,
    MCP_URL: `${peers.url}/mcp`,
  };
  const start = async (file: string, options: ChildOptions): Promise<Child> => {
    const child = await Child.start([file], { measured: true, ...options, environment: { ...environment, ...options.environment } });
    children.push(child);
    return child;
  };
  try {
    return await work({
      server: (options = {}) => start(program, options),
      floor: ({ durable = false, ...options } = {}) =>
        start(RELAY, durable ? { ...options, environment: { DURABLE_FILE: join(folder, "messages.jsonl") } } : options),
    });
  } finally {
    for (const child of children.toReversed()) await child.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function configurationFor(peersUrl: string, tools: boolean, allowedOrigins: readonly string[]): unknown {
  return {
    assistants: {
      shop: {
        name: "Shop",
        prompt: "Help.",
        model: { provider: "openai-compatible", model: "bench", baseUrl: `${peersUrl}/v1`, contextTokens: 10_000_000 },
        allowedOrigins,
        limits: { messagesPerMinute: MANY, messagesPerMinutePerAddress: MANY, concurrentTurns: MANY },
        ...(tools ? { connectors: { orders: { permissions: { "*": "always_allow" } } } } : {}),
      },
    },
    ...(tools ? { mcpServers: { orders: { name: "Orders", url: `${peersUrl}/mcp` } } } : {}),
    network: { allowPrivate: ["127.0.0.1"] },
    limits: {
      connectionsPerAddress: MANY,
      connectionsPerMinutePerAddress: MANY,
      requestsPerMinute: MANY,
      requestsPerMinutePerAddress: MANY,
      bytesPerMinute: 1_000_000_000,
      bytesPerMinutePerAddress: 1_000_000_000,
    },
  };
}
