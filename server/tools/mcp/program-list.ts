import { clockPause } from "../../foundation/clock-pause.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { HostedServer } from "./hosted-servers.ts";
import type { ToolListing } from "./links.ts";
import type { ProgramLinks } from "./program-links.ts";
import type { Programs } from "./programs.ts";
import type { DatedList } from "./server-knowledge.ts";
import type { Fault } from "./servers/fault.ts";
import type { RememberedTools } from "./servers/ports.ts";
import { safeAddress } from "./servers/settings.ts";

/**
 * The tools of a program, as one conversation has them: those of the process that its calls go to, while it runs;
 * otherwise those that are remembered, for which nothing is started. Only where nothing is known yet, a start is waited
 * for.
 */
export class ProgramList implements ToolListing {
  readonly #server: HostedServer;
  readonly #programs: Programs;
  readonly #links: ProgramLinks;
  readonly #clock: Clock;

  constructor(server: HostedServer, programs: Programs, links: ProgramLinks, clock: Clock) {
    this.#server = server;
    this.#programs = programs;
    this.#links = links;
    this.#clock = clock;
  }

  async read(): Promise<DatedList | RememberedTools | Fault> {
    const { settings, knowledge } = this.#server;
    const present = this.#links.running?.take(() => undefined);
    const listed = present && (await this.#soon(present.catch(() => undefined)));
    if (listed !== undefined) return listed.listed;
    const remembered = this.#programs.remembered(settings.key);
    if (remembered !== undefined) return remembered;
    const fault = knowledge.recentFault(this.#clock.now()) ?? (await this.#soon(this.#programs.learn(this.#server)));
    return fault ?? this.#programs.remembered(settings.key) ?? stillStarting(this.#server);
  }

  forget(): void {
    this.#server.knowledge.succeeded();
  }

  /** Undefined: it takes longer than a customer waits. */
  async #soon<T>(work: Promise<T>): Promise<T | undefined> {
    const over = new AbortController();
    const waitMs = Math.min(this.#programs.listWaitMs, this.#server.settings.connectTimeoutMs);
    try {
      return await Promise.race([work, clockPause(this.#clock, waitMs, over.signal).then(() => undefined)]);
    } finally {
      over.abort();
    }
  }
}

function stillStarting({ settings }: HostedServer): Fault {
  const message = `${settings.name} at ${safeAddress(settings)}: it is started for the first time, and its tools come when it is ready`;
  return { kind: "timeout", message, beforeSending: true };
}
