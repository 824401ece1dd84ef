import { describe, expect, it } from "vitest";
import type { Continuation, Tool, ToolPause } from "../../../../server/conversation/ports/tools.ts";
import { opened } from "../../../support/mcp-opened.ts";
import { anyToolOf, callContext, testHost, type TestHost } from "../../../support/mcp-host.ts";
import { answering, modernScriptedServer } from "../../../support/mcp-modern-script.ts";
import type { ScriptedServer } from "../../../support/mcp-scripted-server.ts";

type Params = Record<string, unknown>;
const form = (properties: object = { name: { type: "string" } }): object => ({
  method: "elicitation/create",
  params: { message: "Who?", requestedSchema: { type: "object", properties } },
});
const wants = (inputRequests: unknown, requestState?: string): Record<string, unknown> => ({
  resultType: "input_required",
  ...(inputRequests === undefined ? {} : { inputRequests }),
  ...(requestState === undefined ? {} : { requestState }),
});
const done = (value: unknown): Record<string, unknown> => ({ content: [{ type: "text", text: JSON.stringify(value) }] });

async function start(
  act: (params: Params, time: number) => Record<string, unknown>,
  samplingTokens = 0,
): Promise<{ host: TestHost; server: ScriptedServer; tool: Tool }> {
  let time = 0;
  const server = await modernScriptedServer({ "tools/call": answering((params) => act(params, (time += 1))) });
  const host = testHost([{ key: "new", name: "New", url: server.url, samplingTokens, callTimeoutMs: 1_000_000_000 }]);
  opened(server);
  opened(host);
  return { host, server, tool: anyToolOf(await host.open(), "new__act") };
}

const paused = async (calling: ReturnType<Tool["call"]>): Promise<ToolPause> => {
  const result = await calling;
  if (result.outcome !== "paused") throw new Error(`It did not pause: ${JSON.stringify(result)}`);
  return result;
};
const continued = (answers: Extract<Continuation, { kind: "answers" }>["answers"], requestState?: string): Continuation => ({
  kind: "answers",
  answers,
  ...(requestState === undefined ? {} : { requestState }),
});
const calls = (server: ScriptedServer): Params[] =>
  server.requests.filter(({ message }) => message?.method === "tools/call").map(({ message }) => message?.params ?? {});

/** Some 40 kB. */
const LARGE = Object.fromEntries(
  Array.from({ length: 7 }, (_, at) => [`f${at}`, { type: "string", enum: Array.from({ length: 200 }, (_one, n) => `${at} ${n}`) }]),
);

