import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { PageCallFrame } from "../../../protocol/page-tools.ts";
import { LineLostError } from "../../../widget/line/line.ts";
import type { PageTool } from "../../../widget/page/page-tool.ts";
import { PageTools, type PageThread } from "../../../widget/page/page-tools.ts";
import { ModelContextStandIn } from "./model-context-stand-in.ts";

type Asked = readonly [name: string, frame: Readonly<Record<string, unknown>>];

/** A thread whose server answers as the test says. */
function thread() {
  const asked: Asked[] = [];
  const replies: Record<string, unknown> = {
    "page-tools-offer": { leftOut: [] },
    "page-call-begin": { granted: true },
    "page-call-end": {},
  };
  const state = { conversationId: "conversation-one" };
  const request = async (name: string, frame: Readonly<Record<string, unknown>>): Promise<unknown> => {
    asked.push([name, frame]);
    const reply = replies[name];
    if (reply instanceof Error) throw reply;
    return reply;
  };
  const sent = (name: string): readonly Readonly<Record<string, unknown>>[] =>
    asked.filter(([one]) => one === name).map(([, frame]) => frame);
  const offers = (): unknown => sent("page-tools-offer").map(({ tools }) => (tools as { name: string }[]).map(({ name }) => name));
  return { asked, replies, state, sent, offers, page: new PageTools({ request, state } as unknown as PageThread) };
}

function tool(name: string, execute: PageTool["execute"] = () => "done"): PageTool {
  return { name, description: "Does it.", execute };
}

function call(name: string, more: Partial<Extract<PageCallFrame, { do: "run" }>> = {}): PageCallFrame {
  return { do: "run", conversationId: "conversation-one", callId: "call-0001", tool: name, input: { n: 2 }, ...more };
}

function withContext(context: ModelContextStandIn | undefined): void {
  vi.stubGlobal("document", { modelContext: context });
  vi.stubGlobal("location", { origin: "https://shop.example" });
  onTestFinished(() => void vi.unstubAllGlobals());
}

let warned: string[] = [];
beforeEach(() => {
  warned = [];
  const spy = vi.spyOn(console, "warn").mockImplementation((text: string) => void warned.push(text));
  return () => spy.mockRestore();
});

test("what is registered is offered, and no longer once its signal is aborted; what does not change is not said again", async () => {
  const { page, offers, sent } = thread();
  const ended = new AbortController();
  page.register({ ...tool("search"), title: "Search", annotations: { readOnlyHint: true } }, undefined);
  page.register(tool("cart.add"), ended.signal);
  await expect.poll(offers).toEqual([["search", "cart.add"]]);
  expect(sent("page-tools-offer")[0]?.["tools"]).toEqual([
    { name: "search", title: "Search", description: "Does it.", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } },
    { name: "cart.add", description: "Does it.", inputSchema: { type: "object" } },
  ]);
  ended.abort();
  await expect.poll(offers).toEqual([["search", "cart.add"], ["search"]]);
  page.welcomed(undefined);
  await expect.poll(offers).toEqual([["search", "cart.add"], ["search"], ["search"]]);
});

test("what is no tool, and a second one of the same name, is refused", () => {
  const { page } = thread();
  page.register(tool("search"), undefined);
  expect(() => page.register(tool("search"), undefined)).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
  expect(() => page.register(tool("no spaces"), undefined)).toThrow(TypeError);
  expect(() => page.register({ ...tool("other"), execute: undefined as never }, undefined)).toThrow(TypeError);
  expect(() => page.register({ ...tool("other"), inputSchema: [] as never }, undefined)).toThrow(TypeError);
  page.register(tool("gone"), AbortSignal.abort());
  page.register(tool("gone"), undefined);
});

test("an offer holds at most 64 tools and 48 kB, and the developer is told of the others", async () => {
  const { page, offers, sent } = thread();
  for (let number = 0; number < 66; number += 1) page.register(tool(`tool_${number}`), undefined);
  page.register({ ...tool("tool_67"), inputSchema: { type: "object", description: "x".repeat(50_000) } }, undefined);
  await expect.poll(() => (offers() as string[][])[0]).toHaveLength(64);
  expect(new TextEncoder().encode(JSON.stringify(sent("page-tools-offer")[0]?.["tools"])).length).toBeLessThan(49_152);
  expect(warned).toHaveLength(3);
});

test("a call runs when it is granted, and once, however often the tab is told: it says the same again", async () => {
  const { page, replies, sent, asked } = thread();
  const execute = vi.fn<PageTool["execute"]>(() => ({ added: 2 }));
  page.register(tool("cart.add", execute), undefined);
  page.told(call("cart.add"));
  page.told(call("cart.add"));
  const end = { callId: "call-0001", outcome: "ok", text: '{"added":2}' };
  await expect.poll(() => sent("page-call-end")).toEqual([end, end]);
  page.told(call("cart.add"));
  await expect.poll(() => sent("page-call-end")).toEqual([end, end, end]);
  replies["page-call-begin"] = { granted: false };
  page.told(call("cart.add", { callId: "call-0002" }));
  replies["page-call-begin"] = new LineLostError();
  page.told(call("cart.add", { callId: "call-0003" }));
  await expect.poll(() => sent("page-call-begin")).toHaveLength(5);
  expect(execute).toHaveBeenCalledTimes(1);
  expect(execute.mock.calls[0]?.[0]).toEqual({ n: 2 });
  expect(asked.filter(([name]) => name === "page-call-end")).toHaveLength(3);
});

