import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { IdentitySettings } from "../../server/conversation/ports/assistant.ts";
import { verifyIdentity } from "../../server/identity/customers/identity-token.ts";
import { KeptFacts } from "../../server/identity/customers/kept-facts.ts";
import type { Move } from "../../server/identity/customers/take-along.ts";
import { TokenUses } from "../../server/identity/customers/token-uses.ts";
import { claims, hs256, NOW, SHOP_IDENTITY } from "../identity/identity-tokens.ts";
import { assistant } from "../support/desk-assistant.ts";
import { createMemoryDocuments } from "../support/memory-documents.ts";
import { ask, CONVERSATION, EMPTY, HELLO, next, openLine, refused, SHOP_ORIGIN, welcomed } from "./line-harness.ts";

/** Time passes when the test says so. */
class HandClock {
  #now: number;
  readonly #waiting = new Map<() => void, number>();
  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  after(ms: number, run: () => void): () => void {
    this.#waiting.set(run, this.#now + ms);
    return () => void this.#waiting.delete(run);
  }
  advance(ms: number): void {
    this.#now += ms;
    for (const [run, at] of Array.from(this.#waiting)) {
      if (at > this.#now) continue;
      this.#waiting.delete(run);
      run();
    }
  }
}

async function identityLine(mode: IdentitySettings["mode"] = "optional") {
  const clock = new HandClock(NOW);
  const now = (): number => clock.now();
  const documents = createMemoryDocuments();
  const moves: Move[] = [];
  const facts = new KeptFacts({ documents, now });
  const identity = { ...SHOP_IDENTITY, mode };
  const line = await openLine({
    assistants: [assistant({ allowedOrigins: [SHOP_ORIGIN], identity })],
    clock,
    identity: {
      key: randomBytes(32),
      verify: (token, place) => verifyIdentity(token, place, { publishedKeys: { find: () => Promise.reject(new Error("none")) }, now }),
      uses: new TokenUses({ documents, now }),
      facts,
      takeAlong: async (move) => void moves.push(move),
    },
  });
  const token = (change: Readonly<Record<string, unknown>> = {}) => hs256(claims(change, now()));
  const setMode = (next: IdentitySettings["mode"]): void => void (identity.mode = next);
  return { line, clock, moves, facts, token, setMode };
}

describe("a customer whose site says who they are", () => {
  it("is the same on every device, and another customer of the site is another", async () => {
    const { line, token, facts } = await identityLine();
    const phone = await welcomed(line.client({ hello: { ...HELLO, identity: token({ name: "Anna" }) } }));
    const desk = await welcomed(line.client({ hello: { ...HELLO, identity: token({ name: "Anna" }) } }));
    const other = await welcomed(line.client({ hello: { ...HELLO, identity: token({ sub: "customer-43" }) } }));
    expect(desk.customerId).toBe(phone.customerId);
    expect(phone).toMatchObject({ identified: true, customerId: expect.stringMatching(/^id_/) });
    expect(phone.customerId).not.toContain("customer-42");
    expect(other.customerId).not.toBe(phone.customerId);
    expect(await facts.find(phone.customerId)).toEqual({ subject: "customer-42", name: "Anna", attributes: {} });
  });

  it("is what their newest token says: an earlier one, shown again, brings nothing back", async () => {
    const { line, token, facts, clock } = await identityLine();
    const browser = await welcomed(line.client());
    const hello = (identity: string) => welcomed(line.client({ hello: { ...HELLO, token: browser.token, identity } }));
    const earlier = token({ attributes: { plan: "gold" } });
    const { customerId } = await hello(earlier);
    clock.advance(60_000);
    await hello(token({ attributes: { plan: "none" } }));
    await hello(earlier);
    expect(await facts.find(customerId)).toMatchObject({ attributes: { plan: "none" } });
    clock.advance(1_000);
    await hello(token({ attributes: { plan: "silver" } }));
    expect(await facts.find(customerId)).toMatchObject({ attributes: { plan: "silver" } });
  });

  it("is what the newer of two tokens says, however the two come in", async () => {
    const documents = createMemoryDocuments();
    const facts = new KeptFacts({ documents, now: () => NOW });
    const keep = (plan: string, issuedAt: number) =>
      facts.keep("id_anna", { assistant: "shop", facts: { subject: "customer-42", attributes: { plan } }, issuedAt });
    await Promise.all([keep("none", NOW), keep("gold", NOW - 60_000)]);
    expect(await facts.find("id_anna")).toMatchObject({ attributes: { plan: "none" } });
    await Promise.all([keep("silver", NOW + 2), keep("none", NOW + 1), keep("gold", NOW - 60_000)]);
    expect(await facts.find("id_anna")).toMatchObject({ attributes: { plan: "silver" } });
  });

  it("finds the newest of their conversations, and the others by asking", async () => {
    const { line, token } = await identityLine();
    line.script({
      newest: async () => "conversation-of-the-phone",
      list: async () => [{ conversationId: "conversation-of-the-phone", createdAt: 1, updatedAt: 2 }],
    });
    const socket = line.client({ hello: { ...HELLO, identity: token() } });
    expect(await welcomed(socket)).toMatchObject({ newest: "conversation-of-the-phone" });
    expect(await ask(socket, "conversations-list", {})).toEqual({
      ok: true,
      conversations: [{ conversationId: "conversation-of-the-phone", createdAt: 1, updatedAt: 2 }],
    });
    expect(line.calls.at(-1)).toEqual(["list", expect.stringMatching(/^id_/), { limit: 20 }]);
  });

  it("takes along what the anonymous token of the same hello did, and nothing without one", async () => {
    const { line, token, moves } = await identityLine();
    const anonymous = await welcomed(line.client());
    const known = await welcomed(line.client({ hello: { ...HELLO, token: anonymous.token, identity: token() } }));
    expect(known.token).toBe(anonymous.token);
    await welcomed(line.client({ hello: { ...HELLO, identity: token() } }));
    expect(moves).toEqual([{ assistant: "shop", from: anonymous.customerId, to: known.customerId }]);
  });

  it("is anonymous again with the anonymous token alone", async () => {
    const { line, token } = await identityLine();
    const known = await welcomed(line.client({ hello: { ...HELLO, identity: token() } }));
    const after = await welcomed(line.client({ hello: { ...HELLO, token: known.token } }));
    expect(after.customerId).not.toBe(known.customerId);
    expect(after.identified).toBeUndefined();
  });
});

it("turns anonymous customers away at once when only identified ones are let in, those who are here too", async () => {
  const { line, token, setMode } = await identityLine();
  const stranger = line.client();
  await welcomed(stranger);
  const known = line.client({ hello: { ...HELLO, identity: token() } });
  await welcomed(known);
  setMode("enforced");
  const calls = line.calls.length;
  expect(await ask(stranger, "message-send", { conversationId: CONVERSATION, messageId: "message-1", text: "Hello" })).toMatchObject({
    ok: false,
    error: { code: "identity-required" },
  });
  expect(line.calls.length).toBe(calls);
  expect(await ask(known, "conversations-list", {})).toMatchObject({ ok: true });
});

describe("a token", () => {
  it("is good for the browser that showed it, again and again, and for no other", async () => {
    const { line, token } = await identityLine();
    const identity = token();
    const first = await welcomed(line.client({ hello: { ...HELLO, identity } }));
    const again = await welcomed(line.client({ hello: { ...HELLO, token: first.token, identity } }));
    expect(again.customerId).toBe(first.customerId);
    const other = await welcomed(line.client());
    for (const hello of [
      { ...HELLO, identity },
      { ...HELLO, token: other.token, identity },
    ])
      expect(await refused(line.client({ hello }))).toMatchObject({
        code: "identity-refused",
        detail: expect.stringMatching(/another browser/),
      });
  });

  it("that is not good lets nobody in as somebody else, or as nobody", async () => {
    const { line, token } = await identityLine();
    const forged = hs256(claims(), { secret: "a secret that somebody else made up, long enough" });
    expect(await refused(line.client({ hello: { ...HELLO, identity: forged } }))).toMatchObject({ code: "identity-refused" });
    expect(await refused(line.client({ hello: { ...HELLO, identity: token({ exp: 1, iat: 0 }) } }))).toMatchObject({
      code: "identity-expired",
    });
    expect(await refused(line.client({ hello: { ...HELLO, identity: 42 } }))).toMatchObject({ code: "bad-request" });
    expect(line.calls).toEqual([]);
  });

  it("is asked for where the assistant is for identified customers only, in words for the customer and for the owner", async () => {
    const { line } = await identityLine("enforced");
    expect(await refused(line.client())).toEqual({
      code: "identity-required",
      message: "This chat is for signed-in customers. Sign in on this website, then open the chat again.",
      detail: expect.stringMatching(/data-identity-url, or call identify\(\)/),
    });
    expect(line.logged.join("\n")).toMatch(/identity-required/);
  });

  it("is not looked at where the assistant takes none", async () => {
    const { line, token } = await identityLine("off");
    expect((await welcomed(line.client({ hello: { ...HELLO, identity: token() } }))).identified).toBeUndefined();
  });
});

describe("a token that runs out while the customer writes", () => {
  it("is asked for in time; with a newer one the line goes on, and nothing was lost", async () => {
    const { line, token, clock } = await identityLine();
    const socket = line.client({ hello: { ...HELLO, identity: token() } });
    const { customerId } = await welcomed(socket);
    const asked = next(socket, "renew");
    clock.advance(540_000);
    expect(await asked).toEqual({});
    clock.advance(121_000);
    const message = { conversationId: CONVERSATION, messageId: "message-1", text: "Hello" };
    expect(await ask(socket, "message-send", message)).toMatchObject({ ok: false, error: { code: "identity-expired" } });
    expect(line.calls).not.toContainEqual(["send", customerId, message]);
    expect(await ask(socket, "identity-renew", { identity: token() })).toEqual({ ok: true });
    expect(await ask(socket, "message-send", message)).toEqual({ ok: true, seq: 1 });
    expect(line.calls).toContainEqual(["send", customerId, message]);
  });

  it("is not replaced by another customer's", async () => {
    const { line, token } = await identityLine();
    const socket = line.client({ hello: { ...HELLO, identity: token() } });
    const { customerId } = await welcomed(socket);
    expect(await ask(socket, "identity-renew", { identity: token({ sub: "customer-43" }) })).toMatchObject({
      ok: false,
      error: { code: "identity-refused" },
    });
    await ask(socket, "conversation-page", { conversationId: CONVERSATION, before: 5 });
    expect(line.calls.at(-1)?.[1]).toBe(customerId);
    const anonymous = line.client();
    await welcomed(anonymous);
    expect(await ask(anonymous, "identity-renew", { identity: token() })).toMatchObject({ ok: false, error: { code: "identity-refused" } });
  });

  it("and is not renewed lets the line go, so that nobody reads on", async () => {
    const { line, token, clock } = await identityLine();
    const socket = line.client({ hello: { ...HELLO, identity: token() } });
    await welcomed(socket);
    line.script({ open: async () => EMPTY });
    await ask(socket, "conversation-open", { conversationId: CONVERSATION });
    const asked = next(socket, "renew");
    const gone = next(socket, "disconnect");
    clock.advance(540_000);
    await asked;
    clock.advance(180_000);
    await gone;
  });
});
