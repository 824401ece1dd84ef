import type { JournalEvent } from "../../protocol/events.ts";

/** The first events whose bodies `maxBytes` hold, and never none. */
export function upTo(events: readonly JournalEvent[], maxBytes = Infinity): readonly JournalEvent[] {
  let bytes = 0;
  return events.filter(({ seq: _seq, at: _at, type: _type, ...body }, index) => {
    bytes += JSON.stringify(body).length;
    return index === 0 || bytes <= maxBytes;
  });
}
