/** Real servers before the whole product: those that are small, each of them odd. `npm run peers` has all of them. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { Customer } from "../chaos/customer.ts";
import { RawServer } from "../model/raw-server.ts";
import { openAiChat } from "../model/wire-formats.ts";
import { openDesk, type Desk } from "./desk.ts";
import { runsHere } from "./launch.ts";
import { lookAt } from "./look.ts";
import { makeReachable, type Reachable } from "./reachable.ts";
import { reachesOf } from "./real-server.ts";
import { SUITE_SERVERS } from "./suite-servers.ts";

const servers = SUITE_SERVERS.filter(runsHere);
const reaches = servers.flatMap(reachesOf);

let model: RawServer;
let reachables: readonly Reachable[] = [];
let desk: Desk;
beforeAll(async () => {
  model = await RawServer.open();
  reachables = (await Promise.all(reaches.map(makeReachable))).filter((one) => one !== undefined);
  desk = await openDesk({
    assistants: { shop: assistantWith(servers.map(({ key }) => key)) },
    mcpServers: Object.fromEntries(reachables.map(({ entry }, index) => [reaches[index]?.server.key, entry])),
    network: { allowPrivate: ["127.0.0.1"] },
  });
});
afterAll(async () => {
  await desk?.close();
  await model?.close();
  expect(await Promise.all(reachables.map((one) => one.close()))).toEqual(reachables.map(() => 0));
});

test.for(reaches)("$server.package connects with all of its tools, and every provider takes them", async (reach) => {
  expect((await lookAt(reach, desk)).faults).toEqual([]);
});

test("in a chat, the tools of all reach the model under their names, and the model reads how each call ended", async () => {
  const calls = servers.flatMap(({ key, call }) =>
    call === undefined ? [] : [{ name: `${key}__${call.tool}`, argumentsText: JSON.stringify(call.arguments), call }],
  );
  expect(calls).toHaveLength(servers.length);
  model.answer((response) => {
    const events = openAiChat.events(model.requests.length === 1 ? { calls } : { pieces: ["Done."] });
    response.writeHead(200, { "content-type": "text/event-stream" }).end(events.join(""));
  });

  const customer = new Customer(desk.url, "conversation-one");
  onTestFinished(() => customer.close());
  await customer.request("message-send", { conversationId: "conversation-one", messageId: "message-one", text: "Hello" });
  await customer.until(() => customer.find("turn-ended") !== undefined);

  const [first, second] = model.requests.map(({ body }) => body as unknown as ChatRequest);
  const names = first?.tools.map(({ function: { name } }) => name) ?? [];
  for (const { key, tools } of servers)
    expect(
      names.filter((name) => name.startsWith(`${key}__`)),
      key,
    ).toHaveLength(tools);
  const told = second?.messages.filter(({ role }) => role === "tool").map(({ content }) => content) ?? [];
  expect(told).toEqual(calls.map(({ call }) => expect.stringMatching(call.says) as string));
  const outcomes = customer.events.flatMap((event) => (event.type === "tool-call-ended" ? [event.outcome] : []));
  expect(outcomes.toSorted()).toEqual(calls.map(({ call }) => call.outcome).toSorted());
});

interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools: readonly { readonly function: { readonly name: string } }[];
}

function assistantWith(keys: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    name: "Shop",
    prompt: "Help.",
    allowedOrigins: ["https://shop.example"],
    model: { provider: "openai-compatible", model: "small", baseUrl: `${model.url}/v1` },
    toolSearch: { tools: 1000, windowShare: 1 },
    connectors: Object.fromEntries(keys.map((key) => [key, { permissions: { "*": "always_allow" } }])),
  };
}
