import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ModelSettings } from "../../server/conversation/ports/assistant.ts";
import { ModelError } from "../../server/conversation/ports/model.ts";
import { baseUrlOf } from "../../server/model/base-url.ts";
import { openGuardedSockets } from "../../server/guard/network/guarded-fetch.ts";
import { createModels } from "../../server/model/models.ts";
import { collect } from "./collect.ts";
import { settingsFor } from "./provider-harness.ts";
import { RawServer } from "./raw-server.ts";
import { quietLog, TestClock } from "./test-clock.ts";
import { openAiChat } from "./wire-formats.ts";

describe("the address of", () => {
  test.each<[ModelSettings["provider"], string | undefined, string]>([
    ["openai", undefined, "https://api.openai.com/v1"],
    ["openai", " ", "https://api.openai.com/v1"],
    ["openai", "https://gateway.example/openai/", "https://gateway.example/openai"],
    ["openai-compatible", "http://127.0.0.1:11434", "http://127.0.0.1:11434/v1"],
    ["openai-compatible", "http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1"],
    ["openai-compatible", "http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1"],
    ["openai-compatible", "http://127.0.0.1:11434/v1/chat/completions", "http://127.0.0.1:11434/v1"],
    ["openai-compatible", "https://openrouter.example/api/v1", "https://openrouter.example/api/v1"],
    ["openai-compatible", "https://x.example/openai/deployments/a?api-version=1", "https://x.example/openai/deployments/a?api-version=1"],
    ["anthropic", undefined, "https://api.anthropic.com/v1"],
    ["anthropic", "https://api.anthropic.com", "https://api.anthropic.com/v1"],
    ["anthropic", "https://gateway.example/anthropic/v1/messages", "https://gateway.example/anthropic/v1"],
    ["google", undefined, "https://generativelanguage.googleapis.com/v1beta"],
    ["google", "https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta"],
    ["google", "https://gateway.example/v1alpha/models/gemini-3-pro:streamGenerateContent", "https://gateway.example/v1alpha"],
  ])("%s with the baseUrl %j is %s", (provider, baseUrl, expected) => {
    expect(baseUrlOf({ provider, ...(baseUrl === undefined ? {} : { baseUrl }) }).href).toBe(expected);
  });
});

describe("settings that cannot work", () => {
  const models = createModels({ clock: new TestClock(), log: quietLog });
  afterAll(() => models.close());
  test.each<[string, Partial<ModelSettings>, RegExp]>([
    ["no address for an openai-compatible server", { provider: "openai-compatible" }, /needs a baseUrl/],
    ["something that is no address", { provider: "openai-compatible", baseUrl: "localhost:11434" }, /no http\(s\) address/],
    ["a password in the address", { provider: "openai-compatible", baseUrl: "https://me:hunter22@x.example/v1" }, /user or password/],
    ["no key", { provider: "anthropic", apiKey: " " }, /has no apiKey/],
    ["a key with a line break", { provider: "openai", apiKey: "sk-abc\ndef" }, /characters that no key has/],
    ["a key that is a sentence", { provider: "google", apiKey: "paste your key here" }, /characters that no key has/],
    ["no model", { provider: "openai", apiKey: "sk-x", model: "" }, /has no name/],
  ])("are refused: %s", async (_name, more, expected) => {
    const failing = models.of({ provider: "openai", model: "m", contextTokens: 1, maxOutputTokens: 1, ...more });
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ kind: "misconfigured" });
    expect((error as Error).message).toMatch(expected);
    for (const secret of ["hunter22", "sk-abc", "def"])
      if (JSON.stringify(more).includes(secret)) expect((error as Error).message).not.toContain(secret);
  });
});

test.each(["http://127.0.0.1:9/v1", "http://169.254.169.254/v1", "https://10.0.0.1/v1", "http://metadata.google.internal/v1"])(
  "a model at %s is not reached unless the operator allows it",
  async (baseUrl) => {
    const models = createModels({
      clock: new TestClock(),
      log: quietLog,
      sockets: () => openGuardedSockets({ allowPrivate: [] }),
    });
    const model = await models.of({ provider: "openai-compatible", model: "m", baseUrl, contextTokens: 1, maxOutputTokens: 1 });
    const { error } = await collect(model);
    expect(error).toMatchObject({ name: "ModelError", kind: "misconfigured" });
    await models.close();
  },
);

describe("models of one server", () => {
  let server: RawServer;
  beforeAll(async () => {
    server = await RawServer.open();
  });
  afterAll(() => server.close());

  test("are made once for the same settings", async () => {
    const models = createModels({ clock: new TestClock(), log: quietLog });
    const settings = settingsFor({ provider: "anthropic" }, server.url);
    const first = await models.of(settings);
    expect(await models.of({ ...settings, maxOutputTokens: 5 })).toBe(first);
    expect(await models.of({ ...settings, apiKey: "another-key" })).not.toBe(first);
    expect(await models.of({ ...settings, model: "another" })).not.toBe(first);
    expect(await models.of({ ...settings, baseUrl: `${server.url}/x` })).not.toBe(first);
    await models.close();
  });

  test("need no key at a server of one's own, and send none", async () => {
    const models = createModels({ clock: new TestClock(), log: quietLog });
    const { apiKey: _, ...settings } = settingsFor({ provider: "openai-compatible" }, server.url);
    server.stream(openAiChat.events({ pieces: ["ok"] }));
    expect((await collect(await models.of(settings))).text).toBe("ok");
    expect(server.requests.at(-1)?.headers).not.toHaveProperty("authorization");
    await models.close();
  });

  test("speak Chat Completions to OpenAI behind a gateway", async () => {
    const models = createModels({ clock: new TestClock(), log: quietLog });
    server.stream(openAiChat.events({ pieces: ["ok"] }));
    expect((await collect(await models.of(settingsFor({ provider: "openai" }, server.url)))).text).toBe("ok");
    expect(server.requests.at(-1)?.path).toBe("/v1/chat/completions");
    await models.close();
  });

  test("answer many at once", async () => {
    const models = createModels({ clock: new TestClock(), log: quietLog });
    const model = await models.of(settingsFor({ provider: "openai-compatible" }, server.url));
    let release = (): void => undefined;
    const all = new Promise<void>((resolve) => (release = resolve));
    const before = server.requests.length;
    server.answer(async (response) => {
      if (server.requests.length - before === 100) release();
      await all;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(openAiChat.events({ pieces: ["ok"] }).join(""));
    });
    const answers = await Promise.all(Array.from({ length: 100 }, () => collect(model)));
    expect(answers.map((answer) => answer.text)).toEqual(Array.from({ length: 100 }, () => "ok"));
    await models.close();
  });
});
