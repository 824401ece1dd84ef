import type { IncomingMessage } from "node:http";
import { allowedTargets, plainHost } from "../../guard/network/fetch-addresses.ts";
import { httpsOnly, type Refusal, wrongHost, wrongOrigin } from "./refusals.ts";

export interface ReachablePorts {
  /** Where browsers reach this server: `PUBLIC_URL`, or this machine. */
  readonly origins: () => readonly string[];
  /** `TRUST_PROXY`. */
  readonly trustedProxies: number;
  /** `network.allowPrivate`. */
  readonly allowPrivate: readonly string[];
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1"]);

/**
 * Whether a request came by a way that a key may be sent on. Over plain http that is this machine alone, and hosts of the
 * private network that the operator named. A page, which says its origin, has to be one of ours; a program says none. On
 * this machine, pages of this machine may come as well: a tool to try servers with is often one.
 */
export function createReachable({
  origins,
  trustedProxies,
  allowPrivate,
}: ReachablePorts): (request: IncomingMessage) => Refusal | undefined {
  const isNear = createIsNear(allowPrivate);
  return (request) => {
    const { origin } = request.headers;
    const own = origins();
    const host = hostOf(request, trustedProxies);
    const isOurs = host !== undefined && (isNear(host) || own.some((one) => plainHost(new URL(one).hostname) === host));
    if (!isOurs) return wrongHost(request.headers.host);
    if (origin !== undefined && !own.includes(origin) && !(LOOPBACK.has(host) && isOnThisMachine(origin))) return wrongOrigin(origin);
    return isSecure(request, trustedProxies, own) || isNear(host) ? undefined : httpsOnly();
  };
}

/** Whether a host is this machine, or one of the private network that the operator named. */
function createIsNear(allowPrivate: readonly string[]): (host: string) => boolean {
  const allowed = allowedTargets(allowPrivate);
  return (host) => LOOPBACK.has(host) || allowed.hasName(host) || allowed.verdictOf(host) === "allowed";
}

/** Whether an address leads here, by whatever name of ours. */
export function createIsOurs({ origins, allowPrivate }: Pick<ReachablePorts, "origins" | "allowPrivate">): (url: URL) => boolean {
  const isNear = createIsNear(allowPrivate);
  return (url) => isNear(plainHost(url.hostname)) || origins().includes(url.origin);
}

/** By which origin a request came that may come. Clients compare the address of what they sign in to with their own. */
export function reachedOrigin(
  { headers }: Pick<IncomingMessage, "headers">,
  { origins, trustedProxies }: Pick<ReachablePorts, "origins" | "trustedProxies">,
): string {
  const host = sentHost({ headers }, trustedProxies) ?? "";
  return origins().find((origin) => new URL(origin).host === host) ?? `http://${host}`;
}

/** Behind a proxy, `PUBLIC_URL` says how people reach it, and the proxy, if it says anything, by which way this one came. */
function isSecure(request: IncomingMessage, trustedProxies: number, own: readonly string[]): boolean {
  const forwarded = request.headers["x-forwarded-proto"];
  if (trustedProxies > 0 && typeof forwarded === "string") return forwarded.split(",")[0]?.trim() === "https";
  return own.some((origin) => origin.startsWith("https:"));
}

/** With its port. */
function sentHost({ headers }: Pick<IncomingMessage, "headers">, trustedProxies: number): string | undefined {
  const forwarded = headers["x-forwarded-host"];
  return trustedProxies > 0 && typeof forwarded === "string" ? forwarded.split(",")[0]?.trim() : headers.host;
}

function hostOf(request: IncomingMessage, trustedProxies: number): string | undefined {
  const text = sentHost(request, trustedProxies);
  const url = text === undefined || text === "" ? null : URL.parse(`http://${text}`);
  return url === null ? undefined : plainHost(url.hostname);
}

function isOnThisMachine(origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && LOOPBACK.has(plainHost(url.hostname));
}
