import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCustomerTokens } from "../../server/identity/customers/customer-token.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

function tokens(key = randomBytes(32)) {
  let now = Date.UTC(2026, 10, 20);
  let made = 0;
  const maker = createCustomerTokens({ key, now: () => now, id: () => `customer-${(made += 1)}` });
  return { ...maker, pass: (ms: number) => void (now += ms) };
}

describe("customer tokens", () => {
  it("give the same customer back", () => {
    const { issue, verify } = tokens();
    const issued = issue("shop");
    expect(issued.token).toMatch(/^fdc_customer-1\.[0-9a-z]+\.[A-Za-z0-9_-]{43}$/);
    expect(verify(issued.token, "shop")).toEqual(issued);
  });

  it("are good for one assistant only", () => {
    const { issue, verify } = tokens();
    expect(verify(issue("shop").token, "other")).toBeUndefined();
  });

  it("are no good from another server", () => {
    expect(tokens().verify(tokens().issue("shop").token, "shop")).toBeUndefined();
  });

  it("are no good when anything in them is changed", () => {
    const { issue, verify } = tokens();
    const { token } = issue("shop");
    // The last character carries two bits that no byte needs.
    for (let at = 0; at < token.length - 1; at += 1) {
      const changed = token.slice(0, at) + (token[at] === "a" ? "b" : "a") + token.slice(at + 1);
      expect(verify(changed, "shop"), changed).toBeUndefined();
    }
    for (const junk of ["", "fdc_", `${token}x`, token.replace("fdc_", "fdd_"), "fdc_a.b.c"]) expect(verify(junk, "shop")).toBeUndefined();
  });

  it("are renewed by a visit, with the same customer, and end after a year without one", () => {
    const { issue, verify, pass } = tokens();
    const first = issue("shop");
    pass(300 * DAY_MS);
    const second = verify(first.token, "shop");
    expect(second?.customerId).toBe(first.customerId);
    expect(second?.token).not.toBe(first.token);
    pass(300 * DAY_MS);
    expect(verify(first.token, "shop")).toBeUndefined();
    expect(verify(second?.token ?? "", "shop")?.customerId).toBe(first.customerId);
  });

  it("stay good when the clock is set back, as the same customer with a token of the new time", () => {
    const { issue, verify, pass } = tokens();
    const first = issue("shop");
    pass(-60_000);
    expect(verify(first.token, "shop")).toEqual(first);
    pass(-400 * DAY_MS);
    const second = verify(first.token, "shop");
    expect(second?.customerId).toBe(first.customerId);
    expect(second?.token).not.toBe(first.token);
    expect(verify(second?.token ?? "", "shop")).toEqual(second);
    // And forward again.
    pass(400 * DAY_MS);
    expect(verify(first.token, "shop")?.customerId).toBe(first.customerId);
  });
});
