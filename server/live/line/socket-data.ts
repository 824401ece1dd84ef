import type { IdentifiedCustomer } from "../../identity/customers/customers.ts";
import type { LineSession } from "./line-session.ts";

/** All that is kept for a socket beside socket.io's own; thousands of idle customers pay for every field. */
export interface SocketData {
  customer: IdentifiedCustomer;
  /** Of the page, such as `https://shop.example`. */
  origin: string;
  /** Between hello and welcome only. */
  token: string | undefined;
  /** Between hello and welcome only: an identified customer's newest conversation. */
  newest?: string | undefined;
  /** What is below its packets; absent when it is gone by now. */
  session: LineSession | undefined;
  /** Whether its reader knows `more` frames. */
  readsMore: boolean;
  /** How often a request was refused for being too much; absent before the first time. */
  refusals?: number;
}
