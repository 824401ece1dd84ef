/** Testing an assistant's model over the API: who may, how often, and what is told. */
import type { IncomingMessage } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createMemoryLimiters } from "../../../server/guard/limits/memory-limiters.ts";
import { TestLimits } from "../../../server/guard/limits/test-limits.ts";
import { assistantsRoutes } from "../../../server/http/api/routes/assistants-routes.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { createModels } from "../../../server/model/models.ts";
import { AssistantTests } from "../../../server/setup/assistants/assistant-tests.ts";
import { ask, collect } from "../../model/collect.ts";
import { RawServer } from "../../model/raw-server.ts";
import { quietLog, TestClock } from "../../model/test-clock.ts";
import { openAiChat } from "../../model/wire-formats.ts";
import { ADA, API_KEY, connectorInput, OLIVE, openRegistry, OTIS, OWNER_KEY, SAM, shopInput } from "../../setup/assistants-harness.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { type Answer, startApi } from "./api-harness.ts";

async function open() {
  const server = await RawServer.open();
  const model = {
    provider: "openai-compatible",
    model: "small",
    baseUrl: `${server.url}/v1`,
    apiKey: API_KEY,
    contextTokens: 8000,
    maxOutputTokens: 500,
  } as const;
  const registry = await openRegistry([assistant({ key: "desk", model })]);
  await registry.assistants.create(OLIVE, shopInput({ model }));
  const models = createModels({ clock: new TestClock(), log: quietLog });
  const limits = new TestLimits({ limiters: createMemoryLimiters() });
  const tests = new AssistantTests({ assistants: registry.assistants, models, before: (...test) => limits.before(...test) });
  const staff = new Map<string, Staff>([ADA, OLIVE, OTIS, SAM, OWNER_KEY].map((one) => [one.id, one]));
  const authenticate = async (request: IncomingMessage): Promise<Staff | undefined> => staff.get(request.headers.authorization ?? "");
  const api = await startApi(assistantsRoutes({ ...registry, tests }), { authenticate });
  onTestFinished(async () => {
    await models.close();
    await server.close();
  });
  const test = ({ id }: Staff, key = "shop"): Promise<Answer> =>
    api.fetch("POST", `/assistants/${key}/test`, { headers: { Authorization: id } });
  const read = ({ id }: Staff): Promise<Answer> => api.fetch("GET", "/assistants/shop", { headers: { Authorization: id } });
  return { ...registry, server, model, models, test, read, api };
}

const works = (server: RawServer): void =>
  server.answer((response, { body }) => {
    const asksCall = JSON.stringify(body).includes("frontdesk_test") && !JSON.stringify(body).includes('"role":"tool"');
    const answer = asksCall ? { calls: [{ name: "frontdesk_test", argumentsText: '{"word":"ready"}' }] } : { pieces: ["ready"] };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events(answer).join(""));
  });

describe("a test of an assistant's model", () => {
  it("asks it with its own key, and tells what it found", async () => {
    const { server, test, api } = await open();
    works(server);
    const { status, json, text } = await test(OLIVE);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: "works",
      advice: [],
      format: "OpenAI Chat Completions",
      exchanges: [{ asked: "word", outcome: "ok", firstByteMs: 0 }, { asked: "call" }, { asked: "result" }],
      learnt: { tools: "called", limit: "max_tokens", systemRole: "own", leftOutTools: [] },
    });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(Array.from({ length: 3 }, () => `Bearer ${API_KEY}`));
    expect(text).not.toContain(API_KEY);
    expect(JSON.stringify(api.logged)).not.toContain(API_KEY);
  });

  it("answers 200 for a model that fails, with the cause and without the key", async () => {
    const { server, test } = await open();
    server.refuse(401, { error: { message: `Incorrect API key provided: ${API_KEY}` } });
    const { status, json, text } = await test(ADA);
    expect({ status, text: text.includes(API_KEY) }).toEqual({ status: 200, text: false });
    expect(json).toMatchObject({
      status: "fails",
      exchanges: [{ fault: { kind: "misconfigured", cause: expect.stringContaining("Incorrect API key") } }],
    });
  });

  it("is for those who may change the assistant; the file's are the admins'", async () => {
    const { server, test } = await open();
    works(server);
    expect((await test(ADA)).status).toBe(200);
    expect((await test(ADA, "desk")).status).toBe(200);
    for (const [who, key, status] of [
      [OTIS, "shop", 404],
      [OWNER_KEY, "shop", 404],
      [SAM, "shop", 403],
      [OLIVE, "desk", 403],
      [ADA, "none", 404],
    ] as const)
      expect([who.id, key, (await test(who, key)).status]).toEqual([who.id, key, status]);
    expect(server.requests).toHaveLength(6);
  });

  it("cannot be used to spend money: a seventh test within a minute asks nothing", async () => {
    const { server, test } = await open();
    works(server);
    for (let times = 0; times < 6; times += 1) expect((await test(OLIVE)).status).toBe(200);
    const asked = server.requests.length;
    const refused = await test(ADA);
    expect(refused).toMatchObject({ status: 429, json: { code: "rate-limited", detail: "An assistant may be tested 6 times a minute." } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(server.requests).toHaveLength(asked);
  });
});

describe("the tools that a provider refuses", () => {
  it("are in the state of the assistant that has them", async () => {
    const { server, models, model, read, connectors } = await open();
    await connectors.add(ADA, { assistant: "shop", server: "orders" }, connectorInput());
    server.answer((response, { body }) => {
      if (JSON.stringify(body).includes("lookup"))
        response
          .writeHead(400, { "content-type": "application/json" })
          .end('{"error":{"message":"Invalid schema for function \'orders__lookup\': bad."}}');
      else response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events({ pieces: ["ok"] }).join(""));
    });
    expect((await read(OLIVE)).json).toMatchObject({ key: "shop", leftOutTools: [] });
    const tools = ["orders__lookup", "orders__refund"].map((name) => ({ name, description: "", inputSchema: { type: "object" } }));
    expect((await collect(await models.of(model), ask("hello", { tools }))).text).toBe("ok");
    expect((await read(OLIVE)).json).toMatchObject({
      key: "shop",
      leftOutTools: [{ tool: "orders__lookup", reason: "Invalid schema for function 'orders__lookup': bad." }],
    });
  });
});
