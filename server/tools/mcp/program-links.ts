import { unlessAborted } from "../../foundation/unless-aborted.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { ToolDefinition } from "../definitions/tool-definition.ts";
import { inTime } from "./in-time.ts";
import type { Links } from "./links.ts";
import type { Program } from "./program.ts";
import type { HostedServer } from "./hosted-servers.ts";
import type { Programs } from "./programs.ts";
import type { McpLink } from "./wire/mcp-link.ts";

/**
 * One conversation's links to a program: to the process of this conversation, to one for each use, or to the one that
 * all conversations share.
 */
export class ProgramLinks implements Links {
  readonly #server: HostedServer;
  readonly #programs: Programs;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #listed = new WeakMap<McpLink, readonly ToolDefinition[]>();
  /** The conversation's own, which is started when it is first taken. */
  readonly #own: Program | undefined;
  /** Those of single uses that could not wait for them: the next uses have them. */
  readonly #late: Program[] = [];
  #latest: Program | undefined;

  constructor(server: HostedServer, programs: Programs, clock: Clock) {
    this.#server = server;
    this.#programs = programs;
    this.#clock = clock;
    this.#own = server.settings.isolation === "conversation" ? programs.make(server) : undefined;
  }

  get leaving(): AbortSignal {
    return this.#closing.signal;
  }

  get alone(): boolean {
    return this.#server.settings.isolation === "call";
  }

  /** The process that this conversation's calls go to, while it runs. */
  get running(): Program | undefined {
    const program = this.#own ?? this.#programs.sharedNow(this.#server);
    return program?.isRunning === true ? program : undefined;
  }

  async take(signal: AbortSignal, asked: () => void): Promise<McpLink> {
    const program =
      this.#own ?? (this.alone ? (this.#late.pop() ?? this.#programs.make(this.#server)) : this.#programs.shared(this.#server));
    this.#latest = program;
    try {
      const { link, listed } = await unlessAborted(program.take(asked), signal);
      this.#listed.set(link, listed.list.tools);
      return link;
    } catch (error) {
      if (this.alone && signal.aborted) this.#keep(program);
      throw error;
    }
  }

  inTime<T>(work: (signal: AbortSignal, asked: () => void) => Promise<T>): Promise<T> {
    const limitMs = this.#server.settings.connectTimeoutMs;
    const fault = () => (this.#latest ?? this.#programs.make(this.#server)).late(limitMs);
    return inTime({ clock: this.#clock, limitMs, leaving: this.leaving, fault }, work);
  }

  refusal(link: McpLink, { tool, definitionHash }: ToolDefinition): string | undefined {
    const present = this.#listed.get(link)?.find((one) => one.tool === tool);
    if (present === undefined) return "the server does not have this tool any more";
    if (present.definitionHash === definitionHash) return undefined;
    return "the server changed this tool after it was accepted, and nobody has accepted the change yet";
  }

  hold(): () => void {
    return this.#server.settings.isolation === "shared" ? this.#programs.hold(this.#server) : () => undefined;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#own?.close(), ...this.#late.splice(0).map((program) => program.close())]);
  }

  #keep(program: Program): void {
    if (this.leaving.aborted) void program.close();
    else this.#late.push(program);
  }
}
