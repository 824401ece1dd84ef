import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { RequestError } from "../../../protocol/errors.ts";
import type { HelloFrame } from "../../../protocol/frames.ts";
import type { IdentitySettings } from "../../conversation/ports/assistant.ts";
import { addressOf } from "../../guard/network/address.ts";
import { isOwnPage, originAdvice, pageAllowed } from "../../guard/network/origins.ts";
import type { CustomerTokens } from "./customer-token.ts";
import { refusedIdentity } from "./identity-problem.ts";
import type { VerifiedIdentity } from "./identity-token.ts";
import type { KeptFacts } from "./kept-facts.ts";
import type { Move } from "./take-along.ts";
import type { TokenUses } from "./token-uses.ts";

/**
 * What the site says about its customer; nothing for an anonymous one. Code that reads more than `kind` must ask for
 * the kind first. What it says beside is read by the customer's id, where it is needed.
 */
export type Claims =
  | { readonly kind: "anonymous" }
  /** `browser` is the id behind its anonymous token; `expiresAt` is of the newest token (milliseconds since 1970). */
  | { readonly kind: "identified"; readonly browser: string; readonly expiresAt: number };

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
   * `unknown-assistant`; `origin-refused` for a page that may not use this assistant; `identity-required`,
   * `identity-refused` or `identity-expired`.
   */
  identify(
    hello: Pick<HelloFrame, "assistant" | "token" | "identity" | "sessionId" | "language" | "page">,
    request: Pick<IncomingMessage, "headers" | "socket">,
  ): Promise<{ readonly customer: IdentifiedCustomer; readonly token: string }>;
  /**
   * The same customer with a newer token of their site. Throws `identity-refused`, for a token of somebody else too, or
   * `identity-expired`.
   */
  renew(customer: IdentifiedCustomer, identity: string): Promise<IdentifiedCustomer>;
}

interface ServedAssistant {
  readonly key: string;
  readonly allowedOrigins: readonly string[];
  readonly preview?: true;
  readonly identity?: IdentitySettings;
}

export interface CustomersPorts {
  readonly assistants: { find(name: string): ServedAssistant | undefined };
  readonly tokens: CustomerTokens;
  /** Our own origins, which every assistant allows. */
  readonly ownOrigins: () => readonly string[];
  readonly trustedProxies: number;
  /** Absent: no site says anything of its customers. */
  readonly identity?: IdentityPorts;
}

export interface IdentityPorts {
  /** Makes ids of customers out of what sites call them. */
  readonly key: Buffer;
  readonly verify: (token: string, place: { readonly assistant: string; readonly settings: IdentitySettings }) => Promise<VerifiedIdentity>;
  readonly uses: Pick<TokenUses, "take">;
  readonly facts: Pick<KeptFacts, "keep">;
  readonly takeAlong: (move: Move) => Promise<void>;
}

/** One object that all anonymous customers share. */
const ANONYMOUS: Claims = { kind: "anonymous" };

/**
 * Identifies the customers of every line: the assistant must exist and the page may use it. A valid token is kept;
 * otherwise a new one is made. Where the site says who the customer is, they are that customer on every device.
 */
