/** What the processes of the demo are started with. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DemoOptions, PartName } from "./demo-options.ts";
import type { Part, PartOptions } from "./part.ts";

export type MakePart = (name: PartName, options: Omit<PartOptions, "onLine" | "onDeath">) => Part;

type Peers = Readonly<Record<"orders" | "club" | "model", Part>>;

/** The two MCP servers and the scripted model: none of them needs another. */
export function makePeers(part: MakePart, options: DemoOptions, ports: Readonly<Record<keyof Peers, number>>): Peers {
  return {
    orders: part("orders", {
      name: "The order server",
      nodeArguments: [own("../orders/main.ts")],
      environment: {
        ...surroundings(),
        ORDERS_FILE: join(options.dataDirectory, "orders.json"),
        TRACK_DURATION_MS: String(options.trackDurationMs ?? 4000),
      },
      port: ports.orders,
    }),
    club: part("club", {
      name: "The club",
      nodeArguments: [own("../club/main.ts")],
      environment: { ...surroundings(), CLUB_TOKEN_SECONDS: String(options.clubTokenSeconds ?? 3600) },
      port: ports.club,
    }),
    model: part("model", {
      name: "The scripted model",
      nodeArguments: [own("../model/main.ts")],
      environment: {
        ...surroundings(),
        MODEL_TOKENS_PER_SECOND: String(options.tokensPerSecond ?? 60),
        MODEL_FIRST_TOKEN_MS: String(options.firstTokenMs ?? 350),
      },
      port: ports.model,
    }),
  };
}

interface Place {
  readonly options: DemoOptions;
  /** They run already: their addresses are known. */
  readonly peers: Peers;
  readonly configurationFile: string;
  /** The shop takes the next one. */
  readonly deskPort: number;
  readonly deskUrl: string;
  /** Where views of tools are shown. */
  readonly sandbox?: { readonly url: string; readonly port: number } | undefined;
}

export function makeServerAndShop(
  part: MakePart,
  { options, peers, configurationFile, deskPort, deskUrl, sandbox }: Place,
): Readonly<Record<"server" | "shop", Part>> {
  const shopPort = deskPort + 1;
  return {
    server: part("server", {
      name: "The Frontdesk server",
      nodeArguments: ["--import", own("./end-with-parent.ts"), own("../../server/cli.ts"), "start"],
      environment: {
        ...surroundings(),
        ...options.environment,
        ...(sandbox === undefined ? {} : { SANDBOX_URL: sandbox.url, SANDBOX_PORT: String(sandbox.port) }),
        FRONTDESK_CONFIG: configurationFile,
        DATA_DIR: options.dataDirectory,
        HOST: "127.0.0.1",
        PUBLIC_URL: deskUrl,
        ORDERS_URL: `${peers.orders.url}/mcp`,
        CLUB_URL: `${peers.club.url}/mcp`,
        MODEL_URL: `${peers.model.url}/v1`,
        SHOP_ORIGIN: `http://127.0.0.1:${shopPort}`,
        SHOP_ORIGIN_LOCALHOST: `http://localhost:${shopPort}`,
      },
      port: deskPort,
      readyPath: "/readyz",
    }),
    shop: part("shop", {
      name: "The shop",
      nodeArguments: [own("../shop/main.ts")],
      environment: {
        ...surroundings(),
        FRONTDESK_URL: deskUrl,
        ORDERS_URL: peers.orders.url,
        SANDBOX_URL: sandbox?.url ?? options.environment?.["SANDBOX_URL"],
      },
      port: shopPort,
    }),
  };
}

/** What any process needs from ours. The rest stays here: keys are the server's business only. */
function surroundings(): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "SystemRoot", "LANG", "TZ"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

function own(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
