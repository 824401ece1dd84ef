// Not the whole library, which loads twenty databases' ways as well.
import RateLimiterMemory from "rate-limiter-flexible/lib/RateLimiterMemory.js";
import RateLimiterRes from "rate-limiter-flexible/lib/RateLimiterRes.js";
import { RequestError } from "../../../protocol/errors.ts";
import type { Assistant } from "../../conversation/ports/assistant.ts";
import { networkOf } from "../network/address.ts";

/** What the whole server takes from one network address or one customer, whatever the assistant. */
export interface LineLimits {
  /** Connections that one address may have at once. Offices and mobile networks share addresses. */
  readonly connectionsPerAddress: number;
  readonly connectionsPerMinutePerAddress: number;
  /** Requests of any kind from one customer. */
  readonly requestsPerMinute: number;
  readonly bytesPerMinute: number;
  readonly bytesPerMinutePerAddress: number;
}

export const DEFAULT_LINE_LIMITS: LineLimits = {
  connectionsPerAddress: 200,
  connectionsPerMinutePerAddress: 300,
  requestsPerMinute: 300,
  bytesPerMinute: 256 * 1024,
  bytesPerMinutePerAddress: 4 * 1024 * 1024,
};

/** Whoever is limited. */
export interface Sender {
  readonly id: string;
  readonly assistant: string;
  readonly address: string;
}

const MINUTE_SECONDS = 60;

/**
 * Counts what comes in, per minute and in memory. Every method throws `RequestError` `rate-limited` with `retryAfterMs` when it is too much; what was
 * refused counts too, so hammering does not pay.
 */
export class Limits {
  readonly #limits: LineLimits;
  readonly #connections: RateLimiterMemory;
  readonly #requests: RateLimiterMemory;
  readonly #bytes: RateLimiterMemory;
  readonly #bytesOfAddress: RateLimiterMemory;
  readonly #messages = new Map<string, { readonly ofCustomer: RateLimiterMemory; readonly ofAddress: RateLimiterMemory }>();
  readonly #open = new Map<string, number>();

  constructor(limits: LineLimits = DEFAULT_LINE_LIMITS) {
    this.#limits = limits;
    this.#connections = perMinute(limits.connectionsPerMinutePerAddress);
    this.#requests = perMinute(limits.requestsPerMinute);
    this.#bytes = perMinute(limits.bytesPerMinute);
    this.#bytesOfAddress = perMinute(limits.bytesPerMinutePerAddress);
  }

  /** Before a connection is made. */
  async beforeConnection(address: string): Promise<void> {
    const network = networkOf(address);
    if ((this.#open.get(network) ?? 0) >= this.#limits.connectionsPerAddress)
      throw new RequestError("rate-limited", { detail: "This network has too many open chats.", retryAfterMs: 30_000 });
    await take(this.#connections, network, 1, "This network opens chats too quickly.");
  }

  /** A connection was made; the returned function says that it is gone. */
  connected(address: string): () => void {
    const network = networkOf(address);
    this.#open.set(network, (this.#open.get(network) ?? 0) + 1);
    let gone = false;
    return () => {
      if (gone) return;
      gone = true;
      const left = (this.#open.get(network) ?? 1) - 1;
      if (left > 0) this.#open.set(network, left);
      else this.#open.delete(network);
    };
  }

  /** A request of any kind. */
  async request(sender: Sender, bytes: number): Promise<void> {
    await take(this.#requests, sender.id, 1, "This chat asks too much at once.");
    await take(this.#bytes, sender.id, bytes, "This chat sends too much text.");
    await take(this.#bytesOfAddress, networkOf(sender.address), bytes, "This network sends too much text.");
  }

  /** A message to an assistant, on top of `request`. */
  async message(sender: Sender, assistant: Assistant): Promise<void> {
    const { messagesPerMinute, messagesPerMinutePerAddress } = assistant.limits;
    let limiters = this.#messages.get(assistant.key);
    if (limiters === undefined) {
      limiters = { ofCustomer: perMinute(messagesPerMinute), ofAddress: perMinute(messagesPerMinutePerAddress) };
      this.#messages.set(assistant.key, limiters);
    }
    // Its owner may have changed them since; what was counted this minute still counts.
    limiters.ofCustomer.points = messagesPerMinute;
    limiters.ofAddress.points = messagesPerMinutePerAddress;
    await take(limiters.ofCustomer, sender.id, 1, undefined);
    await take(limiters.ofAddress, networkOf(sender.address), 1, "Many messages come from this network.");
  }
}

function perMinute(points: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
}

async function take(limiter: RateLimiterMemory, key: string, points: number, detail: string | undefined): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RequestError("rate-limited", {
      ...(detail === undefined ? {} : { detail }),
      retryAfterMs: Math.max(1, refusal.msBeforeNext),
    });
  }
}
