import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type CallRecord, euros, type Order, type OrderState, orderStateSchema, type Refund, refundableCents } from "./order.ts";
import { seedOrders } from "./seed.ts";

/**
 * Says no to a wish about an order in words a customer can read. Becomes an MCP error result, never a protocol error.
 */
export class OrderRefusal extends Error {
  override readonly name = "OrderRefusal";
}

/** What the book takes from outside. */
export interface OrderBookOptions {
  /** The state file; made with the seed orders if absent. */
  readonly file: string;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Older entries of the call log go first. */
const maximumCalls = 1000;

/**
 * The shop's orders, kept in one JSON file. Each change is on the disk (temporary file, fsync, rename) before the
 * method returns, so a refund that was confirmed survives any kill.
 */
export class OrderBook {
  readonly #options: OrderBookOptions;
  readonly #state: OrderState;

  /** Throws if the state file exists and does not hold orders. */
  constructor(options: OrderBookOptions) {
    this.#options = options;
    this.#state = read(options.file) ?? { orders: seedOrders(options.now()), calls: [] };
    for (const call of this.#state.calls) if (call.outcome === "running") call.outcome = "cancelled";
    this.#save();
  }

  get state(): OrderState {
    return this.#state;
  }

  /** Throws `OrderRefusal` for a number that no order has. */
  order(orderId: string): Order {
    const wanted = orderId.replace(/^#/u, "").trim();
    const found = this.#state.orders.find((order) => order.orderId === wanted);
    if (found !== undefined) return found;
    throw new OrderRefusal(`There is no order ${wanted}. Known orders: ${this.#state.orders.map((order) => order.orderId).join(", ")}.`);
  }

  /** Records one refund. Calling it twice pays twice: a caller that must not repeat has to see to that itself. */
  refund(
    orderId: string,
    amountCents: number,
    details: { readonly reason?: string | undefined; readonly chatId?: string | undefined },
  ): Refund {
    const order = this.order(orderId);
    const left = refundableCents(order);
    if (order.status === "cancelled")
      throw new OrderRefusal(`Order ${order.orderId} is cancelled and was never charged, so there is nothing to refund.`);
    if (left === 0) throw new OrderRefusal(`Order ${order.orderId} has already been refunded in full.`);
    if (amountCents > left) {
      throw new OrderRefusal(`${euros(amountCents)} is more than order ${order.orderId} has left. At most ${euros(left)} can be refunded.`);
    }
    const refund: Refund = {
      refundId: this.#options.newId(),
      amountCents,
      at: this.#options.now(),
      ...(details.reason === undefined ? {} : { reason: details.reason }),
      ...(details.chatId === undefined ? {} : { chatId: details.chatId }),
    };
    order.refunds.push(refund);
    this.#save();
    return refund;
  }

  /** Cancels an order that has not left the workshop. */
  cancel(orderId: string): Order {
    const order = this.order(orderId);
    if (order.status === "cancelled") throw new OrderRefusal(`Order ${order.orderId} is already cancelled.`);
    if (order.status !== "processing") {
      throw new OrderRefusal(
        `Order ${order.orderId} is already ${order.status} and can no longer be cancelled. It can be refunded instead.`,
      );
    }
    order.status = "cancelled";
    order.cancelledAt = this.#options.now();
    this.#save();
    return order;
  }

  /** Brings the parcel on another day, such as `2026-05-04`: one to come, and within two weeks. */
  moveDelivery(orderId: string, day: string): Order {
    const order = this.order(orderId);
    if (order.parcel === undefined || order.status !== "shipped")
      throw new OrderRefusal(`Order ${order.orderId} is not on its way: it is ${order.status}.`);
    const expectedAt = Date.parse(`${day}T12:00:00Z`);
    const days = (expectedAt - this.#options.now()) / 86_400_000;
    if (!(days > 0 && days < 14)) throw new OrderRefusal(`The carrier does not come on ${day}. Choose a day within two weeks.`);
    order.parcel.expectedAt = expectedAt;
    this.#save();
    return order;
  }

  /** Writes down that a call arrived, before anything is done about it; the returned function says how it ended. */
  logCall(call: Omit<CallRecord, "at" | "outcome">): (outcome: CallRecord["outcome"]) => void {
    const record: CallRecord = { at: this.#options.now(), ...call, outcome: "running" };
    this.#state.calls.push(record);
    this.#state.calls.splice(0, this.#state.calls.length - maximumCalls);
    this.#save();
    return (outcome) => {
      record.outcome = outcome;
      this.#save();
    };
  }

  #save(): void {
    const { file } = this.#options;
    const temporary = `${file}.new`;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const handle = openSync(temporary, "w", 0o600);
    try {
      writeFileSync(handle, `${JSON.stringify(this.#state, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  }
}

function read(file: string): OrderState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return orderStateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`The order file ${file} cannot be read. Delete it to start with fresh orders.`, { cause: error });
  }
}
