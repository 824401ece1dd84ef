import { describe, expect, it } from "vitest";
import { emptyConfiguration } from "../../server/configuration/read-configuration.ts";
import { faults, read, SECRET, withShop } from "./reading.ts";

const OAUTH = { kind: "oauth", oauth: { clientId: "frontdesk", clientSecret: "a-client-secret" } };

describe("sign-ins, trust and careful mode", () => {
  it("is read, with what each server may do", () => {
    const { assistants, mcpServers } = read(
      withShop(
        { careful: true, toolSearch: { tools: 20 }, connectors: { crm: { connection: "personal" } } },
        {
          mcpServers: {
            crm: {
              url: "https://crm.example/mcp",
              description: "Customers",
              icon: "https://crm.example/icon.svg",
              auth: { kind: "oauth", oauth: { clientId: "frontdesk", clientSecret: "${S}", scope: "read write" } },
              trusted: true,
              samplingTokens: 500,
              results: "redacted",
              newTools: "disabled",
              personalTools: "accepted",
            },
          },
        },
      ),
      { S: SECRET },
    );
    expect(assistants[0]).toMatchObject({ careful: true, toolSearch: { tools: 20, windowShare: 0.1 } });
    expect(assistants[0]?.connectors).toEqual([{ server: "crm", method: "personal", permissions: {} }]);
    expect(mcpServers[0]).toMatchObject({
      description: "Customers",
      icon: "https://crm.example/icon.svg",
      auth: { kind: "oauth", oauth: { grant: "authorization_code", clientId: "frontdesk", clientSecret: SECRET, scope: "read write" } },
      trusted: true,
      samplingTokens: 500,
      results: "redacted",
      newTools: "disabled",
      personalTools: "accepted",
    });
  });

  it("is careful where nothing is said", () => {
    const { mcpServers } = read({ mcpServers: { o: { url: "https://o.example/mcp" }, p: { command: "node" } } });
    const careful = { trusted: false, samplingTokens: 0, results: "full", newTools: "needs_approval", personalTools: "needs_approval" };
    expect(mcpServers).toMatchObject([careful, careful]);
    expect(mcpServers[0]).toMatchObject({ auth: { kind: "none" }, connectTimeoutMs: 5_000, isolation: "conversation" });
    expect(mcpServers[1]).toMatchObject({ connectTimeoutMs: 60_000, isolation: "conversation" });
  });

  it("may give an assistant the HTTP tools, which are set up over the API", () => {
    const { assistants } = read(withShop({ connectors: { http: { permissions: { parcel_status: "always_allow" } } } }));
    expect(assistants[0]?.connectors).toMatchObject([{ server: "http", permissions: { parcel_status: { permission: "always_allow" } } }]);
  });

  it("needs no assistant: they may come over the API", () => {
    expect(read({}).assistants).toEqual([]);
    expect(emptyConfiguration()).toMatchObject({ assistants: [], mcpServers: [], warnings: [], secrets: [] });
  });

  it("takes an OpenID provider for staff, and keeps its secret", () => {
    const { staff, secrets } = read(
      { staff: { oidc: { issuer: "https://id.example", clientId: "desk", clientSecret: "${S}" } } },
      { S: SECRET },
    );
    expect(staff.oidc).toEqual({
      name: "Single sign-on",
      issuer: "https://id.example",
      clientId: "desk",
      clientSecret: SECRET,
      scope: "openid email profile",
    });
    expect(secrets).toContain(SECRET);
  });
});

describe("what does not go together", () => {
  const cases: readonly [string, object, string][] = [
    [
      "a personal connection without a sign-in",
      withShop({ connectors: { o: { connection: "personal" } } }, { mcpServers: { o: { url: "https://o.example/mcp" } } }),
      'assistants.shop.connectors.o.connection: found "personal" for a server without a sign-in, expected "shared", or "auth": { "kind": "oauth" } at mcpServers.o',
    ],
    [
      "a client secret without its id",
      { mcpServers: { o: { url: "https://o.example/mcp", auth: { kind: "oauth", oauth: { clientSecret: SECRET } } } } },
      "mcpServers.o.auth.oauth.clientId: found nothing, expected the client id that the clientSecret belongs to",
    ],
    [
      "client credentials without them",
      {
        mcpServers: { o: { url: "https://o.example/mcp", auth: { kind: "oauth", oauth: { grant: "client_credentials", clientId: "x" } } } },
      },
      "mcpServers.o.auth.oauth.clientSecret: found nothing, expected the secret that client_credentials signs in with",
    ],
    [
      "a sign-in beside the header that it sets",
      { mcpServers: { o: { url: "https://o.example/mcp", auth: OAUTH, headers: { authorization: "Bearer x" } } } },
      "mcpServers.o.headers.authorization: found a header that the sign-in sets, expected either this header or auth",
    ],
    [
      "another kind of sign-in",
      { mcpServers: { o: { url: "https://o.example/mcp", auth: { kind: "oauth1" } } } },
      'mcpServers.o.auth.kind: found "oauth1", expected one of "none", "headers", "oauth" (did you mean "oauth"?)',
    ],
    [
      "a sign-in beside another kind",
      { mcpServers: { o: { url: "https://o.example/mcp", auth: { ...OAUTH, kind: "headers" } } } },
      'mcpServers.o.auth.oauth: found a sign-in beside the kind "headers", expected the kind "oauth", or no sign-in',
    ],
    [
      "a sign-in for a program",
      { mcpServers: { o: { command: "node", auth: OAUTH } } },
      'mcpServers.o.auth: found "auth" beside keys that it does not go with, expected only one of the two forms',
    ],
    [
      "a session that everybody shares, at a server that is not a program",
      { mcpServers: { o: { url: "https://o.example/mcp", isolation: "shared" } } },
      'mcpServers.o.isolation: found "shared", expected one of "conversation", "call"',
    ],
    [
      "an icon from anywhere",
      { mcpServers: { o: { url: "https://o.example/mcp", icon: "http://o.example/icon.png" } } },
      'mcpServers.o.icon: found "http://o.example/icon.png", expected an https: URL, or a data: URL of a PNG, JPEG, GIF or WebP image of 48 kB at most',
    ],
    [
      "a share of the window beyond all of it",
      withShop({ toolSearch: { windowShare: 2 } }),
      "assistants.shop.toolSearch.windowShare: found 2, expected a number of at most 1",
    ],
  ];

  it.each(cases)("is told: %s", (_what, file, expected) => {
    expect(faults(file)).toContain(expected);
    expect(faults(file).join()).not.toContain(SECRET);
  });
});
