/** How calls of devices' tools end. */
import { expect, test } from "vitest";
import { MOST_SENT_BYTES } from "../../../server/tools/devices/device-transport.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openDeviceStage } from "./device-stage.ts";

const LAMP = { name: "switch_lamp" };
const HORN = { name: "sound_horn" };

test("a call without an answer ends as unknown, and the device is asked to cancel", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP], call: () => undefined });
  const calling = stage.call("device__switch_lamp", { on: true });
  await device.heard("tools/call");
  stage.clock.forward(60_000);
  expect(await calling).toMatchObject({ outcome: "unknown", cause: expect.stringContaining("did not answer in time") });
  await device.heard("notifications/cancelled");
});

test("Stop cancels a call", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [LAMP], call: () => undefined });
  const stop = new AbortController();
  const calling = stage.call("device__switch_lamp", { on: true }, { signal: stop.signal });
  const { id } = await device.heard("tools/call");
  stop.abort("stop");
  expect(await calling).toMatchObject({ outcome: "cancelled" });
  expect((await device.heard("notifications/cancelled")).params?.requestId).toBe(id);
});

test("progress moves a call's limit", async () => {
  const stage = await openDeviceStage();
  const heard: unknown[] = [];
  const device = await stage.connect({ tools: [LAMP], call: () => undefined });
  const calling = stage.call("device__switch_lamp", { on: true }, { onProgress: (progress) => heard.push(progress) });
  const { id, params } = await device.heard("tools/call");
  const { progressToken } = (params as { _meta: { progressToken: number } })._meta;
  stage.clock.forward(45_000);
  device.say({ method: "notifications/progress", params: { progressToken, progress: 1, total: 2, message: "Half" } });
  await waitFor(() => heard.length === 1);
  stage.clock.forward(45_000);
  device.say({ id, result: { content: [{ type: "text", text: "done" }] } });
  expect(await calling).toMatchObject({ outcome: "ok" });
  expect(heard).toEqual([{ progress: 1, total: 2, message: "Half" }]);
});

test("a call that fails at the tool's own back end fails in words, and the socket stays", async () => {
  const stage = await openDeviceStage();
  let broken = true;
  const device = await stage.connect({
    tools: [LAMP],
    call: () =>
      broken ? { content: [{ type: "text", text: "The bridge is gone." }], isError: true } : { content: [], structuredContent: {} },
  });
  expect(await stage.call("device__switch_lamp", { on: true })).toMatchObject({
    outcome: "failed",
    content: [{ text: "The bridge is gone." }],
  });
  broken = false;
  expect(await stage.call("device__switch_lamp", { on: true })).toMatchObject({ outcome: "ok" });
  expect(device.closed).toBeUndefined();
});

test("an answer that is no result is unknown; an error is the device's word", async () => {
  const stage = await openDeviceStage();
  let answer: unknown = { nothing: true };
  await stage.connect({ tools: [LAMP], call: () => answer });
  expect(await stage.call("device__switch_lamp", { on: true })).toMatchObject({ outcome: "unknown" });
  answer = { error: { code: -32000, message: "Out of paper." } };
  expect(await stage.call("device__switch_lamp", { on: true })).toMatchObject({
    outcome: "failed",
    content: [{ text: expect.stringContaining("Out of paper.") }],
  });
});

test("what is too large for a device is not sent, and said so", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: [HORN] });
  const result = await stage.call("device__sound_horn", { text: "x".repeat(MOST_SENT_BYTES) });
  expect(result).toMatchObject({ outcome: "failed", cause: expect.stringContaining("larger than 1 MB") });
  expect(device.frames.some(({ method }) => method === "tools/call")).toBe(false);
});

test("a result that breaks its promise loses its structured part", async () => {
  const stage = await openDeviceStage();
  const outputSchema = { type: "object", properties: { degrees: { type: "number" } }, required: ["degrees"] };
  await stage.connect({
    tools: [{ name: "measure", outputSchema }],
    call: () => ({ content: [], structuredContent: { degrees: "warm" } }),
  });
  const result = await stage.call("device__measure");
  expect(result).toMatchObject({ outcome: "ok" });
  expect(result.structured).toBeUndefined();
});
