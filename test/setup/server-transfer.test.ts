import { afterEach, describe, expect, it } from "vitest";
import { readImport } from "../../server/setup/mcp-servers/server-import.ts";
import { identifierOf } from "../../server/setup/mcp-servers/identifier-of.ts";
import { scriptedServer } from "../support/mcp-scripted-server.ts";
import { ADMIN, SIGNAL, testRegistry } from "./registry-harness.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** What would be made of a document: `key transport`, or the sentence of a refusal. */
function read(document: Parameters<typeof readImport>[0]): readonly string[] {
  return readImport(document).map((entry) =>
    "refused" in entry ? entry.refused : `${entry.key} ${entry.input.transport} ${entry.input.url}`,
  );
}

const url = "https://orders.example/mcp";

describe("reading what other products write", () => {
  it("takes mcpServers, with their headers and transports", () => {
    const [first, second] = readImport({
      mcpServers: {
        orders: { type: "http", url, headers: { Authorization: "Bearer abc" } },
        "Old one": { type: "sse", url: "https://old.example/sse" },
      },
    });
    expect(first).toMatchObject({ key: "orders", input: { url, transport: "streamable-http", headers: { Authorization: "Bearer abc" } } });
    expect(second).toMatchObject({ key: "old_one", input: { name: "Old one", transport: "sse" }, notes: ['Its identifier is "old_one".'] });
  });

  it("takes VS Code's servers, and refuses programs one by one", () => {
    const document = {
      servers: { web: { type: "http", url }, local: { type: "stdio", command: "npx", args: ["-y", "x"] }, older: { command: "npx" } },
      inputs: [],
    };
    expect(read(document)).toEqual([
      `web streamable-http ${url}`,
      expect.stringContaining("only be declared in the configuration file") as string,
      expect.stringContaining("only be declared in the configuration file") as string,
    ]);
  });

  it.each([
    ["one entry", (entry: object) => entry],
    ["a list", (entry: object) => [entry]],
    ["an assistant's tools", (entry: object) => ({ tools: [entry] })],
  ])("takes Vapi's tool entries: %s", (_, wrap) => {
    const entry = {
      type: "mcp",
      function: { name: "ordersTools" },
      server: { url, headers: { "X-Key": "k" } },
      metadata: { protocol: "sse" },
    };
    expect(readImport(wrap(entry) as Parameters<typeof readImport>[0])).toMatchObject([
      { key: "orderstools", input: { url, transport: "sse", headers: { "X-Key": "k" } } },
    ]);
  });

  it("names an entry without a name after its host, and tells a tool of another kind", () => {
    const document = [
      { type: "mcp", server: { url: "https://mcp.orders.example/v1" }, metadata: { protocol: "shttp" } },
      { type: "transferCall", destinations: [] },
    ];
    expect(read(document)).toEqual([
      "orders streamable-http https://mcp.orders.example/v1",
      expect.stringContaining('"transferCall"') as string,
    ]);
  });

  it.each([
    ["a placeholder", { mcpServers: { a: { url, headers: { Authorization: "Bearer ${input:token}" } } } }, "placeholder"],
    ["an address that is none", { mcpServers: { a: { url: "orders" } } }, "whole address"],
    ["a header that cannot be sent", { mcpServers: { a: { url, headers: { "a b": "x" } } } }, "headers"],
    ["an unknown transport", { mcpServers: { a: { url, type: "carrier-pigeon" } } }, "carrier-pigeon"],
    ["a name without letters", { mcpServers: { "—": { url } } }, "no letters"],
    ["anything else", { hello: 1 }, "neither mcpServers"],
    ["an entry that is no object", { mcpServers: { a: null } }, "remote server"],
  ])("refuses %s with a sentence", (_, document, sentence) => {
    const [outcome] = read(document);
    expect(outcome).toContain(sentence);
  });

  it("tells names that become the same identifier", () => {
    expect(read({ mcpServers: { "my shop": { url }, My_Shop: { url } } })[1]).toContain('"my_shop", which another entry');
  });

  it("is not confused by names that objects have", () => {
    const document = JSON.parse(`{"mcpServers":{"__proto__":{"url":"${url}"},"constructor":{"url":"${url}"}}}`) as Record<string, unknown>;
    expect(readImport(document).map((entry) => ("key" in entry ? entry.key : ""))).toEqual(["proto", "constructor"]);
  });

  it.each([
    ["GitHub-Copilot 2", "github_copilot_two"],
    ["Über Änderungen", "uber_anderungen"],
    ["frontdesk", "frontdesk_server"],
    ["a".repeat(60), "a".repeat(40)],
  ])("makes %s the identifier %s", (name, identifier) => {
    expect(identifierOf(name)).toBe(identifier);
  });
});

describe("reading what further products write", () => {
  it.each<[string, object, string]>([
    ["Windsurf", { mcpServers: { a: { serverUrl: url } } }, `a auto ${url}`],
    ["Gemini", { mcpServers: { a: { httpUrl: url } } }, `a streamable-http ${url}`],
    ["VS Code's settings", { mcp: { servers: { a: { type: "sse", url } } } }, `a sse ${url}`],
    ["Zed", { context_servers: { a: { url } } }, `a auto ${url}`],
    ["a bridge of Claude Desktop", { mcpServers: { a: { command: "npx", args: ["-y", "mcp-remote@latest", url] } } }, `a auto ${url}`],
    ["a bridge that is told how", { mcpServers: { a: { command: "mcp-remote", args: [url, "--transport", "sse-only"] } } }, `a sse ${url}`],
  ])("takes %s", (_, document, expected) => {
    expect(read(document as Parameters<typeof readImport>[0])).toEqual([expected]);
  });

  it("takes a bridge's headers with the values of its own variables, and says what it left out", () => {
    const args = ["-y", "mcp-remote", url, "--header", "Authorization: Bearer ${KEY}"];
    const document = { mcpServers: { a: { command: "npx", args, env: { KEY: "k-1" }, disabled: true, autoApprove: ["x"] } } };
    const [entry] = readImport(document);
    expect(entry).toMatchObject({ input: { headers: { Authorization: "Bearer k-1" } } });
    const notes = entry !== undefined && "notes" in entry ? entry.notes.join(" ") : "";
    expect(notes).toMatch(/program between.*turned off there.*autoApprove was left out/s);
    expect(read({ mcpServers: { a: { command: "npx", args: ["mcp-remote", url, "--header", "X: ${NONE}"] } } })[0]).toContain(
      "placeholder",
    );
    expect(read({ mcpServers: { a: { command: "npx", args: ["other-server", url] } } })[0]).toContain("configuration file");
  });
});

