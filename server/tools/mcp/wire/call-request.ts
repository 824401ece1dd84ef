import type { ConnectionNeed } from "../../../conversation/ports/tools.ts";
import type { FactValue } from "../../../conversation/ports/customer-facts.ts";

/** One request of a call. */
export interface CallRequest {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly inputResponses?: Readonly<Record<string, object>>;
  readonly requestState?: string;
  /** What the server is told of the customer, in `_meta`. */
  readonly meta?: Readonly<Record<string, FactValue>>;
}

/** How one request of a call ended. */
export type CallAnswer =
  /** The raw result. */
  | { readonly kind: "answered"; readonly raw: unknown }
  /** Stopped from our side. */
  | { readonly kind: "stopped"; readonly sent: boolean }
  /** The server refused it for want of a sign-in. */
  | { readonly kind: "sign-in"; readonly need: ConnectionNeed }
  /** The server wants pages visited first (error -32042); as it said them. */
  | { readonly kind: "pages"; readonly elicitations: readonly unknown[] }
  /** The server does not know the session any more, and did not run it. */
  | { readonly kind: "session-lost"; readonly error: unknown }
  | { readonly kind: "broken"; readonly error: unknown; readonly sent: boolean };
