import { describe, expect, it } from "vitest";
import { createCustomers } from "../../server/identity/customers/customers.ts";

const SHOP = { key: "shop", allowedOrigins: ["https://shop.example"] };
const HELLO = { assistant: "shop", sessionId: "session-one" };
const from = (headers: Record<string, string>, remoteAddress = "192.0.2.7") => ({ headers, socket: { remoteAddress } }) as never;
const PAGE = from({ origin: "https://shop.example" });

function customers(change: { trustedProxies?: number; ownOrigins?: readonly string[] } = {}) {
  return createCustomers({
    assistants: { find: (key) => (key === SHOP.key ? SHOP : undefined) },
    tokens: {
      issue: (assistant) => ({ customerId: "new", token: `new token of ${assistant}` }),
      verify: (token, assistant) => (token === `token of ${assistant}` ? { customerId: "known", token: "kept" } : undefined),
    },
    ownOrigins: () => change.ownOrigins ?? [],
    trustedProxies: change.trustedProxies ?? 0,
  });
}

const PREVIEW = { key: "shop", allowedOrigins: [], preview: true } as const;

describe("whoever tries out a draft", () => {
  const identify = (headers: Record<string, string>, ownOrigins: readonly string[] = []) =>
    createCustomers({
      assistants: { find: () => PREVIEW },
      tokens: { issue: (name) => ({ customerId: "new", token: `token of ${name}` }), verify: () => undefined },
      ownOrigins: () => ownOrigins,
      trustedProxies: 0,
    }).identify({ ...HELLO, assistant: "preview-1" }, from(headers));

  it("comes from a page of ours: at PUBLIC_URL, or at the address that it was opened on", async () => {
    const expected = { customer: { assistant: "preview-1" }, token: "token of preview-1" };
    await expect(identify({ origin: "https://desk.example" }, ["https://desk.example"])).resolves.toMatchObject(expected);
    await expect(identify({ origin: "http://192.168.1.5:4400", host: "192.168.1.5:4400" })).resolves.toMatchObject(expected);
    await expect(identify({ "sec-fetch-site": "same-origin" })).resolves.toMatchObject(expected);
  });

  it.each<[Record<string, string>]>([
    [{ origin: "https://shop.example", host: "desk.example" }],
    [{ origin: "null", host: "desk.example" }],
    [{ host: "desk.example" }],
    [{ origin: "https://desk.example.evil.example", host: "desk.example" }],
    [{ origin: "https://desk.example:8443", host: "desk.example" }],
  ])("is refused from %j", async (headers) => {
    await expect(identify(headers)).rejects.toThrow(expect.objectContaining({ code: "origin-refused" }));
  });
});

describe("a customer", () => {
  it("who was never here gets an id and a token, and is anonymous", async () => {
    await expect(customers().identify(HELLO, PAGE)).resolves.toEqual({
      customer: { id: "new", assistant: "shop", sessionId: "session-one", address: "192.0.2.7", claims: { kind: "anonymous" } },
      token: "new token of shop",
    });
  });

  it("is known by their token, and only by one that is good for this assistant", async () => {
    await expect(customers().identify({ ...HELLO, token: "token of shop" }, PAGE)).resolves.toMatchObject({
      customer: { id: "known" },
      token: "kept",
    });
    await expect(customers().identify({ ...HELLO, token: "token of other" }, PAGE)).resolves.toMatchObject({ customer: { id: "new" } });
  });

  it("of an assistant that is not there is refused", async () => {
    await expect(customers().identify({ ...HELLO, assistant: "nobody" }, PAGE)).rejects.toThrow(
      expect.objectContaining({ code: "unknown-assistant", detail: expect.stringContaining('"nobody"') }),
    );
  });

  it("on a page that may not use the assistant is refused, on ours and on those it names not", async () => {
    const refused = expect.objectContaining({ code: "origin-refused" });
    await expect(customers().identify(HELLO, from({ origin: "https://other.example" }))).rejects.toThrow(refused);
    await expect(customers().identify(HELLO, from({}))).rejects.toThrow(refused);
    await expect(customers().identify(HELLO, from({ "sec-fetch-site": "cross-site" }))).rejects.toThrow(refused);
    const own = customers({ ownOrigins: ["https://desk.example"] });
    await expect(own.identify(HELLO, from({ origin: "https://desk.example" }))).resolves.toMatchObject({ customer: { id: "new" } });
    await expect(customers().identify(HELLO, from({ "sec-fetch-site": "same-origin" }))).resolves.toMatchObject({
      customer: { id: "new" },
    });
  });

  it("on a page at the server's own address needs an assistant that allows it, unless it is PUBLIC_URL", async () => {
    await expect(customers().identify(HELLO, from({ origin: "http://192.168.1.5:4400", host: "192.168.1.5:4400" }))).rejects.toThrow(
      expect.objectContaining({ code: "origin-refused" }),
    );
  });

  it.each([
    ["/cups?size=2#top", "https://shop.example/cups"],
    ["//evil.example/sign-in", undefined],
    ["/\\evil.example/sign-in", undefined],
    ["https://evil.example/", undefined],
    ["javascript:alert(1)", undefined],
  ])("is on the page %s of the website that asks, or on none", async (page, expected) => {
    const { customer } = await customers().identify({ ...HELLO, page }, PAGE);
    expect(customer.page).toBe(expected);
  });

  it("of whose website nothing is known has the path alone", async () => {
    const own = customers({ ownOrigins: ["https://desk.example"] });
    const request = from({ "sec-fetch-site": "same-origin", host: "desk.example" });
    const page = async (path: string) => (await own.identify({ ...HELLO, page: path }, request)).customer.page;
    expect(await page("/cups?size=2")).toBe("/cups");
    expect(await page("//evil.example/sign-in")).toBeUndefined();
  });

  it("behind a trusted proxy has the address that the proxy saw", async () => {
    const request = from({ origin: "https://shop.example", "x-forwarded-for": "198.51.100.1" });
    await expect(customers({ trustedProxies: 1 }).identify(HELLO, request)).resolves.toMatchObject({
      customer: { address: "198.51.100.1" },
    });
    await expect(customers().identify(HELLO, request)).resolves.toMatchObject({ customer: { address: "192.0.2.7" } });
  });
});
