/** Who comes in by the endpoint, and what those read who do not. */
import { expect, test } from "vitest";
import { ADMIN } from "../../http/api/api-harness.ts";
import { waitFor } from "../../support/wait-for.ts";
import { openDeviceStage } from "../../tools/devices/device-stage.ts";
import { WireDevice } from "../../tools/devices/wire-device.ts";

const TOOLS = [{ name: "sound_horn" }];

test("a token is only of letters that every address takes, and survives copy and paste", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/mcp_endpoint\/mcp\/\?token=[A-Za-z0-9_-]+$/);
  expect(new URL(url).href).toBe(url);
  expect(url).not.toContain("shop");
  for (const written of [url, `${url}%20`, url.replace("/mcp/?", "/mcp?"), `${url}&device=1`]) {
    const device = await stage.connect({ url: written, tools: TOOLS });
    await device.heard("initialize");
    device.socket.close();
    await device.ended();
  }
});

test("a wrong token is let in and told why: none, one cut, one changed, one of another server", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const elsewhere = await openDeviceStage();
  await elsewhere.token();
  const foreign = new URL((await elsewhere.token()).url).searchParams.get("token")!;
  const token = new URL(url).searchParams.get("token")!;
  const changed = token.slice(0, -1) + (token.endsWith("A") ? "B" : "A");
  for (const wrong of ["", token.slice(0, 40), token.slice(0, -2), changed, "..", "%00", "a".repeat(4_000)]) {
    const device = new WireDevice(url.replace(token, wrong));
    expect(await device.ended()).toMatchObject({ code: 4401, reason: expect.stringContaining("Copy the whole Endpoint URL again") });
    expect(device.frames).toEqual([]);
  }
  // The same key here, and no such token: it was made elsewhere.
  expect(await new WireDevice(url.replace(token, foreign)).ended()).toMatchObject({ code: 4410 });
});

test("every reason fits a close, and every code is an application's", async () => {
  const { CLOSED } = await import("../../../server/tools/devices/ports.ts");
  for (const { code, reason } of Object.values(CLOSED)) {
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    expect(code === 1001 || (code >= 4000 && code < 5000)).toBe(true);
  }
});

test("an endpoint that is off says so, and switching it off closes what is connected at once", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const device = await stage.connect({ url, tools: TOOLS });
  await device.heard("initialize");
  await stage.endpoints.set(ADMIN, "shop", false);
  expect(await device.ended()).toMatchObject({ code: 4403, reason: expect.stringContaining("switched off") });
  expect(await (await stage.connect({ url })).ended()).toMatchObject({ code: 4403 });
  await stage.endpoints.set(ADMIN, "shop", true);
  await (await stage.connect({ url, tools: TOOLS })).heard("initialize");
});

test("a revoked token closes its devices at once, and no others", async () => {
  const stage = await openDeviceStage();
  const [one, other] = [await stage.token("One"), await stage.token("Other")];
  const [first, second] = [
    await stage.connect({ url: one.url, name: "a", tools: TOOLS }),
    await stage.connect({ url: other.url, name: "b", tools: [{ name: "b" }] }),
  ];
  await stage.ready(2);
  await stage.endpoints.revoke(ADMIN, { assistant: "shop", id: one.id });
  expect(await first.ended()).toMatchObject({ code: 4410, reason: expect.stringContaining("revoked") });
  expect(await (await stage.connect({ url: one.url })).ended()).toMatchObject({ code: 4410 });
  expect(await stage.names()).toEqual(["device__b"]);
  expect(second.closed).toBeUndefined();
});

test("a call that runs while its token is revoked ends as unknown", async () => {
  const stage = await openDeviceStage();
  const { url, id } = await stage.token();
  const device = await stage.connect({ url, tools: TOOLS, call: () => undefined });
  const calling = stage.call("device__sound_horn");
  await device.heard("tools/call");
  await stage.endpoints.revoke(ADMIN, { assistant: "shop", id });
  expect(await calling).toMatchObject({ outcome: "unknown" });
});

test("a rotated token closes what came with the earlier address, which says so from then on", async () => {
  const stage = await openDeviceStage();
  const { url, id } = await stage.token();
  const device = await stage.connect({ url, tools: TOOLS });
  await device.heard("initialize");
  const next = await stage.endpoints.rotate(ADMIN, { assistant: "shop", id });
  expect(next.id).toBe(id);
  expect(await device.ended()).toMatchObject({ code: 4411, reason: expect.stringContaining("new Endpoint URL") });
  expect(await (await stage.connect({ url })).ended()).toMatchObject({ code: 4411 });
  await (await stage.connect({ url: next.url, tools: TOOLS })).heard("initialize");
});

