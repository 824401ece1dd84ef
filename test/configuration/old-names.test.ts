import { describe, expect, it } from "vitest";
import { faults, read, SECRET, withShop } from "./reading.ts";

const URL = "https://o.example/mcp";
const OLD = {
  type: "oauth",
  grant: "client_credentials",
  clientId: "us",
  clientSecret: SECRET,
  scope: "read",
  redirectUrl: "https://d.example",
};

describe("an old name in the file", () => {
  it("is still read, with a warning that says the new one", () => {
    const { mcpServers, warnings } = read({ mcpServers: { o: { url: URL, timeoutMs: 9_000 }, p: { command: "node", timeoutMs: 8_000 } } });
    expect(mcpServers).toMatchObject([{ callTimeoutMs: 9_000 }, { callTimeoutMs: 8_000 }]);
    expect(warnings).toEqual([
      "mcpServers.o.timeoutMs is an old name. It is still read; write mcpServers.o.callTimeoutMs instead.",
      "mcpServers.p.timeoutMs is an old name. It is still read; write mcpServers.p.callTimeoutMs instead.",
    ]);
  });

  it("is read for each part of a sign-in", () => {
    const { mcpServers, warnings, secrets } = read(
      { mcpServers: { o: { url: URL, auth: { ...OLD, clientSecret: "${S}" } } } },
      { S: SECRET },
    );
    const { type, ...oauth } = OLD;
    expect(mcpServers[0]).toMatchObject({ auth: { kind: type, oauth } });
    expect(warnings.map((line) => line.replace(/ is an old name.* write /, " → "))).toEqual([
      "mcpServers.o.auth.type → mcpServers.o.auth.kind instead.",
      ...Object.keys(oauth).map((name) => `mcpServers.o.auth.${name} → mcpServers.o.auth.oauth.${name} instead.`),
    ]);
    expect(secrets).toContain(SECRET);
  });

  it("beside the new one is a fault, and the new one's own faults come with it", () => {
    expect(faults({ mcpServers: { o: { url: URL, timeoutMs: 9_000, callTimeoutMs: 1 } } })).toEqual([
      "mcpServers.o.timeoutMs: found an old name beside the new one, expected mcpServers.o.callTimeoutMs alone",
      "mcpServers.o.callTimeoutMs: found 1, expected a number of at least 100",
    ]);
    expect(faults({ mcpServers: { o: { url: URL, auth: { kind: "oauth", clientId: "a", oauth: { clientId: "b" } } } } })).toEqual([
      "mcpServers.o.auth.clientId: found an old name beside the new one, expected mcpServers.o.auth.oauth.clientId alone",
    ]);
  });

  it("is the name that faults and warnings speak of, never with a secret", () => {
    const file = { mcpServers: { o: { url: URL, timeoutMs: 1, auth: { ...OLD, type: "oauth1", redirectUrl: "${NOPE}" } } } };
    expect(faults(file)).toEqual(
      expect.arrayContaining([
        "mcpServers.o.timeoutMs: found 1, expected a number of at least 100",
        'mcpServers.o.auth.type: found "oauth1", expected one of "none", "headers", "oauth" (did you mean "oauth"?)',
        "mcpServers.o.auth.redirectUrl: found ${NOPE}, which the environment does not have, expected the environment variable NOPE to be set",
      ]),
    );
    expect(faults(file).join()).not.toContain(SECRET);
    expect(read({ mcpServers: { o: { url: URL, auth: { ...OLD } } } }).warnings.map((line) => line.split(" ")[0])).toContain(
      "mcpServers.o.auth.clientSecret",
    );
  });

  it("is one at its own place alone", () => {
    const file = { mcpServers: { o: { url: URL, headers: { timeoutMs: "1" } } } };
    expect(read(file).warnings).toEqual([]);
    expect(faults(withShop({ timeoutMs: 1 }))).toHaveLength(1);
    expect(faults({ mcpServers: "x" })).toHaveLength(1);
    expect(faults({ mcpServers: { o: { url: URL, auth: "oauth" } } })).toHaveLength(1);
  });
});
