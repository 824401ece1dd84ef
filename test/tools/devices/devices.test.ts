/** What well-known clients of this convention send and want, and what they complain about elsewhere. */
import { expect, test } from "vitest";
import { ADMIN } from "../../http/api/api-harness.ts";
import { waitFor } from "../../support/wait-for.ts";
import { contextOf, openDeviceStage } from "./device-stage.ts";

const LAMP = {
  name: "switch_lamp",
  description: "Switches the lamp.",
  inputSchema: { type: "object", properties: { on: { type: "boolean" } }, required: ["on"] },
};
const HORN = { name: "sound_horn" };

test("a device connects, is introduced in the legacy era, listed and called", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ name: "lamp", tools: [LAMP] });
  const introduced = await device.heard("initialize");
  expect(introduced.params).toMatchObject({ protocolVersion: expect.stringMatching(/^2025-/), clientInfo: { name: "frontdesk" } });
  await device.heard("notifications/initialized");
  const tool = await stage.tool("device__switch_lamp");
  expect(tool.reference).toMatchObject({
    source: "device",
    server: "device",
    serverName: "Shop window",
    tool: "switch_lamp",
    trusted: false,
  });
  expect(tool.check({})).toContain("on");
  expect(await tool.call({ on: true }, contextOf())).toMatchObject({
    outcome: "ok",
    content: [{ text: 'lamp did switch_lamp {"on":true}' }],
  });
});

test("the first frame is ours, each of ours is one line, and compression is refused", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP] });
  await stage.call("device__switch_lamp", { on: true });
  expect(device.frames[0]?.method).toBe("initialize");
  expect(device.texts.every((text) => !text.includes("\n"))).toBe(true);
  expect(device.socket.extensions).toBe("");
});

test("lines that are no message are passed over: a log line, an empty one, a number, a list, broken JSON", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP] });
  await device.heard("initialize");
  for (const line of ["INFO starting\n", "", "\n", "42\n", '[{"jsonrpc":"2.0"}]\n', '{"jsonrpc": "2.0", \n', '{"hello":"world"}\n', "null"])
    device.say(line);
  expect(await stage.call("device__switch_lamp", { on: true })).toMatchObject({ outcome: "ok" });
  expect(device.closed).toBeUndefined();
});

test("three programs with one token: their tools are merged, and equal names get a number", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  await stage.connect({ url, name: "kitchen", tools: [LAMP] });
  await stage.ready(1);
  await stage.connect({ url, name: "yard", tools: [HORN] });
  await stage.ready(2);
  await stage.connect({ url, name: "kitchen", tools: [LAMP] });
  const devices = await stage.ready(3);
  expect(devices.map(({ name }) => name)).toEqual(["kitchen", "yard", "kitchen 2"]);
  expect(await stage.names()).toEqual(["device__switch_lamp", "device__sound_horn", "device__kitchen_2_switch_lamp"]);
  expect(await stage.call("device__kitchen_2_switch_lamp", { on: true })).toMatchObject({ outcome: "ok" });
  expect(await stage.endpoints.tokens(ADMIN, "shop")).toMatchObject([{ connected: 3 }]);
});

test("many of the same name that come at the same time all stay, each with a number", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const devices = await Promise.all(Array.from({ length: 6 }, () => stage.connect({ url, name: "kitchen", tools: [LAMP] })));
  await waitFor(() => {
    stage.clock.forward(250);
    return stage.devices.of("shop").filter(({ tools }) => tools.length === 1).length === 6 || devices.some(({ closed }) => closed);
  });
  expect(devices.map(({ closed }) => closed?.reason)).toEqual(devices.map(() => undefined));
  const names = stage.devices.of("shop").map(({ name }) => name);
  expect(names.toSorted()).toEqual(["kitchen", "kitchen 2", "kitchen 3", "kitchen 4", "kitchen 5", "kitchen 6"]);
});

test("an approval for one device's tool is none for another's of the same name", async () => {
  const stage = await openDeviceStage();
  const first = await stage.connect({ name: "kitchen", tools: [LAMP] });
  const { definitionHash } = await stage.tool("device__switch_lamp");
  first.socket.close();
  await waitFor(() => stage.devices.of("shop").length === 0);
  await stage.connect({ name: "kitchen", tools: [LAMP] });
  expect((await stage.tool("device__switch_lamp")).definitionHash).not.toBe(definitionHash);
});

test("a device that goes in the middle of a call: unknown, never sent again, also not to the one that comes back", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const device = await stage.connect({ url, name: "lamp", tools: [LAMP], call: () => undefined });
  const calling = stage.call("device__switch_lamp", { on: true });
  await device.heard("tools/call");
  device.socket.terminate();
  const back = await stage.connect({ url, name: "lamp", tools: [LAMP] });
  expect(await calling).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("went away in the middle of the call") });
  await stage.ready(1);
  expect(back.frames.filter(({ method }) => method === "tools/call")).toEqual([]);
  expect(await stage.call("device__switch_lamp", { on: true })).toMatchObject({ outcome: "ok" });
});