export function createCustomers({ assistants, tokens, ownOrigins, trustedProxies, identity }: CustomersPorts): Customers {
  return {
    async identify(hello, request) {
      const assistant = assistants.find(hello.assistant);
      if (assistant === undefined)
        throw new RequestError("unknown-assistant", {
          detail: `No assistant has the key "${hello.assistant}". Write the key of one that is there into the page's data-assistant, or add one with this key.`,
        });
      const isOwn = assistant.preview === true && isOwnPage(request.headers);
      if (!isOwn && !pageAllowed(request.headers, [...assistant.allowedOrigins, ...ownOrigins()]))
        throw new RequestError("origin-refused", { detail: originAdvice(request.headers.origin, assistant.key) });
      // Read now: the request is gone once the page is.
      const { assistant: name, sessionId } = hello;
      const place = { assistant: name, sessionId, address: addressOf(request, trustedProxies), ...pageOf(hello, request) };
      const known = hello.token === undefined ? undefined : tokens.verify(hello.token, hello.assistant);
      const settings = settingsFor(assistant);
      if (hello.identity === undefined || settings.mode === "off") {
        if (settings.mode === "enforced") throw new RequestError("identity-required", { detail: REQUIRED });
        const { customerId, token } = known ?? tokens.issue(hello.assistant);
        return { customer: { id: customerId, ...place, claims: ANONYMOUS }, token };
      }
      const { customerId: browser, token } = known ?? tokens.issue(hello.assistant);
      const { id, claims } = await identified(hello.assistant, { identity: hello.identity, browser, key: assistant.key, settings });
      if (known !== undefined) await identity?.takeAlong({ assistant: hello.assistant, from: browser, to: id });
      return { customer: { id, ...place, claims }, token };
    },

    async renew(customer, token) {
      const assistant = assistants.find(customer.assistant);
      if (assistant === undefined) throw new RequestError("unknown-assistant");
      const { claims } = customer;
      if (claims.kind !== "identified") throw refusedIdentity("This customer is anonymous. A new hello has to bring the token.");
      const settings = settingsFor(assistant);
      if (settings.mode === "off") throw refusedIdentity("The assistant takes no tokens any more.");
      const found = await identified(customer.assistant, { identity: token, browser: claims.browser, key: assistant.key, settings });
      if (found.id !== customer.id) throw refusedIdentity("The token is another customer's. A new hello has to bring it.");
      return { ...customer, claims: found.claims };
    },
  };

  async function identified(
    name: string,
    shown: { readonly identity: string; readonly browser: string; readonly key: string; readonly settings: IdentitySettings },
  ): Promise<{ readonly id: string; readonly claims: Claims }> {
    if (identity === undefined) throw refusedIdentity("This server takes no tokens.");
    const { browser } = shown;
    const verified = await identity.verify(shown.identity, { assistant: shown.key, settings: shown.settings });
    await identity.uses.take(name, verified, browser);
    const id = customerIdOf(identity.key, name, verified.facts.subject);
    await identity.facts.keep(id, { assistant: name, facts: verified.facts, issuedAt: verified.issuedAt });
    return { id, claims: { kind: "identified", browser, expiresAt: verified.expiresAt } };
  }
}

const REQUIRED =
  "This assistant is for identified customers only (identity, enforced). Give the script tag a data-identity-url, or call identify() with a token: docs/identity.md.";
const OFF: IdentitySettings = { mode: "off", keys: [], prompt: [] };

/** Staff who try a draft out have no site that knows them. */
function settingsFor({ identity = OFF, preview }: ServedAssistant): IdentitySettings {
  return preview === true && identity.mode === "enforced" ? { ...identity, mode: "optional" } : identity;
}

/** The same customer of the same assistant is the same id, on every device; nobody can tell the site's id from it. */
function customerIdOf(key: Buffer, assistant: string, subject: string): string {
  const digest = createHmac("sha256", key)
    .update(JSON.stringify(["identified", assistant, subject]))
    .digest("base64url");
  return `id_${digest.slice(0, 40)}`;
}

/** Where an address is read that has no website. */
const NO_SITE = "http://invalid";

/** A page says its path alone: the website is the one that asks, whatever an address says that begins with two slashes. */
function pageOf(
  { language = "", page = "" }: Pick<HelloFrame, "language" | "page">,
  { headers }: Pick<IncomingMessage, "headers">,
): Pick<IdentifiedCustomer, "language" | "page"> {
  const site = URL.parse(headers.origin ?? "")?.origin ?? "null";
  const [base, shown] = site === "null" ? [NO_SITE, ""] : [site, site];
  const address = page.startsWith("/") ? URL.parse(page, base) : null;
  return {
    ...(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8})*$/i.test(language) ? { language } : {}),
    ...(address?.origin === base ? { page: `${shown}${address.pathname}` } : {}),
  };
}
