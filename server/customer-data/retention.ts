import type { RetentionSettings } from "../conversation/ports/assistant.ts";
import type { Clock } from "../foundation/clock.ts";
import type { Log } from "../foundation/log.ts";
import { eraseBegun } from "./erasures.ts";
import type { GoneAssistant, KeptRetention, LiveAssistant } from "./kept-retention.ts";
import type { AgedConversation, CustomerDataStore, Part, SearchedTexts } from "./ports.ts";
import { stripEvent } from "./strip-event.ts";

const DAY_MS = 24 * 60 * 60_000;
/** How often it is looked for what is old. */
export const RETENTION_MS = 60 * 60_000;
const CONVERSATIONS_AT_ONCE = 50;
const EVENTS_AT_ONCE = 100;
const ROWS_AT_ONCE = 500;

/** How long what belongs to no assistant is kept. Absent: for ever. */
export interface ServerRetention {
  readonly callDays?: number;
  readonly auditDays?: number;
  /** Conversations of an assistant that is gone and said nothing of them. */
  readonly deletedAssistantDays?: number;
}

export interface RetentionPorts {
  readonly store: CustomerDataStore;
  readonly searched: SearchedTexts;
  readonly assistants: () => readonly LiveAssistant[];
  /** For the conversations of assistants that are gone. */
  readonly kept: Pick<KeptRetention, "remember" | "gone">;
  readonly server: ServerRetention;
  /** Whatever runs in these conversations ends. */
  readonly letGo: (conversationIds: readonly string[]) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the next run takes, as of now. */
export interface RetentionPreview {
  /** Milliseconds since 1970. */
  readonly nextAt: number;
  /** Conversations that go; absent: they are kept. */
  readonly conversations?: number;
  /** Conversations that lose the results, or the raw calls, that they still have. */
  readonly results?: number;
  readonly traces?: number;
}

/** Ends what the owners' settings end, in small steps, once an hour. */
export class Retention {
  readonly #ports: RetentionPorts;
  #nextAt: number;

  constructor(ports: RetentionPorts) {
    this.#ports = ports;
    this.#nextAt = ports.clock.now() + RETENTION_MS;
  }

  async run(): Promise<void> {
    const { store, searched, assistants, kept, server, clock, log } = this.#ports;
    const now = clock.now();
    this.#nextAt = now + RETENTION_MS;
    let gone = 0;
    const live = assistants();
    await kept.remember(live);
    for (const { key, retention } of [...live, ...(await kept.gone(live)).map((one) => afterwards(one, server, now))]) {
      if (retention === undefined) continue;
      gone += await this.#conversations(key, retention.conversationDays);
      gone += await this.#parts(key, "traces", retention.traceDays);
      gone += await this.#parts(key, "results", retention.resultDays);
    }
    await eraseBegun(store, searched);
    gone += await this.#old("calls", server.callDays, now);
    gone += await this.#old("audit", server.auditDays, now);
    if (gone === 0) return;
    await store.wipe();
    log.info({ gone }, "What had been kept long enough is gone.");
  }

  /** What the next run would take of an assistant's conversations under these settings. */
  async preview(assistant: string, settings: RetentionSettings | undefined): Promise<RetentionPreview> {
    const { store, clock } = this.#ports;
    const nextAt = Math.max(this.#nextAt, clock.now());
    const count = async (days: number | undefined) => (days === undefined ? undefined : store.countOlder(assistant, cutoff(nextAt, days)));
    const [conversations, traces, results] = await Promise.all([
      count(settings?.conversationDays),
      count(settings?.traceDays),
      count(settings?.resultDays),
    ]);
    return {
      nextAt,
      ...(conversations === undefined ? {} : { conversations }),
      ...(traces === undefined ? {} : { traces }),
      ...(results === undefined ? {} : { results }),
    };
  }

  async #conversations(assistant: string, days: number | undefined): Promise<number> {
    if (days === undefined) return 0;
    const { store, searched, letGo, clock } = this.#ports;
    let count = 0;
    for (;;) {
      const old = await store.listOlder(assistant, { before: cutoff(clock.now(), days), limit: CONVERSATIONS_AT_ONCE });
      if (old.length === 0) return count;
      const ids = old.map(({ id }) => id);
      await store.beginErasing(ids, clock.now());
      letGo(ids);
      await eraseBegun(store, searched);
      count += ids.length;
    }
  }

  async #parts(assistant: string, part: Part, days: number | undefined): Promise<number> {
    if (days === undefined) return 0;
    const { store, searched, clock } = this.#ports;
    const before = cutoff(clock.now(), days);
    let count = 0;
    for (let after: AgedConversation | undefined; ;) {
      const page = await store.listOlder(assistant, { before, limit: CONVERSATIONS_AT_ONCE, ...(after === undefined ? {} : { after }) });
      for (const { id, lastSeq, openSeq, resultsFrom, tracesFrom } of page) {
        // What an open turn needs stays, and is looked at again once the turn is over.
        if ((part === "results" ? resultsFrom : tracesFrom) > Math.min(lastSeq, openSeq - 1)) continue;
        const options = {
          part,
          through: lastSeq,
          limit: EVENTS_AT_ONCE,
          change: (event: Parameters<typeof stripEvent>[0]) => stripEvent(event, part),
        };
        while (!(await store.strip(id, options)));
        await searched.readAgain([id]);
        count += 1;
      }
      after = page.at(-1);
      if (after === undefined) return count;
    }
  }

  async #old(what: "calls" | "audit", days: number | undefined, now: number): Promise<number> {
    if (days === undefined) return 0;
    let count = 0;
    for (;;) {
      const deleted = await this.#ports.store.deleteOld(what, cutoff(now, days), ROWS_AT_ONCE);
      count += deleted;
      if (deleted === 0) return count;
    }
  }
}

/**
 * What holds for the conversations of an assistant that is gone: what it said, and for those of which it said nothing
 * the server's days, which count from the day when it was gone. So a file that was wrong for an hour deletes nothing.
 */
function afterwards({ key, retention, goneSince }: GoneAssistant, { deletedAssistantDays }: ServerRetention, now: number): LiveAssistant {
  const isOver = deletedAssistantDays !== undefined && goneSince <= cutoff(now, deletedAssistantDays);
  if (retention?.conversationDays !== undefined || !isOver) return { key, ...(retention === undefined ? {} : { retention }) };
  return { key, retention: { ...retention, conversationDays: deletedAssistantDays } };
}

function cutoff(now: number, days: number): number {
  return now - days * DAY_MS;
}
