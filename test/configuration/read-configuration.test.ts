import { describe, expect, it } from "vitest";
import { faults, MODEL, read, SECRET, SHOP, withShop } from "./reading.ts";

describe("a good configuration", () => {
  it("fills in every default", () => {
    const { assistants, mcpServers, network } = read({ assistants: { shop: SHOP } });
    expect(assistants).toEqual([
      {
        key: "shop",
        name: "Shop",
        prompt: "Help.",
        model: { ...MODEL, contextTokens: 128_000, maxOutputTokens: 4096 },
        allowedOrigins: ["https://shop.example"],
        trace: "summary",
        starters: [],
        connectors: [],
        maxSteps: 10,
        turnTimeoutMs: 300_000,
        turnTokens: 200_000,
        approvalTimeoutMs: 900_000,
        resultBytes: 16_384,
        careful: false,
        feedback: true,
        people: { enabled: false, takeContact: true },
        look: {},
        toolSearch: { tools: 128, windowShare: 0.1 },
        limits: { messageCharacters: 8000, messagesPerMinute: 20, messagesPerMinutePerAddress: 60, concurrentTurns: 100 },
      },
    ]);
    expect(mcpServers).toEqual([]);
    expect(network).toEqual({ allowPrivate: [] });
  });

  it("reads both forms of a permission", () => {
    const permissions = {
      "*": "needs_approval",
      look: "always_allow",
      refund: { permission: "needs_approval", approver: "staff", rememberable: true },
    };
    const { assistants } = read(
      withShop({ connectors: { orders: { permissions } } }, { mcpServers: { orders: { url: "https://orders.example/mcp" } } }),
    );
    const asCustomer = { approver: "customer", rememberable: false, safeToRepeat: false };
    expect(assistants[0]?.connectors).toEqual([
      {
        server: "orders",
        method: "shared",
        permissions: {
          "*": { permission: "needs_approval", ...asCustomer },
          look: { permission: "always_allow", ...asCustomer },
          refund: { permission: "needs_approval", approver: "staff", rememberable: true, safeToRepeat: false },
        },
      },
    ]);
  });

  it("reads remote and local MCP servers", () => {
    const { mcpServers } = read(
      {
        assistants: { shop: SHOP },
        mcpServers: {
          orders: { name: "Orders", url: "https://orders.example/mcp", headers: { Authorization: "Bearer ${T}" }, isolation: "call" },
          files: { command: "node", args: ["server.js"], env: { KEY: "${T}" } },
        },
      },
      { T: SECRET },
    );
    expect(mcpServers).toMatchObject([
      {
        key: "orders",
        name: "Orders",
        url: "https://orders.example/mcp",
        transport: "auto",
        headers: { Authorization: `Bearer ${SECRET}` },
        callTimeoutMs: 30_000,
        isolation: "call",
      },
      { key: "files", name: "files", command: "node", args: ["server.js"], env: { KEY: SECRET }, isolation: "conversation" },
    ]);
  });

  it("takes values from the environment anywhere in a text, and leaves $${ alone", () => {
    const { assistants } = read(withShop({ prompt: "You work for ${NAME} (${NAME}). Write $${NAME}." }), { NAME: "Lull" });
    expect(assistants[0]?.prompt).toBe("You work for Lull (Lull). Write ${NAME}.");
  });

  it("does not look into what came from the environment, so nothing can be smuggled in", () => {
    const { assistants } = read(withShop({ prompt: "${A}" }), { A: "${B}", B: "b" });
    expect(assistants[0]?.prompt).toBe("${B}");
  });

  it("knows which values are secret", () => {
    const { secrets } = read(
      {
        assistants: { shop: { ...SHOP, model: { provider: "openai", model: "x", apiKey: "sk-written-down" }, greeting: "${GREETING}" } },
        mcpServers: { a: { url: "https://a.example/mcp?token=in-the-url", headers: { "X-Api-Key": "${T}", "Accept-Language": "en" } } },
      },
      { T: SECRET, GREETING: "Hello there" },
    );
    expect(secrets).toEqual(expect.arrayContaining(["sk-written-down", "in-the-url", SECRET]));
    expect(secrets).not.toContain("Hello there");
    expect(secrets).not.toContain("en");
  });
});

