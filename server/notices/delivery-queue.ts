import type { Clock } from "../foundation/clock.ts";
import { clockPause } from "../foundation/clock-pause.ts";
import type { Log } from "../foundation/log.ts";
import { giveOutAll, type GiveOutPorts } from "./give-out.ts";
import type { Channel, Delivery, DeliveryAnswer, NoticeStore } from "./ports.ts";
import { nextAttempt } from "./retry-schedule.ts";

/** What an attempt came to. `failed` is tried again; `refused` never; `gone`: there is nobody to send it to any more. */
export interface Sent {
  readonly came: "delivered" | "failed" | "refused" | "gone";
  readonly answer: Omit<DeliveryAnswer, "at" | "durationMs">;
  readonly retryAfterMs?: number | undefined;
}

/** Carries out one attempt. Rejects only when the signal is aborted, or by a fault of its own. */
export type Send = (delivery: Delivery, signal: AbortSignal) => Promise<Sent>;

export interface DeliveryQueuePorts {
  readonly notices: NoticeStore;
  readonly giveOut: Omit<GiveOutPorts, "notices" | "log">;
  readonly senders: Readonly<Record<Channel, Send>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** At a time, to everybody together and to one receiver: one that is slow takes no other's place. */
const AT_ONCE = 32;
const AT_ONCE_EACH = 4;
/** More than may be under way: each page has some that can begin. */
const LOOKED_AT = 2 * AT_ONCE;
/** After a fault of our own, and as the longest sleep: clocks are set, and timers are late. */
const FAULT_PAUSE_MS = 5_000;
const LONGEST_SLEEP_MS = 10 * 60_000;
/** How long a delivery can be looked at after its end. */
const KEPT_MS = 30 * 24 * 3_600_000;
const PURGE_AT_ONCE = 200;

/**
 * Carries deliveries out, each until it is delivered or given up. An attempt is written down when it is over: one that
 * a stop cuts short is made again after the start, under the same id.
 */
export class DeliveryQueue {
  readonly #ports: DeliveryQueuePorts;
  readonly #underWay = new Map<string, { readonly target: string; readonly end: Promise<void> }>();
  readonly #stopping = new AbortController();
  #endListening: () => void = () => {};
  #callOff: () => void = () => {};
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(ports: DeliveryQueuePorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#endListening = this.#ports.notices.onRaised(() => this.#look());
    this.#look();
  }

  /** What is under way is cut short. */
  async close(): Promise<void> {
    this.#endListening();
    this.#callOff();
    this.#stopping.abort();
    await this.#looking;
    await Promise.all([...this.#underWay.values()].map(({ end }) => end));
  }

  #look(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return;
    }
    this.#callOff();
    this.#looking = this.#lookOnce()
      .catch((error: unknown) => {
        if (this.#stopping.signal.aborted) return;
        this.#ports.log.error({ error: String(error) }, "The queue of notices could not be read. It is read again soon.");
        this.#sleep(FAULT_PAUSE_MS);
      })
      .then(() => {
        this.#looking = undefined;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.#look();
      });
  }

  async #lookOnce(): Promise<void> {
    const { notices, clock, log, giveOut } = this.#ports;
    await giveOutAll({ ...giveOut, notices, log }, this.#stopping.signal);
    while ((await notices.purge(clock.now() - KEPT_MS, PURGE_AT_ONCE)) === PURGE_AT_ONCE) if (this.#stopping.signal.aborted) return;
    const now = clock.now();
    for (let isMore = true; isMore && this.#underWay.size < AT_ONCE && !this.#stopping.signal.aborted;) {
      const due = await notices.listDue({ now, limit: LOOKED_AT, except: this.#busyTargets() });
      for (const delivery of due) this.#begin(delivery);
      // A page may be all of one receiver, who is busy by now.
      isMore = due.length === LOOKED_AT;
    }
    // Those that wait for a place are looked at when one is free.
    const next = await notices.nextDue(now);
    this.#sleep(Math.min(next === undefined ? LONGEST_SLEEP_MS : next - now, LONGEST_SLEEP_MS));
  }

  #sleep(ms: number): void {
    this.#callOff();
    this.#callOff = this.#ports.clock.after(ms, () => this.#look());
  }

  #busyTargets(): readonly string[] {
    const targets = [...this.#underWay.values()].map(({ target }) => target);
    return [...new Set(targets)].filter((target) => targets.filter((one) => one === target).length >= AT_ONCE_EACH);
  }

  #begin(delivery: Delivery): void {
    const { id, target } = delivery;
    if (this.#stopping.signal.aborted || this.#underWay.has(id) || this.#underWay.size >= AT_ONCE) return;
    if (this.#busyTargets().includes(target)) return;
    const end = this.#attempt(delivery).then(() => {
      this.#underWay.delete(id);
      this.#look();
    });
    this.#underWay.set(id, { target, end });
  }

  /** Never rejects. */
  async #attempt(delivery: Delivery): Promise<void> {
    const { clock, log, notices, senders } = this.#ports;
    const at = clock.now();
    try {
      const sent = await senders[delivery.channel](delivery, this.#stopping.signal).catch((error: unknown): Sent => {
        if (this.#stopping.signal.aborted) throw error;
        log.error({ error: String(error), delivery: delivery.id, channel: delivery.channel }, "A delivery failed by a fault of our own.");
        return { came: "failed", answer: { fault: "The server could not carry it out. Its log says why." } };
      });
      const now = clock.now();
      await notices.attempted(delivery.id, this.#after(delivery, sent, { at, now }));
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      log.error({ error: String(error), delivery: delivery.id }, "How a delivery ended could not be kept, so it is sent again.");
      await clockPause(clock, FAULT_PAUSE_MS, this.#stopping.signal);
    }
  }

  #after({ id, channel, event, attempts, at: since }: Delivery, sent: Sent, time: { readonly at: number; readonly now: number }) {
    const { clock, log } = this.#ports;
    const { at, now } = time;
    const answer: DeliveryAnswer = { ...sent.answer, at, durationMs: Math.max(0, now - at) };
    if (sent.came === "delivered") return { status: "delivered", answer } as const;
    if (sent.came === "gone") return { status: "cancelled", answer } as const;
    const again = { attempts: attempts + 1, now, since, retryAfterMs: sent.retryAfterMs, chance: clock.random() };
    const dueAt = sent.came === "refused" ? undefined : nextAttempt(again);
    if (dueAt !== undefined) return { status: "waiting", dueAt, answer } as const;
    log.warn({ delivery: id, channel, event, attempts: attempts + 1, status: answer.status }, "A notice was given up.");
    return { status: "dead", answer } as const;
  }
}
