import { BlockList, isIP } from "node:net";

/** An address that a name stands for. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** The IPv4 networks that are not the public Internet (IANA special-purpose registry, and multicast). */
const NOT_PUBLIC_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/**
 * Within 2000::/3, all that is public of IPv6: protocol assignments with Teredo, documentation, 6to4, which holds an
 * IPv4 address.
 */
const NOT_PUBLIC_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const notPublic = blockList([...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6]);
const publicIpv6 = blockList(["2000::/3"]);

/** Names that clouds answer with their metadata service. */
const METADATA_NAMES = new Set(["metadata", "metadata.google.internal", "metadata.goog", "instance-data"]);

/** Whether a request may go to an address: `public` over https, `allowed` (named by the operator) over http as well. */
export type AddressVerdict = "public" | "allowed" | "refused";

/** What the operator allows besides the public Internet. */
export interface AllowedTargets {
  readonly verdictOf: (address: string) => AddressVerdict;
  /** Allowed by its name, wherever it leads. */
  readonly hasName: (hostname: string) => boolean;
  /** Refused by its name, wherever it leads. */
  readonly refusesName: (hostname: string) => boolean;
}

/**
 * Reads host names, addresses and networks (`10.1.0.0/16`, `fd00::/8`). Throws a `TypeError` that names an entry which
 * is none of these.
 */
export function allowedTargets(entries: readonly string[]): AllowedTargets {
  const names = new Set<string>();
  const networks: string[] = [];
  for (const entry of entries) {
    const [address = "", prefix] = entry.replace(/^\[(.*)\]$/, "$1").split("/");
    if (isIP(address) !== 0) networks.push(prefix === undefined ? `${address}/${isIP(address) === 4 ? 32 : 128}` : `${address}/${prefix}`);
    else if (prefix === undefined && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(entry)) names.add(plainHost(entry));
    else throw new TypeError(`"${entry}" is neither a host name, nor an IP address, nor a network such as 10.0.0.0/8.`);
  }
  const allowed = blockList(networks);
  return {
    verdictOf(address) {
      const family = isIP(address);
      if (family === 0) return "refused";
      const type = family === 4 ? "ipv4" : "ipv6";
      if (allowed.check(address, type)) return "allowed";
      const reachable = !notPublic.check(address, type) && (family === 4 || publicIpv6.check(address, type));
      return reachable ? "public" : "refused";
    },
    hasName: (hostname) => names.has(plainHost(hostname)),
    refusesName: (hostname) => METADATA_NAMES.has(plainHost(hostname)) && !names.has(plainHost(hostname)),
  };
}

/** The host of a URL without brackets and the root's dot, in lower case. */
export function plainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix = ""] = network.split("/");
    const bits = Number(prefix);
    const family = isIP(address);
    if (!/^\d{1,3}$/.test(prefix) || bits > (family === 4 ? 32 : 128))
      throw new TypeError(`"${network}" is not a network: what follows the slash is out of range.`);
    list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}
