import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { assistantIdentityRoutes } from "../../../server/http/api/routes/assistant-identity-routes.ts";
import type { Staff } from "../../../server/identity/staff/actions.ts";
import { SECRET } from "../../identity/identity-tokens.ts";
import { ADA, OLIVE, openRegistry, OTIS, SAM, shopInput } from "../../setup/assistants-harness.ts";
import { assistant } from "../../support/desk-assistant.ts";
import { startApi } from "./api-harness.ts";

const DECLARED = assistant({
  key: "desk",
  identity: { mode: "enforced", keys: [{ kid: "f", algorithm: "HS256", secret: SECRET }], prompt: [] },
});
const KEY = { kid: "2026", algorithm: "HS256" } as const;
const PATH = "/assistants/shop/identity";

async function openApi() {
  const registry = await openRegistry([DECLARED]);
  await registry.assistants.create(OLIVE, shopInput());
  const staff = new Map<string, Staff>([ADA, OLIVE, OTIS, SAM].map((one) => [one.id, one]));
  const authenticate = async (request: IncomingMessage) => staff.get(request.headers.authorization ?? "");
  const api = await startApi(assistantIdentityRoutes(registry), { authenticate });
  const as =
    ({ id }: Staff) =>
    (method: string, path: string, body?: unknown, version = '"0"') =>
      api.fetch(method, path, {
        ...(body === undefined ? {} : { body }),
        headers: { Authorization: id, ...(method === "GET" ? {} : { "If-Match": version }) },
      });
  return { ...registry, as };
}

test("how customers are known is set, holds at once, and its secret is kept sealed and never shown", async () => {
  const { as, live, documents, clock } = await openApi();
  const olive = as(OLIVE);
  expect((await olive("GET", PATH)).json).toEqual({ mode: "off", keys: [], prompt: [], source: "api" });
  const set = await olive("PUT", PATH, { mode: "optional", keys: [{ ...KEY, secret: SECRET }], prompt: ["name"] });
  expect(set.json).toEqual({ mode: "optional", keys: [{ ...KEY, secretSet: true }], prompt: ["name"], source: "api" });
  expect(live.find("shop")?.identity).toEqual({ mode: "optional", keys: [{ ...KEY, secret: SECRET }], prompt: ["name"] });
  const stored = await documents.get("assistant-identity", "shop", clock.now());
  const audit = await documents.listAudit({ limit: 10, filter: {} });
  expect(JSON.stringify([stored, audit, set.text])).not.toContain(SECRET);

  const kept = await olive("PUT", PATH, { mode: "enforced", keys: [KEY] }, '"1"');
  expect(kept.json).toMatchObject({ mode: "enforced" });
  expect(live.find("shop")?.identity?.keys).toEqual([{ ...KEY, secret: SECRET }]);
  expect((await olive("PUT", PATH, { mode: "off" }, '"1"')).status).toBe(412);
});

test("what cannot work is refused, with its place", async () => {
  const { as } = await openApi();
  const put = async (body: object) => (await as(OLIVE)("PUT", PATH, body)).json["errors"];
  expect(await put({ mode: "optional" })).toMatchObject([{ path: "/keys" }]);
  expect(await put({ keys: [KEY] })).toMatchObject([{ path: "/keys/0/secret" }]);
  expect(await put({ keys: [{ ...KEY, secret: "short" }] })).toMatchObject([{ path: "/keys/0/secret" }]);
  expect(await put({ keys: [{ kid: "k", algorithm: "ES256", publicKey: "nonsense" }] })).toMatchObject([{ path: "/keys/0/publicKey" }]);
  expect(await put({ jwksUrl: "file:///etc/passwd" })).toMatchObject([{ path: "/jwksUrl" }]);
});

test("only who may change the assistant sees it or sets it; the file's is read-only", async () => {
  const { as } = await openApi();
  expect((await as(OTIS)("GET", PATH)).status).toBe(404);
  expect((await as(SAM)("GET", PATH)).status).toBe(403);
  expect((await as(ADA)("GET", PATH)).status).toBe(200);
  const declared = await as(ADA)("GET", "/assistants/desk/identity");
  expect(declared.json).toMatchObject({ mode: "enforced", source: "file", keys: [{ kid: "f", secretSet: true }] });
  expect(declared.text).not.toContain(SECRET);
  expect((await as(ADA)("PUT", "/assistants/desk/identity", { mode: "off" })).json).toMatchObject({ code: "read-only" });
});
