import type { Customers } from "../identity/customers/customers.ts";
import { createCustomers } from "../identity/customers/customers.ts";
import { createCustomerTokens } from "../identity/customers/customer-token.ts";
import { verifyIdentity } from "../identity/customers/identity-token.ts";
import { KeptFacts } from "../identity/customers/kept-facts.ts";
import { PublishedKeys } from "../identity/customers/published-keys.ts";
import { type Move, takeAlong } from "../identity/customers/take-along.ts";
import { TokenUses } from "../identity/customers/token-uses.ts";
import { derive } from "../guard/secrets/server-secret.ts";
import type { DocumentChange } from "../documents/ports.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";

type Parts = Base & Setup & Storage & OpenedDesk;

/** Who customers are: by a token of ours, or by what their site says. */
export function openCustomers(parts: Parts): Customers {
  const { assistants, address, settings, secret, clock, documents, journal, desk, fetch } = parts;
  const now = (): number => clock.now();
  const publishedKeys = new PublishedKeys({ fetch, now });
  return createCustomers({
    assistants,
    tokens: createCustomerTokens({ key: derive(secret, "customer-token"), now, id: () => clock.id() }),
    ownOrigins: address.origins,
    trustedProxies: settings.trustedProxies,
    identity: {
      key: derive(secret, "customer-identity"),
      verify: (token, place) => verifyIdentity(token, place, { publishedKeys, now }),
      uses: new TokenUses({ documents, now }),
      facts: new KeptFacts({ documents, now }),
      takeAlong: (move) =>
        takeAlong(move, {
          move: (moved, changes, at) => journal.moveCustomer({ ...moved, at }, changes),
          connections: (moved) => connectionsOf(moved, parts),
          moved: (_move, conversations) => desk.identified(conversations),
          now,
        }),
    },
  });
}

/** Loaded where the assistant has a server that customers sign in to themselves. */
async function connectionsOf(move: Move, { assistants, documents, box, clock }: Parts): Promise<readonly DocumentChange[]> {
  const connectors = assistants.find(move.assistant)?.connectors ?? [];
  const personal = connectors.filter(({ method }) => method === "personal").map(({ server }) => server);
  if (personal.length === 0) return [];
  const { moveConnections } = await import("../oauth/move-connections.ts");
  return moveConnections(personal, move, { documents, box, now: clock.now() });
}
