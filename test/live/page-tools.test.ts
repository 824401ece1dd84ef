import type { Socket } from "socket.io-client";
import { expect, test } from "vitest";
import type { PageCallFrame } from "../../protocol/page-tools.ts";
import { assistant } from "../support/desk-assistant.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { ConnectedPages } from "../../server/tools/page/connected-pages.ts";
import { createPageTools } from "../../server/tools/page/page-tools.ts";
import { callContext, SEARCH } from "../tools/page/page-stage.ts";
import { CONVERSATION, HELLO, openLine, OTHER_ORIGIN, SHOP_ORIGIN, welcomed } from "./line-harness.ts";

async function openStage() {
  const pages = new ConnectedPages(new ManualClock());
  const shop = assistant({ allowedOrigins: [SHOP_ORIGIN, OTHER_ORIGIN] });
  const line = await openLine({ pages, assistants: [shop] });
  const tools = createPageTools({ pages, log: { info: () => {}, warn: () => {}, error: () => {} } });
  const open = async (customerId: string) =>
    (
      await tools.open({
        assistant: shop,
        conversationId: CONVERSATION,
        customerId,
        sessionId: "any",
        signal: new AbortController().signal,
      })
    ).tools;
  /** A page of a customer: of a new one, without a token. It has opened the conversation. */
  const page = async (more: { sessionId?: string; token?: string; origin?: string } = {}) => {
    const { origin = SHOP_ORIGIN, ...hello } = more;
    const socket = line.client({ origin, hello: { ...HELLO, ...hello } });
    const told: PageCallFrame[] = [];
    socket.on("page-call", (frame: PageCallFrame) => told.push(frame));
    const { token, customerId } = await welcomed(socket);
    const ask = asking(socket);
    await ask("conversation-open", { conversationId: CONVERSATION });
    return { socket, told, token, customerId, ask };
  };
  return { line, open, page };
}

function asking(socket: Socket) {
  return (name: string, frame: object): Promise<Record<string, unknown>> =>
    socket.emitWithAck(name, frame) as Promise<Record<string, unknown>>;
}

const OFFER = { tools: [SEARCH] };

test("a page offers, is told of a call, is granted it once, and answers it", async () => {
  const { open, page } = await openStage();
  const mia = await page();
  expect(await mia.ask("page-tools-offer", OFFER)).toEqual({ ok: true, leftOut: [] });
  const [tool] = await open(mia.customerId);
  const result = tool!.call({ words: "teapot" }, callContext());
  await expect
    .poll(() => mia.told)
    .toEqual([{ do: "run", conversationId: CONVERSATION, callId: "call-0001", tool: "search", input: { words: "teapot" } }]);
  expect(await mia.ask("page-call-begin", { callId: "call-0001" })).toEqual({ ok: true, granted: true });
  expect(await mia.ask("page-call-begin", { callId: "call-0001" })).toEqual({ ok: true, granted: false });
  expect(await mia.ask("page-call-end", { callId: "call-0001", outcome: "ok", text: "Two" })).toEqual({ ok: true });
  expect(await result).toEqual({ outcome: "ok", content: [{ kind: "text", text: "Two" }] });
});

test("offers that are too many, too large, named twice or no offer are refused whole, and the line goes on", async () => {
  const { open, page } = await openStage();
  const { ask, customerId } = await page();
  const refused = { ok: false, error: { code: "bad-request" } };
  const named = (name: string, more: object = {}): object => ({ ...SEARCH, name, ...more });
  expect(await ask("page-tools-offer", { tools: Array.from({ length: 65 }, (_, number) => named(`tool_${number}`)) })).toMatchObject(
    refused,
  );
  expect(await ask("page-tools-offer", { tools: [named("large", { inputSchema: { description: "ä".repeat(25_000) } })] })).toMatchObject(
    refused,
  );
  expect(await ask("page-tools-offer", { tools: [SEARCH, SEARCH] })).toMatchObject(refused);
  for (const broken of [named("no spaces"), named(""), named("a", { inputSchema: [] }), named("a", { description: 7 }), "search"])
    expect(await ask("page-tools-offer", { tools: [broken] })).toMatchObject(refused);
  expect(await ask("page-call-end", { callId: "call-0001", outcome: "ok", text: "ä".repeat(25_000) })).toMatchObject(refused);
  expect(await open(customerId)).toEqual([]);
  expect(await ask("page-tools-offer", OFFER)).toMatchObject({ ok: true });
});

test("another customer hears of no call, and is granted none, though they know its id", async () => {
  const { open, page } = await openStage();
  const mia = await page();
  const noah = await page({ sessionId: HELLO.sessionId });
  await mia.ask("page-tools-offer", OFFER);
  await noah.ask("page-tools-offer", OFFER);
  const [tool] = await open(mia.customerId);
  const result = tool!.call({}, callContext());
  await expect.poll(() => mia.told).toHaveLength(1);
  expect(await noah.ask("page-call-begin", { callId: "call-0001" })).toEqual({ ok: true, granted: false });
  await mia.ask("page-call-begin", { callId: "call-0001" });
  await noah.ask("page-call-end", { callId: "call-0001", outcome: "ok", text: "Forged" });
  await mia.ask("page-call-end", { callId: "call-0001", outcome: "failed", text: "Sold out" });
  expect(await result).toMatchObject({ outcome: "failed", content: [{ text: "Sold out" }] });
  expect(noah.told).toEqual([]);
});

test("a call goes to the page where the customer wrote last, and one of another origin is another tool", async () => {
  const { open, page } = await openStage();
  const one = await page();
  const two = await page({ sessionId: "session-two", token: one.token, origin: OTHER_ORIGIN });
  expect(two.customerId).toBe(one.customerId);
  await one.ask("page-tools-offer", OFFER);
  await two.ask("page-tools-offer", OFFER);
  const write = { conversationId: CONVERSATION, messageId: "message-0001", text: "Hello" };
  await one.ask("message-send", write);
  const [ofOne] = await open(one.customerId);
  await two.ask("message-send", { ...write, messageId: "message-0002" });
  const [ofTwo] = await open(one.customerId);
  expect(ofOne?.definitionHash).not.toBe(ofTwo?.definitionHash);
  expect(await ofOne!.call({}, callContext())).toMatchObject({ outcome: "cancelled" });
  void ofTwo!.call({}, callContext());
  await expect.poll(() => two.told).toHaveLength(1);
  expect(one.told).toEqual([]);
});

test("a page that closes cancels what it has not begun", async () => {
  const { open, page } = await openStage();
  const mia = await page();
  await mia.ask("page-tools-offer", OFFER);
  const [tool] = await open(mia.customerId);
  const result = tool!.call({}, callContext());
  await expect.poll(() => mia.told).toHaveLength(1);
  mia.socket.disconnect();
  expect(await result).toMatchObject({ outcome: "cancelled", cause: "The page is gone." });
});

test("a page that leaves the conversation takes its tools along", async () => {
  const { open, page } = await openStage();
  const { ask, customerId } = await page();
  await ask("page-tools-offer", OFFER);
  await ask("conversation-leave", { conversationId: CONVERSATION });
  expect(await open(customerId)).toEqual([]);
});
