/** Tools of devices in a published server: there as long as the device is, and called at most once. */
import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { waitFor } from "../support/wait-for.ts";
import { WireDevice, type WireDeviceOptions } from "../tools/devices/wire-device.ts";
import { LOOK_MS } from "../../server/publish/published-gateway.ts";
import { systemClock } from "../../server/start/system-clock.ts";
import { connect, type Desk, desk, ERAS, type Era, type Published } from "./publish-harness.ts";

const LAMP = { name: "switch_lamp", inputSchema: { type: "object", properties: { on: { type: "boolean" } } } };
const PUBLISHED = { source: "device", server: "shop", name: "switch_lamp" };
const call = { name: "switch_lamp", arguments: { on: true } };

/** A way in for devices of an assistant; the tools that come with it first are accepted at once. */
async function endpointOf(server: Desk, assistant: string): Promise<string> {
  await server.api("PUT", `/assistants/${assistant}/endpoint`, { enabled: true });
  return (await server.api<{ url: string }>("POST", `/assistants/${assistant}/endpoint/tokens`, { name: "Window" })).body.url;
}

async function lampAt(url: string, options: WireDeviceOptions = {}): Promise<WireDevice> {
  const device = new WireDevice(url, { name: "lamp", tools: [LAMP], ...options });
  await device.heard("tools/list");
  return device;
}

/** Lists until exactly these tools are there. */
async function lists(client: Client, names: readonly string[]): Promise<void> {
  await expect.poll(async () => (await client.listTools()).tools.map(({ name }) => name)).toEqual(names);
}

async function stage(options: WireDeviceOptions = {}, more: object = {}, settings: Parameters<typeof desk>[0] = {}) {
  const server = await desk(settings);
  const url = await endpointOf(server, "shop");
  const published = await server.publish([{ ...PUBLISHED, ...more }]);
  const device = await lampAt(url, options);
  return { server, url, published, device };
}

async function listener(published: Published, era: Era): Promise<{ client: Client; told: () => number }> {
  let told = 0;
  const client = await connect(published, era, {
    prepare: (made) => made.setNotificationHandler("notifications/tools/list_changed", () => void (told += 1)),
  });
  if (era === "modern") await (client as unknown as { listen(filter: object): Promise<unknown> }).listen({ toolsListChanged: true });
  return { client, told: () => told };
}

/** A server that never looks by itself whether tools have changed. */
const NEVER_LOOKS = {
  clock: { ...systemClock, after: (ms: number, then: () => void) => (ms === LOOK_MS ? () => {} : systemClock.after(ms, then)) },
};

const logs = async (server: Desk, { id }: Published): Promise<readonly object[]> =>
  (await server.api<{ items: object[] }>("GET", `/published-servers/${id}/logs`)).body.items;

