/** Doors in front of a bare HTTP server, and browsers, devices and attackers who knock. */
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { WireError } from "../../protocol/errors.ts";
import type { Log } from "../../server/foundation/log.ts";
import { DEFAULT_LINE_LIMITS, type LineLimits, Limits } from "../../server/guard/limits/limits.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import type { Entrance } from "../../server/live/entrance.ts";
import { Upgrades } from "../../server/live/upgrades.ts";

export const PAGE = "https://shop.example";

export interface Knock {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What a refusal says; absent when the upgrade was done. */
  readonly error?: WireError;
  /** Ends a socket that was let in; resolves when the server has let go of it too. */
  readonly hangUp: () => Promise<void>;
}

export interface UpgradesHarness {
  readonly upgrades: Upgrades;
  readonly url: string;
  readonly logged: string[];
  stop(): void;
  /** A browser or a program that asks for an upgrade. */
  knock(path: string, headers?: Readonly<Record<string, string>>): Promise<Knock>;
}

/** An entrance that says 101 to whoever comes in, and hangs up when they do. */
export function echo(change: Partial<Entrance> = {}): Entrance {
  return {
    origins: () => [PAGE],
    needsOrigin: true,
    upgrade: (_request, socket) => {
      socket.on("end", () => socket.end());
      socket.resume();
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    },
    ...change,
  };
}

export async function openUpgrades(
  options: { readonly entrances?: Readonly<Record<string, Entrance>>; readonly limits?: Partial<LineLimits> } = {},
): Promise<UpgradesHarness> {
  const logged: string[] = [];
  const write = (fields: object, message: string): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { info: write, warn: write, error: write };
  let stopping = false;
  const upgrades = new Upgrades({
    limits: new Limits({ limiters: createMemoryLimiters(), limits: { ...DEFAULT_LINE_LIMITS, ...options.limits } }),
    trustedProxies: 0,
    isStopping: () => stopping,
    clock: { now: () => 42 },
    log,
  });
  for (const [path, entrance] of Object.entries(options.entrances ?? { "/echo": echo() })) upgrades.add(path, entrance);
  const httpServer = createServer();
  upgrades.serve((_request, response) => response.end("a page"));
  upgrades.attach(httpServer);
  const closing = new Set<() => void>();
  httpServer.on("connection", (socket) => socket.once("close", () => closing.forEach((told) => told())));
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    httpServer.closeAllConnections();
    httpServer.close();
  });
  const { port } = httpServer.address() as AddressInfo;

  const knock = (path: string, headers: Readonly<Record<string, string>> = { Origin: PAGE }): Promise<Knock> =>
    new Promise((resolve, reject) => {
      const asking = request({ port, host: "127.0.0.1", path, headers: { Connection: "Upgrade", Upgrade: "echo", ...headers } });
      asking.on("error", reject);
      asking.on("upgrade", (answer, socket) => {
        onTestFinished(() => void socket.destroy());
        const hangUp = (): Promise<void> =>
          new Promise((done) => {
            closing.add(done);
            socket.end();
          });
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, hangUp });
      });
      asking.on("response", (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (piece: string) => (body += piece));
        answer.on("end", () => {
          const { error } = JSON.parse(body) as { error: WireError };
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, error, hangUp: () => Promise.resolve() });
        });
      });
      asking.end();
    });

  return { upgrades, url: `http://127.0.0.1:${port}`, logged, stop: () => void (stopping = true), knock };
}
