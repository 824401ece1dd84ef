import type { ServerDirectory, ServerEntry } from "./servers/ports.ts";
import { ServerKnowledge } from "./server-knowledge.ts";
import type { McpServerSettings } from "./servers/settings.ts";

/** A server as the host knows it, in one revision. */
export interface HostedServer {
  readonly entry: ServerEntry;
  readonly settings: McpServerSettings;
  /** What every conversation may know together; not for what one person's own sign-in shows. */
  readonly knowledge: ServerKnowledge;
}

/** The servers of the directory, each with what was learned about its present revision. */
export class HostedServers {
  readonly #directory: ServerDirectory;
  readonly #known = new Map<string, HostedServer>();

  constructor(directory: ServerDirectory) {
    this.#directory = directory;
  }

  /**
   * Undefined: there is no such server, or it may not be used any more. What was known of an earlier revision is
   * forgotten.
   */
  find(key: string): HostedServer | undefined {
    const entry = this.#directory.find(key);
    const known = this.#known.get(key);
    if (entry === undefined) {
      this.#known.delete(key);
      return undefined;
    }
    if (known?.entry === entry) return known;
    // The same revision with other words: the links stay, the words are the new ones.
    const knowledge = known?.entry.revision === entry.revision ? known.knowledge : new ServerKnowledge();
    const hosted = { entry, settings: entry.settings, knowledge };
    this.#known.set(key, hosted);
    return hosted;
  }
}
