import type { CallContext } from "../../conversation/ports/tools.ts";
import type { Clock } from "../../foundation/clock.ts";
import { probeAdvice, probeReason, signInAdvice } from "./probe-reason.ts";
import type { Probe, ProbedCall, Prober } from "./prober.ts";
import { valueCheck } from "../definitions/argument-check.ts";
import { askedCredentials } from "../mcp/wire/asked-credentials.ts";
import { callByHand } from "../mcp/call-by-hand.ts";
import type { Fetch } from "../mcp/wire/chat-fetch.ts";
import { connectMcp, ConnectError } from "../mcp/wire/connect-mcp.ts";
import { faultOf, tooSlow, type Fault } from "../mcp/wire/failure.ts";
import { AnswerTooLargeError } from "../mcp/wire/limited-response.ts";
import type { McpConnection } from "../mcp/wire/mcp-connection.ts";
import { loadMcpSdk, type McpSdk } from "../mcp/wire/mcp-sdk.ts";
import { signInNeed } from "../mcp/wire/needs-sign-in-error.ts";
import { wiresOf } from "../mcp/wire/open-transport.ts";
import type { Authorizations, ServerEntry } from "../mcp/servers/ports.ts";
import { authKindOf, isRemote, safeAddress, type McpServerSettings } from "../mcp/servers/settings.ts";
import { UnusableListError, type ToolList } from "../definitions/tool-list.ts";

export interface ProberOptions {
  /** Carries every request to a remote server; the guarded fetch, in a real server. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Whose shared sign-ins are used at servers with OAuth; absent: none. */
  readonly authorizations?: Authorizations;
  readonly answerBytes?: number;
  readonly clientVersion?: string;
}

const ANSWER_BYTES = 8 * 1024 * 1024;
/** How long a server that was not usable may take to show that it speaks another transport. */
const OTHER_WIRE_MS = 3_000;

/** Speaks with servers outside of conversations: how they are, what they offer, and one call by hand. Each time over a connection of its own. */
export function createProber(options: ProberOptions): Prober {
  return {
    async probe(entry, signal) {
      const sdk = await loadMcpSdk();
      const attempt = new Attempt(options, sdk, entry);
      try {
        return await attempt.whole(async (limited) => {
          const connection = await attempt.connect(entry.settings, limited);
          try {
            const startedAt = performance.now();
            const list = await connection.listTools(limited);
            return answered(entry.settings, list, connection.protocolRevision, Math.round(performance.now() - startedAt));
          } finally {
            void connection.close();
          }
        }, signal);
      } catch (error) {
        return attempt.disconnected(error, signal);
      }
    },

    async call(entry, request, signal): Promise<ProbedCall> {
      const sdk = await loadMcpSdk();
      const attempt = new Attempt(options, sdk, entry);
      const startedAt = performance.now();
      const durationMs = (): number => Math.round(performance.now() - startedAt);
      const unfit = valueCheck(request.tool.inputSchema, sdk.validators, () => undefined)(request.arguments);
      if (unfit !== undefined) return { outcome: "refused", content: [], cause: unfit, durationMs: durationMs() };
      let connection: McpConnection | undefined;
      try {
        connection = await attempt.whole(async (limited) => attempt.connect(entry.settings, limited), signal);
        const result = await callByHand(connection, {
          definition: request.tool,
          input: request.arguments,
          context: handContext(request.callId, signal),
          settings: entry.settings,
          clock: options.clock,
          sdk,
        });
        if (!("content" in result)) {
          const wants = result.outcome === "paused" ? "asks for more input, which only a conversation can give" : "wants another sign-in";
          return { outcome: "refused", content: [], cause: `${entry.settings.name} ${wants}.`, durationMs: durationMs() };
        }
        const { outcome, content, structured, cause } = result;
        return {
          outcome,
          content,
          ...(structured === undefined ? {} : { structured }),
          ...(cause === undefined ? {} : { cause }),
          durationMs: durationMs(),
        };
      } catch (error) {
        return { outcome: "failed", content: [], cause: attempt.faultOf(error).message, durationMs: durationMs() };
      } finally {
        void connection?.close();
      }
    },
  };
}

/** One try at a server, and what it showed of itself on the way. */
class Attempt {
  readonly #options: ProberOptions;
  readonly #sdk: McpSdk;
  readonly #entry: ServerEntry;
  /** `WWW-Authenticate` of the last answer that refused us. */
  #challenge: string | undefined;

  constructor(options: ProberOptions, sdk: McpSdk, entry: ServerEntry) {
    this.#options = options;
    this.#sdk = sdk;
    this.#entry = entry;
  }

