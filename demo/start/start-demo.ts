import { writeConfiguration } from "./configuration.ts";
import type { DemoOptions, PartName } from "./demo-options.ts";
import { chooseModel } from "./model-choice.ts";
import { Part } from "./part.ts";
import { type MakePart, makePeers, makeServerAndShop } from "./parts.ts";
import { ensurePortIsFree, freePortPair, isPortFree } from "./ports.ts";

/** The running demo. */
export interface Demo {
  /** Where browsers reach the Frontdesk server. */
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
  /** Restarts the Frontdesk server on the same port and data; SIGKILL on request. */
  readonly restartServer: (signal?: NodeJS.Signals) => Promise<void>;
  /** Ends every process and waits until they are gone. */
  readonly stop: () => Promise<void>;
}

const longestLog = 5000;

/**
 * Starts order server, club, scripted model, Frontdesk server and shop, each a process of its own on the loopback
 * address, and waits until all of them answer. If one of them cannot start, the others are ended and the error says
 * which and why. The widget must have been built.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const deskPort = await choosePort(options.port ?? 0);
  const deskUrl = options.publicUrl ?? `http://127.0.0.1:${deskPort}`;
  const sandbox = await chooseSandbox(options);
  const choice = await chooseModel(options.environment ?? {});
  const configurationFile = writeConfiguration(options.dataDirectory, choice, options.configure ?? ((configuration) => configuration));
  const log: string[] = [];
  const part: MakePart = (name, rest) =>
    new Part({
      ...rest,
      onLine(line) {
        log.push(`${name}: ${line}`);
        if (log.length > longestLog) log.shift();
        options.onLine?.(name, line);
      },
      onDeath: (how) => options.onDeath?.(name, how),
    });
  const started: Part[] = [];
  const start = async (...parts: readonly Part[]): Promise<void> => {
    started.push(...parts);
    await Promise.all(parts.map((one) => one.start()));
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop()));
  };
  try {
    const peers = makePeers(part, options, await peerPorts(options.port ?? 0));
    await start(peers.orders, peers.club, peers.model);
    const { server, shop } = makeServerAndShop(part, { options, peers, configurationFile, deskPort, deskUrl, sandbox });
    await start(server, shop);
    return {
      deskUrl,
      shopUrl: shop.url,
      ordersUrl: peers.orders.url,
      clubUrl: peers.club.url,
      modelUrl: peers.model.url,
      modelSentence: choice.sentence,
      configurationFile,
      log,
      parts: { ...peers, server, shop },
      restartServer: (signal) => server.restart(signal),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same ones at each start where they are free, so that what was set up with their addresses stays true. */
async function peerPorts(deskPort: number): Promise<Readonly<Record<"orders" | "club" | "model", number>>> {
  const free = async (port: number): Promise<number> => (deskPort > 0 && (await isPortFree(port)) ? port : 0);
  const [orders, club, model] = await Promise.all([free(deskPort + 2), free(deskPort + 3), free(deskPort + 4)]);
  return { orders, club, model };
}

/** Undefined: no views are shown, or the environment says where. On another name than the shop's, and another port. */
async function chooseSandbox({ views, environment, port = 0 }: DemoOptions): Promise<{ url: string; port: number } | undefined> {
  if (views !== true || environment?.["SANDBOX_URL"] || environment?.["SANDBOX_PORT"]) return undefined;
  const wanted = port > 0 && (await isPortFree(port + 5)) ? port + 5 : await freePortPair();
  return { url: `http://localhost:${wanted}`, port: wanted };
}

async function choosePort(wanted: number): Promise<number> {
  if (wanted === 0) return freePortPair();
  await ensurePortIsFree(wanted, "the Frontdesk server");
  await ensurePortIsFree(wanted + 1, "the shop");
  return wanted;
}
