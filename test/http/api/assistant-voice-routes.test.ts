import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { assistantVoiceRoutes } from "../../../server/http/api/routes/assistant-voice-routes.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { VoiceTrials } from "../../../server/setup/assistants/voice-trials.ts";
import { ADA, OLIVE, openRegistry, OTIS, SAM, shopInput } from "../../setup/assistants-harness.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { startApi } from "./api-harness.ts";

const SECRET = "dg-0123456789abcdef-secret";
const DECLARED = assistant({ key: "desk", voice: { enabled: true, hearing: [{ provider: "deepgram", apiKey: SECRET }], speaking: [] } });
const PATH = "/assistants/shop/voice";
const OFF = { enabled: false, hearing: [], speaking: [], source: "api" };

async function openApi() {
  const registry = await openRegistry([DECLARED]);
  await registry.assistants.create(OLIVE, shopInput());
  const staff = new Map<string, Staff>([ADA, OLIVE, OTIS, SAM].map((one) => [one.id, one]));
  const authenticate = async (request: IncomingMessage) => staff.get(request.headers.authorization ?? "");
  const tests = { test: async () => Promise.reject(new Error("No engine is tested here.")) };
  const trials = new VoiceTrials({ ...registry, tests, before: async () => {} });
  const api = await startApi(assistantVoiceRoutes({ ...registry, trials }), { authenticate });
  const as =
    ({ id }: Staff) =>
    (method: string, path: string, body?: unknown, version = '"0"') =>
      api.fetch(method, path, {
        ...(body === undefined ? {} : { body }),
        headers: { Authorization: id, ...(method === "GET" ? {} : { "If-Match": version }) },
      });
  return { ...registry, as };
}

test("what an assistant speaks with is set, holds at once, and its keys are kept sealed and never shown", async () => {
  const { as, live, documents, clock } = await openApi();
  const olive = as(OLIVE);
  expect((await olive("GET", PATH)).json).toEqual(OFF);
  const speaking = [{ provider: "deepgram", voice: "thalia", speed: 1.1 }];
  const set = await olive("PUT", PATH, {
    enabled: true,
    hearing: [{ provider: "deepgram", apiKey: SECRET }],
    speaking: [{ ...speaking[0], apiKey: SECRET }],
  });
  expect(set.json).toEqual({
    enabled: true,
    hearing: [{ provider: "deepgram", apiKeySet: true }],
    speaking: [{ ...speaking[0], apiKeySet: true }],
    source: "api",
  });
  expect(live.find("shop")?.voice).toMatchObject({ enabled: true, speaking: [{ ...speaking[0], apiKey: SECRET }] });
  const stored = await documents.get("assistant-voice", "shop", clock.now());
  const audit = await documents.listAudit({ limit: 10, filter: {} });
  expect(JSON.stringify([stored, audit, set.text])).not.toContain(SECRET);

  const kept = await olive("PUT", PATH, { enabled: true, hearing: [{ provider: "deepgram" }], speaking }, '"1"');
  expect(kept.json).toMatchObject({ hearing: [{ apiKeySet: true }] });
  expect(live.find("shop")?.voice?.speaking).toEqual([{ ...speaking[0], apiKey: SECRET }]);
  expect((await olive("PUT", PATH, { enabled: false }, '"1"')).status).toBe(412);
});

test("how calls go is set beside the engines, shown as it was set, and replaced whole", async () => {
  const { as, live } = await openApi();
  const settings = {
    enabled: true,
    greeting: "Hello, this is the pottery.",
    fillers: ["One moment.", "I am looking."],
    style: "plain",
    recording: { enabled: true },
    longestMs: 600_000,
    idleMs: 60_000,
    concurrentCalls: 3,
    turns: { endMs: 700, confirmedMs: 400, holdingMs: 1_500, earlyMs: 300 },
  };
  const browser = { hearing: [{ provider: "browser", language: "de" }], speaking: [{ provider: "browser", speed: 1.2 }] };
  const set = await as(OLIVE)("PUT", PATH, { ...settings, ...browser });
  expect(set.json).toMatchObject(settings);
  expect((await as(OLIVE)("GET", PATH)).json).toEqual(set.json);
  expect(live.find("shop")?.voice).toEqual({ ...settings, ...browser });
  await as(OLIVE)("PUT", PATH, { enabled: true }, '"1"');
  expect(live.find("shop")?.voice).toEqual({ enabled: true, hearing: [], speaking: [] });
});

test("a key goes with its provider and address alone, and null takes it away", async () => {
  const { as, live } = await openApi();
  const olive = as(OLIVE);
  const engine = { provider: "openai-compatible", model: "whisper", baseUrl: "https://speech.example/v1?token=t-0123456789" };
  await olive("PUT", PATH, { hearing: [{ ...engine, apiKey: SECRET }] });
  const shown = (await olive("GET", PATH)).json["hearing"] as [{ baseUrl: string }];
  expect(shown).toEqual([{ ...engine, baseUrl: "https://speech.example/v1?…", apiKeySet: true }]);

  await olive("PUT", PATH, { hearing: [{ ...engine, baseUrl: shown[0].baseUrl, model: "other" }] }, '"1"');
  expect(live.find("shop")?.voice?.hearing).toEqual([{ ...engine, model: "other", apiKey: SECRET }]);
  const moved = await olive("PUT", PATH, { hearing: [{ ...engine, baseUrl: "https://evil.example/v1" }] }, '"2"');
  expect(moved.json).toMatchObject({ hearing: [{ apiKeySet: false }] });
  await olive("PUT", PATH, { hearing: [{ ...engine, apiKey: SECRET }] }, '"3"');
  await olive("PUT", PATH, { hearing: [{ ...engine, apiKey: null }] }, '"4"');
  expect(live.find("shop")?.voice?.hearing).toEqual([engine]);
});

