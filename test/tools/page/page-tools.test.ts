import { expect, test } from "vitest";
import type { ToolResult } from "../../../server/conversation/ports/tools.ts";
import { RETURN_MS } from "../../../server/tools/page/open-pages.ts";
import { callContext, openPageStage, SEARCH } from "./page-stage.ts";

const FILL = { ...SEARCH, name: "cart.add" };

test("a page's tools are named page__…, untrusted, and whatever they say of themselves allows nothing", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer({ ...SEARCH, annotations: { readOnlyHint: true, destructiveHint: true } }, FILL);
  const [cart, search] = (await stage.open()).toSorted((one, other) => (one.reference.tool < other.reference.tool ? -1 : 1));
  expect(search).toMatchObject({ name: "page__search", reference: { source: "page", server: "page", trusted: false } });
  expect(search?.reference).not.toHaveProperty("readOnly");
  expect(cart?.name).toMatch(/^page__cart_add-[0-9a-f]{8}$/);
  expect(search?.check({ words: 7 })).toContain("words");
  expect(search?.check({ words: "teapot" })).toBeUndefined();
});

test("they are there for their own customer, in the conversation that the page shows", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  expect(await stage.names("conversation-one", "noah")).toEqual([]);
  expect(await stage.names("conversation-two")).toEqual([]);
  page.shown = "conversation-two";
  expect(await stage.names("conversation-one")).toEqual([]);
  expect(await stage.names("conversation-two")).toEqual(["page__search"]);
});

test("the newest offer counts, and one that cannot be used is named", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  expect(page.offer({ ...SEARCH, name: "other", inputSchema: { type: "string" } as never }, FILL)).toEqual({
    leftOut: [{ tool: "other", reason: "its arguments are not an object" }],
  });
  expect((await stage.open()).map(({ reference }) => reference.tool)).toEqual(["cart.add"]);
  page.offer();
  expect(await stage.names()).toEqual([]);
});

test("a call is told once, granted once, and ends with what the page says", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  const result = (await stage.tool()).call({ words: "teapot" }, callContext());
  await expect
    .poll(() => page.told)
    .toEqual([{ do: "run", conversationId: "conversation-one", callId: "call-0001", tool: "search", input: { words: "teapot" } }]);
  page.end("Not begun yet.");
  expect([page.begin(), page.begin()]).toEqual([true, false]);
  page.end('{"content":[{"type":"text","text":"Two teapots"}],"structuredContent":{"found":2}}');
  expect(await result).toEqual({ outcome: "ok", content: [{ kind: "text", text: "Two teapots" }], structured: { found: 2 } });
  expect(page.begin()).toBe(false);
});

test("what it answers may be words, any JSON, or a failure", async () => {
  const said: unknown[] = [];
  for (const [text, outcome] of [
    ["Two teapots"],
    ['{"found":2}'],
    ['"in quotes"'],
    ["No stock", "failed"],
    ['{"content":[],"isError":true}'],
  ] as const) {
    const stage = openPageStage();
    const page = stage.page();
    page.offer(SEARCH);
    const result = (await stage.tool()).call({}, callContext());
    await expect.poll(() => page.begin()).toBe(true);
    page.end(text, outcome);
    const { outcome: end, content } = (await result) as ToolResult & { readonly content: readonly { readonly text: string }[] };
    said.push([end, content[0]?.text]);
  }
  expect(said).toEqual([
    ["ok", "Two teapots"],
    ["ok", '{"found":2}'],
    ["ok", "in quotes"],
    ["failed", "No stock"],
    ["failed", undefined],
  ]);
});

test("another customer, another page and the same session of another origin neither begin nor answer a call", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  const result = (await stage.tool()).call({}, callContext());
  await expect.poll(() => page.told).toHaveLength(1);
  for (const other of [{ customerId: "noah" }, { sessionId: "session-two" }, { origin: "https://evil.example" }]) {
    expect(stage.page(other).begin()).toBe(false);
  }
  expect(page.begin()).toBe(true);
  stage.page({ customerId: "noah" }).end("Forged");
  stage.page({ origin: "https://evil.example" }).end("Forged");
  page.end("True");
  expect((await result) as unknown).toMatchObject({ outcome: "ok", content: [{ text: "True" }] });
  expect(() => stage.page({ origin: "https://evil.example" }).offer(SEARCH)).toThrow();
});

test("the tools are those of the page where the customer acted last", async () => {
  const stage = openPageStage();
  const one = stage.page();
  const two = stage.page({ sessionId: "session-two" });
  const bare = stage.page({ sessionId: "session-bare" });
  one.offer(SEARCH);
  two.offer(FILL);
  const tools = async () => (await stage.open()).map(({ reference }) => reference.tool);
  expect(await tools()).toEqual(["cart.add"]);
  one.act();
  expect(await tools()).toEqual(["search"]);
  bare.act();
  expect(await tools()).toEqual([]);
  bare.close();
  expect(await tools()).toEqual(["search"]);
  one.close();
  expect(await tools()).toEqual(["cart.add"]);
});

