import type { IncomingMessage } from "node:http";
import { allowedTargets, plainHost } from "../guard/network/fetch-addresses.ts";
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
  const allowed = allowedTargets(allowPrivate);
  const isNear = (host: string): boolean => LOOPBACK.has(host) || allowed.hasName(host) || allowed.verdictOf(host) === "allowed";
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

/** Behind a proxy, `PUBLIC_URL` says how people reach it, and the proxy, if it says anything, by which way this one came. */
function isSecure(request: IncomingMessage, trustedProxies: number, own: readonly string[]): boolean {
  const forwarded = request.headers["x-forwarded-proto"];
  if (trustedProxies > 0 && typeof forwarded === "string") return forwarded.split(",")[0]?.trim() === "https";
  return own.some((origin) => origin.startsWith("https:"));
}

function hostOf({ headers }: IncomingMessage, trustedProxies: number): string | undefined {
  const forwarded = headers["x-forwarded-host"];
  const text = trustedProxies > 0 && typeof forwarded === "string" ? forwarded.split(",")[0]?.trim() : headers.host;
  const url = text === undefined || text === "" ? null : URL.parse(`http://${text}`);
  return url === null ? undefined : plainHost(url.hostname);
}

function isOnThisMachine(origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && LOOPBACK.has(plainHost(url.hostname));
}
