/** Devices that come and go at the wrong moment, and names that are no tool's. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { DeviceWebSocket } from "../../../server/live/device/device-web-socket.ts";
import { ADMIN } from "../../http/api/api-harness.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openDeviceStage } from "./device-stage.ts";

const LAMP = { name: "switch_lamp" };
const HORN = { name: "sound_horn" };

test("a device that comes back and says at once that its list changed keeps its name", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const before = await stage.connect({ url, name: "lamp", tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  // The network of the earlier one is gone: whether anybody is there is asked for two seconds.
  before.socket.pause();
  const back = await stage.connect({ url, name: "lamp", tools: [LAMP] });
  await back.heard("tools/list");
  back.listChanged([LAMP, HORN]);
  await waitFor(() => {
    stage.clock.forward(100);
    return back.frames.filter(({ method }) => method === "tools/list").length > 1;
  });
  await waitFor(() => {
    stage.clock.forward(100);
    return stage.devices.of("shop").length === 1;
  });
  await stage.tool("device__sound_horn");
  // As long as the earlier line was waited for, once more.
  stage.clock.forward(5_000);
  await stage.call("device__sound_horn");
  expect(stage.devices.of("shop").map(({ name }) => name)).toEqual(["lamp"]);
  expect(stage.logged.filter(({ message }) => message === "A device is connected.")).toHaveLength(2);
});

test("a device that is gone before it was let in leaves nothing behind, and is no fault of the server", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const line = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => line.close());
  const client = new WebSocket(`ws://127.0.0.1:${(await listening(line)).port}`);
  const [[socket]] = (await Promise.all([once(line, "connection"), once(client, "open")])) as [[WebSocket], unknown];
  client.terminate();
  await waitFor(() => socket.readyState === socket.CLOSED);
  await stage.gate.enter(new DeviceWebSocket(socket, stage.clock), {
    token: new URL(url).searchParams.get("token")!,
    address: "127.0.0.1",
  });
  expect(stage.devices.seats("shop")).toEqual([]);
  expect(stage.devices.assistants()).toEqual([]);
});

test("devices whose names have no Latin letters all have their tools", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  for (const [index, name] of ["客厅", "厨房", "卧室", "Küche", "kitchen-2", "kitchen 2"].entries()) {
    await stage.connect({ url, name, tools: [LAMP] });
    await stage.ready(index + 1);
  }
  const names = await stage.names();
  expect(new Set(names).size).toBe(6);
  expect(names).toEqual([
    "device__switch_lamp",
    "device__device_switch_lamp",
    "device__device_2_switch_lamp",
    "device__Kuche_switch_lamp",
    "device__kitchen_2_switch_lamp",
    "device__kitchen_2_2_switch_lamp",
  ]);
});

test("a device of the same name as another's tool takes no tool away", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  await stage.connect({ url, name: "lamp", tools: [{ name: "on" }, { name: "b_on" }] });
  await stage.ready(1);
  await stage.connect({ url, name: "b", tools: [{ name: "on" }] });
  await stage.ready(2);
  expect(await stage.names()).toEqual(["device__b_on", "device__on", "device__b_2_on"]);
});

test("a long name is cut, and its tools carry nothing else", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  await stage.connect({ url, tools: [LAMP] });
  await stage.ready(1);
  await stage.connect({ url, name: "Lamp of the Donaudampfschifffahrtsgesellschaft in the shop window at the back", tools: [LAMP] });
  const devices = await stage.ready(2);
  expect(devices[1]?.name).toBe("Lamp of the Donaudampfschifffahrtsgesellschaft in the shop w…");
  expect(devices[1]?.tools.map(({ definition }) => definition.tool)).toEqual([
    "Lamp_of_the_Donaudampfschifffahrtsgesellschaft_in_the_shop_w_switch_lamp",
  ]);
});

test("a device that has just come is starting: it is not said to answer nothing, or to have nothing", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const reason = async () => (await stage.endpoints.fetchTools(ADMIN, "shop")).empty?.reason;
  const slow = await stage.connect({ url, name: "slow", answer: ({ method }) => (method === "initialize" ? "silent" : undefined) });
  await slow.heard("initialize");
  expect(await reason()).toBe("starting");
  slow.socket.terminate();
  await waitFor(() => stage.devices.of("shop").length === 0);
  const before = await stage.connect({ url, name: "lamp", tools: [LAMP] });
  await stage.tool("device__switch_lamp");
  before.socket.pause();
  const back = await stage.connect({ url, name: "lamp", tools: [LAMP] });
  await back.heard("tools/list");
  // It has no name yet: its earlier line is being asked.
  await waitFor(() => stage.devices.of("shop").length === 2);
  expect(stage.devices.of("shop")[1]).toMatchObject({ standing: "starting", tools: [] });
});

async function listening(line: WebSocketServer): Promise<AddressInfo> {
  if (line.address() === null) await once(line, "listening");
  return line.address() as AddressInfo;
}