describe("a configuration with faults", () => {
  const cases: readonly [string, object, string][] = [
    ["a missing name", withShop({ name: undefined }), "assistants.shop.name: found nothing, expected a text"],
    ["a wrong type", withShop({ prompt: 3 }), "assistants.shop.prompt: found 3, expected a text"],
    ["a number out of range", withShop({ maxSteps: 0 }), "assistants.shop.maxSteps: found 0, expected a number of at least 1"],
    ["half a step", withShop({ maxSteps: 1.5 }), "assistants.shop.maxSteps: found 1.5, expected a whole number"],
    [
      "no origin",
      withShop({ allowedOrigins: [] }),
      "assistants.shop.allowedOrigins: found an empty list, expected a list that is not empty",
    ],
    [
      "a URL for an origin",
      withShop({ allowedOrigins: ["https://shop.example/x"] }),
      'assistants.shop.allowedOrigins[0]: found "https://shop.example/x", expected only the origin: "https://shop.example"',
    ],
    [
      "a misspelt choice",
      withShop({ trace: "ful" }),
      'assistants.shop.trace: found "ful", expected one of "full", "summary", "hidden" (did you mean "full"?)',
    ],
    [
      "a misspelt key",
      withShop({ max_steps: 3 }),
      'assistants.shop.max_steps: found an unknown key, expected another one (did you mean "maxSteps"?)',
    ],
    [
      "an unknown key",
      { assistants: { shop: SHOP }, plugins: {} },
      "plugins: found an unknown key, expected one of $schema, assistants, mcpServers, staff, smtp, network, ownServer, retention, limits",
    ],
    [
      "a bad key of an assistant",
      { assistants: { Shop: SHOP } },
      'assistants.Shop: found the key "Shop", expected a lower-case name such as shop or order_desk',
    ],
    [
      "what lies behind a bad key, too",
      { assistants: { Shop: { ...SHOP, trace: "ful" } } },
      'assistants.Shop.trace: found "ful", expected one of "full", "summary", "hidden" (did you mean "full"?)',
    ],
    [
      "no API key",
      withShop({ model: { provider: "openai", model: "x" } }),
      'assistants.shop.model.apiKey: found nothing, expected the API key for openai, such as "${API_KEY}" with API_KEY set in the environment',
    ],
    [
      "no URL of a compatible model",
      withShop({ model: { provider: "openai-compatible", model: "x" } }),
      "assistants.shop.model.baseUrl: found nothing, expected the URL of the openai-compatible server",
    ],
    [
      "a connector to nothing",
      withShop({ connectors: { ordrs: {} } }, { mcpServers: { orders: { url: "https://o.example/mcp" } } }),
      'assistants.shop.connectors.ordrs: found a connector to a server that does not exist, expected a key of mcpServers: "orders" (did you mean "orders"?)',
    ],
    [
      "a misspelt permission",
      withShop(
        { connectors: { orders: { permissions: { "*": "need_approval" } } } },
        { mcpServers: { orders: { url: "https://o.example/mcp" } } },
      ),
      'assistants.shop.connectors.orders.permissions["*"]: found "need_approval", expected one of "always_allow", "needs_approval", "disabled", or an object (did you mean "needs_approval"?)',
    ],
    [
      "a misspelt command",
      { assistants: { shop: SHOP }, mcpServers: { files: { comand: "node" } } },
      'mcpServers.files.comand: found an unknown key, expected another one (did you mean "command"?)',
    ],
    [
      "url and command at once",
      { assistants: { shop: SHOP }, mcpServers: { both: { url: "https://o.example", command: "node" } } },
      'mcpServers.both.command: found "command" beside keys that it does not go with, expected only one of the two forms',
    ],
    [
      "a reserved server",
      { assistants: { shop: SHOP }, mcpServers: { page: { url: "https://o.example" } } },
      "mcpServers.page: found a key that Frontdesk uses for its own tools, expected another key",
    ],
    [
      "a server whose tools would look like the product's own",
      { assistants: { shop: SHOP }, mcpServers: { frontdesk_: { url: "https://o.example" } } },
      "mcpServers.frontdesk_: found a key that Frontdesk uses for its own tools, expected another key",
    ],
    [
      "the server of the HTTP tools",
      { assistants: { shop: SHOP }, mcpServers: { http: { url: "https://o.example" } } },
      "mcpServers.http: found a key that Frontdesk uses for its own tools, expected another key",
    ],
    [
      "a URL that is none",
      { assistants: { shop: SHOP }, mcpServers: { o: { url: "orders" } } },
      'mcpServers.o.url: found "orders", expected the server\'s whole address, an http or https URL such as https://orders.example/mcp',
    ],
    [
      "a scheme that is not fetched",
      { assistants: { shop: SHOP }, mcpServers: { o: { url: "file:///etc" } } },
      'mcpServers.o.url: found "file:///etc", expected the server\'s whole address, an http or https URL such as https://orders.example/mcp',
    ],
    [
      "a header of ours",
      { assistants: { shop: SHOP }, mcpServers: { o: { url: "https://o.example", headers: { Host: "x" } } } },
      'mcpServers.o.headers.Host: found the key "Host", expected another header: this one is set by Frontdesk itself',
    ],
    [
      "a header with two lines",
      { assistants: { shop: SHOP }, mcpServers: { o: { url: "https://o.example", headers: { A: "x\r\ny" } } } },
      "mcpServers.o.headers.A: found a secret (not shown), expected a header value: one line, no characters beyond Latin-1",
    ],
    [
      "a variable that is not set",
      withShop({ prompt: "${NOPE}" }),
      "assistants.shop.prompt: found ${NOPE}, which the environment does not have, expected the environment variable NOPE to be set",
    ],
    [
      "an answer longer than the context",
      withShop({ model: { ...MODEL, contextTokens: 4000 } }),
      "assistants.shop.model.maxOutputTokens: found 4096, expected less than contextTokens, which is 4000",
    ],
  ];

  it.each(cases)("tells %s, once", (_what, file, expected) => {
    expect(faults(file)).toContain(expected);
    expect(new Set(faults(file)).size).toBe(faults(file).length);
  });

  it("tells every fault at once, those between places too", () => {
    const file = withShop(
      { name: 1, trace: "none", connectors: { ordrs: {} } },
      { mcpServers: { orders: { url: 1 } }, network: { allowPrivate: "x" } },
    );
    expect(faults(file).map((line) => line.split(":")[0])).toEqual(
      expect.arrayContaining([
        "assistants.shop.name",
        "assistants.shop.trace",
        "mcpServers.orders.url",
        "network.allowPrivate",
        "assistants.shop.connectors.ordrs",
      ]),
    );
  });

  it.each([
    ["", "the file: found nothing, expected a JSON object"],
    ["[]", "the file: found an empty list, expected an object"],
    [
      '{\n  "assistants": {},\n}',
      "line 3, column 1: found something that is not JSON (one comma too many before it?), expected JSON without comments",
    ],
  ])("says where %j stops being one", (text, expected) => {
    expect(faults(text)).toEqual([expected]);
  });

  it("never shows a secret", () => {
    const lines = [
      ...faults(
        {
          assistants: { shop: { ...SHOP, trace: "${S}", model: { provider: "x", model: "y", apiKey: 7 }, allowedOrigins: ["${S}"] } },
          mcpServers: {
            a: { url: "${S}" },
            b: { url: `ftp://b.example/mcp?token=${SECRET}`, headers: { "x y": SECRET, z: `${SECRET}\n` } },
            c: { command: 1, env: { K: SECRET } },
          },
        },
        { S: SECRET },
      ),
      ...faults(`{ "apiKey": "${SECRET}" "x" }`),
    ].join("\n");
    expect(lines).toContain("mcpServers.b.url");
    expect(lines).not.toContain(SECRET);
  });
});