describe("a server that wants input before it goes on", () => {
  it("pauses the call with every question, and goes on with the answers and its own state, unchanged", async () => {
    const state = JSON.stringify({ "b ": 1, a: "ü\u0001" });
    const { tool, server } = await start((params, time) =>
      time === 1
        ? wants(
            { who: form(), pay: { method: "elicitation/create", params: { mode: "url", message: "Pay", url: "https://shop.example/" } } },
            state,
          )
        : done(params["inputResponses"]),
    );
    const pause = await paused(tool.call({ order: 1 }, callContext()));
    expect(pause).toMatchObject({
      requestState: state,
      inputs: { who: { kind: "form" }, pay: { kind: "url", url: "https://shop.example/" } },
    });
    const answers = {
      who: { kind: "input", action: "accept", content: { name: "Ada" } },
      pay: { kind: "input", action: "accept" },
    } as const;
    const result = await tool.call({ order: 1 }, callContext({ continuation: continued(answers, state) }));
    expect(result).toMatchObject({ outcome: "ok" });
    expect(calls(server)[1]).toMatchObject({
      name: "act",
      arguments: { order: 1 },
      requestState: state,
      inputResponses: { who: { action: "accept", content: { name: "Ada" } }, pay: { action: "accept" } },
    });
    expect(calls(server)[0]).not.toHaveProperty("requestState");
  });

  it("goes on in another process, which was told nothing but the answers", async () => {
    const { tool, server } = await start((params) =>
      "inputResponses" in params ? done(params["inputResponses"]) : wants({ who: form() }),
    );
    await paused(tool.call({}, callContext()));
    const other = testHost([{ key: "new", name: "New", url: server.url }]);
    opened(other);
    const again = anyToolOf(await other.open("conversation-1"), "new__act");
    const answers = { who: { kind: "input", action: "decline" } } as const;
    expect(await again.call({}, callContext({ continuation: continued(answers) }))).toMatchObject({ outcome: "ok" });
    expect(calls(server)[1]).toMatchObject({ inputResponses: { who: { action: "decline" } } });
    expect(calls(server)[1]).not.toHaveProperty("requestState");
  });

  it("is told no where nobody is asked, and hears it beside the answers", async () => {
    const { tool, server, host } = await start((params, time) =>
      time === 1 ? wants({ who: form(), secret: form({ password: { type: "string" } }), roots: { method: "roots/list" } }) : done(params),
    );
    expect(Object.keys((await paused(tool.call({}, callContext()))).inputs)).toEqual(["who"]);
    expect(host.warnings.at(-1)).toMatchObject({ cause: expect.stringContaining("secret") as string });
    await tool.call({}, callContext({ continuation: continued({ who: { kind: "input", action: "accept", content: { name: "Ada" } } }) }));
    expect(calls(server)[1]?.["inputResponses"]).toEqual({
      who: { action: "accept", content: { name: "Ada" } },
      secret: { action: "decline" },
      roots: { roots: [] },
    });
  });

  it("that asks for secrets only is told no at once", async () => {
    const { tool, server } = await start((params, time) =>
      time === 1 ? wants({ pin: form({ pin: { type: "string" } }) }, "s") : done(params),
    );
    expect(await tool.call({}, callContext())).toMatchObject({ outcome: "ok" });
    expect(calls(server)[1]).toMatchObject({ requestState: "s", inputResponses: { pin: { action: "decline" } } });
  });

  it("checks an answer against the question once more", async () => {
    const { tool, server } = await start((params, time) =>
      time === 1 ? wants({ who: form({ age: { type: "integer" } }) }) : done(params),
    );
    await paused(tool.call({}, callContext()));
    await tool.call({}, callContext({ continuation: continued({ who: { kind: "input", action: "accept", content: { age: "old" } } }) }));
    expect(calls(server)[1]?.["inputResponses"]).toEqual({ who: { action: "cancel" } });
  });

  it("only sends a state: the call is sent again with it", async () => {
    const { tool, server } = await start((params, time) => (time < 3 ? wants(undefined, `state ${time}`) : done(params)));
    expect(await tool.call({}, callContext())).toMatchObject({ outcome: "ok" });
    expect(calls(server).map((params) => params["requestState"])).toEqual([undefined, "state 1", "state 2"]);
  });

  it("may ask our model where an admin allowed it", async () => {
    const sampling = {
      method: "sampling/createMessage",
      params: { messages: [{ role: "user", content: { type: "text", text: "Hi" } }], maxTokens: 5 },
    };
    const allowed = await start((params, time) => (time === 1 ? wants({ say: sampling }) : done(params)), 50);
    expect((await paused(allowed.tool.call({}, callContext()))).inputs["say"]).toMatchObject({ kind: "sampling", tokenBudget: 50 });
    await allowed.tool.call(
      {},
      callContext({ continuation: continued({ say: { kind: "sampled", model: "ours", text: "Hello", stopReason: "endTurn" } }) }),
    );
    expect(calls(allowed.server)[1]?.["inputResponses"]).toMatchObject({
      say: { role: "assistant", content: { type: "text", text: "Hello" } },
    });

    const refused = await allowed.tool.call({}, callContext({ continuation: continued({ say: { kind: "refused", cause: "spent" } }) }));
    expect(refused).toMatchObject({ outcome: "failed", cause: expect.stringContaining("spent") as string });
    const never = await start(() => wants({ say: sampling }));
    expect(await never.tool.call({}, callContext())).toMatchObject({
      outcome: "failed",
      cause: expect.stringContaining("not offered") as string,
    });
  });

  it.each([
    ["a huge state", () => wants({ who: form() }, "x".repeat(70_000)), "larger than 64 kB"],
    [
      "more questions than anybody answers",
      () => wants(Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`q${at}`, form()]))),
      "more than 20",
    ],
    [
      "forms that are large together",
      () => wants(Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`q${at}`, form(LARGE)]))),
      "256 kB",
    ],
    ["something unknown", () => wants({ a: { method: "files/delete", params: {} } }), "unknown"],
    ["no questions at all", () => wants({}), "does not say what"],
    ["a list instead of questions", () => wants([form()]), "cannot be read"],
    ["a key that would change every object", () => wants(JSON.parse('{"__proto__":{"method":"roots/list"}}')), "cannot be used"],
    ["a state without an end", (_: Params, time: number) => wants(undefined, `state ${time}`), "20 times"],
  ])("with %s is given up, and did nothing", async (_, act, why) => {
    const { tool, host, server } = await start(act);
    const calling = tool.call({}, callContext());
    const wait = setInterval(() => host.advance(10_000), 5);
    expect(await calling).toMatchObject({ outcome: "failed", cause: expect.stringContaining(why) as string });
    clearInterval(wait);
    expect(calls(server).length).toBeLessThanOrEqual(20);
    expect(({} as Record<string, unknown>)["method"]).toBeUndefined();
  });

  it("again and again is given up after twenty rounds", async () => {
    const { tool } = await start((_, time) => wants({ [`q${time}`]: form() }));
    let result = await tool.call({}, callContext());
    let rounds = 1;
    for (; result.outcome === "paused"; rounds += 1) {
      const answers = Object.fromEntries(Object.keys(result.inputs).map((key) => [key, { kind: "input", action: "decline" } as const]));
      result = await tool.call({}, callContext({ continuation: continued(answers) }));
    }
    expect(result).toMatchObject({ outcome: "failed", cause: expect.stringContaining("20 times") as string });
    expect(rounds).toBe(21);
  });
});

