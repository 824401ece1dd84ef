/** Trying a model out before there is an assistant. */
import type { IncomingMessage } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createMemoryLimiters } from "../../../server/guard/limits/memory-limiters.ts";
import { TestLimits } from "../../../server/guard/limits/test-limits.ts";
import { modelsRoutes } from "../../../server/http/api/routes/models-routes.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { knownProviders } from "../../../server/model/known-providers.ts";
import { createModels } from "../../../server/model/models.ts";
import { ModelTrials } from "../../../server/setup/assistants/model-trials.ts";
import { RawServer } from "../../model/raw-server.ts";
import { quietLog, TestClock } from "../../model/test-clock.ts";
import { openAiChat } from "../../model/wire-formats.ts";
import { ADA, API_KEY, OLIVE, openRegistry, OTIS, SAM, shopInput } from "../../setup/assistants-harness.ts";
import { type Answer, startApi } from "./api-harness.ts";

async function open() {
  const server = await RawServer.open();
  const baseUrl = `${server.url}/v1`;
  const registry = await openRegistry();
  await registry.assistants.create(
    OLIVE,
    shopInput({ model: { provider: "openai-compatible", model: "small", baseUrl, apiKey: API_KEY } }),
  );
  const models = createModels({ clock: new TestClock(), log: quietLog });
  const limits = new TestLimits({ limiters: createMemoryLimiters() });
  const trials = new ModelTrials({
    assistants: registry.assistants,
    models,
    before: (...test) => limits.before(...test),
    providers: async () => knownProviders(),
  });
  const staff = new Map<string, Staff>([ADA, OLIVE, OTIS, SAM].map((one) => [one.id, one]));
  const authenticate = async (request: IncomingMessage): Promise<Staff | undefined> => staff.get(request.headers.authorization ?? "");
  const api = await startApi(modelsRoutes({ trials }), { authenticate });
  onTestFinished(async () => {
    await models.close();
    await server.close();
  });
  const as = ({ id }: Staff, method: string, path: string, body?: unknown): Promise<Answer> =>
    api.fetch(method, path, { headers: { Authorization: id }, ...(body === undefined ? {} : { body }) });
  const test = (who: Staff, body: object): Promise<Answer> => as(who, "POST", "/models/test", body);
  return { ...registry, server, baseUrl, api, as, test };
}

const works = (server: RawServer): void =>
  server.answer((response, { body }) => {
    const asksCall = JSON.stringify(body).includes("frontdesk_test") && !JSON.stringify(body).includes('"role":"tool"');
    const answer = asksCall ? { calls: [{ name: "frontdesk_test", argumentsText: '{"word":"ready"}' }] } : { pieces: ["ready"] };
    response.writeHead(200, { "content-type": "text/event-stream" }).end(openAiChat.events(answer).join(""));
  });

describe("a model that no assistant has yet", () => {
  it("is tested with what the request says, and nothing of it is kept", async () => {
    const { server, baseUrl, test, documents, clock, api } = await open();
    works(server);
    const before = JSON.stringify(await documents.list("assistant", { limit: 10, now: clock.now() }));
    const { status, json, text } = await test(OLIVE, { provider: "openai-compatible", model: "small", baseUrl, apiKey: "sk-just-typed" });
    expect({ status, json }).toMatchObject({ status: 200, json: { status: "works", advice: [], learnt: { tools: "called" } } });
    expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-just-typed");
    expect(text + JSON.stringify(api.logged)).not.toContain("sk-just-typed");
    expect(JSON.stringify(await documents.list("assistant", { limit: 10, now: clock.now() }))).toBe(before);
  });

  it.each([
    [401, { error: { message: "Incorrect API key provided: sk-wrong", code: "invalid_api_key" } }, "does not know this key"],
    [429, { error: { message: "You exceeded your current quota.", code: "insufficient_quota" } }, "no credit"],
    [403, { error: { message: "Country not supported." } }, "may not do this"],
    [404, { error: { message: "The model `x` does not exist.", code: "model_not_found" } }, "no such model"],
  ])("is told what is wrong with its key: %i", async (code, body, advice) => {
    const { server, baseUrl, test } = await open();
    server.refuse(code, body);
    const { json, text } = await test(OLIVE, { provider: "openai-compatible", model: "small", baseUrl, apiKey: "sk-wrong" });
    expect(json).toMatchObject({ status: "fails", advice: [expect.stringContaining(advice)] });
    expect(text).not.toContain("sk-wrong");
  });

  it("misses a key or an address: that is said at its place, and nothing is asked", async () => {
    const { test, server } = await open();
    expect((await test(OLIVE, { provider: "openai", model: "gpt" })).json).toMatchObject({ status: 422, errors: [{ path: "/apiKey" }] });
    expect((await test(OLIVE, { provider: "openai-compatible", model: "x" })).json).toMatchObject({ errors: [{ path: "/baseUrl" }] });
    expect(server.requests).toEqual([]);
  });

  it("takes an assistant's kept key to its own address only, and only for those who may change the assistant", async () => {
    const { server, baseUrl, test } = await open();
    works(server);
    const changed = { provider: "openai-compatible", model: "larger", baseUrl, assistant: "shop" };
    expect((await test(OLIVE, changed)).json).toMatchObject({ status: "works" });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${API_KEY}`);
    const asked = server.requests.length;
    expect((await test(OLIVE, { ...changed, baseUrl: `${server.url}/elsewhere` })).json).toMatchObject({ errors: [{ path: "/apiKey" }] });
    expect((await test(OTIS, changed)).status).toBe(404);
    expect((await test(SAM, changed)).status).toBe(403);
    expect(server.requests).toHaveLength(asked);
  });

  it("cannot be used to spend money: a seventh test of one person within a minute asks nothing", async () => {
    const { server, baseUrl, test } = await open();
    works(server);
    for (let times = 0; times < 6; times += 1)
      expect((await test(OLIVE, { provider: "openai-compatible", model: `m${times}`, baseUrl })).status).toBe(200);
    expect((await test(OLIVE, { provider: "openai-compatible", model: "m7", baseUrl })).json).toMatchObject({ code: "rate-limited" });
    expect((await test(ADA, { provider: "openai-compatible", model: "m7", baseUrl })).status).toBe(200);
  });
});

it("the providers say what each needs", async () => {
  const { as } = await open();
  const { items } = (await as(SAM, "GET", "/models/providers")).json as { items: { provider: string }[] };
  expect(items).toMatchObject([
    { provider: "openai", baseUrl: "https://api.openai.com/v1", needsBaseUrl: false, needsKey: true },
    { provider: "openai-compatible", needsBaseUrl: true, needsKey: false, exampleModels: [] },
    { provider: "anthropic", needsBaseUrl: false },
    { provider: "google", needsKey: true },
  ]);
});
