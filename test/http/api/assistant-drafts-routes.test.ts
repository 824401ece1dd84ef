import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { assistantDraftsRoutes } from "../../../server/http/api/routes/assistant-drafts-routes.ts";
import { assistantsRoutes } from "../../../server/http/api/routes/assistants-routes.ts";
import { assistantVersionsRoutes } from "../../../server/http/api/routes/assistant-versions-routes.ts";
import { AssistantTests } from "../../../server/setup/assistants/assistant-tests.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { ADA, API_KEY, OLIVE, openRegistry, SAM, shopInput } from "../../setup/assistants-harness.ts";
import { type Answer, startApi } from "./api-harness.ts";

async function openApi() {
  const registry = await openRegistry([assistant({ key: "desk", allowedOrigins: ["https://desk.example"] })]);
  await registry.assistants.create(OLIVE, shopInput());
  const models = { test: () => Promise.reject(new Error("No model is tested here.")), leftOut: () => [] };
  const tests = new AssistantTests({ assistants: registry.assistants, models, before: async () => {} });
  const routes = [...assistantsRoutes({ ...registry, tests }), ...assistantDraftsRoutes(registry), ...assistantVersionsRoutes(registry)];
  const staff = new Map([ADA, OLIVE, SAM].map((one) => [one.id, one]));
  const api = await startApi(routes, {
    authenticate: async (request: IncomingMessage) => staff.get(request.headers.authorization ?? ""),
  });
  const as =
    (by: Staff) =>
    (method: string, path: string, body?: unknown, version?: string | null): Promise<Answer> =>
      api.fetch(method, `/assistants/${path}`, {
        ...(body === undefined ? {} : { body }),
        headers: { Authorization: by.id, ...(typeof version === "string" ? { "If-Match": version } : {}) },
      });
  return { ...registry, as, ask: as(OLIVE) };
}

const tagOf = ({ headers }: Answer) => headers.get("etag");

it("a draft is begun, changed, published and discarded over the API", async () => {
  const { as, ask } = await openApi();
  const none = await ask("GET", "shop/draft");
  expect(none).toMatchObject({ status: 200, json: { key: "shop", exists: false, basedOn: 1, published: 1, fields: [] } });
  expect((await ask("PATCH", "shop/draft", { prompt: "Two." })).json).toMatchObject({ status: 428 });
  const changed = await ask("PATCH", "shop/draft", { prompt: "Two." }, tagOf(none));
  expect(changed).toMatchObject({ status: 200, json: { exists: true, changedBy: { name: "Olive" }, settings: { prompt: "Two." } } });
  expect(changed.text).not.toContain(API_KEY);
  expect((await ask("PATCH", "shop/draft", { prompt: "Three." }, tagOf(none))).json).toMatchObject({ code: "version-changed" });
  expect((await ask("PATCH", "shop/draft", { owner: "ada" }, tagOf(changed))).json).toMatchObject({ code: "invalid" });
  expect((await ask("GET", "shop")).json).toMatchObject({ prompt: "You help.", hasDraft: true, version: 1 });
  const published = await ask("POST", "shop/publish", { note: "Shorter" }, tagOf(changed));
  expect(published).toMatchObject({ status: 200, json: { prompt: "Two.", version: 2, hasDraft: false } });
  expect(tagOf(published)).toBe(tagOf(await ask("GET", "shop")));
  const again = await ask("PATCH", "shop/draft", { prompt: "Three." }, tagOf(await ask("GET", "shop/draft")));
  expect((await ask("DELETE", "shop/draft", undefined, tagOf(again))).status).toBe(204);
  expect((await ask("GET", "shop/draft")).json).toMatchObject({ exists: false, settings: { prompt: "Two." } });
  expect((await ask("POST", "shop/publish", {}, tagOf(await ask("GET", "shop/draft")))).json).toMatchObject({ code: "not-found" });
  expect((await as(ADA)("GET", "desk/draft")).json).toMatchObject({ code: "read-only" });
});

it("a draft that was overtaken is refused with the fields, and is rebased", async () => {
  const { as, ask } = await openApi();
  const draft = await ask("PATCH", "shop/draft", { prompt: "Mine.", trace: "full" }, tagOf(await ask("GET", "shop/draft")));
  await as(ADA)("PATCH", "shop", { prompt: "Theirs." }, '"1"');
  const refused = await ask("POST", "shop/publish", {}, tagOf(draft));
  expect(refused).toMatchObject({ status: 412, json: { code: "version-changed", errors: [{ in: "body", path: "/prompt" }] } });
  const rebased = await ask("POST", "shop/draft/rebase", { take: ["/prompt"] }, tagOf(draft));
  expect(rebased.json).toMatchObject({ basedOn: 2, settings: { prompt: "Theirs.", trace: "full" }, fields: [{ path: "/trace" }] });
  expect((await ask("POST", "shop/publish", {}, tagOf(rebased))).json).toMatchObject({ version: 3, trace: "full" });
});

it("versions are listed in pages without their settings, read with them, and gone back to", async () => {
  const { as, ask } = await openApi();
  await ask("PATCH", "shop", { name: "Two" }, '"1"');
  await ask("PATCH", "shop", { name: "Three" }, '"2"');
  const first = await as(SAM)("GET", "shop/versions?limit=2");
  expect(first.json["items"]).toMatchObject([
    { number: 3, by: { name: "Olive" }, changed: ["/name"] },
    { number: 2, changed: ["/name"] },
  ]);
  expect(first.text).not.toContain("settings");
  const second = await ask("GET", `shop/versions?limit=2&cursor=${String(first.json["next"])}`);
  expect(second.json["items"]).toMatchObject([{ number: 1 }]);
  expect((await as(SAM)("GET", "shop/versions/1")).json).toMatchObject({ number: 1, settings: { name: "Shop" } });
  expect((await ask("GET", "shop/versions/9")).status).toBe(404);
  expect((await ask("GET", "desk/versions")).json).toEqual({ items: [] });
  expect((await ask("POST", "shop/versions/1/restore", {}, '"2"')).status).toBe(412);
  expect((await ask("POST", "shop/versions/1/restore", {}, '"3"')).json).toMatchObject({ name: "Shop", version: 4 });
});

it("a preview, a duplicate and what a deletion costs are asked for", async () => {
  const { ask, live } = await openApi();
  const { json } = await ask("POST", "shop/preview");
  expect(json).toEqual({ assistant: expect.stringMatching(/^preview-/), expiresAt: expect.any(Number) });
  expect(live.find(String(json["assistant"]))).toMatchObject({ key: "shop", preview: true });
  const copy = await ask("POST", "shop/duplicate", { key: "second", name: "Second" });
  expect(copy).toMatchObject({ status: 201, json: { key: "second", name: "Second", leftOut: [] } });
  expect(copy.headers.get("location")).toBe("/api/v1/assistants/second");
  expect((await ask("GET", "shop/deletion")).json).toMatchObject({ key: "shop", conversations: { total: 0, open: 0 } });
  expect((await ask("DELETE", "shop", undefined, '"1"')).status).toBe(204);
});
