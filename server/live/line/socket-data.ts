import type { IdentifiedCustomer } from "../../identity/customers/customers.ts";

/** All that is kept for a socket beside socket.io's own; thousands of idle customers pay for every field. */
export interface SocketData {
  customer: IdentifiedCustomer;
  /** Between hello and welcome only. */
  token: string | undefined;
  /** Whether its reader knows `more` frames. */
  readsMore: boolean;
  /** How often a request was refused for being too much; absent before the first time. */
  refusals?: number;
}