describe("importing", () => {
  it("gives what is taken another identifier where that is wanted, and shows what it would set up", async () => {
    const server = await scriptedServer();
    const registry = await testRegistry();
    open.push(
      () => server.close(),
      () => registry.close(),
    );
    await registry.create({ key: "orders", url: server.url });
    const document = { mcpServers: { orders: { url: server.url, headers: { "X-Key": "very-secret" } }, Orders: { url: server.url } } };
    const dry = await registry.transfer.import(ADMIN, { document, dryRun: true, rename: true }, SIGNAL);
    expect(dry).toMatchObject([
      { outcome: "would-create", key: "orders_b", renamed: true, settings: { url: expect.stringContaining("…"), headers: ["X-Key"] } },
      { outcome: "would-create", key: "orders_c", renamed: true },
    ]);
    expect(JSON.stringify(dry)).not.toContain("very-secret");
    expect(registry.directory.get("orders_b")).toBeUndefined();
    const done = await registry.transfer.import(ADMIN, { document, dryRun: false, rename: true }, SIGNAL);
    expect(done.map(({ outcome, key }) => [outcome, key])).toEqual([
      ["created", "orders_b"],
      ["created", "orders_c"],
    ]);
  });

  it("makes what can be made, and says of each entry what became of it; a dry run makes nothing", async () => {
    const server = await scriptedServer();
    open.push(() => server.close());
    const registry = await testRegistry();
    await registry.create({ key: "shop", url: server.url });
    const document = { mcpServers: { Orders: { url: server.url }, shop: { url: server.url }, local: { command: "npx" } } };
    const dry = await registry.transfer.import(ADMIN, { document, dryRun: true }, SIGNAL);
    expect(dry.map(({ outcome, key }) => [outcome, key])).toEqual([
      ["would-create", "orders"],
      ["skipped", "shop"],
      ["refused", undefined],
    ]);
    expect(registry.directory.all()).toHaveLength(1);
    const done = await registry.transfer.import(ADMIN, { document, dryRun: false }, SIGNAL);
    expect(done).toMatchObject([
      { outcome: "created", server: { key: "orders", name: "Orders", status: { status: "connected" } } },
      { outcome: "skipped", notes: [expect.stringContaining("already")] },
      { outcome: "refused", notes: [expect.stringContaining("stdio")] },
    ]);
  });
});

describe("exporting", () => {
  it("holds no secret in any format, and says by name what is missing", async () => {
    const server = await scriptedServer();
    open.push(() => server.close());
    const registry = await testRegistry({
      fileServers: [
        {
          key: "from_file",
          name: "File",
          url: "https://file.example/sse?token=file-query-secret",
          headers: { "X-File": "file-header-secret" },
        },
        { key: "program", name: "Program", command: "run", env: { TOKEN: "env-secret" } },
      ],
    });
    await registry.create({
      key: "orders",
      url: `http://127.0.0.1:${server.port}/path-secret/mcp?key=query-secret#fragment-secret`,
      headers: { Authorization: "Bearer header-secret", "X-Api-Key": "second-secret" },
      auth: { kind: "oauth", oauth: { clientId: "us", clientSecret: "client-secret" } },
    });
    const exported = [await registry.transfer.export(ADMIN, "mcpServers"), await registry.transfer.export(ADMIN, "vapi")];
    const text = JSON.stringify(exported);
    expect(text).not.toMatch(/secret/);
    expect(exported).toEqual([
      {
        mcpServers: {
          from_file: { type: "sse", url: "https://file.example/${FROM_FILE_URL_REST}", headers: { "X-File": "${FROM_FILE_X_FILE}" } },
          orders: {
            type: "http",
            url: `http://127.0.0.1:${server.port}/\${ORDERS_URL_REST}`,
            headers: { Authorization: "${ORDERS_AUTHORIZATION}", "X-Api-Key": "${ORDERS_X_API_KEY}" },
          },
        },
      },
      {
        tools: [
          {
            type: "mcp",
            function: { name: "from_file" },
            server: { url: "https://file.example/${FROM_FILE_URL_REST}", headers: { "X-File": "${FROM_FILE_X_FILE}" } },
            metadata: { protocol: "sse" },
          },
          {
            type: "mcp",
            function: { name: "orders" },
            server: {
              url: `http://127.0.0.1:${server.port}/\${ORDERS_URL_REST}`,
              headers: { Authorization: "${ORDERS_AUTHORIZATION}", "X-Api-Key": "${ORDERS_X_API_KEY}" },
            },
            metadata: { protocol: "shttp" },
          },
        ],
      },
    ]);
    for (const document of exported) {
      const again = readImport(document as unknown as Parameters<typeof readImport>[0]);
      expect(again).toHaveLength(2);
      for (const entry of again) expect(entry).toMatchObject({ refused: expect.stringContaining("placeholder") as string });
    }
  });
});
