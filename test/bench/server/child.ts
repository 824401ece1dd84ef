import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { onServerCore } from "../cores.ts";

/** As `process.memoryUsage` says it, in bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

export interface ChildOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** On the measured core. */
  readonly measured?: boolean;
  /** Gets the module that answers `settle`. Memory at rest is measured without it. */
  readonly settles?: boolean;
}

const SETTLE = new URL("settle.ts", import.meta.url).pathname;
const CLOCK_TICKS_PER_SECOND = 100;

let profileFolder: string | undefined;

/** From now on every measured process leaves a CPU profile in this folder when it ends. */
export function profileInto(folder: string): void {
  profileFolder = folder;
}

/** A process of the bench: one that is measured, or one that helps. */
export class Child {
  readonly #process: ChildProcess;
  /** What its first line with a port in it said. */
  readonly port: number;
  /** From the start of the process to that line. */
  readonly startedMs: number;

  private constructor(child: ChildProcess, port: number, startedMs: number) {
    this.#process = child;
    this.port = port;
    this.startedMs = startedMs;
  }

  /**
   * Starts `node` with the arguments and resolves when it says its port: a line with nothing but the number, or a log
   * line with `"port":`.
   */
  static async start(
    nodeArguments: readonly string[],
    { environment = {}, measured = false, settles = false }: ChildOptions = {},
  ): Promise<Child> {
    const profile = measured && profileFolder !== undefined ? ["--cpu-prof", "--cpu-prof-dir", profileFolder] : [];
    const node = [process.execPath, ...profile, ...(settles ? ["--expose-gc", "--import", SETTLE] : []), ...nodeArguments];
    const [program = "", ...rest] = measured ? onServerCore(node) : node;
    const begun = performance.now();
    const child = spawn(program, rest, {
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe", ...(settles ? (["ipc"] as const) : [])],
    });
    let said = "";
    const port = await new Promise<number>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        said = (said + chunk.toString()).slice(-4000);
        const found = /^(\d+)$/m.exec(said) ?? /"port":(\d+)/.exec(said);
        if (found) resolve(Number(found[1]));
      };
      child.stdout?.on("data", hear);
      child.stderr?.on("data", hear);
      child.once("exit", (code) => reject(new Error(`${rest.join(" ")} ended with ${String(code)} before it listened.\n${said}`)));
      child.once("error", reject);
    });
    return new Child(child, port, performance.now() - begun);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** User and system time that the process has used, in seconds. From `/proc`; NaN where there is none. */
  cpuSeconds(): number {
    const fields = this.#proc("stat").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
  }

  /** Resident memory in bytes, as the system counts it. */
  residentBytes(): number {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(this.#proc("status"))?.[1]) * 1024;
  }

  /** Collects garbage there, twice, and says what is left. Only for a child that `settles`. */
  async settled(): Promise<Memory> {
    this.#process.send("settle");
    const [memory] = (await once(this.#process, "message")) as [Memory];
    return memory;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 11_000);
    await gone;
    clearTimeout(timer);
  }

  #proc(file: string): string {
    try {
      return readFileSync(`/proc/${this.#process.pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  }
}
