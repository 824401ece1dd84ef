/** Devices that are slow, hang, flood or are none. */
import { expect, test } from "vitest";
import { ADMIN } from "../../http/api/api-harness.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openDeviceStage } from "./device-stage.ts";

const LAMP = { name: "switch_lamp" };
const HORN = { name: "sound_horn" };

test("a device that answers initialize after more than ten seconds is not thrown out", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP], answer: ({ method }) => (method === "initialize" ? "silent" : undefined) });
  const { id } = await device.heard("initialize");
  stage.clock.forward(12_000);
  expect(stage.devices.of("shop")).toMatchObject([{ standing: "silent" }]);
  expect((await stage.endpoints.fetchTools(ADMIN, "shop")).empty?.reason).toBe("not-answering");
  stage.clock.forward(18_000);
  device.say({ id, result: { protocolVersion: "2024-11-05", capabilities: { tools: {} }, serverInfo: { name: "slow", version: "1" } } });
  await stage.tool("device__switch_lamp");
});

test("a list that does not come is asked for again, and the device is not dropped", async () => {
  const stage = await openDeviceStage();
  let asked = 0;
  const device = await stage.connect({
    tools: [LAMP],
    answer: ({ method }) => (method === "tools/list" && ++asked === 1 ? "silent" : undefined),
  });
  await device.heard("tools/list");
  await waitFor(() => {
    stage.clock.forward(1_000);
    return asked > 1;
  });
  await stage.tool("device__switch_lamp");
  expect(device.closed).toBeUndefined();
});

test("what is silent is pinged in less than half a minute; a program that died is found by it, and comes back", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  stage.clock.forward(29_000);
  await device.heard("ping");
  await waitFor(() => stage.devices.of("shop")[0]?.standing === "answering");
});

test("a device that hangs is shown as not answering, and closed in the end with a reason", async () => {
  const stage = await openDeviceStage();
  let hangs = false;
  const device = await stage.connect({ tools: [LAMP], answer: () => (hangs ? "silent" : undefined) });
  await stage.tool("device__switch_lamp");
  hangs = true;
  // Its network answers all the while.
  const pongs: number[] = [];
  device.socket.on("ping", () => pongs.push(1));
  for (let count = 1; count <= 3; count += 1) {
    stage.clock.forward(20_000);
    await waitFor(() => pongs.length >= count);
  }
  await waitFor(() => stage.devices.of("shop")[0]?.standing === "silent");
  expect(await stage.endpoints.tokens(ADMIN, "shop")).toMatchObject([{ connected: 1, silent: 1 }]);
  await waitFor(() => {
    if (pongs.length > 0) pongs.pop();
    stage.clock.forward(pongs.length === 0 ? 5_000 : 0);
    return device.closed;
  });
  expect(device.closed).toMatchObject({ code: 4408, reason: expect.stringContaining("Connect again") });
});

test("a device without ping is answering: a refusal is an answer", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({
    tools: [LAMP],
    answer: ({ method }) => (method === "ping" ? { error: { code: -32601, message: "Method not found" } } : undefined),
  });
  await stage.tool("device__switch_lamp");
  stage.clock.forward(20_000);
  await device.heard("ping");
  await stage.call("device__switch_lamp", { on: true });
  expect(stage.devices.of("shop")).toMatchObject([{ standing: "answering" }]);
});

test("a device that floods is closed with a reason, and the others go on", async () => {
  const stage = await openDeviceStage();
  const good = await stage.connect({ name: "good", tools: [LAMP] });
  await stage.ready(1);
  const bad = await stage.connect({ name: "bad", tools: [HORN] });
  await stage.ready(2);
  for (let count = 0; count < 20; count += 1) bad.say("x".repeat(1024 * 1024));
  expect(await bad.ended()).toMatchObject({ code: 4429 });
  expect(await stage.call("device__switch_lamp", { on: true })).toMatchObject({ outcome: "ok" });
  expect(good.closed).toBeUndefined();
});

test("a frame that is too long ends that socket alone", async () => {
  const stage = await openDeviceStage();
  await stage.connect({ name: "good", tools: [LAMP] });
  const bad = await stage.connect({ name: "bad", tools: [HORN] });
  await stage.ready(2);
  bad.say("x".repeat(4 * 1024 * 1024 + 1));
  expect(await bad.ended()).toMatchObject({ code: 1009 });
  await waitFor(() => stage.devices.of("shop").length === 1);
  expect(await stage.names()).toEqual(["device__switch_lamp"]);
});

test("what asks us for samples, roots or answers is refused, and nobody is asked", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  for (const [id, method] of [
    ["a", "sampling/createMessage"],
    ["b", "roots/list"],
    ["c", "elicitation/create"],
  ] as const)
    device.say({ id, method, params: { messages: [], maxTokens: 1, message: "?", requestedSchema: { type: "object", properties: {} } } });
  for (const id of ["a", "b", "c"])
    expect(await waitFor(() => device.frames.find((frame) => frame.id === id))).toMatchObject({ error: { code: -32601 } });
});

test("what is no MCP server is closed with a reason", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ answer: () => ({ error: { code: -32601, message: "What?" } }) });
  expect(await device.ended()).toMatchObject({ code: 4422, reason: expect.stringContaining("not an MCP server") });
});
