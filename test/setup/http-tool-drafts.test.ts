import { describe, expect, it } from "vitest";
import { draftHttpTool, httpToolDraftRequestSchema } from "../../server/setup/http-tools/http-tool-drafts.ts";
import { InvalidError } from "../../server/foundation/invalid-error.ts";

const ofCurl = async (curl: string) => draftHttpTool({ curl });
const refused = async (curl: string): Promise<string> => {
  const error: unknown = await ofCurl(curl).catch((thrown: unknown) => thrown);
  return error instanceof InvalidError ? error.faults.map(({ path, message }) => `${path} ${message}`).join("; ") : JSON.stringify(error);
};

describe("a tool from a command of curl", () => {
  it("as Chrome copies it: browser headers go, the rest is sealed, values become arguments", async () => {
    const { draft, warnings, faults } = await ofCurl(
      [
        "curl 'https://api.shop.example/v1/orders/1042/refunds?expand=lines' \\",
        "  -H 'accept: application/json' \\",
        "  -H 'accept-language: en-GB,en;q=0.9' \\",
        "  -H 'authorization: Bearer secret-token' \\",
        "  -H 'content-type: application/json' \\",
        "  -H 'sec-fetch-mode: cors' \\",
        "  -H 'user-agent: Mozilla/5.0' \\",
        '  --data-raw \'{"amount":5,"note":"too late","lines":[1,2],"customer":{"email":"a@b.example"}}\' \\',
        "  --compressed",
      ].join("\n"),
    );
    expect(draft).toMatchObject({
      name: "post_orders_refunds",
      method: "POST",
      url: "https://api.shop.example/v1/orders/{order_id}/refunds",
      query: { expand: "{expand}" },
      headers: { accept: "application/json", authorization: "Bearer secret-token" },
      body: { amount: "{amount}", note: "{note}", lines: "{lines}", customer: { email: "{customer_email}" } },
      parameters: {
        type: "object",
        properties: { order_id: { type: "string", examples: ["1042"] }, amount: { type: "number" }, lines: { type: "array" } },
        required: ["order_id"],
      },
    });
    expect(faults).toEqual([]);
    expect(warnings.join("\n")).toMatch(/accept-language, sec-fetch-mode, user-agent/);
    expect(warnings.join("\n")).not.toContain("secret-token");
  });

  it("as Stripe's pages have it: -u is a header, and a form is told", async () => {
    const { draft, warnings } = await ofCurl(
      'curl https://api.stripe.com/v1/charges \\\n  -u "sk_test_4eC39HqLyjWDarjtT1zdp7dc:" \\\n  -d amount=2000 \\\n  -d currency=usd \\\n  -d "metadata[order]"=6735',
    );
    expect(draft).toMatchObject({
      method: "POST",
      url: "https://api.stripe.com/v1/charges",
      headers: { Authorization: `Basic ${btoa("sk_test_4eC39HqLyjWDarjtT1zdp7dc:")}` },
      body: { amount: "{amount}", currency: "{currency}", "metadata[order]": "{metadata_order}" },
    });
    expect(warnings.join(" ")).toContain("sends a form");
  });

  it.each<[string, object]>([
    ["curl example.com/a", { method: "GET", url: "https://example.com/a", query: {} }],
    ["curl -G https://x.example/s -d q=shoes --data-urlencode 'name=a b'", { method: "GET", query: { q: "{q}", name: "{name}" } }],
    ["curl --json '{\"a\":true}' https://x.example", { method: "POST", body: { a: "{a}" } }],
    ["curl -XDELETE https://x.example/items/7", { method: "DELETE", url: "https://x.example/items/{item_id}" }],
    ["curl -sSLX PUT https://x.example/a -H'X-Key: 1'", { method: "PUT", headers: { "X-Key": "1" } }],
    ["curl --request=PATCH --url https://x.example/:shop/x", { method: "PATCH", url: "https://x.example/{shop}/x" }],
    ["curl -m 2.5 https://x.example/a%7Bb", { timeoutMs: 2500, url: "https://x.example/a%7Bb" }],
    ["curl https://x.example -H 'X-Odd: {a}'", { headers: { "X-Odd": "{{a}}" } }],
    ["curl https://x.example -b 'sid=1'", { headers: { Cookie: "sid=1" } }],
    ["curl https://x.example?api_key=abc", { query: { api_key: "abc" } }],
  ])("%s", async (curl, expected) => {
    const { draft, faults } = await ofCurl(curl);
    expect(draft).toMatchObject(expected);
    expect(faults).toEqual([]);
  });

  it.each([
    ["curl -F file=@a.png https://x.example", "multipart"],
    ["curl -d @body.json https://x.example", "reads a file"],
    ["curl -T a https://x.example", "files"],
    ["curl -I https://x.example", "head"],
    ["curl -b jar https://x.example", "cookies"],
    ["wget https://x.example", "begins with curl"],
    ["curl", "no address"],
    ["curl -H", "no value"],
    ["curl 'https://x.example", "not closed"],
    ["curl ftp://x.example", "http(s)"],
    ["curl -X GET -d '{}' https://x.example", "GET"],
    ["curl -H 'Content-Type: text/xml' -d '<secret-body/>' https://x.example", "neither JSON nor a form"],
    ["curl https://me:secret-word@x.example", "-u"],
  ])("is refused in words, without the values: %s", async (curl, words) => {
    const said = await refused(curl);
    expect(said).toContain("/curl");
    expect(said).toContain(words);
    expect(said).not.toContain("secret-");
  });

  it("says what only a shell would know, and what it left out", async () => {
    const { warnings } = await ofCurl('curl -k https://x.example -H "Authorization: Bearer $KEY" --next https://y.example');
    expect(warnings.join(" ")).toMatch(/-k was left out.*\$KEY stands for|first of its requests.*\$KEY/s);
  });
});

