import type { Server } from "node:http";
import type { Meter } from "../conversation/ports/meter.ts";
import type { Room } from "../conversation/ports/room.ts";
import type { ShowsThoughts } from "../conversation/staff-watch.ts";
import { Limits } from "../guard/limits/limits.ts";
import type { Mount } from "../http/application.ts";
import { customerListener } from "../live/line/customer-listener.ts";
import { type LineServer, openLineServer } from "../live/line/line-server.ts";
import { HeardConversations } from "../publish/calls/heard-conversations.ts";
import { createRoom } from "../live/room.ts";
import { InboxListener, type InboxNews } from "../live/staff/inbox-listener.ts";
import { openStaffLine, type StaffLine } from "../live/staff/staff-line.ts";
import { staffListener } from "../live/staff/staff-listener.ts";
import { Watched } from "../live/staff/watched.ts";
import { Upgrades } from "../live/upgrades.ts";
import { VoiceListener } from "../live/voice/voice-listener.ts";
import { lateMetrics } from "./late-metrics.ts";
import { noteVisits } from "./note-visits.ts";
import type { Base } from "./open-base.ts";
import type { Part } from "./open-parts.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";

/**
 * Not imported: an `import` reads every export, and so loads Node's whole fetch: 14 MB that a server at rest does not
 * need.
 */
const { createServer } = process.getBuiltinModule("node:http");

/** The HTTP server, which answers no request yet, and the door in front of its upgrades. */
export interface Web {
  readonly httpServer: Server;
  readonly limits: Limits;
  readonly upgrades: Upgrades;
}

/** Whoever listens over a socket. */
export interface Line extends Part {
  readonly io: LineServer;
  readonly staffLine: StaffLine;
  readonly watched: Watched;
  /** Hears of what changes for the lists of the staff beside the journal. */
  readonly inboxNews: InboxNews;
  /** Whether staff may read what the model of this assistant thought, as it is configured now. */
  readonly showsThoughts: ShowsThoughts;
  /** Follows the calls once there can be any. */
  readonly voiceListener: VoiceListener;
  /** Hears the conversations of published calls. */
  readonly heard: HeardConversations;
  readonly room: Room;
  readonly meter: Meter;
  readonly metrics: Mount;
}

/** Requests that are under way at the end have this long. */
const LAST_REQUESTS_MS = 500;

export function openWeb(parts: Base & Setup): Web {
  const { configuration, settings, limiters, address, isStopping, clock, log } = parts;
  const { pageRefused } = noteVisits(parts);
  // Nothing that a browser asks for has a body or takes long to say.
  const httpServer = createServer({ headersTimeout: 15_000, requestTimeout: 30_000 });
  const limits = new Limits({ limiters, limits: configuration.limits });
  const { basePath } = address;
  const upgrades = new Upgrades({ limits, trustedProxies: settings.trustedProxies, basePath, isStopping, pageRefused, clock, log });
  upgrades.attach(httpServer);
  return { httpServer, limits, upgrades };
}

/**
 * How the HTTP server closes, in the order of `OpenParts`: requests that are under way first, then whatever is left.
 */
export function closingsOf({ httpServer }: Web): readonly Part[] {
  return [
    { close: () => httpServer.closeAllConnections() },
    { close: () => new Promise((resolve) => httpServer.close(resolve)), closeWithinMs: LAST_REQUESTS_MS },
  ];
}

export function openLine(parts: Base & Setup & Storage & Web): Line {
  const { upgrades, limits, setup, settings, address, store, clock, log, wrap } = parts;
  const { trustedProxies } = settings;
  const origins = (): string[] => [...setup.live.origins(), ...address.origins()];
  const io = openLineServer({ upgrades, origins, limits, trustedProxies });
  const staffLine = openStaffLine({ upgrades, origins: address.origins, limits, trustedProxies });
  const watched = new Watched(staffLine);
  const showsThoughts = (assistant: string | undefined): boolean =>
    assistant !== undefined && setup.live.find(assistant)?.model.showThoughts === "staff";
  const inbox = new InboxListener({ io: staffLine, find: (conversationId) => store.find(conversationId), clock, log });
  const voiceListener = new VoiceListener();
  const heard = new HeardConversations();
  const listeners = [
    customerListener(io),
    staffListener({ io: staffLine, showsThoughts: (conversationId) => showsThoughts(watched.assistantOf(conversationId)) }),
    inbox,
    voiceListener,
    heard,
  ];
  const { meter, mount } = lateMetrics(() => io.engine.clientsCount);
  return {
    io,
    staffLine,
    watched,
    inboxNews: inbox,
    showsThoughts,
    voiceListener,
    heard,
    room: wrap("room", createRoom(listeners, log)),
    meter: wrap("meter", meter),
    metrics: mount,
    close: () => Promise.all([io.close(), staffLine.close()]),
  };
}
