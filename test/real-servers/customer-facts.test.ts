/** What a site says of its customer, as servers made with other people's software read it: arguments, `_meta`, headers. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Customer } from "../chaos/customer.ts";
import { claims, hs256, SECRET } from "../identity/identity-tokens.ts";
import { RawServer } from "../model/raw-server.ts";
import { openAiChat } from "../model/wire-formats.ts";
import { startEverything, type RunningServer } from "../support/mcp-everything.ts";
import { modernServer, type ModernContext, type ModernServer } from "../support/mcp-modern-server.ts";
import { openDesk, type Desk } from "./desk.ts";
import { startFastMcp, type FastMcp } from "./fast-mcp.ts";

const ATTRIBUTES = { plan: "gold 100% für Sie", points: 41 };
const PATIENT_MS = 120_000;
/** Of each server. The machine may have much else to do. */
const SETTINGS = {
  connectTimeoutMs: PATIENT_MS,
  callTimeoutMs: PATIENT_MS,
  customerMeta: { requestId: "sub", "shop.example/plan": "attributes.plan", "shop.example/absent": "attributes.absent" },
  customerHeaders: { "X-Customer": "sub", "X-Customer-Plan": "attributes.plan", "X-Absent": "attributes.absent" },
};
const HEADERS = { "x-customer": "customer-42", "x-customer-plan": "gold 100%25 f%C3%BCr Sie" };

let model: RawServer;
let everything: RunningServer;
let fast: FastMcp;
let modern: ModernServer;
let desk: Desk;
beforeAll(async () => {
  model = await RawServer.open();
  everything = await startEverything("streamableHttp");
  fast = await startFastMcp();
  modern = await modernServer((server, schema) => {
    const customer = { type: "string", "x-mcp-header": "Customer" };
    const inputSchema = schema({ type: "object", properties: { order: { type: "string" }, customer }, required: ["order", "customer"] });
    const see = (input: object, { mcpReq }: ModernContext) => ({
      content: [{ type: "text", text: JSON.stringify({ input, meta: mcpReq._meta }) }],
    });
    server.registerTool("cancel", { inputSchema }, see);
    server.registerTool("hours", { inputSchema: schema({ type: "object" }) }, see);
  });
  const permissions = { "*": "always_allow" };
  desk = await openDesk({
    assistants: {
      shop: {
        name: "Shop",
        prompt: "Help.",
        allowedOrigins: ["https://shop.example"],
        model: { provider: "openai-compatible", model: "small", baseUrl: `${model.url}/v1` },
        toolSearch: { tools: 1000, windowShare: 1 },
        identity: { mode: "optional", keys: [{ kid: "2026", algorithm: "HS256", secret: SECRET }] },
        connectors: {
          everything: { permissions, bind: { message: "attributes.plan", b: "attributes.points" } },
          fast: { permissions, bind: { customer: "sub" } },
          modern: { permissions, bind: { customer: "sub" } },
        },
      },
    },
    mcpServers: {
      everything: { name: "Everything", url: everything.url, ...SETTINGS },
      fast: { name: "Fast", url: fast.url, ...SETTINGS },
      modern: { name: "Modern", url: modern.url, ...SETTINGS },
    },
    network: { allowPrivate: ["127.0.0.1"] },
  });
});
afterAll(async () => {
  await desk?.close();
  await model?.close();
  await everything?.stop();
  await fast?.close();
  await modern?.close();
});

interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools: readonly { readonly function: { readonly name: string; readonly parameters: { readonly properties?: object } } }[];
}

