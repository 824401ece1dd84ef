import type { IncomingMessage } from "node:http";
import { RequestError } from "../../../protocol/errors.ts";
import type { HelloFrame } from "../../../protocol/frames.ts";
import { addressOf } from "../../guard/network/address.ts";
import { isOwnPage, originAdvice, pageAllowed } from "../../guard/network/origins.ts";
import type { CustomerTokens } from "./customer-token.ts";

/**
 * What the site says about its customer; nothing for an anonymous one. Code that reads more than `kind` must ask for
 * the kind first.
 */
export type Claims = { readonly kind: "anonymous" };

/**
 * A customer on one page view, with everything that a line needs to know. Thousands of idle customers pay for every
 * field.
 */
export interface IdentifiedCustomer {
  readonly id: string;
  /** The key of the assistant that they talk with, or the name of its preview. */
  readonly assistant: string;
  readonly sessionId: string;
  readonly address: string;
  readonly claims: Claims;
  /** What the page says of itself: staff find conversations by it, and nothing else depends on it. */
  readonly language?: string;
  readonly page?: string;
}

export interface Customers {
  /**
   * The customer behind a hello, and the token that their browser keeps from now on. Throws `RequestError`
   * `unknown-assistant`, or `origin-refused` for a page that may not use this assistant.
   */
  identify(
    hello: Pick<HelloFrame, "assistant" | "token" | "sessionId" | "language" | "page">,
    request: Pick<IncomingMessage, "headers" | "socket">,
  ): { readonly customer: IdentifiedCustomer; readonly token: string };
}

export interface CustomersPorts {
  readonly assistants: {
    find(name: string): { readonly key: string; readonly allowedOrigins: readonly string[]; readonly preview?: true } | undefined;
  };
  readonly tokens: CustomerTokens;
  /** Our own origins, which every assistant allows. */
  readonly ownOrigins: () => readonly string[];
  readonly trustedProxies: number;
}

/** One object that all anonymous customers share. */
const ANONYMOUS: Claims = { kind: "anonymous" };

/**
 * Identifies the customers of every line: the assistant must exist and the page may use it. A valid token is kept;
 * otherwise a new one is made.
 */
export function createCustomers({ assistants, tokens, ownOrigins, trustedProxies }: CustomersPorts): Customers {
  return {
    identify(hello, request) {
      const assistant = assistants.find(hello.assistant);
      if (assistant === undefined)
        throw new RequestError("unknown-assistant", {
          detail: `No assistant has the key "${hello.assistant}". Write the key of one that is there into the page's data-assistant, or add one with this key.`,
        });
      const isOwn = assistant.preview === true && isOwnPage(request.headers);
      if (!isOwn && !pageAllowed(request.headers, [...assistant.allowedOrigins, ...ownOrigins()]))
        throw new RequestError("origin-refused", { detail: originAdvice(request.headers.origin, assistant.key) });
      const { customerId, token } =
        (hello.token === undefined ? undefined : tokens.verify(hello.token, hello.assistant)) ?? tokens.issue(hello.assistant);
      const address = addressOf(request, trustedProxies);
      const { assistant: name, sessionId } = hello;
      return { customer: { id: customerId, assistant: name, sessionId, address, claims: ANONYMOUS, ...pageOf(hello, request) }, token };
    },
  };
}

function pageOf(
  { language = "", page = "" }: Pick<HelloFrame, "language" | "page">,
  { headers }: Pick<IncomingMessage, "headers">,
): Pick<IdentifiedCustomer, "language" | "page"> {
  const path = page.startsWith("/") ? page : "";
  const address = URL.canParse(path, headers.origin) ? new URL(path, headers.origin) : undefined;
  return {
    ...(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8})*$/i.test(language) ? { language } : {}),
    ...(path === "" ? {} : { page: address === undefined ? path : `${address.origin}${address.pathname}` }),
  };
}
