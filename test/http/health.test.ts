import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { StoreUnwritableError } from "../../server/conversation/ports/errors.ts";
import { createApplication } from "../../server/http/application.ts";
import { healthRoutes } from "../../server/http/health.ts";

const FULL = new StoreUnwritableError("The disk is full. Make room.");

async function open() {
  const state = { now: 1_000_000, fault: undefined as Error | undefined, stopping: false, tries: 0 };
  const store = async (): Promise<void> => {
    state.tries += 1;
    if (state.fault !== undefined) throw state.fault;
  };
  const routes = healthRoutes({ store, isStopping: () => state.stopping, clock: { now: () => state.now } });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const server = createServer(createApplication({ routers: [routes], isHttpsOnly: false, log }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
  const ask = async () => {
    const answer = await fetch(url);
    return [answer.status, await answer.json()] as const;
  };
  return { state, ask };
}

test("a server whose disk is full says so, and is ready again once there is room", async () => {
  const { state, ask } = await open();
  expect(await ask()).toEqual([200, { status: "ready" }]);
  state.fault = FULL;
  state.now += 1_000;
  expect(await ask()).toEqual([503, { status: "not-ready", problem: "store-unwritable", detail: "The disk is full. Make room." }]);
  state.fault = undefined;
  state.now += 1_000;
  expect(await ask()).toEqual([200, { status: "ready" }]);
});

test("what a store fails with otherwise is nobody's business", async () => {
  const { state, ask } = await open();
  state.fault = new Error("/secret/path");
  expect(await ask()).toEqual([503, { status: "not-ready", problem: "store-failed" }]);
});

test("however many ask, the store is tried once a second, also after the clock was set back", async () => {
  const { state, ask } = await open();
  await Promise.all([ask(), ask(), ask(), ask(), ask()]);
  state.now += 999;
  await ask();
  expect(state.tries).toBe(1);
  state.now += 1;
  await ask();
  expect(state.tries).toBe(2);
  state.now -= 24 * 60 * 60_000;
  await ask();
  expect(state.tries).toBe(3);
});

test("a server that stops does not ask its store", async () => {
  const { state, ask } = await open();
  state.stopping = true;
  expect(await ask()).toEqual([503, { status: "not-ready", problem: "stopping" }]);
  expect(state.tries).toBe(0);
});