/** A chat whose model makes these calls. Resolves with what the model was offered, and with what it read of each call. */
async function chat(conversationId: string, identity: string | undefined, calls: Readonly<Record<string, object>>) {
  const before = model.requests.length;
  model.answer((response) => {
    const list = Object.entries(calls).map(([name, given]) => ({ name, argumentsText: JSON.stringify(given) }));
    const events = openAiChat.events(model.requests.length === before + 1 ? { calls: list } : { pieces: ["Done."] });
    response.writeHead(200, { "content-type": "text/event-stream" }).end(events.join(""));
  });
  const customer = new Customer(desk.url, conversationId, undefined, identity);
  onTestFinished(() => customer.close());
  await customer.request("message-send", { conversationId, messageId: `${conversationId}-message`, text: "Hello" });
  await customer.until(() => customer.find("turn-ended") !== undefined);
  const [first, second] = model.requests.slice(before).map(({ body }) => body as unknown as ChatRequest);
  const results = second?.messages.filter(({ role }) => role === "tool").map(({ content }) => content) ?? [];
  const offered = first?.tools.map(({ function: { name, parameters } }) => [name, Object.keys(parameters.properties ?? {})]) ?? [];
  return { first: JSON.stringify(first), offered: Object.fromEntries(offered) as Record<string, string[]>, results };
}

const said = (text: string | undefined): unknown => JSON.parse(text ?? "null");
/** Of headers that a server saw, those of the customer. */
const ofCustomer = (headers: object) => Object.fromEntries(Object.entries(headers).filter(([name]) => /^x-(?:customer|absent)/.test(name)));

test("of a customer who is known, they say it in every call, and the model cannot say another one", async () => {
  modern.requests.length = 0;
  const identity = hs256(claims({ attributes: ATTRIBUTES }, Date.now()));
  const { first, offered, results } = await chat("conversation-known", identity, {
    everything__echo: {},
    "everything__get-sum": { a: 1, b: 1_000 },
    fast__cancel: { order: "1042", customer: "customer-43" },
    modern__cancel: { order: "1042", customer: "customer-43" },
  });
  expect(first).not.toMatch(/customer-42|gold/);
  expect(offered).toMatchObject({ everything__echo: [], "everything__get-sum": ["a"], fast__cancel: ["order"], modern__cancel: ["order"] });
  const [echo, sum, fastSaw, modernSaw] = results;
  expect([echo, sum]).toEqual([`Echo: ${ATTRIBUTES.plan}`, "The sum of 1 and 41 is 42."]);
  const input = { order: "1042", customer: "customer-42" };
  expect(said(fastSaw)).toMatchObject({ input, requestId: "customer-42", headers: HEADERS });
  expect(said(modernSaw)).toMatchObject({ input, meta: { requestId: "customer-42", "shop.example/plan": ATTRIBUTES.plan } });
  expect([fastSaw, modernSaw].join()).not.toMatch(/absent/i);
  const called = modern.requests.filter(({ body }) => body.includes('"tools/call"'));
  // An argument of a header: the server refuses a call whose header has another value.
  expect(called.map(({ headers }) => headers)).toMatchObject([{ ...HEADERS, "mcp-param-customer": "customer-42" }]);
});

test("of a stranger, they say nothing, and a tool that has to know is not called", async () => {
  modern.requests.length = 0;
  const { results } = await chat("conversation-strange", undefined, {
    everything__echo: { message: "gold" },
    fast__cancel: { order: "1042", customer: "customer-42" },
    modern__cancel: { order: "1042", customer: "customer-42" },
    fast__hours: {},
    modern__hours: {},
  });
  const [fastSaw, modernSaw] = results.slice(3);
  for (const refused of results.slice(0, 3)) expect(refused).toMatch(/sign in/);
  const { headers, ...fastHeard } = said(fastSaw) as { headers: object };
  expect([fastHeard, ofCustomer(headers)]).toEqual([{ input: {} }, {}]);
  expect(said(modernSaw)).toEqual({ input: {}, meta: { progressToken: expect.any(Number) as number, "frontdesk/depth": 1 } });
  const called = modern.requests.filter(({ body }) => body.includes('"tools/call"'));
  expect(called.map(({ headers }) => ofCustomer(headers))).toEqual([{}]);
});
