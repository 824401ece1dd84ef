import { expect, it, vi } from "vitest";
import { callContext, testHost, toolOf } from "../../support/mcp-host.ts";
import { opened, serve } from "../../support/mcp-opened.ts";
import { testTime } from "../../setup/registry-harness.ts";
import { waitFor } from "../../support/wait-for.ts";

const gate = vi.hoisted(() => ({ loads: 0, held: undefined as Promise<void> | undefined }));
vi.mock("../../../server/tools/mcp/wire/mcp-sdk.ts", async (original) => {
  const real = await original<{ loadMcpSdk: () => Promise<unknown> }>();
  const loadMcpSdk = async () => {
    gate.loads += 1;
    await gate.held;
    return real.loadMcpSdk();
  };
  return { ...real, loadMcpSdk };
});

it("loading our own MCP client is not the server's time: neither for its list nor for a call", async () => {
  const server = await serve();
  const time = testTime();
  const host = opened(
    testHost([{ key: "shop", name: "Shop", url: server.url, connectTimeoutMs: 60_000, isolation: "call" }], { clock: time }),
  );
  const holding = Promise.withResolvers<void>();
  gate.held = holding.promise;
  const opening = host.open();
  await waitFor(() => gate.loads > 0);
  time.move(60_000);
  holding.resolve();
  const act = toolOf(await opening, "shop__act");

  const again = Promise.withResolvers<void>();
  gate.held = again.promise;
  const before = gate.loads;
  const calling = act.call({}, callContext());
  await waitFor(() => gate.loads > before);
  time.move(60_000);
  again.resolve();
  expect((await calling).outcome).toBe("ok");
});

it("a server that was asked and does not answer has its time, and no more", async () => {
  const server = await serve({ initialize: () => undefined });
  const time = testTime();
  const host = opened(testHost([{ key: "shop", name: "Shop", url: server.url, connectTimeoutMs: 60_000 }], { clock: time }));
  const opening = host.open();
  await waitFor(() => server.count("initialize") === 1);
  time.move(60_000);
  expect((await opening).unavailable[0]?.cause).toContain("not ready within 60000 ms");
});
