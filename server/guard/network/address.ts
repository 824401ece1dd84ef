import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * The address that a request came from. Behind `hops` trusted proxies it is the entry that the outermost of them wrote
 * into `X-Forwarded-For`; what a client wrote there itself is further left and is never believed.
 */
export function addressOf(request: Pick<IncomingMessage, "headers" | "socket">, hops: number): string {
  const peer = request.socket.remoteAddress ?? "unknown";
  if (hops === 0) return peer;
  const header = request.headers["x-forwarded-for"];
  const forwarded = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",").map((entry) => withoutPort(entry.trim()));
  const chain = [...forwarded, peer];
  const entry = chain[Math.max(0, chain.length - 1 - hops)] ?? peer;
  return isIP(entry) === 0 ? peer : entry;
}

/**
 * What counts as one party for limits: an IPv4 address as it is, an IPv6 address by its first 64 bits, since one
 * household owns all of the rest.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(plain) !== 6) return plain;
  return `${groupsOf(plain).slice(0, 4).join(":")}::/64`;
}

/** The eight groups of an IPv6 address without leading zeros. */
function groupsOf(address: string): string[] {
  const compressed = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = compressed.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: missing }, () => "0"), ...right];
}

/** Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(entry) ? entry.slice(0, entry.indexOf(":")) : entry;
}
