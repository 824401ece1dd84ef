import type { Clock } from "../../foundation/clock.ts";
import { clockPause } from "../../foundation/clock-pause.ts";
import type { ToolList } from "../definitions/tool-list.ts";
import type { ProgramStarts } from "./program-starts.ts";
import type { RestartPause } from "./restart-pause.ts";
import type { DatedList } from "./server-knowledge.ts";
import type { Fault } from "./servers/fault.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import { processEnded, faultOf, tooSlow, withLastWords } from "./wire/failure.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import type { McpLink } from "./wire/mcp-link.ts";
import { LinkError, type LinkPorts } from "./wire/open-link.ts";

/** A start that has not ended by then will not end any more. */
const LONGEST_START_MS = 10 * 60_000;
/** What is left of a pause is waited for if it is no longer than this. */
const WAITED_PAUSE_MS = 5_000;

export type ProgramHooks = Required<Pick<LinkPorts, "onAsked" | "onOpened" | "onEnded" | "onListChanged" | "signal">>;

export interface ProgramPorts {
  readonly settings: McpServerSettings;
  /** Whether conversations share it, so that the end of this one process concerns all of them. */
  readonly shared: boolean;
  readonly clock: Clock;
  readonly starts: ProgramStarts;
  readonly pause: RestartPause;
  /** Starts the process. Throws `LinkError`. */
  readonly open: (hooks: ProgramHooks) => Promise<McpLink>;
  /** `ServerDirectory.listGeneration`. */
  readonly generation: () => number;
  /** Given the whole list after each start. */
  readonly learnt: (list: ToolList) => void;
  /** Hears that it started (undefined), or what went wrong. */
  readonly saw: (fault: Fault | undefined) => void;
}

/** A process that is ready for calls, and its present tools. */
export interface RunningProgram {
  readonly link: McpLink;
  readonly listed: DatedList;
}

interface Process {
  readonly link: McpLink;
  readonly startedAt: number;
  readonly lastWords: () => string;
  /** How often it said that its list changed. */
  changes: number;
  /** Undefined: not read since. */
  listed: DatedList | undefined;
  reading?: Promise<DatedList>;
}

interface Start {
  /** Resolves when the first request has left: until then it is us who take the time. */
  readonly asked: Promise<void>;
  readonly process: Promise<Process>;
  lastWords: () => string;
}

/**
 * A program that we start ourselves: one process at most, started when it is first needed and again after it ended. A
 * start goes on whoever stops waiting for it, and whoever comes next has its process.
 */
export class Program {
  readonly #ports: ProgramPorts;
  readonly #closing = new AbortController();
  #process: Process | undefined;
  #start: Start | undefined;

  constructor(ports: ProgramPorts) {
    this.#ports = ports;
  }

  get isRunning(): boolean {
    return this.#process?.link.isOpen === true;
  }

