import { describe, expect, it } from "vitest";
import { RequestError } from "../../protocol/errors.ts";
import { DEFAULT_LINE_LIMITS, Limits, type Sender } from "../../server/guard/limits/limits.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { assistant } from "../support/desk-assistant.ts";

const ANNA: Sender = { id: "customer-anna", assistant: "shop", address: "192.0.2.1" };
const BEN: Sender = { ...ANNA, id: "customer-ben" };
const FAR: Sender = { id: "customer-far", assistant: "shop", address: "198.51.100.9" };

const limitsOf = (limits = DEFAULT_LINE_LIMITS) => new Limits({ limiters: createMemoryLimiters(), limits });

async function refusal(attempt: Promise<void>): Promise<RequestError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RequestError);
  return error as RequestError;
}

function shop(messagesPerMinute: number, messagesPerMinutePerAddress: number) {
  return assistant({ limits: { ...assistant().limits, messagesPerMinute, messagesPerMinutePerAddress } });
}

describe("Limits", () => {
  it("refuses one message too many of a customer, says when to come back, and leaves others alone", async () => {
    const limits = limitsOf();
    await limits.message(ANNA, shop(2, 100));
    await limits.message(ANNA, shop(2, 100));
    const refused = await refusal(limits.message(ANNA, shop(2, 100)));
    expect(refused.code).toBe("rate-limited");
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
    await limits.message(BEN, shop(2, 100));
  });

  it("adds up the messages of an address, whatever token they come with", async () => {
    const limits = limitsOf();
    for (const id of ["customer-1", "customer-2", "customer-3"]) await limits.message({ ...ANNA, id }, shop(2, 3));
    expect((await refusal(limits.message(BEN, shop(2, 3)))).code).toBe("rate-limited");
    await limits.message(FAR, shop(2, 3));
  });

  it("counts an IPv6 household as one", async () => {
    const limits = limitsOf();
    await limits.message({ ...ANNA, address: "2001:db8::1" }, shop(9, 1));
    expect((await refusal(limits.message({ ...BEN, address: "2001:db8::ffff:1" }, shop(9, 1)))).code).toBe("rate-limited");
  });

  it("follows its owner's change within the minute", async () => {
    const limits = limitsOf();
    await limits.message(ANNA, shop(2, 100));
    expect((await refusal(limits.message(ANNA, shop(1, 100)))).code).toBe("rate-limited");
    await limits.message(ANNA, shop(3, 100));
  });

  it("counts each assistant for itself", async () => {
    const limits = limitsOf();
    await limits.message(ANNA, shop(1, 9));
    await limits.message(ANNA, { ...shop(1, 9), key: "other" });
  });

  it("limits requests and bytes of a customer", async () => {
    const limits = limitsOf({ ...DEFAULT_LINE_LIMITS, requestsPerMinute: 2, bytesPerMinute: 100 });
    await limits.request(ANNA);
    await limits.request(ANNA);
    expect((await refusal(limits.request(ANNA))).detail).toContain("too many requests");
    await limits.bytes(ANNA.id, ANNA.address, 40);
    expect((await refusal(limits.bytes(ANNA.id, ANNA.address, 70))).detail).toContain("too much text");
    await limits.bytes(BEN.id, BEN.address, 70);
  });

  it("adds up the requests and bytes of an address, whatever token they come with, and opens no more sockets for it", async () => {
    const limits = limitsOf({ ...DEFAULT_LINE_LIMITS, requestsPerMinutePerAddress: 2, bytesPerMinutePerAddress: 100 });
    for (const id of ["customer-1", "customer-2"]) await limits.request({ ...ANNA, id });
    await limits.beforeSocket(ANNA.address);
    expect((await refusal(limits.request(BEN))).detail).toContain("This network sends too many requests");
    expect((await refusal(limits.beforeSocket(ANNA.address))).detail).toContain("This network sends too many requests");
    await limits.request(FAR);

    await limits.bytes(undefined, FAR.address, 60);
    expect((await refusal(limits.bytes("customer-1", FAR.address, 60))).detail).toContain("This network sends too much text");
    expect((await refusal(limits.bytes(undefined, FAR.address, 1))).detail).toContain("This network sends too much text");
    expect((await refusal(limits.beforeSocket(FAR.address))).detail).toContain("This network sends too much text");
    await limits.bytes(ANNA.id, ANNA.address, 60);
  });

  it("counts the bytes that a customer is refused for their network too", async () => {
    const limits = limitsOf({ ...DEFAULT_LINE_LIMITS, bytesPerMinute: 10, bytesPerMinutePerAddress: 100 });
    for (let time = 0; time < 4; time += 1) await refusal(limits.bytes(ANNA.id, ANNA.address, 30));
    expect((await refusal(limits.bytes(BEN.id, BEN.address, 1))).detail).toContain("This network");
  });

  it("limits the open connections of an address until one is gone", async () => {
    const limits = limitsOf({ ...DEFAULT_LINE_LIMITS, connectionsPerAddress: 1 });
    await limits.beforeSocket(ANNA.address);
    const gone = limits.socketOpened(ANNA.address);
    expect((await refusal(limits.beforeSocket(ANNA.address))).code).toBe("rate-limited");
    gone();
    gone();
    await limits.beforeSocket(ANNA.address);
  });
});
