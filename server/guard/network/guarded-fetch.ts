import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import type * as Undici from "undici";
import { allowedTargets, plainHost, type AllowedTargets, type ResolvedAddress } from "./fetch-addresses.ts";
import { cappedResponse } from "./fetch-cap.ts";
import { FetchRefusedError } from "./fetch-refused-error.ts";
import { redirectedRequest } from "./fetch-redirect.ts";

export interface GuardedFetchPorts {
  /** Host names, addresses and networks outside the public Internet that may be reached, over http as well. */
  readonly allowPrivate: readonly string[];
  readonly connectTimeoutMs?: number;
  /** How long the headers of an answer may take. A stream behind them may go on for ever. */
  readonly headersTimeoutMs?: number;
  /** For the whole request, its body included. Absent: no limit. */
  readonly totalTimeoutMs?: number;
  /** The largest body, after unpacking. Absent: no limit. */
  readonly responseBytes?: number;
  /** Connections to one origin at a time; what is more waits for one. */
  readonly connections?: number;
  /** The same for streams that stay open (`isStream`), which take none of the others away. */
  readonly streamConnections?: number;
  /** Which requests' answers stay open for as long as the server likes, besides the event streams that are read by GET. */
  readonly isStream?: (request: { readonly method: string; readonly headers: Headers }) => boolean;
  /** Looks a name up; the operating system's way unless given. */
  readonly resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** An answer in one piece comes when the tool is done. */
const HEADERS_TIMEOUT_MS = 16 * 60_000;
const REDIRECTS = 10;
/** Many calls at once to one server, and an end to what one server can make us open. */
const CONNECTIONS = 256;
/** Each conversation may keep one for each server. */
const STREAM_CONNECTIONS = 1_024;
/** So small a part of the connections for requests may be in use where a stream takes one of them. */
const FEW_SHARE = 8;

/**
 * A fetch for requests to addresses that come from configuration, a server or a page: http(s) only, https unless the
 * target is allowed, nothing private unless allowed. A name is looked up once for a connection, and the connection goes
 * to exactly the address that was checked. Redirects are followed one by one under the same rules, without credentials
 * to another origin. Rejects with `FetchRefusedError` before anything is sent, and otherwise as `fetch` does.
 *
 * undici is loaded with the first request.
 */
export function createGuardedFetch(ports: GuardedFetchPorts): typeof fetch {
  const allowed = allowedTargets(ports.allowPrivate);
  const isStream: typeof isEventStream = (request) => isEventStream(request) || ports.isStream?.(request) === true;
  let loading: ReturnType<typeof loadFetch> | undefined;

  return async (input, init) => {
    const { undici, agents } = await (loading ??= loadFetch(ports, allowed));
    let request = requestOf(input, init);
    const limit = ports.totalTimeoutMs === undefined ? undefined : AbortSignal.timeout(ports.totalTimeoutMs);
    for (let followed = 0; ; followed += 1) {
      checkUrl(request.url, allowed);
      const { signal, redirect = "follow" } = request.init;
      const signals = [signal, limit].filter((candidate) => candidate !== undefined && candidate !== null);
      const response = await undici
        .fetch(request.url, {
          ...(request.init as unknown as Undici.RequestInit),
          dispatcher: isStream({ method: request.init.method ?? "GET", headers: new Headers(request.init.headers) })
            ? agents.forStream(request.url)
            : agents.requests,
          redirect: "manual",
          // Joining signals is dear: one alone is taken as it is.
          ...(signals.length === 0 ? {} : { signal: signals.length === 1 ? signals[0]! : AbortSignal.any(signals) }),
        })
        .catch((error: unknown) => {
          throw error instanceof Error && error.cause instanceof FetchRefusedError ? error.cause : error;
        });
      const next = redirect === "manual" ? undefined : redirectedRequest(request, response);
      if (next === undefined) return cappedResponse(response as unknown as Response, ports.responseBytes);
      await response.body?.cancel().catch(() => undefined);
      if (redirect === "error") throw new FetchRefusedError(`${request.url.origin} redirects, which was not expected.`);
      if (followed >= REDIRECTS) throw new FetchRefusedError(`${request.url.origin} redirects more than ${REDIRECTS} times.`);
      request = next;
    }
  };
}

/**
 * The same guard for those who speak to undici themselves. `check` first, then a request through `dispatcher`;
 * redirects are the caller's not to follow.
 */
export interface GuardedSockets {
  readonly dispatcher: Undici.Dispatcher;
  /** Throws `FetchRefusedError`. */
  check(url: URL): void;
  /** For those who open a connection themselves, such as a WebSocket: it goes to an address that was checked. */
  lookupFor(protocol: "http:" | "https:"): LookupFunction;
}

export async function openGuardedSockets(ports: GuardedFetchPorts): Promise<GuardedSockets> {
  const allowed = allowedTargets(ports.allowPrivate);
  const { agent } = await load(ports, allowed);
  const resolve = resolverOf(ports);
  return {
    dispatcher: agent(),
    check: (url) => checkUrl(url, allowed),
    lookupFor: (protocol) => checkedLookup(protocol, resolve, allowed),
  };
}

/** What is refused before a name is looked up. */
function checkUrl(url: URL, allowed: AllowedTargets): void {
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new FetchRefusedError(`Only http and https may be fetched, not ${url.protocol}`);
  if (url.username !== "" || url.password !== "") throw new FetchRefusedError("A URL with a user name or password in it is not fetched.");
  const host = plainHost(url.hostname);
  if (allowed.refusesName(host)) throw new FetchRefusedError(`${host} is a cloud's metadata service.`);
  if (isIP(host) !== 0) checkAddresses(url.protocol, host, [{ address: host, family: isIP(host) }], allowed);
}

/** The addresses that a connection may go to. Throws `FetchRefusedError` when there is none. */
function checkAddresses(
  protocol: string,
  host: string,
  addresses: readonly ResolvedAddress[],
  allowed: AllowedTargets,
): readonly ResolvedAddress[] {
  if (allowed.hasName(host)) return addresses;
  const verdicts = addresses.map(({ address }) => allowed.verdictOf(address));
  const named = addresses.filter((_, index) => verdicts[index] === "allowed");
  if (named.length > 0) return named;
  // One public address beside a private one is how a name is made to look harmless.
  if (addresses.length === 0 || verdicts.includes("refused"))
    throw new FetchRefusedError(`${host} is in a private network. Add it to network.allowPrivate if it should be reached.`);
  if (protocol !== "https:") throw new FetchRefusedError(`${host} is on the public Internet, so it is only reached over https.`);
  return addresses;
}

interface Loaded {
  readonly undici: typeof Undici;
  /** `connections` to one origin at a time; absent: as many as are needed. */
  readonly agent: (connections?: number) => Undici.Agent;
}

async function loadFetch(
  ports: GuardedFetchPorts,
  allowed: AllowedTargets,
): Promise<{ undici: typeof Undici; agents: { readonly requests: Undici.Agent; forStream(url: URL): Undici.Agent } }> {
  const { undici, agent } = await load(ports, allowed);
  const { connections = CONNECTIONS, streamConnections = STREAM_CONNECTIONS } = ports;
  const requests = agent(connections);
  const streams = agent(streamConnections);
  // While few are in use, a stream takes a connection that is there already: a new one would come after the calls.
  const few = Math.floor(connections / FEW_SHARE);
  const forStream = ({ origin }: URL): Undici.Agent => ((requests.stats[origin]?.running ?? 0) < few ? requests : streams);
  return { undici, agents: { requests, forStream } };
}

function isEventStream({ method, headers }: { readonly method: string; readonly headers: Headers }): boolean {
  return method.toUpperCase() === "GET" && headers.get("accept")?.includes("text/event-stream") === true;
}

async function load(ports: GuardedFetchPorts, allowed: AllowedTargets): Promise<Loaded> {
  const undici = await import("undici");
  const resolve = resolverOf(ports);
  const timeout = ports.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const secure = undici.buildConnector({ timeout, allowH2: false, lookup: checkedLookup("https:", resolve, allowed) });
  const plain = undici.buildConnector({ timeout, allowH2: false, lookup: checkedLookup("http:", resolve, allowed) });
  const connect: Undici.buildConnector.connector = (target, callback) => (target.protocol === "https:" ? secure : plain)(target, callback);
  const headersTimeout = ports.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  const agent: Loaded["agent"] = (connections) =>
    new undici.Agent({ connect, headersTimeout, bodyTimeout: 0, ...(connections === undefined ? {} : { connections }) });
  return { undici, agent };
}

function resolverOf({ resolve }: GuardedFetchPorts): NonNullable<GuardedFetchPorts["resolve"]> {
  return resolve ?? ((hostname) => systemLookup(hostname, { all: true }));
}

/**
 * The look-up that a connection is made with: what it answers is what was checked. An address in the URL itself was
 * checked before.
 */
function checkedLookup(
  protocol: string,
  resolve: (hostname: string) => Promise<readonly ResolvedAddress[]>,
  allowed: AllowedTargets,
): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname)
      .then((addresses) => checkAddresses(protocol, plainHost(hostname), addresses, allowed))
      .then(
        (addresses) => {
          const [first] = addresses;
          if (all === true) callback(null, [...addresses]);
          else if (first !== undefined) callback(null, first.address, first.family);
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), "", 0),
      );
  };
}

function requestOf(input: string | URL | Request, init: RequestInit | undefined): { url: URL; init: RequestInit } {
  if (typeof input === "string" || input instanceof URL) {
    if (!URL.canParse(String(input))) throw new FetchRefusedError("What should be fetched is not a URL.");
    return { url: new URL(input), init: init ?? {} };
  }
  const { method, headers, body, signal, redirect } = input;
  return {
    url: new URL(input.url),
    init: { method, headers, body, signal, redirect, ...(body === null ? {} : { duplex: "half" }), ...init },
  };
}
