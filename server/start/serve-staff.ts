import { SignedInSockets } from "../live/staff/signed-in-sockets.ts";
import { StaffGateway } from "../live/staff/staff-gateway.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line, Web } from "./open-line.ts";
import type { Storage } from "./open-storage.ts";
import type { Part } from "./open-parts.ts";
import type { StaffApi } from "./staff-api.ts";

/** Lets staff watch what happens. */
export function serveStaff(parts: Base & Storage & Web & Line & OpenedDesk & { readonly api: StaffApi }): Part {
  const { api, documents, desk, staffLine: io, watched, showsThoughts, limits, settings, clock, isStopping, log } = parts;
  const { signIns } = api;
  const { trustedProxies } = settings;
  const sockets = new SignedInSockets({ documents, signIns, clock, log });
  new StaffGateway({ io, signIns, sockets, watch: desk.watch, watched, showsThoughts, limits, trustedProxies, clock, isStopping, log });
  return { close: () => sockets.close() };
}