describe("arguments that are mirrored into headers", () => {
  const listing = (tools: readonly object[]) => answering(() => ({ tools, ttlMs: 0, cacheScope: "private" }));
  const property = (schema: object, more: object = {}): object => ({ type: "object", properties: { a: schema }, ...more });

  it.each([
    ["twice", { type: "object", properties: { a: { type: "string", "x-mcp-header": "A" }, b: { type: "string", "x-mcp-header": "a" } } }],
    ["without a name", property({ type: "string", "x-mcp-header": "" })],
    ["with a name that is none", property({ type: "string", "x-mcp-header": "a b" })],
    ["of an object", property({ type: "object", "x-mcp-header": "A" })],
    ["of a number that need not be whole", property({ type: "number", "x-mcp-header": "A" })],
    ["in a list", property({ type: "array", items: { type: "string", "x-mcp-header": "A" } })],
    ["in a choice", { type: "object", oneOf: [property({ type: "string", "x-mcp-header": "A" })] }],
    ["as the arguments themselves", { type: "object", "x-mcp-header": "A" }],
  ])("wrongly, %s, cost their tool and no other", async (_, inputSchema) => {
    const good = property({ type: "object", properties: { deep: { type: "integer", "x-mcp-header": "Deep" } } });
    const server = await modernScriptedServer({
      "tools/list": listing([
        { name: "bad", inputSchema },
        { name: "good", inputSchema: good },
      ]),
    });
    const host = testHost([{ key: "new", name: "New", url: server.url }]);
    opened(server);
    opened(host);
    expect((await host.open()).tools.map(({ name }) => name)).toEqual(["new__good"]);
    expect(host.warnings.at(-1)).toMatchObject({ tool: "bad", reason: expect.stringContaining("x-mcp-header") as string });
  });
});
