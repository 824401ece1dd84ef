import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProgram } from "../../support/bundle-program.ts";
import { freePort } from "../../support/free-port.ts";
import { forkServer } from "../fork-server.ts";
import { ENVIRONMENT } from "./caller.ts";

/** A whole server on a folder of its own, in a process that a test kills. */
export class Server {
  readonly url: string;
  readonly #start: () => ChildProcess;
  readonly #folder: string;
  #child: ChildProcess;

  private constructor(url: string, folder: string, start: () => ChildProcess) {
    this.url = url;
    this.#folder = folder;
    this.#start = start;
    this.#child = start();
  }

  /** `name`: the folder for its program, another one in each test file. `widget`: a folder of the widget's files. */
  static async open(name: string, configuration: object, widget?: string): Promise<Server> {
    const program = await bundleProgram(join(import.meta.dirname, "../child.ts"), name);
    const folder = await mkdtemp(join(tmpdir(), "frontdesk-kill-calls-"));
    const config = join(folder, "frontdesk.json");
    await writeFile(config, JSON.stringify(configuration));
    const url = `http://127.0.0.1:${await freePort()}`;
    const of = {
      config,
      dataDir: join(folder, "data"),
      url,
      environment: { ...ENVIRONMENT, ...(widget === undefined ? {} : { WIDGET_FOLDER: widget }) },
    };
    return new Server(url, folder, () => forkServer(program, of));
  }

  /** As a machine that goes off. */
  async kill(): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }

  start(): void {
    this.#child = this.#start();
  }

  async killAndStart(): Promise<void> {
    await this.kill();
    this.start();
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
