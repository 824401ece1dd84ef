import { spawn } from "node:child_process";
import { join } from "node:path";
import type { WrittenLocal } from "./static-directory.ts";
import { peer } from "./peers.ts";
import { waitFor } from "./wait-for.ts";
import { freePort } from "./free-port.ts";

/** The reference servers' own script, found among the peers. */
export async function peerScript(name: string, file: string): Promise<string> {
  return join(await peer(name), file);
}

const everythingScript = (): Promise<string> => peerScript("@modelcontextprotocol/server-everything", "dist/index.js");

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * The reference server with one of everything, over HTTP, in an environment of its own. One start of its SSE flavour in
 * three dies, and a port found free may be taken a moment later: it is started until it answers.
 */
export async function startEverything(flavour: "streamableHttp" | "sse"): Promise<RunningServer> {
  const script = await everythingScript();
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const child = spawn(process.execPath, [script, flavour], { env: { PATH: process.env["PATH"], PORT: String(port) }, stdio: "ignore" });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const url = `http://127.0.0.1:${port}/${flavour === "sse" ? "sse" : "mcp"}`;
    const answers = await waitFor(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return "dead";
      // A path that it does not have: any answer will do.
      const response = await fetch(`http://127.0.0.1:${port}/readiness`).catch(() => undefined);
      await response?.body?.cancel();
      return response === undefined ? undefined : "ready";
    });
    if (answers === "ready" && child.pid !== undefined) {
      const stop = async (): Promise<void> => {
        child.kill("SIGKILL");
        await ended;
      };
      return { url, pid: child.pid, stop };
    }
    if (attempt === 5) throw new Error(`server-everything (${flavour}) died ${attempt} times.`);
  }
}

/** The same over standard input and output. */
export async function everythingOverStdio(key: string): Promise<WrittenLocal> {
  return {
    key,
    name: "Everything",
    command: process.execPath,
    args: [await everythingScript(), "stdio"],
    env: { FRONTDESK_TEST_MARK: "seen" },
  };
}
