import type { Clock } from "../../foundation/clock.ts";
import type { Access } from "./access.ts";
import type { ServerKnowledge } from "./server-knowledge.ts";
import type { McpServerSettings } from "./servers/settings.ts";
import type { ConversationPlace, Fetch } from "./wire/conversation-fetch.ts";
import { tooSlow } from "./wire/failure.ts";
import { loadMcpSdk } from "./wire/mcp-sdk.ts";
import type { McpLink } from "./wire/mcp-link.ts";
import { LinkError, openLink } from "./wire/open-link.ts";

export interface ServerLinksPorts {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly answerBytes: number;
  readonly clientVersion: string;
}

/**
 * One conversation's links to one server: at most one that all its calls share, made when first needed, or with
 * isolation `call` one for each use.
 */
export class ServerLinks {
  readonly #place: ConversationPlace;
  readonly #access: () => Access;
  readonly #knowledge: ServerKnowledge;
  readonly #ports: ServerLinksPorts;
  readonly #onListChanged: () => void;
  readonly #closing = new AbortController();
  #opening: Promise<McpLink> | undefined;
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

  /** Aborted by `close`. */
  get leaving(): AbortSignal {
    return this.#closing.signal;
  }

  /** Whether there is a link on which a change of the server's list would be heard. */
  get listening(): boolean {
    return this.#shared?.listening === true;
  }

  /** Whether each use has a link of its own, which whoever takes it closes. */
  get alone(): boolean {
    return this.#settings.isolation === "call";
  }

  get #settings(): McpServerSettings {
    return this.#access().server.settings;
  }

  /** A link that can be used now. Throws `LinkError`, or `NeedsSignInError`. */
  async take(signal: AbortSignal): Promise<McpLink> {
    if (this.alone) return this.#open(signal);
    this.#opening ??= this.#usable(signal).finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** Gives `work` the server's time to get ready, and not longer. */
  async inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const settings = this.#settings;
    const limitMs = settings.connectTimeoutMs;
    const controller = new AbortController();
    const late = Promise.withResolvers<never>();
    const callOff = this.#ports.clock.after(limitMs, () => {
      const error = new LinkError(tooSlow(settings, limitMs), undefined);
      controller.abort(error);
      late.reject(error);
    });
    const working = work(AbortSignal.any([controller.signal, this.leaving]));
    try {
      return await Promise.race([working, late.promise]);
    } finally {
      callOff();
      working.catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const link = this.#shared ?? (await this.#opening?.catch(() => undefined));
    await link?.close();
  }

  /** The shared link, if the other side still knows it, otherwise a new one. */
  async #usable(signal: AbortSignal): Promise<McpLink> {
    const present = this.#shared;
    if (present !== undefined) {
      if (await present.isThere()) return present;
      this.#shared = undefined;
      void present.close();
    }
    const link = await this.#open(signal);
    if (this.leaving.aborted) {
      void link.close();
      throw new Error("The conversation's links were closed meanwhile.");
    }
    return (this.#shared = link);
  }

  async #open(signal: AbortSignal): Promise<McpLink> {
    const { clock, fetch, answerBytes, clientVersion } = this.#ports;
    const { server, signedBy } = this.#access();
    const knowledge = this.#knowledge;
    const { link, verdict } = await openLink({
      sdk: await loadMcpSdk(),
      settings: server.settings,
      place: this.#place,
      fetch,
      answerBytes,
      clientVersion,
      clock,
      // How a server speaks is nobody's own.
      verdict: knowledge.verdict ?? server.knowledge.verdict,
      signal,
      sampling: server.settings.samplingTokens > 0,
      ...(signedBy === undefined ? {} : { signedBy }),
      onListChanged: this.#onListChanged,
    });
    knowledge.verdict = verdict;
    knowledge.succeeded();
    return link;
  }
}
