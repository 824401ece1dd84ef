import { expect, test } from "vitest";
import { CONTEXT, Hosted, INITIALIZE } from "./hosted.ts";

const INPUT = "ui/notifications/tool-input";
const RESULT = "ui/notifications/tool-result";
const CANCELLED = "ui/notifications/tool-cancelled";
const CHANGED = "ui/notifications/host-context-changed";
const result = { content: [{ type: "text", text: "Three days." }], structuredContent: { days: 3 } };

test("nothing but answers goes to a view before it says initialized; then its input once, and the result", async () => {
  const view = new Hosted({ input: { days: 3 }, end: { result } });
  const answer = await view.ask("ui/initialize", INITIALIZE);
  expect(view.told).toEqual([]);
  expect(answer.result).toMatchObject({ protocolVersion: "2026-01-26", hostInfo: { name: "Frontdesk" }, hostContext: CONTEXT });
  view.tell("ui/notifications/initialized");
  view.tell("ui/notifications/initialized");
  expect(view.told).toEqual([INPUT, RESULT]);
  expect(view.paramsOf(INPUT)).toEqual([{ arguments: { days: 3 } }]);
  expect(view.paramsOf(RESULT)).toEqual([result]);
});

test("a tool without arguments gives {} as its input", async () => {
  const view = new Hosted();
  await view.shakeHands();
  expect(view.paramsOf(INPUT)).toEqual([{ arguments: {} }]);
});

test("a call that ends while its view is there tells it once: its result, or that there is none", async () => {
  const view = new Hosted();
  await view.shakeHands();
  expect(view.told).toEqual([INPUT]);
  view.host.ended({ result: result as never });
  view.host.ended({ cancelled: "It was stopped." });
  expect(view.told).toEqual([INPUT, RESULT]);

  const stopped = new Hosted();
  stopped.host.ended({ cancelled: "It was stopped." });
  expect(stopped.told).toEqual([]);
  await stopped.shakeHands();
  expect(stopped.told).toEqual([INPUT, CANCELLED]);
  expect(stopped.paramsOf(CANCELLED)).toEqual([{ reason: "It was stopped." }]);
});

test.for([
  ["protocolVersion", { ...INITIALIZE, protocolVersion: undefined }],
  ["appCapabilities", { ...INITIALIZE, appCapabilities: undefined }],
  ["appCapabilities", { ...INITIALIZE, appCapabilities: [] }],
  ["appInfo.name, appInfo.version", { ...INITIALIZE, appInfo: undefined }],
  ["appInfo.version", { ...INITIALIZE, appInfo: { name: "Planner" } }],
  ["appInfo.name", { ...INITIALIZE, appInfo: { name: 7, version: "1" } }],
] as const)("a ui/initialize that lacks %s is refused, noted, and nothing is delivered", async ([lacking, params]) => {
  const view = new Hosted({ end: { result } });
  const answer = await view.shakeHands(params);
  expect(answer.error).toEqual({ code: -32602, message: `ui/initialize lacks ${lacking}.` });
  expect(view.told).toEqual([]);
  expect(view.modes).toBeUndefined();
  expect(view.notes).toEqual([["initialize-refused", `ui/initialize lacks ${lacking}.`]]);
  expect((await view.ask("tools/call", { name: "plan" })).error?.code).toBe(-32600);
  expect(view.server).toEqual([]);
  await view.shakeHands();
  expect(view.told).toEqual([INPUT, RESULT]);
});

test("a second ui/initialize is answered whole, and delivers nothing again", async () => {
  const view = new Hosted({ end: { result } });
  await view.shakeHands();
  const again = await view.shakeHands();
  expect(again.result).toMatchObject({ hostContext: CONTEXT });
  expect(view.told).toEqual([INPUT, RESULT]);
  expect(view.notes).toEqual([["initialized", "Planner 2"]]);
});

test("only what works here is promised, with the sandbox that is in force", async () => {
  const { result: said } = await new Hosted().shakeHands();
  expect(said?.["hostCapabilities"]).toEqual({
    openLinks: {},
    serverTools: {},
    serverResources: {},
    logging: {},
    message: { text: {} },
    updateModelContext: { text: {}, structuredContent: {} },
    sandbox: { csp: { connectDomains: ["https://maps.example"] }, permissions: {} },
  });
});

test("what changes around a view is told, and nothing else; also what changed while it shook hands", async () => {
  const view = new Hosted();
  await view.ask("ui/initialize", INITIALIZE);
  view.context = { ...CONTEXT, theme: "dark" };
  view.host.refresh();
  expect(view.told).toEqual([]);
  view.tell("ui/notifications/initialized");
  expect(view.told).toEqual([CHANGED, INPUT]);
  view.host.refresh();
  view.context = { ...CONTEXT, theme: "dark", locale: "de", containerDimensions: { width: 300, maxHeight: 600 } };
  view.host.refresh();
  expect(view.paramsOf(CHANGED)).toEqual([{ theme: "dark" }, { locale: "de", containerDimensions: { width: 300, maxHeight: 600 } }]);
});

