import type { Customer } from "../../conversation/customer-desk.ts";
import type { Sender } from "../../guard/limits/limits.ts";

/** All that is kept for a connection beside socket.io's own; thousands of idle customers pay for every field. */
export interface SocketData {
  customer: Customer & Sender;
  /** Between hello and welcome only. */
  token: string | undefined;
  /** How often a request was refused for being too much; absent before the first time. */
  refusals?: number;
}
