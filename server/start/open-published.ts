import { derive } from "../guard/secrets/server-secret.ts";
import { AttemptLimits } from "../guard/limits/attempt-limits.ts";
import { lazily } from "../foundation/lazily.ts";
import type { Mount } from "../http/application.ts";
import { CallLog } from "../publish/calls/call-log.ts";
import { LastRefusals } from "../publish/door/last-refusals.ts";
import type { PublishedGateway } from "../publish/published-gateway.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line } from "./open-line.ts";
import type { Part } from "./open-parts.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";
import type { PublishedTrials } from "./published-trials.ts";
import type { ModelsAndTools } from "./open-tools.ts";
import { type OfOperations, openOwnServer } from "./open-own-server.ts";

/** What other MCP clients use. */
export interface Published extends Part, PublishedTrials {
  readonly mount: Mount;
}

/** Whatever the tools of a published server are made of. */
const CHANGING = [
  "published-server",
  "published-key",
  "grant",
  "deleted-published-server",
  "http-tool",
  "mcp-server",
  "server-tool",
  "share",
  "assistant",
  "person",
  "group-member",
  "api-key",
] as const;

/** The published servers at `/mcp`, and Frontdesk's own beside them. The MCP server is loaded with the first request. */
export function openPublished(parts: Base & Storage & Setup & ModelsAndTools & Line & OpenedDesk & OfOperations): Published {
  const { setup, journal, clock, log, limiters, secret, settings, address, configuration } = parts;
  const calls = new CallLog({ calls: journal.publishedCalls, clock, log });
  const own = openOwnServer(parts);
  const refused = new LastRefusals(clock);
  let gateway: PublishedGateway | undefined;
  const load = lazily(async () => {
    const { PublishedGateway } = await import("../publish/published-gateway.ts");
    return (gateway = new PublishedGateway({
      live: setup.published,
      grants: setup.grants,
      publicUrl: address.url,
      basePath: address.basePath,
      ...(own === undefined ? {} : { own }),
      tools: parts.tools,
      desk: parts.desk.customers,
      heard: parts.heard,
      staff: parts.staffCalls,
      calls,
      assistantName: (key) => setup.live.find(key)?.name,
      attempts: new AttemptLimits({ limiters, log, name: "published/failed-attempts", perMinute: WRONG_KEYS_PER_MINUTE }),
      limiters,
      refused,
      stateKey: derive(secret, "published-state"),
      version: parts.version,
      origins: address.origins,
      trustedProxies: settings.trustedProxies,
      allowPrivate: configuration.network.allowPrivate,
      isStopping: parts.isStopping,
      clock,
      log,
    }));
  });
  const end = setup.following.afterwards({
    kinds: CHANGING,
    follow: async (changed) => {
      if (changed.some(({ kind }) => kind === "api-key")) await own?.refresh();
      await gateway?.changed();
    },
  });
  const endDevices = setup.devices.onChanged((assistant) => gateway?.devicesChanged(assistant));
  return {
    mount: { path: "/mcp", load: async () => (await load()).handle },
    publishedGateway: load,
    publishedRefusals: refused,
    close: async () => {
      end();
      endDevices();
      await gateway?.close();
    },
  };
}

/** One client that has a wrong key tries it five times with each start. */
const WRONG_KEYS_PER_MINUTE = 60;
