/** The era of a server, wherever it is said. */
import { describe, expect, it } from "vitest";
import type { InvalidError } from "../../server/foundation/invalid-error.ts";
import { readImport } from "../../server/setup/mcp-servers/server-import.ts";
import { faults, read } from "../configuration/reading.ts";
import { serve } from "../support/mcp-opened.ts";
import { ADMIN, SIGNAL, testRegistry } from "./registry-harness.ts";

const refused = async (saving: Promise<unknown>) => ((await saving.catch((error: unknown) => error)) as InvalidError).faults;
const impossible = [{ path: "/protocol", message: expect.stringContaining("SSE is a transport of the legacy era") as string }];

describe("the era of a server", () => {
  it("is read from the file, and is found out where nothing is said", () => {
    const { mcpServers } = read({
      mcpServers: { a: { url: "https://a.example/mcp" }, b: { url: "https://b.example/mcp", protocol: "legacy" } },
    });
    expect(mcpServers).toMatchObject([{ protocol: "auto" }, { protocol: "legacy" }]);
  });

  it("is refused in the file where it does not exist, or not over this transport", () => {
    const of = (server: object): string => faults({ mcpServers: { a: { url: "https://a.example/mcp", ...server } } }).join();
    expect(of({ protocol: "2025-11-25" })).toContain("mcpServers.a.protocol");
    expect(of({ protocol: "2026-07-28", transport: "sse" })).toMatch(/mcpServers\.a\.protocol.*SSE is a transport of the legacy era/);
    expect(faults({ mcpServers: { a: { command: "node", protocol: "legacy" } } }).join()).toContain("protocol");
  });

  it("is set over the API, holds from then on, and is shown", async () => {
    const server = await serve();
    const registry = await testRegistry();
    const { server: made, version } = await registry.create({ key: "orders", url: server.url, protocol: "legacy" });
    expect(made).toMatchObject({ protocol: "legacy", status: { status: "connected" } });
    expect(server.count("server/discover")).toBe(0);
    const asked = server.count("initialize");
    const changed = await registry.servers.update(ADMIN, "orders", { protocol: "2026-07-28" }, { ifVersion: version, signal: SIGNAL });
    expect(changed.server).toMatchObject({ protocol: "2026-07-28", status: { status: "disconnected" } });
    expect(changed.server.status.detail).toContain("it does not speak revision 2026-07-28");
    expect(server.count("initialize")).toBe(asked);
    expect(server.count("server/discover")).toBeGreaterThan(0);
  });

  it("is refused over the API where the transport does not have it, in a new server and in a change", async () => {
    const server = await serve();
    const registry = await testRegistry();
    const sse = { transport: "sse", protocol: "2026-07-28" };
    expect(await refused(registry.create({ key: "orders", url: server.url, ...sse }))).toMatchObject(impossible);
    const { version } = await registry.create({ key: "orders", url: server.url, protocol: "2026-07-28" });
    expect(
      await refused(registry.servers.update(ADMIN, "orders", { transport: "sse" }, { ifVersion: version, signal: SIGNAL })),
    ).toMatchObject(impossible);
  });

  it("goes with an export, and comes with an import; what others call so is passed over", async () => {
    const server = await serve();
    const registry = await testRegistry();
    await registry.create({ key: "orders", url: server.url, protocol: "legacy" });
    await registry.create({ key: "parcels", url: server.url });
    const document = await registry.transfer.export(ADMIN, "mcpServers");
    expect(document).toMatchObject({ mcpServers: { orders: { protocol: "legacy" } } });
    expect(JSON.stringify(document).match(/protocol/g)).toHaveLength(1);
    const url = "https://orders.example/mcp";
    const imported = readImport({
      mcpServers: { a: { url, protocol: "legacy" }, b: { url, protocol: "2026-07-28" }, c: { url, protocol: "http" }, d: { url } },
    });
    expect(imported.map((entry) => ("input" in entry ? entry.input.protocol : entry.refused))).toEqual([
      "legacy",
      "2026-07-28",
      "auto",
      "auto",
    ]);
  });
});
