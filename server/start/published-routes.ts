import type { Staff } from "../identity/staff/actions.ts";
import type { Route } from "../http/api/route.ts";
import { grantsRoutes } from "../http/api/routes/grants-routes.ts";
import { publishedServersRoutes } from "../http/api/routes/published-servers-routes.ts";
import { publishedTrialsRoutes } from "../http/api/routes/published-trials-routes.ts";
import type { PublishedServer } from "../setup/published-servers/live-published.ts";
import { publishingFault } from "../setup/published-servers/may-publish.ts";
import { PublishedKeys } from "../setup/published-servers/published-keys.ts";
import { PublishedServers } from "../setup/published-servers/published-servers.ts";
import type { Base } from "./open-base.ts";
import type { Setup } from "./open-setup.ts";
import type { PublishedTrials } from "./published-trials.ts";
import type { Storage } from "./open-storage.ts";

type Parts = Base & Storage & Setup & { readonly published: PublishedTrials };

/** What is offered to other assistants, as staff set it up. `before` throws when too much is tried out. */
export function publishedRoutes(parts: Parts, before: (tool: string, by: string) => Promise<void>): readonly Route[] {
  const { setup, documents, clock, journal, address, published } = parts;
  const { publishedCalls: calls } = journal;
  const { publishedGateway: gateway, publishedRefusals: refusals } = published;
  const servers = new PublishedServers({
    documents,
    clock,
    calls,
    publicUrl: address.url,
    sourceFault: publishingFault({ ...setup, httpTools: setup.httpTools.stored }),
    goodKeys: (server) => setup.published.goodKeys(server),
    refused: (server) => refusals.of(server),
  });
  const live = async (staff: Staff, id: string): Promise<PublishedServer> => {
    await servers.get(staff, id);
    return setup.published.get(id);
  };
  return [
    ...publishedServersRoutes({ servers, keys: new PublishedKeys({ documents, clock, servers }), calls }),
    ...publishedTrialsRoutes({
      preview: async (staff, id) => (await gateway()).preview(await live(staff, id), staff),
      test: async (staff, id, { tool, input, signal }) => {
        const server = await live(staff, id);
        await before(`published/${id}/${tool}`, `${staff.kind}/${staff.id}`);
        const by = { id: staff.id, name: staff.name };
        return (await gateway()).test(server, `${address.url()}/mcp/${id}`, { tool, input, by, signal });
      },
    }),
    ...grantsRoutes({ servers, grants: setup.grants }),
  ];
}