describe.each(ERAS)("a device's tool, in the %s era,", (era) => {
  test("is listed and called, goes with its device, and comes back with it", async () => {
    const { url, published, device } = await stage();
    const { client, told } = await listener(published, era);
    await lists(client, ["switch_lamp"]);
    expect((await client.listTools()).tools[0]).toMatchObject({ inputSchema: LAMP.inputSchema });
    expect((await client.callTool(call)).isError).toBeFalsy();
    expect((await device.heard("tools/call")).params).toMatchObject({ name: "switch_lamp", arguments: { on: true } });

    const before = told();
    device.socket.terminate();
    await waitFor(() => told() > before);
    await lists(client, []);
    await expect(client.callTool(call)).rejects.toThrow(/no tool "switch_lamp"/);
    const back = await lampAt(url);
    await lists(client, ["switch_lamp"]);
    expect((await client.callTool(call)).isError).toBeFalsy();
    expect(back.frames.filter(({ method }) => method === "tools/call")).toHaveLength(1);
  });

  test("that comes or goes is told to who listens, without anybody looking", async () => {
    const { url, published, device } = await stage({}, {}, NEVER_LOOKS);
    const { client, told } = await listener(published, era);
    await lists(client, ["switch_lamp"]);
    let before = told();
    device.socket.terminate();
    await waitFor(() => told() > before);
    expect((await client.listTools()).tools).toEqual([]);

    before = told();
    await lampAt(url);
    await waitFor(() => told() > before);
    expect((await client.listTools()).tools).toHaveLength(1);
    // Of a device that brings nothing of it nobody hears.
    const heard = told();
    await lampAt(url, { name: "other", tools: [{ name: "other", inputSchema: { type: "object" } }] });
    await lists(client, ["switch_lamp"]);
    expect(told()).toBe(heard);
  });

  test("that breaks off in the middle ends unknown, and is not sent again to the device that comes back", async () => {
    const { server, url, published, device } = await stage({ call: () => undefined });
    const client = await connect(published, era);
    await lists(client, ["switch_lamp"]);
    const pending = client.callTool(call);
    await device.heard("tools/call");
    device.socket.terminate();
    expect(await pending).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("is not known") as string }] });
    await expect.poll(() => logs(server, published)).toMatchObject([{ tool: "switch_lamp", outcome: "unknown" }]);
    const back = await lampAt(url);
    await lists(client, ["switch_lamp"]);
    expect(back.frames.filter(({ method }) => method === "tools/call")).toEqual([]);
  });

  test("waits for the staff where it needs approval, and runs once", async () => {
    const { server, published, device } = await stage({}, { permission: "needs_approval", approver: "staff" });
    const client = await connect(published, era);
    await lists(client, ["switch_lamp"]);
    const pending = client.callTool(call);
    const { approvalId, argumentsHash } = await waitFor(
      async () => (await server.api<{ items: { approvalId: string; argumentsHash: string }[] }>("GET", "/approvals")).body.items[0],
    );
    expect(device.frames.some(({ method }) => method === "tools/call")).toBe(false);
    await server.api("POST", `/approvals/${approvalId}/decision`, { decision: "approved", argumentsHash });
    expect((await pending).isError).toBeFalsy();
    expect(device.frames.filter(({ method }) => method === "tools/call")).toHaveLength(1);
  });
});

test("tools of one name at two assistants stay apart", async () => {
  const server = await desk();
  const model = { provider: "openai-compatible", model: "small", baseUrl: "http://127.0.0.1:9/v1" };
  const body = { key: "own", name: "Own", prompt: "Help.", model, allowedOrigins: ["https://own.example"] };
  expect((await server.api("POST", "/assistants", body)).status).toBe(201);
  const [shop, own] = [await lampAt(await endpointOf(server, "shop")), await lampAt(await endpointOf(server, "own"))];
  const published = await server.publish([PUBLISHED, { ...PUBLISHED, server: "own" }]);
  const client = await connect(published, "modern");
  await lists(client, ["switch_lamp", "own__switch_lamp"]);
  await client.callTool({ ...call, name: "own__switch_lamp" });
  expect(own.frames.filter(({ method }) => method === "tools/call")).toHaveLength(1);
  expect(shop.frames.filter(({ method }) => method === "tools/call")).toEqual([]);
});

test("only who may change an assistant publishes what its devices bring", async () => {
  const server = await desk();
  const { body } = await server.api<{ key: string }>("POST", "/api-keys", { name: "owner", roles: ["owner"] });
  const tools = [PUBLISHED];
  const headers = { Authorization: `Bearer ${body.key}` };
  const refused = await server.api<{ errors: object[] }>("POST", "/published-servers", { name: "Lamps", tools }, headers);
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "/tools/0/server", message: 'There is no assistant "shop".' }] } });
  const unnamed = await server.api<{ errors: object[] }>("POST", "/published-servers", {
    name: "Lamps",
    tools: [{ source: "device", name: "switch_lamp" }],
  });
  expect(unnamed).toMatchObject({ status: 422, body: { errors: [{ path: "/tools/0/server" }] } });
});