const DOCUMENT = `
openapi: 3.0.3
info: { title: Shop, version: "1" }
servers:
  - url: https://{region}.shop.example/v2/
    variables: { region: { default: eu } }
security: [{ key: [] }]
paths:
  /orders/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: integer } }
    get:
      operationId: getOrder
      summary: Reads an order
      parameters:
        - { $ref: "#/components/parameters/Expand" }
        - { name: X-Trace, in: header, schema: { type: string } }
    put:
      operationId: changeOrder
      requestBody:
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Order" }
components:
  securitySchemes: { key: { type: http, scheme: bearer } }
  parameters:
    Expand: { name: expand, in: query, description: What to add, schema: { type: string, enum: [lines] } }
  schemas:
    Order:
      type: object
      required: [note]
      properties:
        note: { type: string, nullable: true }
        made: { type: string, readOnly: true }
        parent: { $ref: "#/components/schemas/Order" }
`;

describe("a tool from an OpenAPI document", () => {
  it("lists the operations where there are several, and fills in the one that is chosen", async () => {
    const listed = await draftHttpTool({ openapi: DOCUMENT });
    expect(listed).toEqual({
      operations: [
        { operation: "GET /orders/{id}", summary: "Reads an order" },
        { operation: "PUT /orders/{id}", summary: "changeOrder" },
      ],
      warnings: [],
      faults: [],
    });
    const { draft, warnings, faults } = await draftHttpTool({ openapi: DOCUMENT, operation: "GET /orders/{id}" });
    expect(draft).toMatchObject({
      name: "get_order",
      title: "Reads an order",
      description: "Reads an order",
      method: "GET",
      url: "https://eu.shop.example/v2/orders/{id}",
      query: { expand: "{expand}" },
      headers: {},
      parameters: {
        properties: { id: { type: "integer" }, expand: { type: "string", enum: ["lines"], description: "What to add" } },
        required: ["id"],
      },
    });
    expect(faults).toEqual([]);
    expect(warnings.join(" ")).toMatch(/X-Trace.*Authorization with "Bearer"/s);
  });

  it("takes a body apart, and ends where a schema refers to itself", async () => {
    const { draft, faults } = await draftHttpTool({ openapi: DOCUMENT, operation: "put /orders/{id}" });
    expect(draft).toMatchObject({
      method: "PUT",
      body: { note: "{note}", parent: "{parent}" },
      parameters: { properties: { note: { type: ["string", "null"] }, parent: { type: "object" } }, required: ["id", "note"] },
    });
    expect(draft?.body).not.toHaveProperty("made");
    expect(faults).toEqual([]);
  });

  it("takes the only operation by itself, and says where an address is missing", async () => {
    const { draft, warnings } = await draftHttpTool({ openapi: { openapi: "3.1.0", paths: { "/ping": { get: {} } } } });
    expect(draft).toMatchObject({ name: "get_ping", url: "https://service.example/ping" });
    expect(warnings.join(" ")).toContain("write its address");
  });

  it.each<[unknown, string]>([
    ["{ swagger: '2.0' }", "Swagger 2"],
    ["just text", "OpenAPI 3"],
    ["a: [", "neither JSON nor YAML"],
    [{ openapi: "3.0.0", paths: {} }, "no operation"],
  ])("is refused in words: %j", async (openapi, words) => {
    await expect(draftHttpTool({ openapi: openapi as string })).rejects.toThrow(words);
  });

  it("is not blown up by a document that doubles itself", async () => {
    const levels = Array.from({ length: 30 }, (_, at) => [`L${at}`, { anyOf: [{ $ref: `#/x/L${at + 1}` }, { $ref: `#/x/L${at + 1}` }] }]);
    const openapi = {
      openapi: "3.0.0",
      x: Object.fromEntries(levels),
      paths: { "/a": { get: { parameters: [{ name: "q", in: "query", schema: { $ref: "#/x/L0" } }] } } },
    };
    const { draft } = await draftHttpTool({ openapi });
    expect(JSON.stringify(draft).length).toBeLessThan(200_000);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]`;
    await expect(draftHttpTool({ openapi: bomb })).rejects.toBeInstanceOf(InvalidError);
  });

  it("takes one of the two, not both", () => {
    expect(httpToolDraftRequestSchema.safeParse({}).success).toBe(false);
    expect(httpToolDraftRequestSchema.safeParse({ curl: "curl x", openapi: "x" }).success).toBe(false);
  });
});
