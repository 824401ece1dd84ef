import type { ConnectionNeed } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import type { Access, Lacking } from "./access.ts";
import { namedNeed } from "./calls/open-call.ts";
import { logLeftOut } from "./left-out.ts";
import type { ToolListing } from "./links.ts";
import { isFresh, type DatedList, type ServerKnowledge } from "./server-knowledge.ts";
import type { ServerLinks } from "./server-links.ts";
import type { Fault } from "./servers/fault.ts";
import { faultOf } from "./wire/failure.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import { SessionLostError } from "./wire/lost-session.ts";
import type { McpLink } from "./wire/mcp-link.ts";
import { NeedsSignInError } from "./wire/needs-sign-in-error.ts";
import { LinkError } from "./wire/open-link.ts";

export interface ServerListPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly links: ServerLinks;
  readonly access: () => Access;
  readonly knowledge: ServerKnowledge;
  /** `ServerDirectory.listGeneration`. */
  readonly generation: () => number;
  /** Counts a reading among what is under way. */
  readonly use: <T>(work: () => Promise<T>) => Promise<T>;
  /** Hears how the server was found: usable (undefined), or with this fault. */
  readonly saw: (fault: Fault | undefined) => void;
  /** Hears that it cannot be read without a sign-in. */
  readonly lacks: (need: ConnectionNeed) => void;
  readonly conversationId: string;
}

/** The list of a remote server's tools, as one conversation has it. */
export class ServerList implements ToolListing {
  readonly #ports: ServerListPorts;
  #list: DatedList | undefined;
  #reading: Promise<DatedList | Fault | Lacking> | undefined;
  /** Grows with every `list_changed`, so that a list that was being read meanwhile is known to be old. */
  #changes = 0;

  constructor(ports: ServerListPorts) {
    this.#ports = ports;
  }

  /** As this conversation read it, as another one just did, or read now. Never throws. */
  async read(): Promise<DatedList | Fault | Lacking> {
    const { clock, knowledge, links } = this.#ports;
    const now = clock.now();
    const generation = this.#ports.generation();
    if (this.#list?.generation !== generation) this.#list = undefined;
    if (this.#list !== undefined && links.listening && isFresh(this.#list, now, true)) return this.#list;
    const fault = knowledge.recentFault(now);
    if (fault !== undefined) return fault;
    if (this.#list !== undefined && isFresh(this.#list, now, false)) return this.#list;
    const warm = knowledge.warmList(now, generation);
    if (warm !== undefined) return warm;
    this.#reading ??= this.#readOnce().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** There is a sign-in now that the list was read without. */
  forget(): void {
    this.#list = undefined;
    this.#ports.knowledge.forgetList();
    this.#ports.knowledge.succeeded();
  }

  /** The server says that its list changed. */
  changed(): void {
    this.#changes += 1;
    this.#list = undefined;
    this.#ports.knowledge.forgetList();
  }

  /**
   * Lets a reading that another conversation has begun come to its end first: when many ask at once, one of them asks
   * the server.
   */
  async #readOnce(): Promise<DatedList | Fault | Lacking> {
    const { clock, knowledge } = this.#ports;
    if (knowledge.reading === undefined) {
      const reading = this.#readNow();
      knowledge.reading = reading;
      return reading.finally(() => delete knowledge.reading);
    }
    await knowledge.reading;
    const now = clock.now();
    return knowledge.recentFault(now) ?? knowledge.warmList(now, this.#ports.generation()) ?? this.#readNow();
  }

  #readNow(): Promise<DatedList | Fault | Lacking> {
    const { settings } = this.#ports.access().server;
    return this.#ports.use(async () => {
      try {
        const dated = await this.#readOver();
        this.#ports.saw(undefined);
        return dated;
      } catch (error) {
        if (error instanceof NeedsSignInError) {
          const lacks = namedNeed(error.need, settings);
          this.#ports.lacks(lacks);
          return { lacks };
        }
        const fault = error instanceof LinkError ? error.fault : faultOf(error, settings, await loadMcpSdk());
        const { links, log, conversationId } = this.#ports;
        if (links.leaving.aborted) return fault;
        this.#ports.saw(fault);
        log.warn({ server: settings.key, conversation: conversationId, cause: fault.message }, "an MCP server cannot be used");
        return fault;
      }
    });
  }

  /** Reads it over a link, and keeps it where it did not change meanwhile. Throws what the link throws. */
  async #readOver(): Promise<DatedList> {
    const { clock, links, knowledge } = this.#ports;
    const changes = this.#changes;
    const generation = this.#ports.generation();
    const { alone } = links;
    let link: McpLink | undefined;
    try {
      const dated = await links.inTime(async (signal, asked) => {
        const read = async (): Promise<DatedList> => {
          link = await links.take(signal, asked);
          const at = clock.now();
          return { list: await link.listTools(signal), at, generation };
        };
        return read().catch((error: unknown) => {
          // What it was asked in is gone: the next link has a session of its own.
          if (error instanceof SessionLostError) return read();
          throw error;
        });
      });
      logLeftOut(dated.list, this.#ports.access().server.settings.key, this.#ports.log);
      if (this.#changes === changes) {
        this.#list = dated;
        knowledge.keepList(dated);
      }
      return dated;
    } finally {
      if (alone) void link?.close();
    }
  }
}
