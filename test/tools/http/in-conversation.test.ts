import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Desk } from "../../../server/conversation/desk.ts";
import { noSignIns } from "../../support/no-sign-ins.ts";
import type { Model } from "../../../server/conversation/ports/model.ts";
import type { Tools } from "../../../server/conversation/ports/tools.ts";
import { createGuardedFetch } from "../../../server/guard/network/guarded-fetch.ts";
import { createSecretBox } from "../../../server/guard/secrets/secret-box.ts";
import { httpToolInputSchema } from "../../../server/setup/http-tools/http-tool-record.ts";
import { HttpToolRegistry } from "../../../server/setup/http-tools/http-tools.ts";
import { openSqliteStore } from "../../../server/store/sqlite/sqlite-store.ts";
import { createHttpTools } from "../../../server/tools/http/http-tools.ts";
import { joinTools } from "../../../server/tools/join-tools.ts";
import { createTryHttpTool } from "../../../server/tools/http/try-http-tool.ts";
import { ADMIN } from "../../http/api/api-harness.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { assistant, needsApproval } from "../../support/desk-assistant.ts";
import { DeskClock } from "../../support/desk-clock.ts";
import { CONVERSATION, CUSTOMER } from "../../support/desk-harness.ts";
import { callTools, say } from "../../support/desk-scripts.ts";
import { RecordingRoom } from "../../support/recording-room.ts";
import { httpService, json } from "./http-service.ts";

const REFUND = { name: "http__refund", arguments: { order: "1042" } };
const TOOL = {
  name: "refund",
  description: "Refunds an order.",
  method: "POST",
  headers: { Authorization: "Bearer the-shops-token" },
  parameters: { type: "object", properties: { order: { type: "string" } }, required: ["order"] },
  idempotencyKey: true,
  pointer: "/refund",
} as const;

/** Everything real but the model: the database, the registry, the guard, and a service on this machine. */
async function start() {
  const service = await httpService((response, { headers }) =>
    json(response, { refund: { done: true, by: headers.authorization }, internal: 1 }),
  );
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  const clock = new DeskClock();
  const log = { info: () => undefined, warn: () => undefined, error: (fields: unknown) => console.error(fields) };
  const fetch = createGuardedFetch({ allowPrivate: ["127.0.0.1"] });
  const registry = new HttpToolRegistry({
    documents: store.documents,
    calls: store.calls,
    box: createSecretBox({ keys: [Buffer.alloc(32, 3)] }),
    clock,
    log,
    tryTool: createTryHttpTool({ fetch, clock }),
    sharing: { allows: async () => true },
  });
  await registry.create(ADMIN, httpToolInputSchema.parse({ ...TOOL, url: `${service.url}/orders/{order}/refund` }));
  const none: Tools = { open: async () => ({ tools: [], unavailable: [] }), rest: () => undefined, close: async () => undefined };
  const tools = joinTools([
    { tools: none },
    { server: "http", tools: createHttpTools({ definitions: registry.stored, fetch, clock, log }) },
  ]);
  const room = new RecordingRoom();
  const model: Model = {
    async *stream({ messages }) {
      yield* messages.at(-1)?.role === "tool" ? say("Noted.") : callTools(REFUND);
    },
  };
  const shop = assistant({ connectors: [{ server: "http", permissions: { refund: needsApproval } }] });
  const nothing = (): void => undefined;
  const desk = new Desk(
    {
      store,
      room,
      clock,
      tools,
      models: { of: async () => model },
      assistants: { find: () => shop },
      log,
      meter: { runStarted: nothing, runEnded: nothing, turnEnded: nothing, stepEnded: nothing, toolCalled: nothing },
      signIns: noSignIns,
      approvers: async () => [],
    },
    { holder: "test", leaseMs: 30_000, pollMs: 20, page: { events: 100, bytes: 256 * 1024 } },
  );
  desk.start();
  onTestFinished(async () => {
    await desk.drain(1_000);
    await tools.close();
    await store.close();
    await service.close();
    await folder.remove();
  });

  await desk.customers.send(CUSTOMER, { conversationId: CONVERSATION, messageId: "message-1", text: "Refund 1042" });
  await room.until(({ journal }) => journal.some(({ type }) => type === "approval-requested"));
  const asked = room.journal.find((event) => event.type === "approval-requested")!;
  return {
    service,
    registry,
    room,
    calls: async () => store.calls.listCalls({ limit: 10, filter: { server: "http" } }),
    approve: async () => {
      const { approvalId, argumentsHash } = asked;
      await desk.customers.decide(CUSTOMER, "approval-decide", {
        conversationId: CONVERSATION,
        approvalId,
        argumentsHash,
        decision: "approved",
        scope: "once",
      });
      await room.until(({ journal }) => journal.some(({ type }) => type === "turn-ended"));
    },
  };
}

describe("an HTTP tool in a conversation", () => {
  it("waits for its approval, is called once, and is in the list of calls all the while", async () => {
    const { service, room, calls, approve } = await start();
    expect(await calls()).toMatchObject([{ outcome: "waiting", tool: "refund", conversation: CONVERSATION, arguments: { order: "1042" } }]);
    expect(service.seen).toEqual([]);
    await approve();

    expect(service.seen).toMatchObject([
      { method: "POST", url: "/orders/1042/refund", headers: { authorization: "Bearer the-shops-token" } },
    ]);
    expect(service.seen[0]!.headers["idempotency-key"]).toMatch(/^fd-/);
    const [call, ...others] = await calls();
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      outcome: "ok",
      assistant: "shop",
      customer: CUSTOMER.id,
      approval: { decision: "approved", by: CUSTOMER.id },
    });
    expect(call!.endedAt).toBeGreaterThanOrEqual(call!.startedAt!);
    expect(room.journal.find(({ type }) => type === "tool-call-ended")).toMatchObject({
      outcome: "ok",
      text: '{"done":true,"by":"[secret]"}',
    });
    expect(JSON.stringify([room.journal, call])).not.toContain("the-shops-token");
  });

  it("that was changed after it was approved is not called", async () => {
    const { service, registry, calls, approve } = await start();
    await registry.update(ADMIN, "refund", { description: "Refunds an order twice." }, 1);
    await approve();
    expect(service.seen).toEqual([]);
    expect(await calls()).toMatchObject([{ outcome: "refused", refusal: "definition-changed" }]);
  });

  it("that was removed after it was approved is not called", async () => {
    const { service, registry, calls, approve } = await start();
    await registry.remove(ADMIN, "refund", 1);
    await approve();
    expect(service.seen).toEqual([]);
    expect(await calls()).toMatchObject([{ outcome: "refused", refusal: "unknown-tool" }]);
  });
});
