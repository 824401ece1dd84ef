import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DemoConfiguration, writeConfiguration } from "./configuration.ts";
import { chooseModel } from "./model-choice.ts";
import { Part, type PartOptions } from "./part.ts";
import { ensurePortIsFree, freePortPair } from "./ports.ts";

export type PartName = "orders" | "club" | "model" | "server" | "shop";

/** How to start the demo. Everything but the data folder has a default that suits a test. */
export interface DemoOptions {
  /** Conversations, orders and the configuration of this start are kept here. */
  readonly dataDirectory: string;
  /** Port of the Frontdesk server; the shop takes the next one. 0, the default: free ones. */
  readonly port?: number;
  /** More environment for the Frontdesk server. Its keys also choose the model; empty, the default: the scripted one. */
  readonly environment?: Readonly<NodeJS.ProcessEnv>;
  /** Where customers' browsers reach the Frontdesk server. Default: its loopback address. */
  readonly publicUrl?: string;
  /** How long `track_parcel` takes. Default 4000. */
  readonly trackDurationMs?: number;
  /** How long the club's access tokens are good. Default 3600. */
  readonly clubTokenSeconds?: number;
  /** Pace of the scripted model. Default 60; 0 is without pause. */
  readonly tokensPerSecond?: number;
  /** How long the scripted model thinks. Default 350. */
  readonly firstTokenMs?: number;
  /** Changes the configuration file before it is applied. */
  readonly configure?: (configuration: DemoConfiguration) => DemoConfiguration;
  /** Every line that a part writes. */
  readonly onLine?: (part: PartName, line: string) => void;
  /** A part ended by itself; the others still run. */
  readonly onDeath?: (part: PartName, how: string) => void;
}

/** The running demo. */
export interface Demo {
  /** Origin of the Frontdesk server. */
  readonly deskUrl: string;
  readonly shopUrl: string;
  /** Origin of the order server: MCP at `/mcp`, state at `/state`. */
  readonly ordersUrl: string;
  /** Origin of the club: MCP at `/mcp`, state at `/state`. */
  readonly clubUrl: string;
  /** Origin of the scripted model; it has no meaning if a real model was chosen. */
  readonly modelUrl: string;
  /** Which model answers, in a sentence. */
  readonly modelSentence: string;
  readonly configurationFile: string;
  /** What the parts wrote so far, oldest first: `server: …`. */
  readonly log: readonly string[];
  /** The processes, to kill and restart one by one. */
  readonly parts: Readonly<Record<PartName, Part>>;
  /** Restarts the Frontdesk server on the same port and data; SIGKILL by wish. */
  readonly restartServer: (signal?: NodeJS.Signals) => Promise<void>;
  /** Ends every process and waits until they are gone. */
  readonly stop: () => Promise<void>;
}

const serverCli = fileURLToPath(new URL("../../server/cli.ts", import.meta.url));
const longestLog = 5000;

/**
 * Starts order server, club, scripted model, Frontdesk server and shop, each a process of its own on the loopback address, and waits until all of
 * them answer. If one of them cannot start, the others are ended and the error says which and why. The widget must have been built.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const environment = options.environment ?? {};
  const deskPort = await choosePort(options.port ?? 0);
  const shopPort = deskPort + 1;
  const choice = await chooseModel(environment);
  const log: string[] = [];
  const part = (name: PartName, rest: Omit<PartOptions, "onLine" | "onDeath">): Part =>
    new Part({
      ...rest,
      onLine(line) {
        log.push(`${name}: ${line}`);
        if (log.length > longestLog) log.shift();
        options.onLine?.(name, line);
      },
      onDeath: (how) => options.onDeath?.(name, how),
    });

  const deskUrl = options.publicUrl ?? `http://127.0.0.1:${deskPort}`;
  const configurationFile = writeConfiguration(options.dataDirectory, choice, options.configure ?? ((configuration) => configuration));
  const orders = part("orders", {
    name: "The order server",
    nodeArguments: [own("../orders/main.ts")],
    environment: {
      ...surroundings(),
      ORDERS_FILE: join(options.dataDirectory, "orders.json"),
      TRACK_DURATION_MS: String(options.trackDurationMs ?? 4000),
    },
    port: 0,
  });
  const club = part("club", {
    name: "The club",
    nodeArguments: [own("../club/main.ts")],
    environment: { ...surroundings(), CLUB_TOKEN_SECONDS: String(options.clubTokenSeconds ?? 3600) },
    port: 0,
  });
  const model = part("model", {
    name: "The scripted model",
    nodeArguments: [own("../model/main.ts")],
    environment: {
      ...surroundings(),
      MODEL_TOKENS_PER_SECOND: String(options.tokensPerSecond ?? 60),
      MODEL_FIRST_TOKEN_MS: String(options.firstTokenMs ?? 350),
    },
    port: 0,
  });
  const started: Part[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop()));
  };
  try {
    started.push(orders, club, model);
    await Promise.all([orders.start(), club.start(), model.start()]);
    const server = part("server", {
      name: "The Frontdesk server",
      nodeArguments: ["--import", own("./end-with-parent.ts"), serverCli, "start"],
      environment: {
        ...surroundings(),
        ...environment,
        FRONTDESK_CONFIG: configurationFile,
        DATA_DIR: options.dataDirectory,
        HOST: "127.0.0.1",
        PUBLIC_URL: deskUrl,
        ORDERS_URL: `${orders.url}/mcp`,
        CLUB_URL: `${club.url}/mcp`,
        MODEL_URL: `${model.url}/v1`,
        SHOP_ORIGIN: `http://127.0.0.1:${shopPort}`,
        SHOP_ORIGIN_LOCALHOST: `http://localhost:${shopPort}`,
      },
      port: deskPort,
      readyPath: "/readyz",
    });
    const shop = part("shop", {
      name: "The shop",
      nodeArguments: [own("../shop/main.ts")],
      environment: { ...surroundings(), FRONTDESK_URL: deskUrl, ORDERS_URL: orders.url },
      port: shopPort,
    });
    started.push(server, shop);
    await Promise.all([server.start(), shop.start()]);
    return {
      deskUrl,
      shopUrl: shop.url,
      ordersUrl: orders.url,
      clubUrl: club.url,
      modelUrl: model.url,
      modelSentence: choice.sentence,
      configurationFile,
      log,
      parts: { orders, club, model, server, shop },
      restartServer: (signal) => server.restart(signal),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function choosePort(wanted: number): Promise<number> {
  if (wanted === 0) return freePortPair();
  await ensurePortIsFree(wanted, "the Frontdesk server");
  await ensurePortIsFree(wanted + 1, "the shop");
  return wanted;
}

/** What any process needs from ours. The rest stays here: keys are the server's business only. */
function surroundings(): NodeJS.ProcessEnv {
  const names = ["PATH", "HOME", "USERPROFILE", "TMPDIR", "TEMP", "SystemRoot", "LANG", "TZ"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

function own(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
