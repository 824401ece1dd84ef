import { Desk } from "../conversation/desk.ts";
import type { PageLimits } from "../conversation/open-conversation.ts";
import type { Notices } from "../conversation/ports/notices.ts";
import type { Assistants } from "../conversation/ports/assistants.ts";
import type { Base } from "./open-base.ts";
import type { Line } from "./open-line.ts";
import type { Part } from "./open-parts.ts";
import type { Setup } from "./open-setup.ts";
import type { OpenedSignIns } from "./open-sign-ins.ts";
import type { Storage } from "./open-storage.ts";
import type { ModelsAndTools } from "./open-tools.ts";

/** The business. It takes up what an earlier process left with `desk.start`, once everything is there. */
export interface OpenedDesk extends Part {
  readonly desk: Desk;
  readonly assistants: Assistants;
}

/** How long running turns may take to come to a good place. */
const DRAIN_MS = 5000;
const GRACE_MS = 500;
const LEASE_MS = 30_000;
const POLL_MS = 1000;
const PAGE: PageLimits = { events: 100, bytes: 256 * 1024 };

export function openDesk(parts: Base & Storage & Setup & OpenedSignIns & ModelsAndTools & Line): OpenedDesk {
  const { store, models, tools, signIns, clock, log, meter, room } = parts;
  const notices: Notices = { notice: () => undefined };
  const assistants: Assistants = parts.wrap("assistants", parts.setup.live);
  const desk = new Desk(
    { store, assistants, models, tools, signIns, clock, log, meter, notices, room },
    { holder: clock.id(), leaseMs: LEASE_MS, pollMs: POLL_MS, page: PAGE },
  );
  parts.whenConnected((connected) => desk.connected(connected));
  return { desk, assistants, close: () => desk.drain(DRAIN_MS), closeWithinMs: DRAIN_MS + GRACE_MS };
}