  /** Everything together within the time that the server has to connect. */
  async whole<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { settings } = this.#entry;
    const limit = AbortSignal.timeout(settings.connectTimeoutMs);
    try {
      return await work(AbortSignal.any([limit, signal]));
    } catch (error) {
      if (limit.aborted) throw new ConnectError(tooSlow(settings, settings.connectTimeoutMs), error);
      throw error;
    }
  }

  async connect(settings: McpServerSettings, signal: AbortSignal): Promise<McpConnection> {
    const { fetch, clock, authorizations, answerBytes = ANSWER_BYTES, clientVersion = "0" } = this.#options;
    const watched: Fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (response.status === 401 || response.status === 403) this.#challenge = response.headers.get("www-authenticate") ?? undefined;
      return response;
    };
    const owner = { kind: "shared" } as const;
    // Without a sign-in the requests go without one, so that the server's own answer is seen.
    const isSignedIn =
      authKindOf(this.#entry.settings) === "oauth" &&
      authorizations !== undefined &&
      "token" in (await authorizations.token(settings.key, owner, signal).catch(() => ({ need: undefined })));
    const chatId = clock.id();
    const { connection } = await connectMcp({
      sdk: this.#sdk,
      settings,
      chat: { conversationId: chatId, sessionId: chatId },
      fetch: watched,
      ...(isSignedIn ? { signedBy: { authorizations, owner } } : {}),
      now: () => clock.now(),
      answerBytes,
      clientVersion,
      verdict: undefined,
      signal,
      onListChanged: () => undefined,
    });
    return connection;
  }

  faultOf(error: unknown): Fault {
    if (error instanceof ConnectError) return error.fault;
    const { settings } = this.#entry;
    if (signInNeed(error) !== undefined)
      return {
        kind: "authentication",
        message: `${settings.name} at ${safeAddress(settings)}: it refused our shared sign-in`,
        beforeSending: false,
      };
    const told = [error, error instanceof Error ? error.cause : undefined].find(
      (one) => one instanceof UnusableListError || one instanceof AnswerTooLargeError,
    );
    if (told instanceof Error)
      return { kind: "protocol-error", message: `${settings.name} at ${safeAddress(settings)}: ${told.message}`, beforeSending: false };
    return faultOf(error, settings, this.#sdk);
  }

  async disconnected(error: unknown, signal: AbortSignal): Promise<Probe> {
    const fault = this.faultOf(error);
    const nothing = { tools: [], leftOut: [] };
    const { settings } = this.#entry;
    if (fault.kind === "authentication" && isRemote(settings)) {
      const asks = await askedCredentials(settings.url, this.#challenge, this.#options.fetch, signal);
      return {
        status: "disconnected",
        reason: probeReason(fault),
        detail: fault.message,
        advice: authKindOf(this.#entry.settings) === "oauth" ? signInAdvice(settings.key) : probeAdvice(fault, asks),
        asks,
        ...nothing,
      };
    }
    const other = await this.#otherWire(fault, signal);
    if (other === undefined)
      return { status: "disconnected", reason: probeReason(fault), detail: fault.message, advice: probeAdvice(fault), ...nothing };
    return { status: "disconnected", ...other, ...nothing };
  }

  /** Nobody speaks the chosen transport there: somebody who speaks the other one, or something else altogether? */
  async #otherWire(fault: Fault, signal: AbortSignal): Promise<Pick<Probe, "reason" | "detail" | "advice"> | undefined> {
    const { settings } = this.#entry;
    const unspoken =
      fault.kind === "not-mcp" || (fault.kind === "not-found" && fault.status !== undefined) || fault.kind === "protocol-error";
    if (!isRemote(settings) || !unspoken || signal.aborted) return undefined;
    const [wire] = wiresOf(settings);
    const transport = wire === "sse" ? "streamable-http" : "sse";
    const where = `${settings.name} at ${safeAddress(settings)}`;
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(OTHER_WIRE_MS)]);
      const connection = await this.connect({ ...settings, transport }, limited);
      void connection.close();
      const names = { sse: "SSE", "streamable-http": "Streamable HTTP" } as const;
      return {
        reason: "connection-failed",
        detail: `${where}: it speaks ${names[transport]}, not ${names[wire === "sse" ? "sse" : "streamable-http"]}`,
        advice: `Set its transport to "${transport}".`,
      };
    } catch (error) {
      const second = this.faultOf(error);
      if (second.kind !== "not-mcp" || fault.kind === "not-mcp") return undefined;
      return { reason: "not-an-mcp-server", detail: second.message, advice: probeAdvice(second) };
    }
  }
}

function answered(settings: McpServerSettings, list: ToolList, revision: string | undefined, roundTripMs: number): Probe {
  const { tools, leftOut } = list;
  const known = { roundTripMs, ...(revision === undefined ? {} : { protocolRevision: revision }), tools, leftOut };
  if (tools.length > 0) return { status: "connected", ...known };
  const unusable =
    leftOut.length > 0
      ? `none of its ${leftOut.length} tools can be used (${leftOut[0]?.tool}: ${leftOut[0]?.reason})`
      : "it offers no tools";
  return {
    status: "disconnected",
    reason: "no-tools-found",
    detail: `${settings.name} at ${safeAddress(settings)}: ${unusable}`,
    advice: "The connection works. Check that these credentials may see tools, and that the server has some.",
    ...known,
  };
}

/** Nobody is there to be asked. */
function handContext(callId: string, signal: AbortSignal): CallContext {
  return {
    callId,
    signal,
    onProgress: () => undefined,
    ask: async () => ({ kind: "input", action: "cancel" }),
    sample: async () => ({ kind: "refused", cause: "A tool that is tried out by hand has no model to ask." }),
    onTask: async () => undefined,
  };
}
