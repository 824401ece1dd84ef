import type { Log } from "../foundation/log.ts";
import type { Notice } from "./notice.ts";
import type { NewDelivery, NoticeStore, Raised } from "./ports.ts";
import { readNotices, type ReadNoticesPorts } from "./read-notices.ts";

/** Who wants to hear of a notice by one channel, and what exactly they are sent. */
export interface Addressing {
  deliveriesOf(notice: Notice): Promise<readonly NewDelivery[]>;
}

export interface GiveOutPorts extends ReadNoticesPorts {
  readonly notices: NoticeStore;
  readonly channels: readonly Addressing[];
  readonly log: Log;
}

const PAGE = 50;

/**
 * Makes deliveries of everything that was raised. What is given out is forgotten in the same transaction, so a process
 * that dies in between gives it out again, and no other.
 */
export async function giveOutAll(ports: GiveOutPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const page = await ports.notices.listRaised(PAGE);
    for (const raised of page) {
      if (signal.aborted) return;
      await ports.notices.giveOut([raised.id], await deliveriesOf(ports, raised));
    }
    if (page.length < PAGE) return;
  }
}

/** What cannot be read must not hold up what comes after it. */
async function deliveriesOf(ports: GiveOutPorts, raised: Raised): Promise<readonly NewDelivery[]> {
  try {
    const notices = await readNotices(ports, raised);
    const lists = await Promise.all(
      notices.flatMap((notice) =>
        ports.channels.map((channel) => channel.deliveriesOf(notice).catch((error: unknown) => notTold(ports, raised, error))),
      ),
    );
    return lists.flat();
  } catch (error) {
    return notTold(ports, raised, error);
  }
}

function notTold({ log }: GiveOutPorts, { id, place }: Raised, error: unknown): readonly NewDelivery[] {
  log.error({ error: String(error), raised: id, ...place }, "A notice could not be made, so nobody is told of it this way.");
  return [];
}
