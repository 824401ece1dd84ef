import { spawn } from "node:child_process";
import { freePort } from "./free-port.ts";
import type { RunningServer } from "./mcp-everything.ts";
import { peerScript } from "./mcp-everything.ts";
import { waitFor } from "./wait-for.ts";

/** Published servers whose tools have views. */
export type AppName = "basic-vanillajs" | "budget-allocator" | "debug";

/** Starts one, in an environment of its own. */
export async function startApp(name: AppName): Promise<RunningServer> {
  const script = await peerScript(`@modelcontextprotocol/server-${name}`, "dist/index.js");
  const port = await freePort();
  const child = spawn(process.execPath, [script], { env: { PATH: process.env["PATH"], PORT: String(port) }, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const isThere = await waitFor(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return "dead";
    const response = await fetch(`http://127.0.0.1:${port}/readiness`).catch(() => undefined);
    await response?.body?.cancel();
    return response && "ready";
  });
  if (isThere === "dead" || child.pid === undefined) throw new Error(`server-${name} died at its start.`);
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  return { url: `http://127.0.0.1:${port}/mcp`, pid: child.pid, stop };
}
