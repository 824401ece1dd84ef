import type { Connector } from "../../conversation/ports/assistant.ts";
import type { CustomerFacts } from "../../conversation/ports/customer-facts.ts";
import type { Access } from "./access.ts";
import type { HostedServers } from "./hosted-servers.ts";
import type { Authorizations } from "./servers/ports.ts";
import { authKindOf } from "./servers/settings.ts";

/** Who uses a server, and how. */
export interface Seat {
  readonly key: string;
  readonly method: NonNullable<Connector["method"]>;
  readonly conversationId: string;
  readonly customerId: string;
  readonly sessionId: string;
  /** The voice call in which the customer asked. Absent: they wrote. */
  readonly voiceCallId?: string;
  /** What the site says of the customer. Absent: nothing. */
  readonly facts?: CustomerFacts;
  /** How often assistants have already asked each other. Absent: not at all. */
  readonly depth?: number;
}

/** How a seat may use its server at this moment; undefined: there is no such server, or it may not be used any more. */
export function accessOf({ key, method, customerId }: Seat, servers: HostedServers, authorizations: Authorizations): Access | undefined {
  const server = servers.find(key);
  if (server === undefined) return undefined;
  if (authKindOf(server.settings) !== "oauth") return { server };
  const owner = method === "personal" ? ({ kind: "customer", id: customerId } as const) : ({ kind: "shared" } as const);
  return { server, signedBy: { authorizations, owner } };
}
