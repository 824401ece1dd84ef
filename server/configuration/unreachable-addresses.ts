import { isIP } from "node:net";
import { type AllowedTargets, allowedTargets, plainHost } from "../guard/network/fetch-addresses.ts";
import type { ConfigurationFile } from "./schema.ts";
import { speechEngines } from "./speech-engines.ts";
import type { Path } from "./substitute.ts";

interface Unreachable {
  readonly path: Path;
  /** A sentence that says what to do. */
  readonly reason: string;
}

/** Names that stand for no address of the public Internet: of this machine, of a private network, without any dot. */
const PRIVATE_NAME = /(?:^|\.)localhost$|\.(?:local|internal|lan|home\.arpa|intranet|private)$|^[^.:]+$/;

/**
 * The addresses in the file that the guard of outgoing requests refuses, as far as they tell it themselves: where a
 * public name leads is seen only when it is looked up.
 */
export function unreachableAddresses({ assistants, mcpServers, network: { allowPrivate } }: ConfigurationFile): readonly Unreachable[] {
  const allowed = allowedTargets(allowPrivate);
  const mayLeadInside = allowPrivate.some((entry) => entry.includes("/") || isIP(plainHost(entry)) !== 0);
  const written: readonly (readonly [Path, string | undefined])[] = [
    ...Object.entries(assistants).map(([key, { model }]) => [["assistants", key, "model", "baseUrl"], model.baseUrl] as const),
    ...speechEngines({ assistants }).map(({ path, engine }) => [[...path, "baseUrl"], engine.baseUrl] as const),
    ...Object.entries(mcpServers).map(([key, server]) => [["mcpServers", key, "url"], "url" in server ? server.url : undefined] as const),
  ];
  return written.flatMap(([path, address]) => {
    const reason = address === undefined || !URL.canParse(address) ? undefined : refusalOf(new URL(address), allowed, mayLeadInside);
    return reason === undefined ? [] : [{ path, reason }];
  });
}

function refusalOf({ hostname, protocol }: URL, allowed: AllowedTargets, mayLeadInside: boolean): string | undefined {
  const host = plainHost(hostname);
  if (allowed.hasName(host)) return undefined;
  const verdict = isIP(host) === 0 ? verdictOfName(host, protocol, mayLeadInside) : allowed.verdictOf(host);
  if (verdict === "refused") return `${host} is in a private network. Add it to network.allowPrivate if it should be reached.`;
  if (verdict === "public" && protocol === "http:")
    return `${host} is on the public Internet, where only https is used. Write https, or add it to network.allowPrivate.`;
  return undefined;
}

/** A network that is allowed may hold any name. */
function verdictOfName(host: string, protocol: string, mayLeadInside: boolean): "refused" | "public" | undefined {
  if (mayLeadInside) return undefined;
  if (PRIVATE_NAME.test(host)) return "refused";
  return protocol === "http:" ? "public" : undefined;
}
