import { describe, expect, it } from "vitest";
import { MODEL, read, SECRET, SHOP, withShop } from "./reading.ts";

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
