import type { Client } from "@modelcontextprotocol/client";
import type { Fault } from "../servers/fault.ts";
import { isRemote, type McpServerSettings } from "../servers/settings.ts";
import { eitherEra } from "./either-era.ts";
import { faultOf, tooSlow, withLastWords } from "./failure.ts";
import { HUNG_UP, isNoModernSign } from "./failure-signs.ts";
import { McpLink } from "./mcp-link.ts";
import type { McpSdk } from "./mcp-sdk.ts";
import { NeedsSignInError, signInNeed } from "./needs-sign-in-error.ts";
import { openTransport, type OpenedTransport, type TransportPorts } from "./open-transport.ts";
import { VERDICT_GOOD_MS, type Verdict } from "./server-verdict.ts";
import { wiresOf, type Wire } from "./wires-of.ts";

const MODERN_REVISION = "2026-07-28";
/** So much of the time to connect is the modern era's alone: the rest is enough for a server that never answers it. */
const ALONE_SHARE = 1 / 3;
const LONGEST_ALONE_MS = 5_000;
/** MCP Apps, and the one kind of view that we show. */
const VIEWS_EXTENSION = { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } };
const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";
/** The client's own limit: how long is waited for is the caller's to say, by the signal. */
const NEVER_MS = 2 ** 31 - 1;

/** A link could not be made. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  readonly fault: Fault;
  constructor(fault: Fault, cause: unknown) {
    super(fault.message, { cause });
    this.fault = fault;
  }
}

export interface LinkPorts extends TransportPorts {
  readonly settings: McpServerSettings;
  readonly clientVersion: string;
  /** Whether views of tools can be shown, which servers are told. Absent: no. */
  readonly views?: boolean;
  readonly verdict: Verdict | undefined;
  /** Ends the attempt; its time limit is the caller's. */
  readonly signal: AbortSignal;
  readonly onListChanged: () => void;
  /** Whether the server may ask for our model. Absent: no. */
  readonly sampling?: boolean;
  /** Whether what it asks can be brought to the person and the model behind the call. Absent: yes. */
  readonly questions?: boolean;
  /** Given how to read the last words of a program, as soon as it is about to start. */
  readonly onOpened?: (lastWords: () => string) => void;
  /** Called when the other side ends the link after it was made. */
  readonly onEnded?: () => void;
}

export interface OpenedLink {
  readonly link: McpLink;
  /** What is known now of how the server speaks. */
  readonly verdict: Verdict;
}

/**
 * Opens a link to a server over the wires that its settings allow, in the era that it speaks. What a verdict says is
 * not tried out again; one that turns out wrong is set aside. Throws `LinkError`, or `NeedsSignInError`.
 */
export async function openLink(ports: LinkPorts): Promise<OpenedLink> {
  const { settings, sdk, verdict, clock, signal } = ports;
  const good = verdict !== undefined && clock.now() - verdict.at < VERDICT_GOOD_MS ? verdict : undefined;
  const wires = good === undefined ? wiresOf(settings) : [good.wire];
  let firstError: unknown;
  for (const [index, wire] of wires.entries()) {
    try {
      if (good === undefined) return await linkInSomeEra(wire, ports);
      // It stays as old as it is, so that it is found out again some day.
      return { ...(await linkOver(wire, ports, good.prior, signal)), verdict: good };
    } catch (error) {
      if (error instanceof NeedsSignInError) throw error;
      firstError ??= error;
      if (signal.aborted) throw isLate(error) ? error : new LinkError(lateFault(settings, signal), error);
      if (index + 1 === wires.length || !mayBeOtherWire(error)) break;
    }
  }
  // The server may have changed since: once more, without what we thought we knew.
  if (good !== undefined && mayBeOtherWire(firstError)) return openLink({ ...ports, verdict: undefined });
  throw firstError instanceof LinkError ? firstError : new LinkError(faultOf(firstError, settings, sdk), firstError);
}

