import { type ChildProcess, fork } from "node:child_process";

/** `child.ts`, bundled, as a process on a folder of its own. */
export function forkServer(
  program: string,
  of: { readonly config: string; readonly dataDir: string; readonly url: string; readonly environment?: Readonly<Record<string, string>> },
): ChildProcess {
  return fork(program, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: {
      ...process.env,
      FRONTDESK_CONFIG: of.config,
      DATA_DIR: of.dataDir,
      PORT: new URL(of.url).port,
      HOST: "127.0.0.1",
      LOG_LEVEL: "fatal",
      ...of.environment,
    },
  });
}
