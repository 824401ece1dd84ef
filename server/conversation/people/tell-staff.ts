import type { EventDraft } from "../../../protocol/events.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Journal } from "../journal/journal.ts";
import type { Notices } from "../ports/notices.ts";
import type { Append } from "../ports/store.ts";
import { isNoticed } from "./is-noticed.ts";

export interface TellStaffPorts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly notices: Notices;
}

/** Whose conversation it is, as an append makes it where it does not exist yet. */
export type OfCustomer = NonNullable<Append["create"]>;

/** Writes what the staff ought to hear of at once, and tells them; answers with its number. */
export async function tellStaff(ports: TellStaffPorts, conversationId: string, of: OfCustomer, event: EventDraft): Promise<number> {
  const { journal, clock, notices } = ports;
  const appended = await journal.append({ conversationId, events: [event], at: clock.now(), create: of });
  for (const written of appended.events) if (isNoticed(written)) notices.notice({ conversationId, ...of, event: written });
  return appended.repeated ?? appended.events[0]?.seq ?? 0;
}
