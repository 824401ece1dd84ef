import { RequestError } from "../../../protocol/errors.ts";
import { networkOf } from "../network/address.ts";
import { type Limiter, type Limiters, type OpenCount, PER_MINUTE } from "./limiters.ts";

/** What the whole server takes from one network address or one customer, whatever the assistant. */
export interface LineLimits {
  /** Connections that one address may have at once. Offices and mobile networks share addresses. */
  readonly connectionsPerAddress: number;
  readonly connectionsPerMinutePerAddress: number;
  /** Requests of any kind from one customer. */
  readonly requestsPerMinute: number;
  readonly requestsPerMinutePerAddress: number;
  readonly bytesPerMinute: number;
  readonly bytesPerMinutePerAddress: number;
}

export const DEFAULT_LINE_LIMITS: LineLimits = {
  connectionsPerAddress: 200,
  connectionsPerMinutePerAddress: 300,
  requestsPerMinute: 300,
  requestsPerMinutePerAddress: 3000,
  bytesPerMinute: 256 * 1024,
  bytesPerMinutePerAddress: 4 * 1024 * 1024,
};

/** Who is limited. */
export interface Sender {
  readonly id: string;
  readonly assistant: string;
  readonly address: string;
}

/** Whose messages are limited, and how. */
export interface MessageLimits {
  /** The assistant's. */
  readonly key: string;
  readonly limits: { readonly messagesPerMinute: number; readonly messagesPerMinutePerAddress: number };
}

export interface LimitsPorts {
  readonly limiters: Limiters;
  readonly limits?: LineLimits;
}

/**
 * Counts what comes in, per minute. Every method throws `RequestError` `rate-limited` with `retryAfterMs` when it is
 * too much; what was refused counts too, so hammering does not pay.
 */
export class Limits {
  readonly #limits: LineLimits;
  readonly #limiters: Limiters;
  readonly #connections: Limiter;
  readonly #requests: Limiter;
  readonly #requestsOfAddress: Limiter;
  readonly #bytes: Limiter;
  readonly #bytesOfAddress: Limiter;
  readonly #open: OpenCount;

  constructor({ limiters, limits = DEFAULT_LINE_LIMITS }: LimitsPorts) {
    this.#limits = limits;
    this.#limiters = limiters;
    this.#connections = limiters.counting("line/connections-of-address", PER_MINUTE);
    this.#requests = limiters.counting("line/requests", PER_MINUTE);
    this.#requestsOfAddress = limiters.counting("line/requests-of-address", PER_MINUTE);
    this.#bytes = limiters.counting("line/bytes", PER_MINUTE);
    this.#bytesOfAddress = limiters.counting("line/bytes-of-address", PER_MINUTE);
    this.#open = limiters.open("line/connections-of-address");
  }

  /** Before a socket is opened. A network that has used up what it may send opens no more. */
  async beforeSocket(address: string): Promise<void> {
    const network = networkOf(address);
    const { connectionsPerAddress, connectionsPerMinutePerAddress } = this.#limits;
    if ((await this.#open.of(network)) >= connectionsPerAddress)
      throw new RequestError("rate-limited", { detail: "This network has too many open chats.", retryAfterMs: 30_000 });
    await take(this.#connections, network, 1, {
      limit: connectionsPerMinutePerAddress,
      detail: "This network opens too many chats in a short time.",
    });
    await this.#takeOfNetwork(network, { requests: 0, bytes: 0 });
  }

  /** A socket was opened; the returned function reports that it is gone. */
  socketOpened(address: string): () => void {
    return this.#open.add(networkOf(address));
  }

  /** A request of any kind. */
  async request({ id, address }: Sender): Promise<void> {
    const detail = "This chat sends too many requests in a short time.";
    await take(this.#requests, id, 1, { limit: this.#limits.requestsPerMinute, detail });
    await this.#takeOfNetwork(networkOf(address), { requests: 1 });
  }

  /** Bytes that came in, in whatever form. Before the hello they are of no customer, and count for their network alone. */
  async bytes(customerId: string | undefined, address: string, bytes: number): Promise<void> {
    // First, so that what is refused to a customer is counted here too.
    const ofNetwork = this.#takeOfNetwork(networkOf(address), { bytes });
    const detail = "This chat sends too much text in a short time.";
    if (customerId !== undefined)
      await Promise.all([ofNetwork, take(this.#bytes, customerId, bytes, { limit: this.#limits.bytesPerMinute, detail })]);
    await ofNetwork;
  }

  async #takeOfNetwork(network: string, { requests, bytes }: { readonly requests?: number; readonly bytes?: number }): Promise<void> {
    const { requestsPerMinutePerAddress, bytesPerMinutePerAddress } = this.#limits;
    if (requests !== undefined)
      await take(this.#requestsOfAddress, network, requests, {
        limit: requestsPerMinutePerAddress,
        detail: "This network sends too many requests in a short time.",
      });
    if (bytes !== undefined)
      await take(this.#bytesOfAddress, network, bytes, {
        limit: bytesPerMinutePerAddress,
        detail: "This network sends too much text in a short time.",
      });
  }

  /**
   * A message to an assistant, on top of `request`. Its owner may have changed the limits since; what was counted this
   * minute still counts.
   */
  async message(sender: Sender, { key, limits }: MessageLimits): Promise<void> {
    const ofCustomer = this.#limiters.counting(`messages/${key}/of-customer`, PER_MINUTE);
    const ofAddress = this.#limiters.counting(`messages/${key}/of-address`, PER_MINUTE);
    await take(ofCustomer, sender.id, 1, { limit: limits.messagesPerMinute });
    const detail = "Many messages come from this network.";
    await take(ofAddress, networkOf(sender.address), 1, { limit: limits.messagesPerMinutePerAddress, detail });
  }
}

async function take(limiter: Limiter, key: string, points: number, refusal: { limit: number; detail?: string }): Promise<void> {
  const { limit, ...detail } = refusal;
  const refused = await limiter.take(key, points, limit);
  if (refused !== undefined) throw new RequestError("rate-limited", { ...detail, retryAfterMs: refused.retryAfterMs });
}
