import { CustomerGateway } from "../live/line/customer-gateway.ts";
import { noteVisits } from "./note-visits.ts";
import type { Base } from "./open-base.ts";
import { openCustomers } from "./open-customers.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Line, Web } from "./open-line.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";
import type { Views } from "./open-views.ts";
import type { Voice } from "./open-voice.ts";

/** Lets customers speak with the desk. */
export function serveCustomers(parts: Base & Setup & Storage & Web & Line & OpenedDesk & Voice & Views): void {
  const { io, desk, views, voiceCalls, setup, assistants, limits, clock, isStopping, log } = parts;
  const customers = openCustomers(parts);
  new CustomerGateway({
    io,
    desk: desk.customers,
    calls: voiceCalls,
    pages: setup.pages,
    views,
    customers,
    assistants,
    limits,
    clock,
    isStopping,
    sightings: noteVisits(parts),
    log,
  });
}
