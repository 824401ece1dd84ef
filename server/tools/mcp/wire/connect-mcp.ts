import type { Client } from "@modelcontextprotocol/client";
import type { SignedBy } from "./authorized-fetch.ts";
import type { Chat, Fetch } from "./chat-fetch.ts";
import { faultOf, tooSlow, type Fault } from "./failure.ts";
import { McpConnection } from "./mcp-connection.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { NeedsSignInError, signInNeed } from "./needs-sign-in-error.ts";
import { openTransport, wiresOf, type OpenedTransport, type Wire } from "./open-transport.ts";
import { plainLine } from "../../definitions/plain-text.ts";
import { VERDICT_GOOD_MS, type Verdict } from "./server-verdict.ts";
import type { McpServerSettings } from "../servers/settings.ts";

const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** A connection could not be made. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
  readonly fault: Fault;
  constructor(fault: Fault, cause: unknown) {
    super(fault.message, { cause });
    this.fault = fault;
  }
}

export interface ConnectRequest {
  readonly sdk: McpSdk;
  readonly settings: McpServerSettings;
  readonly chat: Chat;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly answerBytes: number;
  readonly clientVersion: string;
  readonly verdict: Verdict | undefined;
  /** Ends the attempt; its time limit is the caller's. */
  readonly signal: AbortSignal;
  readonly onListChanged: () => void;
  /** Absent: no sign-in but what the settings' headers say. */
  readonly signedBy?: SignedBy;
  /** Whether the server may ask for our model. Absent: no. */
  readonly sampling?: boolean;
}

/**
 * Connects to a server over the wires that its settings allow, in the era that it speaks. What a verdict tells is not tried out again; one that turns out
 * wrong is set aside. Throws `ConnectError`, or `NeedsSignInError`.
 */
export async function connectMcp(request: ConnectRequest): Promise<{ connection: McpConnection; verdict: Verdict }> {
  const { settings, sdk, verdict, now } = request;
  const good = verdict !== undefined && now() - verdict.at < VERDICT_GOOD_MS ? verdict : undefined;
  const wires = good === undefined ? wiresOf(settings) : [good.wire];
  let firstError: unknown;
  for (const [index, wire] of wires.entries()) {
    try {
      return await connectOver(wire, request, good);
    } catch (error) {
      if (error instanceof NeedsSignInError) throw error;
      firstError ??= error;
      if (request.signal.aborted) throw new ConnectError(tooSlow(settings, settings.connectTimeoutMs), error);
      if (index + 1 === wires.length || !mayBeOtherWire(error)) break;
    }
  }
  // The server may have changed since: once more, without what we thought we knew.
  if (good !== undefined && mayBeOtherWire(firstError)) return connectMcp({ ...request, verdict: undefined });
  throw firstError instanceof ConnectError ? firstError : new ConnectError(faultOf(firstError, settings, sdk), firstError);
}

async function connectOver(
  wire: Wire,
  request: ConnectRequest,
  good: Verdict | undefined,
): Promise<{ connection: McpConnection; verdict: Verdict }> {
  const { sdk, settings, signal, chat, now } = request;
  const opened = openTransport(sdk, settings, wire, request);
  const client = new sdk.Client(
    { name: "frontdesk", version: request.clientVersion },
    {
      capabilities: {
        elicitation: { form: {}, url: {} },
        ...(request.sampling === true ? { sampling: {} } : {}),
        extensions: { [TASKS_EXTENSION]: {} },
      },
      inputRequired: { autoFulfill: false },
      ...(wire === "streamable-http" ? { versionNegotiation: { mode: "auto" } } : {}),
    },
  );
  try {
    await untilAborted(
      client.connect(opened.transport, {
        signal,
        timeout: settings.connectTimeoutMs,
        ...(good === undefined ? {} : { prior: good.prior }),
      }),
      signal,
    );
  } catch (error) {
    await opened.transport.close().catch(() => undefined);
    const need = signInNeed(error) ?? opened.lacks();
    if (need !== undefined) throw new NeedsSignInError(need);
    throw new ConnectError(connectFault(error, request, opened), error);
  }
  const { onListChanged, sampling = false } = request;
  const connection = new McpConnection({ sdk, settings, client, opened, wire, chat, now, onListChanged, sampling });
  return { connection, verdict: good ?? { wire, prior: priorOf(client), at: now() } };
}

function priorOf(client: Client): Verdict["prior"] {
  const discover = client.getDiscoverResult();
  return client.getProtocolEra() === "modern" && discover !== undefined ? { kind: "modern", discover } : { kind: "legacy" };
}

function connectFault(error: unknown, { settings, sdk, signal }: ConnectRequest, opened: OpenedTransport): Fault {
  if (signal.aborted) return tooSlow(settings, settings.connectTimeoutMs);
  const fault = { ...faultOf(error, settings, sdk), beforeSending: true };
  const lastWords = plainLine(opened.lastWords(), 300);
  return lastWords === "" ? fault : { ...fault, message: `${fault.message}. Its last words: ${lastWords}` };
}

/** Whether the failure says no more than that nobody speaks this wire, or this era, here. */
function mayBeOtherWire(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false;
  const { kind, status } = error.fault;
  return kind === "not-mcp" || kind === "protocol-error" || (kind === "not-found" && status !== undefined);
}

/** The client's own probe does not listen to a signal. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => undefined);
  }
}
