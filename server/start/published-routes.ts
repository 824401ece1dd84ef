import type { Route } from "../http/api/route.ts";
import { grantsRoutes } from "../http/api/routes/grants-routes.ts";
import { publishedServersRoutes } from "../http/api/routes/published-servers-routes.ts";
import { publishingFault } from "../setup/published-servers/may-publish.ts";
import { PublishedKeys } from "../setup/published-servers/published-keys.ts";
import { PublishedServers } from "../setup/published-servers/published-servers.ts";
import type { Base } from "./open-base.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";

/** What is offered to other assistants, as staff set it up. */
export function publishedRoutes({ setup, documents, clock, journal, address }: Base & Storage & Setup): readonly Route[] {
  const { publishedCalls: calls } = journal;
  const sourceFault = publishingFault({ ...setup, httpTools: setup.httpTools.stored });
  const servers = new PublishedServers({ documents, clock, calls, publicUrl: address.url, sourceFault });
  return [
    ...publishedServersRoutes({ servers, keys: new PublishedKeys({ documents, clock, servers }), calls }),
    ...grantsRoutes({ servers, grants: setup.grants }),
  ];
}
