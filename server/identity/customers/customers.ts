import type { IncomingMessage } from "node:http";
import { RequestError } from "../../../protocol/errors.ts";
import type { HelloFrame } from "../../../protocol/frames.ts";
import { addressOf } from "../../guard/network/address.ts";
import { pageAllowed } from "../../guard/network/origins.ts";
import type { CustomerTokens } from "./customer-token.ts";

/** What the site says of its customer. Anonymous: nothing. Code that reads more than `kind` asks for the kind first. */
export type Claims = { readonly kind: "anonymous" };

/**
 * A customer on one page view, with all that any line has to know of them. Thousands of idle ones pay for every field.
 */
export interface IdentifiedCustomer {
  readonly id: string;
  /** Key of the assistant they talk with. */
  readonly assistant: string;
  readonly sessionId: string;
  readonly address: string;
  readonly claims: Claims;
}

export interface Customers {
  /**
   * Who says hello, and the token that their browser keeps from now on. Throws `RequestError` `unknown-assistant`, or
   * `origin-refused` for a page that may not use this assistant.
   */
  identify(
    hello: Pick<HelloFrame, "assistant" | "token" | "sessionId">,
    request: Pick<IncomingMessage, "headers" | "socket">,
  ): { readonly customer: IdentifiedCustomer; readonly token: string };
}

export interface CustomersPorts {
  readonly assistants: { find(key: string): { readonly key: string; readonly allowedOrigins: readonly string[] } | undefined };
  readonly tokens: CustomerTokens;
  /** Origins that every assistant allows: our own. */
  readonly ownOrigins: () => readonly string[];
  readonly trustedProxies: number;
}

/** One for all customers. */
const ANONYMOUS: Claims = { kind: "anonymous" };

/**
 * How every line knows its customers: the assistant is there, the page may use it, and the token is good or a new one
 * is made.
 */
export function createCustomers({ assistants, tokens, ownOrigins, trustedProxies }: CustomersPorts): Customers {
  return {
    identify(hello, request) {
      const assistant = assistants.find(hello.assistant);
      if (assistant === undefined) throw new RequestError("unknown-assistant", { detail: `Its key was "${hello.assistant}".` });
      if (!pageAllowed(request.headers, [...assistant.allowedOrigins, ...ownOrigins()])) throw new RequestError("origin-refused");
      const { customerId, token } =
        (hello.token === undefined ? undefined : tokens.verify(hello.token, assistant.key)) ?? tokens.issue(assistant.key);
      const address = addressOf(request, trustedProxies);
      return { customer: { id: customerId, assistant: assistant.key, sessionId: hello.sessionId, address, claims: ANONYMOUS }, token };
    },
  };
}
