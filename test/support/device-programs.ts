/** Programs that come to an endpoint as devices do: ours in Python, with Debian's `websockets`. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { fetchDebianPackages } from "./debian-packages.ts";

const unpacked = fileURLToPath(new URL("../.artifacts/python", import.meta.url));
const packages = `${unpacked}/usr/lib/python3/dist-packages`;
const pipe = fileURLToPath(new URL("../peers/pipe/mcp_pipe.py", import.meta.url));

function environment(): NodeJS.ProcessEnv {
  return existsSync(packages) ? { ...process.env, PYTHONPATH: packages } : process.env;
}

/** Whether Python has `websockets`; fetches Debian's where there is none and the system has such packages. */
export function hasPythonSockets(): boolean {
  const isThere = (): boolean => spawnSync("python3", ["-c", "import websockets"], { env: environment() }).status === 0;
  if (!isThere()) fetchDebianPackages(unpacked, (unpack) => unpack("python3-websockets") && isThere());
  return isThere();
}

export interface DeviceProgram {
  readonly child: ChildProcess;
  readonly said: () => string;
}

/** Runs a program with the Endpoint URL in its environment, until the test is over. */
export function runDevice(
  command: string,
  given: readonly string[],
  { url, cwd, more = {} }: { readonly url: string; readonly cwd?: string; readonly more?: Readonly<Record<string, string>> },
): DeviceProgram {
  const child = spawn(command, given, { env: { ...environment(), ENDPOINT_URL: url, ...more }, ...(cwd === undefined ? {} : { cwd }) });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  return { child, said: () => said };
}

/** `mcp_pipe.py` for these programs, whose seconds are short. */
export function runPipe(url: string, servers: Readonly<Record<string, readonly string[]>>, second = 0.05): DeviceProgram {
  return runDevice("python3", [pipe, JSON.stringify(servers)], { url, more: { PIPE_SECOND: String(second) } });
}