test("it says good-bye before it is taken away, and waits for the answer a second at most", async () => {
  const view = new Hosted();
  await view.shakeHands();
  let isOver = false;
  void view.host.teardown("resting").then(() => (isOver = true));
  const bye = view.sent.at(-1)!;
  expect(bye).toMatchObject({ method: "ui/resource-teardown", params: { reason: "resting" } });
  await Promise.resolve();
  expect(isOver).toBe(false);
  view.host.take({ jsonrpc: "2.0", id: bye.id, result: {} });
  await expect.poll(() => isOver).toBe(true);
  view.tell("notifications/message", { level: "info", data: "late" });
  expect(view.notes.map(([what]) => what)).toEqual(["initialized"]);

  const silent = new Hosted();
  await silent.shakeHands();
  const gone = silent.host.teardown("resting");
  silent.clock.forward(1000);
  await gone;

  const never = new Hosted();
  await never.host.teardown("resting");
  expect(never.sent).toEqual([]);
});

test.for([
  undefined,
  null,
  7,
  "text",
  [],
  {},
  { jsonrpc: "1.0", id: 1, method: "ping" },
  { jsonrpc: "2.0" },
  { jsonrpc: "2.0", id: null, method: "ping" },
  { jsonrpc: "2.0", id: {}, method: "ping" },
  { jsonrpc: "2.0", method: 7 },
  { jsonrpc: "2.0", id: 9, result: {} },
])("what is no message is not heard: %j", async (data) => {
  const view = new Hosted();
  view.host.take(data);
  await Promise.resolve();
  expect(view.sent).toEqual([]);
});

test.for(["tools/list", "resources/list", "sampling/createMessage", "ui/download-file", "constructor", "__proto__", "toString", ""])(
  "a request that is not known is refused as such: %s",
  async (method) => {
    const view = new Hosted();
    await view.shakeHands();
    expect((await view.ask(method)).error?.code).toBe(-32601);
    expect(view.notes.at(-1)).toEqual(["refused", method]);
  },
);

test("ping is answered at any time", async () => {
  expect((await new Hosted().ask("ping")).result).toEqual({});
});

test("a storm of messages is not heard, and ends the view; a quiet minute is", async () => {
  const view = new Hosted();
  await view.shakeHands();
  for (let index = 0; index < 1_000; index += 1) view.tell("notifications/message", { data: "x" });
  expect(view.notes.length).toBeLessThanOrEqual(200);
  expect(view.left).toEqual([]);
  for (let index = 0; index < 3_000; index += 1) view.tell("notifications/message", { data: "x" });
  expect(view.left).toEqual(["storm"]);

  const calm = new Hosted();
  await calm.shakeHands();
  for (let second = 0; second < 60; second += 1) {
    for (let index = 0; index < 40; index += 1) expect((await calm.ask("ping")).result).toEqual({});
    calm.clock.forward(1000);
  }
});

test("notes of a view are not endless, and say what it wrote", async () => {
  const view = new Hosted();
  await view.shakeHands();
  view.tell("notifications/message", { level: "warning", logger: "map", data: { tiles: 0 } });
  view.tell("notifications/message", { level: "info", data: 1n });
  expect(view.notes.slice(1)).toEqual([
    ["log", 'warning: map: {"tiles":0}'],
    ["log", "info"],
  ]);
  for (let index = 0; index < 500; index += 1) {
    view.tell("notifications/message", { data: "x" });
    view.clock.forward(100);
  }
  expect(view.notes).toHaveLength(100);
});

test("a size that cannot be is noted once", async () => {
  const view = new Hosted();
  await view.shakeHands();
  for (const height of [Infinity, Number.NaN, "tall", 1e6, 300]) view.tell("ui/notifications/size-changed", { width: 100, height });
  view.tell("ui/notifications/size-changed", { width: 100 });
  expect(view.notes.slice(1)).toEqual([["size", "Infinity"]]);
});

test("a view that went elsewhere is said to by the sandbox, at any time", () => {
  const view = new Hosted();
  view.tell("ui/notifications/sandbox-proxy-ready");
  expect(view.left).toEqual([]);
  view.tell("ui/notifications/sandbox-view-left");
  expect(view.left).toEqual(["left"]);
});

test("a view may ask to be closed", async () => {
  const view = new Hosted();
  await view.shakeHands();
  view.tell("ui/notifications/request-teardown");
  expect(view.left).toEqual(["asked"]);
});
