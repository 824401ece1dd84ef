import { createHmac, timingSafeEqual } from "node:crypto";

export interface CustomerToken {
  readonly customerId: string;
  /** The text that the browser keeps and sends with its next hello. */
  readonly token: string;
}

export interface CustomerTokens {
  /** A customer who has never been here. */
  readonly issue: (assistant: string) => CustomerToken;
  /**
   * The customer of a token, and the token to keep from now on: the same one, or a fresh one after a day. Undefined if
   * the token was made elsewhere, for another assistant, was changed, or was not used for a year.
   */
  readonly verify: (token: string, assistant: string) => CustomerToken | undefined;
}

const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;
const RENEW_AFTER_MS = 24 * 60 * 60 * 1000;
/** A token from further in the future than this was made before the clock was set back, and is made anew. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;
const SHAPE = /^fdc_([A-Za-z0-9_-]{8,64})\.([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/;

/**
 * Anonymous customer tokens: `fdc_<customer id>.<issued at, milliseconds, base 36>.<HMAC-SHA-256 over both and the
 * assistant's key>`. The server stores nothing.
 */
export function createCustomerTokens(ports: {
  readonly key: Buffer;
  readonly now: () => number;
  readonly id: () => string;
}): CustomerTokens {
  const sign = (customerId: string, issuedAt: string, assistant: string): Buffer =>
    createHmac("sha256", ports.key).update(`customer\n${assistant}\n${customerId}\n${issuedAt}`).digest();

  const make = (customerId: string, assistant: string): CustomerToken => {
    const issuedAt = ports.now().toString(36);
    return { customerId, token: `fdc_${customerId}.${issuedAt}.${sign(customerId, issuedAt, assistant).toString("base64url")}` };
  };

  return {
    issue: (assistant) => make(ports.id(), assistant),
    verify(token, assistant) {
      const [, customerId, issuedAt, signature] = SHAPE.exec(token) ?? [];
      if (customerId === undefined || issuedAt === undefined || signature === undefined) return undefined;
      const given = Buffer.from(signature, "base64url");
      const expected = sign(customerId, issuedAt, assistant);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const age = ports.now() - Number.parseInt(issuedAt, 36);
      // Nobody else can have signed it, so a date in the future says something of our clock, not of the customer.
      if (age > LIFETIME_MS) return undefined;
      return age > RENEW_AFTER_MS || age < -CLOCK_SKEW_MS ? make(customerId, assistant) : { customerId, token };
    },
  };
}