test("an assistant that is gone takes its devices along", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const device = await stage.connect({ url, tools: TOOLS });
  await device.heard("initialize");
  stage.assistants.delete("shop");
  await stage.documents.write([{ do: "delete", kind: "assistant", id: "shop" }], { at: 0 });
  expect(await device.ended()).toMatchObject({ code: 4404 });
  expect(await (await stage.connect({ url })).ended()).toMatchObject({ code: 4404 });
});

test("a page of any website is refused at the door", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token();
  const page = await stage.connect({ url, headers: { Origin: "https://evil.example" } });
  const status = await new Promise((resolve) => page.socket.once("unexpected-response", (_request, { statusCode }) => resolve(statusCode)));
  expect(status).toBe(403);
});

test("when it was last seen and from where is known, and that it is connected while its socket is open", async () => {
  const stage = await openDeviceStage();
  const { url } = await stage.token("Till");
  expect(await stage.endpoints.tokens(ADMIN, "shop")).toMatchObject([{ name: "Till", connected: 0 }]);
  const device = await stage.connect({ url, tools: TOOLS });
  const seen = await waitFor(async () => (await stage.endpoints.tokens(ADMIN, "shop")).find(({ lastSeenAt }) => lastSeenAt !== undefined));
  expect(seen).toMatchObject({ connected: 1, address: "127.0.0.1", lastSeenAt: stage.clock.now() });
  await stage.ready(1);
  stage.clock.forward(5_000);
  device.socket.close();
  await waitFor(async () => (await stage.endpoints.tokens(ADMIN, "shop"))[0]?.lastSeenAt === stage.clock.now());
  expect(await stage.endpoints.tokens(ADMIN, "shop")).toMatchObject([{ connected: 0 }]);
});

test("a token is in no line of the log and in no document", async () => {
  const stage = await openDeviceStage();
  const { url, id } = await stage.token();
  const token = new URL(url).searchParams.get("token")!;
  const device = await stage.connect({ url, tools: TOOLS });
  await stage.ready(1);
  await stage.endpoints.revoke(ADMIN, { assistant: "shop", id });
  await device.ended();
  await (await stage.connect({ url })).ended();
  expect(stage.logged.length).toBeGreaterThan(1);
  const audit = await stage.documents.listAudit({ limit: 100, filter: {} });
  expect(audit.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["endpoint.update", "endpoint-token.create", "endpoint-token.revoke"]),
  );
  expect(JSON.stringify([stage.logged, audit])).not.toContain(token);
});

test("when the server stops, devices are told that it restarts", async () => {
  const stage = await openDeviceStage();
  const device = await stage.connect({ tools: TOOLS });
  await stage.ready(1);
  stage.gate.close();
  expect(await device.ended()).toMatchObject({ code: 1001, reason: expect.stringContaining("restarting") });
});

test("Fetch tools says which of the five it is", async () => {
  const stage = await openDeviceStage();
  const fetched = () => stage.endpoints.fetchTools(ADMIN, "shop");
  await stage.endpoints.set(ADMIN, "shop", false);
  expect((await fetched()).empty?.reason).toBe("endpoint-off");
  await stage.endpoints.set(ADMIN, "shop", true);
  expect((await fetched()).empty).toMatchObject({ reason: "nobody-connected", message: expect.stringContaining("wait some minutes") });
  const device = await stage.connect({ name: "lamp", tools: [] });
  await device.heard("tools/list");
  await waitFor(() => stage.devices.of("shop")[0]?.standing === "answering");
  await waitFor(async () => (await fetched()).empty?.reason === "no-tools");
  device.options.tools = [{ name: "switch", inputSchema: { type: "object", properties: { on: {}, level: {} } } }];
  expect(await fetched()).toMatchObject({
    devices: [
      { name: "lamp", standing: "answering", tools: [{ name: "switch", modelName: "device__switch", parameters: 2, state: "accepted" }] },
    ],
  });
  expect((await fetched()).empty).toBeUndefined();
  stage.assistants.set("shop", { ...stage.assistants.get("shop")!, connectors: [] });
  expect((await fetched()).empty?.reason).toBe("not-permitted");
  device.socket.close();
  await waitFor(() => stage.devices.of("shop").length === 0);
  const silent = await stage.connect({ answer: ({ method }) => (method === "initialize" ? "silent" : undefined) });
  await silent.heard("initialize");
  stage.clock.forward(10_000);
  expect((await fetched()).empty?.reason).toBe("not-answering");
});
