import type { Clock } from "../../foundation/clock.ts";
import { UnusableListError } from "../definitions/tool-list.ts";
import { inTime } from "../mcp/in-time.ts";
import type { Fault, MissingSignIn } from "../mcp/servers/fault.ts";
import type { Authorizations, ServerEntry } from "../mcp/servers/ports.ts";
import { authKindOf, isRemote, safeAddress, type McpServerSettings } from "../mcp/servers/settings.ts";
import type { Fetch } from "../mcp/wire/conversation-fetch.ts";
import { faultOf, tooSlow, withLastWords } from "../mcp/wire/failure.ts";
import { AnswerTooLargeError } from "../mcp/wire/limited-response.ts";
import type { McpLink } from "../mcp/wire/mcp-link.ts";
import type { McpSdk } from "../mcp/wire/mcp-sdk.ts";
import { signInNeed } from "../mcp/wire/needs-sign-in-error.ts";
import { LinkError, openLink } from "../mcp/wire/open-link.ts";
import type { WireRecord } from "./wire-record.ts";

const ANSWER_BYTES = 8 * 1024 * 1024;

export interface AttemptPorts {
  /** Carries every request to a remote server; the guarded fetch, in a real server. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Whose shared sign-ins are used at servers with OAuth; absent: none. */
  readonly authorizations?: Authorizations;
  readonly answerBytes?: number;
  readonly clientVersion?: string;
  /** Whether views of tools can be shown, which servers are told. Absent: no. */
  readonly views?: boolean;
}

/** One try at a server, and what it showed of itself on the way. */
export class Attempt {
  /** `WWW-Authenticate` of the last answer that refused us. */
  challenge: string | undefined;
  /** Where OAuth is chosen: why the requests go without a sign-in. */
  lacks: MissingSignIn | undefined;
  readonly #ports: AttemptPorts;
  readonly #sdk: McpSdk;
  readonly #entry: ServerEntry;
  readonly #record: WireRecord | undefined;
  #asked: () => void = () => undefined;
  #lastWords: () => string = () => "";

  /** `record` is told what goes over the wire. */
  constructor(ports: AttemptPorts, sdk: McpSdk, entry: ServerEntry, record?: WireRecord) {
    this.#ports = ports;
    this.#sdk = sdk;
    this.#entry = entry;
    this.#record = record;
  }

  /** Does everything together within the time that the server has to connect, which begins with the first request. */
  async inTime<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { settings } = this.#entry;
    const limitMs = settings.connectTimeoutMs;
    const fault = () => withLastWords(tooSlow(settings, limitMs), this.#lastWords());
    return inTime({ clock: this.#ports.clock, limitMs, leaving: signal, fault }, (limited, asked) => {
      this.#asked = asked;
      return work(limited);
    });
  }

  /** A link to the server, as `settings` say; whoever takes it closes it. */
  async link(settings: McpServerSettings, signal: AbortSignal): Promise<McpLink> {
    const { fetch, clock, authorizations, answerBytes = ANSWER_BYTES, clientVersion = "0", views = false } = this.#ports;
    const watched: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (init?.method === "POST") this.#record?.answered();
      if (response.status === 401 || response.status === 403) this.challenge = response.headers.get("www-authenticate") ?? undefined;
      return response;
    };
    const owner = { kind: "shared" } as const;
    if (authKindOf(this.#entry.settings) === "oauth") this.#asked();
    // Without a sign-in the requests go without one, so that the server's own answer is seen.
    this.lacks =
      authKindOf(this.#entry.settings) === "oauth" ? await lackOf(authorizations?.token(settings.key, owner, signal)) : undefined;
    const isSignedIn = authKindOf(this.#entry.settings) === "oauth" && this.lacks === undefined;
    const id = clock.id();
    const { link } = await openLink({
      sdk: this.#sdk,
      settings,
      place: { conversationId: id, sessionId: id },
      fetch: watched,
      ...(isSignedIn && authorizations !== undefined ? { signedBy: { authorizations, owner } } : {}),
      clock,
      answerBytes,
      clientVersion,
      views,
      verdict: undefined,
      // As its shared process: some programs have other tools for whoever can be asked.
      questions: isRemote(settings) || settings.isolation !== "shared",
      signal,
      onListChanged: () => undefined,
      onAsked: () => this.#asked(),
      onMessage: (direction, message) => this.#record?.heard(direction, message),
      onOpened: (lastWords) => (this.#lastWords = lastWords),
    });
    return link;
  }

  /** What went wrong, in words for staff. */
  faultOf(error: unknown): Fault {
    if (error instanceof LinkError) return error.fault;
    const { settings } = this.#entry;
    const where = `${settings.name} at ${safeAddress(settings)}`;
    const need = signInNeed(error);
    if (need !== undefined) {
      const message = `${where}: it refused our shared sign-in`;
      return { kind: "authentication", message, beforeSending: false, ...(need.reason === "scope" ? {} : { signIn: need.reason }) };
    }
    const said = [error, error instanceof Error ? error.cause : undefined].find(
      (one) => one instanceof UnusableListError || one instanceof AnswerTooLargeError,
    );
    if (said instanceof Error) return { kind: "protocol-error", message: `${where}: ${said.message}`, beforeSending: false };
    return faultOf(error, settings, this.#sdk);
  }
}

/** What is missing of a sign-in. One that cannot be known of now is as good as none. */
async function lackOf(asked: ReturnType<Authorizations["token"]> | undefined): Promise<MissingSignIn | undefined> {
  try {
    const answer = await asked;
    if (answer === undefined) return "first";
    if ("token" in answer) return undefined;
    return answer.need.reason === "expired" ? "expired" : "first";
  } catch {
    return "first";
  }
}