/** In the era that the settings say; where they say nothing, it is found out. Programs and SSE are of the legacy era. */
function linkInSomeEra(wire: Wire, ports: LinkPorts): Promise<OpenedLink> {
  const { settings, sdk, clock, signal } = ports;
  const protocol = wire === "streamable-http" && isRemote(settings) ? settings.protocol : "legacy";
  const modern = (limited: AbortSignal): Promise<OpenedLink> => linkOver(wire, ports, undefined, limited);
  const legacy = (limited: AbortSignal): Promise<OpenedLink> => linkOver(wire, ports, { kind: "legacy" }, limited);
  if (protocol === "legacy") return legacy(signal);
  if (protocol === "2026-07-28") return modern(signal);
  return eitherEra({
    modern,
    legacy,
    mayBeLegacy: (error) => error instanceof LinkError && mayBeLegacy(error, sdk),
    worse: (first, second) => (second instanceof NeedsSignInError || isNoModernSign(causeOf(first)) ? second : first),
    letGo: ({ link }) => void link.close(),
    aloneMs: Math.min(settings.connectTimeoutMs * ALONE_SHARE, LONGEST_ALONE_MS),
    clock,
    signal,
  });
}

/**
 * Something answered, or hung up: not a name that is unknown, an address that is refused, a certificate, or a sign-in
 * that is not known. The one answer that only the modern era has names the revisions that the server speaks.
 */
function mayBeLegacy({ fault, cause }: LinkError, sdk: McpSdk): boolean {
  const { kind, code, status } = fault;
  if (kind === "blocked" || kind === "timeout") return false;
  if (cause instanceof sdk.UnsupportedProtocolVersionError) return cause.supported.some((revision) => revision < MODERN_REVISION);
  return status !== undefined || code === undefined || HUNG_UP.has(code);
}

function causeOf(error: unknown): unknown {
  return error instanceof LinkError ? error.cause : error;
}

/** `prior` undefined: the server is asked whether it speaks the modern era. */
async function linkOver(wire: Wire, ports: LinkPorts, prior: Verdict["prior"] | undefined, signal: AbortSignal): Promise<OpenedLink> {
  const { sdk, settings, place, clock, questions = true } = ports;
  const opened = openTransport(settings, wire, ports);
  ports.onOpened?.(opened.lastWords);
  const client = new sdk.Client(
    { name: "frontdesk", version: ports.clientVersion },
    {
      capabilities: {
        ...(questions ? { elicitation: { form: {}, url: {} } } : {}),
        ...(questions && ports.sampling === true ? { sampling: {} } : {}),
        extensions: { [TASKS_EXTENSION]: {}, ...(ports.views === true ? VIEWS_EXTENSION : {}) },
      },
      inputRequired: { autoFulfill: false },
      ...(wire === "streamable-http" ? { versionNegotiation: { mode: { pin: MODERN_REVISION } } } : {}),
    },
  );
  try {
    await untilAborted(
      client.connect(opened.transport, {
        signal,
        timeout: NEVER_MS,
        ...(prior === undefined ? {} : { prior }),
      }),
      signal,
    );
  } catch (error) {
    await opened.transport.close().catch(() => undefined);
    const need = signInNeed(error) ?? opened.lacks();
    if (need !== undefined) throw new NeedsSignInError(need);
    throw new LinkError(linkFault(error, ports, opened), error);
  }
  const { onListChanged, onEnded, sampling = false } = ports;
  const asks = questions ? { sampling } : undefined;
  const link = new McpLink({ sdk, client, opened, wire, place, now: () => clock.now(), onListChanged, onEnded, asks });
  return { link, verdict: { wire, prior: priorOf(client), at: clock.now() } };
}

function priorOf(client: Client): Verdict["prior"] {
  const discover = client.getDiscoverResult();
  return client.getProtocolEra() === "modern" && discover !== undefined ? { kind: "modern", discover } : { kind: "legacy" };
}

function linkFault(error: unknown, { settings, sdk, signal }: LinkPorts, opened: OpenedTransport): Fault {
  const found = signal.aborted ? lateFault(settings, signal) : faultOf(error, settings, sdk, { challenged: opened.challenged() });
  // That its output ended is how a program's end is seen.
  const ended = !isRemote(settings) && error instanceof sdk.SdkError && error.code === "CONNECTION_CLOSED";
  const kind = ended && !signal.aborted ? "ended" : found.kind;
  return withLastWords({ ...found, kind, beforeSending: true }, opened.lastWords());
}

/** Whoever ended the attempt may have said why. */
function lateFault(settings: McpServerSettings, { reason }: AbortSignal): Fault {
  return reason instanceof LinkError ? reason.fault : tooSlow(settings, settings.connectTimeoutMs);
}

function isLate(error: unknown): boolean {
  return error instanceof LinkError && error.fault.kind === "timeout";
}

/** Whether the failure says no more than that nobody speaks this wire, or this era, here. */
function mayBeOtherWire(error: unknown): boolean {
  if (!(error instanceof LinkError)) return false;
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