test("a call whose page changed meanwhile is cancelled, whatever another page offers", async () => {
  const stage = openPageStage();
  const one = stage.page();
  one.offer(SEARCH);
  const tool = await stage.tool();
  const ends = async () => (await tool.call({}, callContext())) as unknown;
  const other = stage.page({ sessionId: "session-two", origin: "https://blog.example" });
  other.offer(SEARCH);
  expect((await stage.tool()).definitionHash).not.toBe(tool.definitionHash);
  expect(await ends()).toMatchObject({ outcome: "cancelled", cause: "The page where the customer acted last does not offer this tool." });
  other.close();
  one.offer({ ...SEARCH, description: "Buys pots." });
  expect(await ends()).toMatchObject({ outcome: "cancelled" });
  one.close();
  expect(await ends()).toMatchObject({ outcome: "cancelled", cause: "The page is gone." });
  expect([...one.told, ...other.told]).toEqual([]);
});

test("a page that goes before it begins cancels its call; one that goes after that leaves it unknown", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  const tool = await stage.tool();
  const early = tool.call({}, callContext());
  await expect.poll(() => page.told).toHaveLength(1);
  page.close();
  expect(await early).toMatchObject({ outcome: "cancelled", content: [{ text: expect.stringContaining("Nothing was done") }] });
  expect(page.begin()).toBe(false);

  page.offer(SEARCH);
  const late = tool.call({}, callContext());
  await expect.poll(() => page.begin()).toBe(true);
  page.close();
  stage.clock.forward(RETURN_MS);
  expect(await late).toMatchObject({ outcome: "unknown", cause: "The page went away in the middle of the call." });
  expect(await stage.names()).toEqual([]);
});

test("a page that lost its connection in the middle of a call answers on the next one", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  const result = (await stage.tool()).call({}, callContext());
  await expect.poll(() => page.begin()).toBe(true);
  page.close();
  page.offer(SEARCH);
  stage.clock.forward(RETURN_MS);
  page.end("Done");
  expect(await result).toMatchObject({ outcome: "ok" });
});

test("silence before the beginning cancels; silence after it is unknown, and the page is told to stop", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  const tool = await stage.tool();
  const early = tool.call({}, callContext());
  await expect.poll(() => page.told).toHaveLength(1);
  stage.clock.forward(10_000);
  expect(await early).toMatchObject({ outcome: "cancelled", cause: "The page did not answer." });
  const late = tool.call({}, callContext());
  await expect.poll(() => page.begin()).toBe(true);
  stage.clock.forward(120_000);
  expect(await late).toMatchObject({ outcome: "unknown", cause: "The page did not answer in time." });
  expect(page.told.filter((frame) => frame.do === "stop")).toHaveLength(2);
});

test("Stop cancels on the page; a server that leaves says what it does not know", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  const tool = await stage.tool();
  for (const [reason, isBegun, outcome] of [
    ["stop", false, "cancelled"],
    ["stop", true, "cancelled"],
    ["shutdown", false, "cancelled"],
    ["shutdown", true, "unknown"],
  ] as const) {
    page.told.length = 0;
    const controller = new AbortController();
    const result = tool.call({}, callContext(controller.signal));
    await expect.poll(() => page.told).toHaveLength(1);
    if (isBegun) page.begin();
    controller.abort(reason);
    expect(await result).toMatchObject({ outcome });
    expect(page.told[1]).toEqual({ do: "stop", callId: "call-0001" });
    expect(page.begin()).toBe(false);
  }
});

test("a page that turned to another conversation is not granted a call of the last one", async () => {
  const stage = openPageStage();
  const page = stage.page();
  page.offer(SEARCH);
  const result = (await stage.tool()).call({}, callContext());
  await expect.poll(() => page.told).toHaveLength(1);
  page.shown = "conversation-two";
  expect(page.begin()).toBe(false);
  expect(await result).toMatchObject({ outcome: "cancelled", cause: "The page shows another conversation by now." });
});

test("one customer has at most 20 pages with tools, and their owner hears of the names", async () => {
  const stage = openPageStage();
  for (let number = 0; number < 20; number += 1)
    stage.page({ sessionId: `session-${number}` }).offer({ ...SEARCH, name: `tool_${number}` });
  expect(() => stage.page({ sessionId: "one-more" }).offer(SEARCH)).toThrow();
  expect(stage.said).toHaveLength(20);
  expect(stage.said).toContain("shop/tool_19");
});
