import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { waitFor } from "../support/wait-for.ts";
import { prepareLaunch, type Launch } from "./launch.ts";
import type { HttpAddress, RealServer } from "./real-server.ts";
import { freePort } from "../support/free-port.ts";

/** A port found free may be taken a moment later, and some servers do not survive every start of theirs. */
const STARTS = 4;
const PATIENT_MS = 120_000;

/** A server of theirs that listens. */
export interface Listening {
  readonly url: string;
  readonly launch: Launch;
  /** Ends its process; its children are found by their mark. */
  stop(): void;
}

/** Starts a server over HTTP until it answers anything at all. Throws with its last words if it never does. */
export async function startListening(server: RealServer, http: HttpAddress): Promise<Listening> {
  for (let start = 1; ; start += 1) {
    try {
      return await startOnce(server, http);
    } catch (error) {
      if (start === STARTS) throw error;
    }
  }
}

async function startOnce(server: RealServer, http: HttpAddress): Promise<Listening> {
  const port = await freePort();
  const launch = await prepareLaunch(server, { args: http.args, port, ...(http.env === undefined ? {} : { env: http.env }) });
  const child = spawn(launch.command, launch.args, {
    cwd: launch.folder,
    env: { PATH: process.env["PATH"], ...launch.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stop = (): void => {
    process.off("exit", stop);
    child.kill("SIGKILL");
  };
  process.once("exit", stop);
  let lastWords = "";
  child.stderr.on("data", (chunk: Buffer) => (lastWords = `${lastWords}${chunk.toString()}`.slice(-1_000)));
  const origin = `http://${http.host ?? "127.0.0.1"}:${port}`;
  try {
    await waitFor(async () => {
      if (child.exitCode !== null) throw new Error(`${server.key} ended with ${child.exitCode} before it listened.\n${lastWords}`);
      const answer = await fetch(`${origin}/there-is-nothing`).catch(() => undefined);
      await answer?.body?.cancel();
      return answer;
    }, PATIENT_MS);
  } catch (error) {
    stop();
    await rm(launch.folder, { recursive: true, force: true });
    throw error;
  }
  return { url: `${origin}${http.path}`, launch, stop };
}
