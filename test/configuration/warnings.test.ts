import { describe, expect, it } from "vitest";
import { faults, MODEL, read, SECRET, SHOP, withShop } from "./reading.ts";

describe("what is allowed and should not stay so", () => {
  it("is said for secrets in the file itself, never with them", () => {
    const { warnings, secrets } = read(
      {
        assistants: { shop: { ...SHOP, model: { ...MODEL, apiKey: SECRET } }, desk: { ...SHOP, model: { ...MODEL, apiKey: "${S}" } } },
        mcpServers: {
          a: { url: "https://a.example/mcp", headers: { Authorization: `Bearer ${SECRET}`, Accept: "x" } },
          b: { url: "https://b.example/mcp", auth: { kind: "oauth", oauth: { clientId: "x", clientSecret: SECRET } } },
          c: { command: "node", env: { API_TOKEN: SECRET, MODE: "x" } },
        },
      },
      { S: "from-the-environment" },
    );
    expect(warnings.map((line) => line.split(" ")[0])).toEqual([
      "assistants.shop.model.apiKey",
      "mcpServers.a.headers.Authorization",
      "mcpServers.b.auth.oauth.clientSecret",
      "mcpServers.c.env.API_TOKEN",
    ]);
    expect(warnings.join("\n")).not.toContain(SECRET);
    expect(secrets).toContain(SECRET);
  });

  it("is said for an assistant that any website may use", () => {
    expect(read(withShop({ allowedOrigins: ["https://shop.example", "*"] })).warnings).toEqual([
      expect.stringContaining('assistants.shop.allowedOrigins has "*"'),
    ]);
    expect(read(withShop({})).warnings).toEqual([]);
  });
});

describe("an address that the server will not go to", () => {
  const paths = (baseUrl: string, url: string, allowPrivate: string[] = []): string[] =>
    read(withShop({ model: { ...MODEL, baseUrl } }, { mcpServers: { orders: { url } }, network: { allowPrivate } })).warnings.map(
      (line) => line.split(" ")[0] ?? "",
    );
  const BOTH = ["assistants.shop.model.baseUrl", "mcpServers.orders.url"];
  const PRIVATE = [
    "127.0.0.1",
    "localhost",
    "10.1.2.3",
    "192.168.0.9",
    "172.16.0.1",
    "169.254.169.254",
    "[::1]",
    "[fd00::1]",
    "ollama",
    "box.local",
    "db.internal",
    "app.localhost",
  ];

  it.each(PRIVATE)("is said: %s", (host) => {
    expect(paths(`http://${host}:8080/v1`, `http://${host}:8080/mcp`)).toEqual(BOTH);
    expect(paths(`https://${host}/v1`, `https://${host}/mcp`)).toEqual(BOTH);
  });

  it.each(PRIVATE)("is not said where it is allowed: %s", (host) => {
    expect(paths(`http://${host}:8080/v1`, `http://${host}:8080/mcp`, [host.replace(/^\[(.*)\]$/, "$1")])).toEqual([]);
  });

  it("says what to do", () => {
    expect(read(withShop({ model: { ...MODEL, baseUrl: "http://127.0.0.1:11434/v1" } })).warnings).toEqual([
      "assistants.shop.model.baseUrl is not reached: 127.0.0.1 is in a private network. Add it to network.allowPrivate if it should be reached.",
    ]);
    expect(read(withShop({ model: { ...MODEL, baseUrl: "http://models.example/v1" } })).warnings).toEqual([
      expect.stringContaining("models.example is on the public Internet, where only https is used."),
    ]);
  });

  it("is not said of what is only known when a name is looked up", () => {
    expect(paths("https://models.example/v1", "https://orders.example/mcp")).toEqual([]);
    expect(paths("http://ollama:11434/v1", "http://orders.example/mcp", ["10.0.0.0/8"])).toEqual([]);
    expect(paths("https://93.184.216.34/v1", "https://[2606:4700::1]/mcp")).toEqual([]);
  });

  it("is a fault where what is allowed is neither a name nor an address", () => {
    expect(faults(withShop({}, { network: { allowPrivate: ["10.0.0.0/99", "http://ollama"] } }))).toEqual([
      expect.stringContaining("network.allowPrivate[0]"),
      expect.stringContaining("network.allowPrivate[1]"),
    ]);
  });
});
