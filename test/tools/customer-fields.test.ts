import { expect, test } from "vitest";
import { customerHeaders, customerHeadersSchema, customerMetaSchema } from "../../server/tools/mcp/servers/customer-fields.ts";

const facts = (attributes: Record<string, string | number | boolean>) => ({ subject: "customer-42", name: "Żaneta Ó", attributes });

test("a header says what the site says, on one line of ASCII, and nothing where it has not said it", () => {
  const names = { "X-Id": "sub", "X-Name": "name", "X-Plan": "attributes.plan", "X-Vip": "attributes.vip", "X-None": "email" };
  expect(customerHeaders(names, facts({ plan: " 100% gold\r\nX-Admin: yes", vip: true }))).toEqual({
    "X-Id": "customer-42",
    "X-Name": "%C5%BBaneta %C3%93",
    "X-Plan": "%20100%25 gold%0D%0AX-Admin: yes",
    "X-Vip": "true",
  });
  expect(customerHeaders(names, undefined)).toEqual({});
});

test.each(["Authorization", "cookie", "Host", "Content-Length", "X-Chat-Id", "X-Call-Id", "a b", "a:b", ""])(
  "no header is named %j",
  (name) => {
    expect(customerHeadersSchema.safeParse({ [name]: "sub" }).success).toBe(false);
  },
);

test.each(["progressToken", "io.modelcontextprotocol/related-task", "mcp.dev/x", "a b", "/x", ""])("no key of _meta is %j", (key) => {
  expect(customerMetaSchema.safeParse({ [key]: "sub" }).success).toBe(false);
});

test("a fact has a name that tokens can have", () => {
  expect(customerMetaSchema.safeParse({ "shop.example/customer": "attributes.plan", plain: "email" }).success).toBe(true);
  for (const fact of ["aud", "attributes", "attributes.", "attributes.__proto__", "attributes.a.b", "constructor"])
    expect(customerMetaSchema.safeParse({ key: fact }).success).toBe(false);
});
