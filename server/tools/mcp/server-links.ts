import type { Clock } from "../../foundation/clock.ts";
import type { Access } from "./access.ts";
import { inTime } from "./in-time.ts";
import type { Links } from "./links.ts";
import type { ServerKnowledge } from "./server-knowledge.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import type { ConversationPlace, Fetch } from "./wire/conversation-fetch.ts";
import { tooSlow } from "./wire/failure.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import type { McpLink } from "./wire/mcp-link.ts";
import { openLink } from "./wire/open-link.ts";

export interface ServerLinksPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly answerBytes: number;
  readonly clientVersion: string;
  /** Whether views of tools can be shown, which servers are told. Absent: no. */
  readonly views?: boolean;
}

/**
 * One conversation's links to one remote server: at most one that all its calls share, made when first needed, or with
 * isolation `call` one for each use.
 */
export class ServerLinks implements Links {
  readonly #place: ConversationPlace;
  readonly #access: () => Access;
  readonly #knowledge: ServerKnowledge;
  readonly #ports: ServerLinksPorts;
  readonly #onListChanged: () => void;
  readonly #closing = new AbortController();
  #opening: { readonly link: Promise<McpLink>; readonly asked: Promise<void> } | undefined;
  #shared: McpLink | undefined;

  constructor(parts: {
    place: ConversationPlace;
    access: () => Access;
    knowledge: ServerKnowledge;
    ports: ServerLinksPorts;
    onListChanged: () => void;
  }) {
    this.#place = parts.place;
    this.#access = parts.access;
    this.#knowledge = parts.knowledge;
    this.#ports = parts.ports;
    this.#onListChanged = parts.onListChanged;
  }

  get leaving(): AbortSignal {
    return this.#closing.signal;
  }

  /** Whether there is a link on which a change of the server's list would be heard. */
  get listening(): boolean {
    return this.#shared?.listening === true;
  }

  get alone(): boolean {
    return this.#settings.isolation === "call";
  }

  get #settings(): McpServerSettings {
    return this.#access().server.settings;
  }

  async take(signal: AbortSignal, asked: () => void): Promise<McpLink> {
    if (this.alone) return this.#open(signal, asked);
    if (this.#opening === undefined) {
      const first = Promise.withResolvers<void>();
      const link = this.#usable(signal, first.resolve).finally(() => (this.#opening = undefined));
      this.#opening = { link, asked: first.promise };
    }
    void this.#opening.asked.then(asked);
    return this.#opening.link;
  }

  inTime<T>(work: (signal: AbortSignal, asked: () => void) => Promise<T>): Promise<T> {
    const settings = this.#settings;
    const limitMs = settings.connectTimeoutMs;
    const { clock } = this.#ports;
    return inTime({ clock, limitMs, leaving: this.leaving, fault: () => tooSlow(settings, limitMs) }, work);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const link = this.#shared ?? (await this.#opening?.link.catch(() => undefined));
    await link?.close();
  }

  /** The shared link, if the other side still knows it, otherwise a new one. */
  async #usable(signal: AbortSignal, asked: () => void): Promise<McpLink> {
    const present = this.#shared;
    if (present !== undefined) {
      asked();
      if (await present.isThere()) return present;
      this.#shared = undefined;
      void present.close();
    }
    const link = await this.#open(signal, asked);
    if (this.leaving.aborted) {
      void link.close();
      throw new Error("The conversation's links were closed meanwhile.");
    }
    return (this.#shared = link);
  }

  async #open(signal: AbortSignal, onAsked: () => void): Promise<McpLink> {
    const { clock, fetch, answerBytes, clientVersion, views = false } = this.#ports;
    const { server, signedBy } = this.#access();
    const knowledge = this.#knowledge;
    const { link, verdict } = await openLink({
      sdk: await loadMcpSdk(),
      settings: server.settings,
      place: this.#place,
      fetch,
      answerBytes,
      clientVersion,
      views,
      clock,
      // How a server speaks is nobody's own.
      verdict: knowledge.verdict ?? server.knowledge.verdict,
      signal,
      sampling: server.settings.samplingTokens > 0,
      ...(signedBy === undefined ? {} : { signedBy }),
      onListChanged: this.#onListChanged,
      onAsked,
    });
    knowledge.verdict = verdict;
    knowledge.succeeded();
    return link;
  }
}
