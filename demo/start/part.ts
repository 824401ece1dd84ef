import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";

/** One process of the demo. */
export interface PartOptions {
  /** As the demo speaks of it: "The order server". */
  readonly name: string;
  /** Arguments for `node`. */
  readonly nodeArguments: readonly string[];
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** 0: the part takes a free one, says so in its first line, and keeps it over restarts. */
  readonly port: number;
  /** A path that answers 200 once the part is ready. Without it, the line "… listening at <url>" says so. */
  readonly readyPath?: string;
  /** Every line the part writes, as it is written. */
  readonly onLine: (line: string) => void;
  /** The part ended without being asked to. */
  readonly onDeath: (how: string) => void;
}

const startWithinMs = 60_000;
/** The server may take 10 s to hand back its running turns. */
const endWithinMs = 12_000;

/** A process of the demo that can be started, ended and started again. */
export class Part {
  readonly #options: PartOptions;
  #port: number;
  #child: ChildProcess | undefined;
  #wanted = false;

  constructor(options: PartOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Its process id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Its origin, known after the first start. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts the process and waits until it is ready. Rejects with its last words if it ends before that. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const lines: string[] = [];
    const child = spawn(process.execPath, this.#options.nodeArguments, {
      env: { ...this.#options.environment, PORT: String(this.#port) },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Its own process group: Ctrl-C in the terminal reaches the demo alone, which then ends its parts in order.
      detached: process.platform !== "win32",
    });
    this.#child = child;
    this.#wanted = true;
    let ready = false;
    for (const stream of [child.stdout, child.stderr]) {
      readLines(stream, (line) => {
        lines.push(line);
        if (lines.length > 50) lines.shift();
        this.#options.onLine(line);
      });
    }
    const ended = new Promise<string>((resolve) => {
      child.once("close", (code, signal) => {
        if (this.#child === child) this.#child = undefined;
        const how = signal === null ? `with exit code ${code ?? 0}` : `by ${signal}`;
        if (ready && this.#wanted) this.#options.onDeath(how);
        resolve(how);
      });
    });
    const deadline = AbortSignal.timeout(startWithinMs);
    for (;;) {
      const how = await Promise.race([ended, wait(25)]);
      if (how !== undefined) throw new Error(`${this.#options.name} ended ${how} while starting. It said:\n${lines.join("\n")}`);
      if (await this.#isReady(lines)) break;
      if (deadline.aborted) {
        await this.stop("SIGKILL");
        throw new Error(`${this.#options.name} was not ready after ${startWithinMs / 1000} s. It said:\n${lines.join("\n")}`);
      }
    }
    ready = true;
  }

  /** Ends the process and waits until it is gone. One that does not end in time is killed. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child === undefined) return;
    const closed = once(child, "close");
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), endWithinMs);
    await closed;
    clearTimeout(late);
  }

  /** Ends the process, by SIGKILL if so wanted, and starts it again on the same port. */
  async restart(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  async #isReady(lines: readonly string[]): Promise<boolean> {
    if (this.#options.readyPath === undefined) {
      const port = lines.map((line) => / listening at http:\/\/127\.0\.0\.1:(\d+)$/u.exec(line)?.[1]).find((found) => found !== undefined);
      if (port !== undefined) this.#port = Number(port);
      return port !== undefined;
    }
    try {
      const response = await fetch(`${this.url}${this.#options.readyPath}`, { signal: AbortSignal.timeout(1000) });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}

function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  stream?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
