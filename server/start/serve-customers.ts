import { derive } from "../guard/secrets/server-secret.ts";
import { createCustomerTokens } from "../identity/customers/customer-token.ts";
import { createCustomers } from "../identity/customers/customers.ts";
import { CustomerGateway } from "../live/line/customer-gateway.ts";
import { noteVisits } from "./note-visits.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line, Web } from "./open-line.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";

/** Lets customers speak with the desk. */
export function serveCustomers(parts: Base & Setup & Storage & Web & Line & OpenedDesk): void {
  const { io, desk, assistants, limits, address, settings, secret, clock, isStopping, log } = parts;
  const tokens = createCustomerTokens({ key: derive(secret, "customer-token"), now: () => clock.now(), id: () => clock.id() });
  const customers = createCustomers({ assistants, tokens, ownOrigins: address.origins, trustedProxies: settings.trustedProxies });
  new CustomerGateway({ io, desk: desk.customers, customers, assistants, limits, clock, isStopping, sightings: noteVisits(parts), log });
}