test("what cannot work is refused, with its place", async () => {
  const { as } = await openApi();
  const put = async (body: object) => (await as(OLIVE)("PUT", PATH, body)).json["errors"];
  expect(await put({ hearing: [{ provider: "deepgram" }] })).toMatchObject([{ path: "/hearing/0/apiKey" }]);
  expect(await put({ speaking: [{ provider: "openai", apiKey: "k" }] })).toMatchObject([{ path: "/speaking/0/model" }]);
  expect(await put({ speaking: [{ provider: "elevenlabs", apiKey: "k" }] })).toMatchObject([{ path: "/speaking/0/voice" }]);
  expect(await put({ hearing: [{ provider: "openai-compatible" }] })).toMatchObject([
    { path: "/hearing/0/baseUrl" },
    { path: "/hearing/0/model" },
  ]);
  expect(await put({ hearing: [{ provider: "google", apiKey: "${KEY}" }] })).toMatchObject([{ path: "/hearing/0/apiKey" }]);
  expect(await put({ hearing: [{ provider: "google", apiKey: "k", prompt: "yes approve it" }] })).toMatchObject([
    { path: "/hearing/0/prompt" },
  ]);
  expect(await put({ speaking: [{ provider: "google", apiKey: "k", speed: 9 }] })).toMatchObject([{ path: "/speaking/0/speed" }]);
  expect(await put({ hearing: [{ provider: "google", apiKey: "k" }, { provider: "browser" }] })).toMatchObject([{ path: "/hearing/1" }]);
  expect(await put({ turns: { endMs: 50 } })).toMatchObject([{ path: "/turns/endMs" }]);
  expect(await put({ idleMs: 7_200_000 })).toMatchObject([{ path: "/idleMs" }]);
  expect(await put({ fillers: [""] })).toMatchObject([{ path: "/fillers/0" }]);
});

test("only who may change the assistant sees it or sets it; the file's is read-only; a deleted one leaves nothing", async () => {
  const { as, assistants, documents, clock } = await openApi();
  expect((await as(OTIS)("GET", PATH)).status).toBe(404);
  expect((await as(SAM)("GET", PATH)).status).toBe(403);
  expect((await as(ADA)("GET", PATH)).status).toBe(200);
  const declared = await as(ADA)("GET", "/assistants/desk/voice");
  expect(declared.json).toMatchObject({ enabled: true, source: "file", hearing: [{ provider: "deepgram", apiKeySet: true }] });
  expect(declared.text).not.toContain(SECRET);
  expect((await as(ADA)("PUT", "/assistants/desk/voice", { enabled: false })).json).toMatchObject({ code: "read-only" });
  await as(OLIVE)("PUT", PATH, { hearing: [{ provider: "google", apiKey: SECRET }] });
  await assistants.remove(OLIVE, "shop", undefined);
  expect(await documents.get("assistant-voice", "shop", clock.now())).toBeUndefined();
});

test("a model that hears and speaks itself is set as the engines are, and its key kept, sealed and taken away", async () => {
  const { as, live, documents, clock } = await openApi();
  const olive = as(OLIVE);
  const realtime = { provider: "openai", voice: "cedar", prices: { input: 4, output: 16, currency: "USD" } };
  const set = await olive("PUT", PATH, { enabled: true, realtime: { ...realtime, apiKey: SECRET } });
  expect(set.json).toEqual({ enabled: true, hearing: [], speaking: [], realtime: { ...realtime, apiKeySet: true }, source: "api" });
  expect(JSON.stringify([await documents.get("assistant-voice", "shop", clock.now()), set.text])).not.toContain(SECRET);
  expect((await olive("PUT", PATH, { enabled: true, realtime }, '"1"')).status).toBe(200);
  expect(live.find("shop")?.voice?.realtime).toEqual({ ...realtime, apiKey: SECRET });
  const moved = { ...realtime, baseUrl: "https://evil.example/v1" };
  expect((await olive("PUT", PATH, { realtime: moved }, '"2"')).json).toMatchObject({ realtime: { apiKeySet: false } });
  expect((await olive("PUT", PATH, { realtime: { provider: "openai", speed: 2 } }, '"3"')).json["errors"]).toMatchObject([
    { path: "/realtime/speed" },
  ]);
  expect((await olive("PUT", PATH, { realtime: { provider: "openai", apiKey: null } }, '"3"')).json["errors"]).toMatchObject([
    { path: "/realtime/apiKey" },
  ]);
  expect((await olive("PUT", PATH, { enabled: true }, '"3"')).json).toEqual({ ...OFF, enabled: true });
});