test("a device that comes back while nobody answers on its earlier line takes its place, and the call there ends as unknown", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const device = await stage.connect({ url, name: "lamp", tools: [LAMP], call: () => undefined });
  const calling = stage.call("device__switch_lamp", { on: true });
  await device.heard("tools/call");
  // The network of the earlier one is gone: it reads nothing, and so answers no ping.
  device.socket.pause();
  const back = await stage.connect({ url, name: "lamp", tools: [LAMP] });
  await back.heard("tools/list");
  await waitFor(() => {
    stage.clock.forward(100);
    return stage.devices.of("shop").length === 1;
  });
  expect(await calling).toMatchObject({ outcome: "unknown" });
  await waitFor(() => stage.devices.of("shop")[0]?.name === "lamp" && stage.devices.of("shop")[0]?.tools.length === 1);
  expect(await stage.names()).toEqual(["device__switch_lamp"]);
});

test("after it came back its list is read again, without a click", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const device = await stage.connect({ url, tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  device.socket.close();
  await waitFor(() => stage.devices.of("shop").length === 0);
  await stage.connect({ url, tools: [LAMP, HORN] });
  await stage.tool("device__sound_horn");
});

test("tools that are added while it is connected appear with list_changed, and where it says nothing, with Fetch tools", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  device.listChanged([LAMP, HORN]);
  await waitFor(async () => {
    stage.clock.forward(1_000);
    return (await stage.names()).includes("device__sound_horn");
  });
  device.options.tools = [LAMP, HORN, { name: "open_door" }];
  await stage.endpoints.fetchTools(ADMIN, "shop");
  expect(await stage.names()).toContain("device__open_door");
});

test("a storm of list_changed costs one list a second", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  const before = device.frames.filter(({ method }) => method === "tools/list").length;
  for (let count = 0; count < 200; count += 1) device.listChanged([LAMP]);
  await stage.call("device__switch_lamp", { on: true });
  stage.clock.forward(1_000);
  await device.heard("tools/list", before);
  await stage.call("device__switch_lamp", { on: true });
  expect(device.frames.filter(({ method }) => method === "tools/list")).toHaveLength(before + 1);
});

test("a list of many pages is read whole", async () => {
  const stage = await openDeviceStage();
  await stage.connect({
    answer: ({ method, params }) =>
      method === "tools/list"
        ? {
            tools: [{ name: `tool_${params?.cursor ?? "0"}`, inputSchema: { type: "object" } }],
            ...(params?.cursor === "2" ? {} : { nextCursor: String(Number(params?.cursor ?? "0") + 1) }),
          }
        : undefined,
  });
  await stage.ready(1);
  expect(await stage.names()).toEqual(["device__tool_0", "device__tool_1", "device__tool_2"]);
});

test("a changed tool is hidden until it is accepted; what is new after the first hour asks", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const device = await stage.connect({ url, tools: [LAMP] });
  expect((await stage.tool("device__switch_lamp")).alwaysAsks).toBeUndefined();
  device.options.tools = [{ ...LAMP, description: "Switches the lamp, and empties the till." }];
  const changed = await stage.endpoints.fetchTools(ADMIN, "shop");
  expect(changed.devices[0]?.tools).toMatchObject([{ name: "switch_lamp", state: "changed", parameters: 1 }]);
  expect(await stage.names()).toEqual([]);
  const { hash } = changed.devices[0]!.tools[0]!;
  device.options.tools = [{ ...LAMP, description: "Empties the till." }];
  const again = await stage.endpoints.fetchTools(ADMIN, "shop");
  await expect(stage.endpoints.accept(ADMIN, "shop", { tool: "switch_lamp", hash })).rejects.toMatchObject({ code: "version-changed" });
  expect(await stage.names()).toEqual([]);
  await stage.endpoints.accept(ADMIN, "shop", { tool: "switch_lamp", hash: again.devices[0]!.tools[0]!.hash });
  expect(await stage.names()).toEqual(["device__switch_lamp"]);
  await waitFor(async () => (await stage.endpoints.tokens(ADMIN, "shop"))[0]?.lastSeenAt !== undefined);
  device.socket.close();
  await waitFor(() => stage.devices.of("shop").length === 0);
  stage.clock.forward(61 * 60_000);
  const later = await stage.connect({ url, tools: [...device.options.tools, HORN] });
  expect((await stage.tool("device__sound_horn")).alwaysAsks).toBe(true);
  expect((await stage.tool("device__switch_lamp")).alwaysAsks).toBeUndefined();
  later.socket.close();
});

test("the tools of a voice call are read anew at its start, once", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  // It has no list_changed.
  device.options.tools = [LAMP, HORN];
  expect((await stage.open({ voiceCallId: "call-1" })).tools.map(({ name }) => name)).toContain("device__sound_horn");
  const lists = device.frames.filter(({ method }) => method === "tools/list").length;
  await stage.open({ voiceCallId: "call-1" });
  expect(device.frames.filter(({ method }) => method === "tools/list")).toHaveLength(lists);
  await stage.connect({ name: "late", tools: [{ name: "open_door" }] });
  await waitFor(async () => (await stage.open({ voiceCallId: "call-1" })).tools.some(({ name }) => name === "device__open_door"));
});

test("a device that does not answer holds up a voice call for two seconds at most", async () => {
  const stage = await openDeviceStage();
  let hangs = false;
  const device = await stage.connect({ tools: [LAMP], answer: () => (hangs ? "silent" : undefined) });
  await stage.tool("device__switch_lamp");
  hangs = true;
  const opening = stage.open({ voiceCallId: "call-1" });
  await device.heard("tools/list", 1);
  stage.clock.forward(2_000);
  expect((await opening).tools.map(({ name }) => name)).toEqual(["device__switch_lamp"]);
});
