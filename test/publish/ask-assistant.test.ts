import { describe, expect, test } from "vitest";
import { ask, assistantStage } from "./assistant-stage.ts";
import { backend, cancelOrder, connect, desk, ERAS } from "./publish-harness.ts";

const says = (text: string) => ({ pieces: [text], calls: [] });

describe.each(ERAS)("ask_assistant, in the %s era,", (era) => {
  test("runs the whole assistant with its tools, in a conversation that staff can read", async () => {
    const { server, published, requests } = await assistantStage((question, step, lastResult) =>
      step === 0 ? { pieces: ["One moment."], calls: [{ tool: "cancel_order", arguments: { order: 5 } }] } : says(`Done: ${lastResult}`),
    );
    const client = await connect(published, era);
    expect((await client.listTools()).tools).toMatchObject([{ name: "ask_assistant", title: "Ask Helper" }]);
    const result = await client.callTool(ask("Cancel order 5, please."));
    const { answer, conversation } = result.structuredContent as { answer: string; conversation: string };
    expect(answer).toMatch(/^One moment\.\n\nDone: .*"order":5/);
    expect(result.content).toEqual([{ type: "text", text: answer }]);
    expect(requests.map(({ body }) => body)).toEqual(['{"order":5}']);
    const journal = await server.api<{ items: { type: string; text?: string }[] }>("GET", `/conversations/${conversation}/events?limit=50`);
    expect(journal.body.items.map(({ type }) => type)).toContain("tool-call-ended");
    expect(journal.body.items[0]?.text).toBe("Cancel order 5, please.");
  });

  test("goes on with a conversation that is named, and with no one else's", async () => {
    const { server, published } = await assistantStage((_question, _step, _last, { read }) =>
      says(`I have heard ${read.filter((line) => line.startsWith("user")).length}.`),
    );
    const client = await connect(published, era);
    const { conversation } = (await client.callTool(ask("One."))).structuredContent as { conversation: string };
    expect((await client.callTool(ask("Two.", { conversation }))).structuredContent).toEqual({ answer: "I have heard 2.", conversation });
    const { body } = await server.api<{ key: string }>("POST", `/published-servers/${published.id}/keys`, { name: "other" });
    const other = await connect({ ...published, key: body.key }, era);
    const refused = await other.callTool(ask("Three.", { conversation }));
    expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("no such conversation") as string }] });
  });

  test("asks the person at the client what the assistant has to ask its customer, and tells it where nobody is there", async () => {
    const { published, requests } = await assistantStage(
      (_question, step, lastResult) =>
        step === 0 ? { pieces: [], calls: [{ tool: "cancel_order", arguments: { order: 6 } }] } : says(lastResult),
      "needs_approval",
    );
    const asked: string[] = [];
    const person = await connect(published, era, {
      capabilities: { elicitation: { form: {} } },
      prepare: (client) =>
        client.setRequestHandler("elicitation/create", ({ params }) => {
          asked.push(params.message);
          return { action: "accept", content: { approve: true } };
        }),
    });
    expect((await person.callTool(ask("Cancel 6."))).isError).toBeFalsy();
    expect(asked).toEqual([expect.stringMatching(/order: 6/i)]);
    expect(requests).toHaveLength(1);
    const program = await connect(published, era);
    const told = await program.callTool(ask("Cancel 6."));
    expect(JSON.stringify(told.content)).toContain("cannot show this question");
    expect(requests).toHaveLength(1);
  });

  test("that fails says so, and a call without a message is refused", async () => {
    const { published } = await assistantStage(() => {
      throw new Error("no answer");
    });
    const client = await connect(published, era);
    expect(await client.callTool({ name: "ask_assistant", arguments: {} })).toMatchObject({ isError: true });
  });
});

test("one connection is one conversation", async () => {
  const { published } = await assistantStage((_question, _step, _last, { read }) =>
    says(`I have heard ${read.filter((line) => line.startsWith("user")).length}.`),
  );
  const client = await connect(published, "legacy");
  await client.callTool(ask("One."));
  expect((await client.callTool(ask("Two."))).structuredContent).toMatchObject({ answer: "I have heard 2." });
  const another = await connect(published, "legacy");
  expect((await another.callTool(ask("One."))).structuredContent).toMatchObject({ answer: "I have heard 1." });
});

describe.each(ERAS)("our own host, connected to our own published server, in the %s era:", (era) => {
  test("an assistant that asks itself ends after a few times", async () => {
    let asked = 0;
    const { server, published } = await assistantStage((_question, step, lastResult) => {
      if (step > 0) return says(`It said: ${lastResult}`);
      asked += 1;
      return { pieces: [], calls: [{ tool: "ask_assistant", arguments: { message: "And you?" } }] };
    });
    const own = { key: "own", name: "Own", url: published.url, headers: { "X-API-Key": published.key } };
    expect((await server.api("POST", "/mcp-servers", own)).status).toBe(201);
    const permissions = { "*": "always_allow" };
    const connected = await server.api("POST", "/assistants/helper/connectors", { server: "own", permissions });
    expect(connected.status, JSON.stringify(connected.body)).toBeLessThan(300);
    const client = await connect(published, era);
    const result = await client.callTool(ask("Hello?"));
    expect(JSON.stringify(result.content)).toContain("ask in a circle");
    expect(asked).toBe(3);
  });

  test("a server that publishes its own tools still answers: what stands in a circle is left out", async () => {
    const { url } = await backend();
    const server = await desk();
    await server.api("POST", "/http-tools", cancelOrder(url));
    const published = await server.publish([{ source: "http", name: "cancel_order" }]);
    const own = { key: "own", name: "Own", url: published.url, headers: { "X-API-Key": published.key }, connectTimeoutMs: 1000 };
    await server.api("POST", "/mcp-servers", own);
    const { headers } = await server.api("GET", `/published-servers/${published.id}`);
    const tools = [
      { source: "http", name: "cancel_order" },
      { source: "mcp", server: "own", name: "cancel_order" },
    ];
    await server.api("PATCH", `/published-servers/${published.id}`, { tools }, { "If-Match": headers.get("etag") ?? "" });
    const client = await connect(published, era);
    expect((await client.listTools()).tools[0]?.name).toBe("cancel_order");
  });
});