  /**
   * The process and its present tools. `asked` is called when the server's time begins; `ahead`: nobody waits. Throws
   * `LinkError`.
   */
  async take(asked: () => void, ahead = false): Promise<RunningProgram> {
    const process = await this.#running(asked, ahead);
    return { link: process.link, listed: await this.#listed(process) };
  }

  /** The fault of a start that took longer than somebody could wait. */
  late(limitMs: number): Fault {
    const { lastWords } = this.#start ?? this.#process ?? {};
    return withLastWords(tooSlow(this.#ports.settings, limitMs), lastWords?.() ?? "");
  }

  /** Ends the process, and whatever is still being started. It cannot be taken any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    const process = this.#process ?? (await this.#start?.process.catch(() => undefined));
    await process?.link.close();
  }

  #running(asked: () => void, ahead: boolean): Process | Promise<Process> {
    if (this.#process !== undefined && this.isRunning) {
      asked();
      return this.#process;
    }
    this.#start ??= this.#begin(ahead);
    if (!ahead) this.#ports.starts.hurry(this);
    void this.#start.asked.then(asked);
    return this.#start.process;
  }

  #begin(ahead: boolean): Start {
    const asked = Promise.withResolvers<void>();
    const begun = (lastWords: () => string): void => void (start.lastWords = lastWords);
    const process = this.#started(ahead, asked.resolve, begun).finally(() => (this.#start = undefined));
    process.catch(() => undefined);
    const start: Start = { asked: asked.promise, process, lastWords: () => "" };
    return start;
  }

  async #started(ahead: boolean, onAsked: () => void, begun: (lastWords: () => string) => void): Promise<Process> {
    const { clock, starts, pause, shared, settings, saw } = this.#ports;
    const { signal } = this.#closing;
    signal.throwIfAborted();
    await this.#pauseOver();
    const leave = await starts.enter(this, { ahead, signal });
    const startedAt = clock.now();
    const limit = new AbortController();
    const limited = AbortSignal.any([signal, limit.signal]);
    const endless = tooSlow(settings, LONGEST_START_MS);
    const callOff = clock.after(LONGEST_START_MS, () => limit.abort(new LinkError(endless, undefined)));
    let process: Process | undefined;
    let lastWords = (): string => "";
    try {
      const onOpened = (words: () => string): void => begun((lastWords = words));
      const onEnded = (): void => this.#ended(process);
      const onListChanged = (): void => {
        if (process === undefined) return;
        process.changes += 1;
        process.listed = undefined;
      };
      const link = await this.#ports.open({ signal: limited, onAsked, onOpened, onEnded, onListChanged });
      process = { link, startedAt, lastWords, changes: 0, listed: undefined };
      await this.#learn(process, limited);
      if (!shared) pause.over();
      this.#process = process;
      saw(undefined);
      return process;
    } catch (error) {
      void process?.link.close();
      const found = error instanceof LinkError ? error.fault : await this.#faultOf(error);
      const fault = limit.signal.aborted ? withLastWords(endless, lastWords()) : found;
      if (!signal.aborted) {
        pause.ended(fault, startedAt, clock.now());
        saw(fault);
      }
      throw new LinkError(fault, error);
    } finally {
      callOff();
      leave();
    }
  }

  /** A short rest of a pause is waited for; a long one is told. */
  async #pauseOver(): Promise<void> {
    const { clock, pause, settings } = this.#ports;
    const leftMs = pause.leftMs(clock.now());
    if (leftMs > WAITED_PAUSE_MS) {
      const fault = pause.fault ?? processEnded(settings);
      const until = `It is started again in ${Math.ceil(leftMs / 1_000)} s`;
      throw new LinkError({ ...fault, message: `${fault.message.replace(/\.$/, "")}. ${until}` }, undefined);
    }
    if (leftMs > 0) await clockPause(clock, leftMs, this.#closing.signal);
    this.#closing.signal.throwIfAborted();
  }

  /** Reads the first list, and tells it. What that changes is already in it. */
  async #learn(process: Process, signal: AbortSignal): Promise<void> {
    const listed = await this.#read(process, signal);
    this.#ports.learnt(listed.list);
    if (process.listed !== undefined) process.listed = { ...listed, generation: this.#ports.generation() };
  }

  #listed(process: Process): DatedList | Promise<DatedList> {
    if (process.listed?.generation === this.#ports.generation()) return process.listed;
    process.reading ??= this.#read(process, this.#closing.signal).finally(() => delete process.reading);
    return process.reading;
  }

  async #read(process: Process, signal: AbortSignal): Promise<DatedList> {
    const { clock, generation } = this.#ports;
    const dated = { at: clock.now(), generation: generation() };
    const { changes } = process;
    try {
      const listed = { ...dated, list: await process.link.listTools(signal) };
      if (process.changes === changes) process.listed = listed;
      return listed;
    } catch (error) {
      throw new LinkError(withLastWords(await this.#faultOf(error), process.lastWords()), error);
    }
  }

  async #faultOf(error: unknown): Promise<Fault> {
    const { settings } = this.#ports;
    const sdk = await loadMcpSdk();
    const isEnd = error instanceof sdk.SdkError && error.code === "CONNECTION_CLOSED";
    return isEnd ? processEnded(settings) : { ...faultOf(error, settings, sdk), beforeSending: true };
  }

  #ended(process: Process | undefined): void {
    const { shared, pause, clock, saw, settings } = this.#ports;
    // One that is still starting says so itself.
    if (process === undefined || this.#process !== process) return;
    this.#process = undefined;
    if (this.#closing.signal.aborted) return;
    const fault = withLastWords(processEnded(settings), process.lastWords());
    if (shared) pause.ended(fault, process.startedAt, clock.now());
    saw(fault);
  }
}
