import type { Server } from "node:http";
import type { Meter } from "../conversation/ports/meter.ts";
import type { Room } from "../conversation/ports/room.ts";
import { Limits } from "../guard/limits/limits.ts";
import type { Mount } from "../http/application.ts";
import { customerListener } from "../live/line/customer-listener.ts";
import { type LineServer, openLineServer } from "../live/line/line-server.ts";
import { createRoom } from "../live/room.ts";
import { Upgrades } from "../live/upgrades.ts";
import { lateMetrics } from "./late-metrics.ts";
import { noteVisits } from "./note-visits.ts";
import type { Base } from "./open-base.ts";
import type { Part } from "./open-parts.ts";
import type { Setup } from "./open-setup.ts";

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

export function openLine({ upgrades, limits, setup, settings, address, log, wrap }: Base & Setup & Web): Line {
  const origins = (): string[] => [...setup.live.origins(), ...address.origins()];
  const io = openLineServer({ upgrades, origins, limits, trustedProxies: settings.trustedProxies });
  const { meter, mount } = lateMetrics(() => io.engine.clientsCount);
  return {
    io,
    room: wrap("room", createRoom([customerListener(io)], log)),
    meter: wrap("meter", meter),
    metrics: mount,
    close: () => io.close(),
  };
}
