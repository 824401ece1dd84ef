import { expect, test } from "vitest";
import { webhooksRoutes } from "../../../server/http/api/routes/webhooks-routes.ts";
import type { Action, Staff } from "../../../server/identity/staff/actions.ts";
import { ADA, openNoticesDesk } from "../../notices/notices-harness.ts";

const HOOK = { name: "Pager", url: "https://pager.example/hook", assistants: [], enabled: true };

function key(...scopes: Action[]): Staff {
  return { kind: "key", id: "key-1", name: "Key", roles: ["admin"], groups: [], scopes };
}

test("a key that may not read conversations has none of them sent to it, and reads none that was sent", async () => {
  const desk = await openNoticesDesk();
  const routes = webhooksRoutes({ webhooks: desk.webhooks() });
  const call = (operation: string, staff: Staff, more: object) =>
    routes
      .find(({ operationId }) => operationId === operation)!
      .handle({ staff, params: {}, query: {}, body: {}, ifVersion: 1, signal: new AbortController().signal, ...more } as never);
  const forbidden = expect.objectContaining({ code: "forbidden" });
  const few = key("webhooks.read", "webhooks.write");
  const budgets = { ...HOOK, events: ["budget.warning"] };
  const transcripts = { ...HOOK, name: "Letters", events: ["transcript"] };
  await expect(call("createWebhook", few, { body: transcripts })).rejects.toThrow(forbidden);
  await expect(call("createWebhook", few, { body: budgets })).resolves.toMatchObject({ body: { webhook: { name: "Pager" } } });
  const { webhook } = await desk.webhooks().create(ADA, { ...transcripts, events: ["transcript"] });
  const params = { id: webhook.id };
  const elsewhere = { url: "https://elsewhere.example/hook" };
  await expect(call("changeWebhook", few, { params, body: elsewhere })).rejects.toThrow(forbidden);
  await expect(call("changeWebhook", few, { params, body: { ...elsewhere, events: ["budget.warning"] } })).rejects.toThrow(forbidden);
  await expect(call("listWebhookDeliveries", few, { params, query: { limit: 9 } })).rejects.toThrow(forbidden);
  await expect(call("redeliverToWebhook", few, { params: { ...params, delivery: "msg_1" } })).rejects.toThrow(forbidden);
  const reads = key("webhooks.write", "conversations.read");
  await expect(call("createWebhook", reads, { body: { ...transcripts, name: "Other" } })).resolves.toMatchObject({ body: {} });
});