test("a call of another conversation is not even asked for", async () => {
  const { page, state, sent } = thread();
  const execute = vi.fn<PageTool["execute"]>();
  page.register(tool("search", execute), undefined);
  page.told(call("search", { conversationId: "conversation-two" }));
  expect(sent("page-call-begin")).toEqual([]);
  page.told(call("search", { callId: "call-0002" }));
  state.conversationId = "conversation-two";
  await expect.poll(() => sent("page-call-end")).toMatchObject([{ outcome: "failed", text: expect.stringContaining("Nothing was done") }]);
  expect(execute).not.toHaveBeenCalled();
});

test("what a tool throws is a failure, and what cannot be said is cut", async () => {
  const { page, sent } = thread();
  const circle: unknown[] = [];
  circle.push(circle);
  const results = [
    () => Promise.reject(new Error("No stock")),
    () => undefined,
    () => "x".repeat(60_000),
    () => '"'.repeat(40_000),
    () => circle,
  ];
  for (const [index, execute] of results.entries()) {
    page.register(tool(`tool_${index}`, execute), undefined);
    page.told(call(`tool_${index}`, { callId: `call-000${index}` }));
    await expect.poll(() => sent("page-call-end")).toHaveLength(index + 1);
  }
  const ends = sent("page-call-end") as readonly { outcome: string; text: string }[];
  expect(ends.map(({ outcome }) => outcome)).toEqual(["failed", "ok", "ok", "ok", "ok"]);
  expect(ends.map(({ text }) => text.slice(0, 8))).toEqual(["No stock", "", "[Cut, fo", "[Cut, fo", "[Its res"]);
  for (const { text } of ends) expect(JSON.stringify(text).length).toBeLessThan(49_152);
});

test("a result that found no line is said on the next one", async () => {
  const { page, replies, sent } = thread();
  page.register(tool("search"), undefined);
  replies["page-call-end"] = new LineLostError();
  page.told(call("search"));
  await expect.poll(() => sent("page-call-end")).toHaveLength(1);
  replies["page-call-end"] = {};
  page.welcomed(undefined);
  await expect.poll(() => sent("page-call-end")).toHaveLength(2);
  page.welcomed(undefined);
  await expect.poll(() => sent("page-tools-offer")).toHaveLength(3);
  expect(sent("page-call-end")).toHaveLength(2);
});

test("Stop aborts what runs", async () => {
  const { page, sent } = thread();
  const execute: PageTool["execute"] = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("Stopped"))));
  page.register(tool("slow", execute), undefined);
  page.told(call("slow"));
  await expect.poll(() => sent("page-call-begin")).toHaveLength(1);
  page.told({ do: "stop", callId: "call-0001" });
  await expect.poll(() => sent("page-call-end")).toMatchObject([{ outcome: "failed" }]);
});

test("of document.modelContext, what the owner named is offered, of this origin, as it changes", async () => {
  const context = new ModelContextStandIn("object");
  withContext(context);
  context.tools.push(
    { name: "cart.add", description: "Adds.", inputSchema: { type: "object" } },
    { name: "cart.clear", description: "Clears.", origin: "https://frame.example" },
    { name: "search", description: "Finds.", inputSchema: '{"type":"object"}', origin: "https://shop.example" },
    { name: "searches", description: "Not named." },
    { name: "cartXadd", description: "Not named." },
  );
  const { page, offers } = thread();
  page.welcomed("cart.*, search");
  await expect.poll(offers).toEqual([["cart.add", "search"]]);
  context.tools.pop();
  context.tools.shift();
  context.dispatchEvent(new Event("toolchange"));
  await expect.poll(offers).toEqual([["cart.add", "search"], ["search"]]);
});

test("without the owner's word nothing of document.modelContext is looked at", async () => {
  const context = new ModelContextStandIn("object");
  withContext(context);
  const { page, offers } = thread();
  page.register(tool("search"), undefined);
  page.welcomed(undefined);
  await expect.poll(offers).toEqual([["search"]]);
  expect(context.looked).toBe(0);
});

for (const shape of ["object", "text", "coerced text"] as const) {
  test(`a context that takes its arguments as ${shape} runs each tool once, failing or not`, async () => {
    const context = new ModelContextStandIn(shape);
    withContext(context);
    context.tools.push({ name: "search", description: "Finds." }, { name: "broken", description: "Throws." });
    const { page, sent, offers } = thread();
    page.welcomed("*");
    await expect.poll(offers).toEqual([["search", "broken"]]);
    page.told(call("search"));
    await expect.poll(() => sent("page-call-end")).toEqual([{ callId: "call-0001", outcome: "ok", text: '{"got":{"n":2}}' }]);
    page.told(call("broken", { callId: "call-0002" }));
    await expect.poll(() => sent("page-call-end")).toHaveLength(2);
    expect(sent("page-call-end")[1]).toMatchObject({ outcome: "failed", text: "broken" });
    expect(context.ran).toEqual(["search", "broken"]);
  });
}
