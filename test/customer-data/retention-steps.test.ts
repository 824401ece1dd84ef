import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CustomerDataStore } from "../../server/customer-data/ports.ts";
import { KeptRetention } from "../../server/customer-data/kept-retention.ts";
import type { RetentionSettings } from "../../server/conversation/ports/assistant.ts";
import { Retention, type RetentionPorts } from "../../server/customer-data/retention.ts";
import type { NewDelivery } from "../../server/notices/ports.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, ended, message, proposed } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const DAY = 24 * 60 * 60_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const CREATE = { assistant: "shop", customerId: "anna" };

describe("retention", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Awaited<ReturnType<typeof openSqliteStore>>;
  let now = 1_000 * DAY;
  let readAgain: string[] = [];
  let stripped: string[] = [];
  let wiped = 0;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = await openSqliteStore({ path: join(folder.path, "frontdesk.sqlite") });
    now = 1_000 * DAY;
    readAgain = [];
    stripped = [];
    wiped = 0;
  });
  afterEach(async () => {
    await store.close();
    await folder.remove();
  });

  /** Notes what it is asked for. */
  function watched(): CustomerDataStore {
    const { customerData } = store;
    return new Proxy(customerData, {
      get:
        (_target, name: keyof CustomerDataStore) =>
        (...values: never[]) => {
          if (name === "strip") stripped.push(values[0]!);
          if (name === "wipe") wiped += 1;
          return (customerData[name] as (...all: never[]) => unknown).apply(customerData, values);
        },
    });
  }

  const retention = (settings: RetentionSettings, more: Partial<RetentionPorts> = {}) =>
    new Retention({
      kept: new KeptRetention({ store: store.customerData, documents: store.documents, now: () => now }),
      store: watched(),
      searched: { removeFromSearch: async () => undefined, readAgain: async (ids) => void readAgain.push(...ids) },
      assistants: () => [{ key: "shop", retention: settings }],
      server: {},
      letGo: () => undefined,
      clock: { now: () => now, id: () => "id", after: () => () => undefined, random: () => 0.5 },
      log: silent,
      ...more,
    });

  async function rests(conversationId: string, openSeq?: number): Promise<void> {
    const { lease, conversation } = (await store.acquireLease({ conversationId, holder: "here", now, untilMs: now + 1_000 }))!;
    await store.releaseLease(lease, { seenSeq: conversation.lastSeq, openSeq: openSeq ?? conversation.lastSeq + 1, runnable: false });
  }

  const delivery = (id: string, conversationId?: string): NewDelivery => ({
    id,
    channel: "webhook",
    target: "hook",
    event: "transcript",
    ...(conversationId === undefined ? {} : { conversationId }),
    body: "Quittengelee",
    at: now,
  });

  test("a conversation whose turn is open is read once, and again when the turn is over", async () => {
    await store.append({
      conversationId: "c-1",
      at: now,
      create: CREATE,
      events: [
        message("message-0001"),
        proposed("call-0001", { arguments: { why: "x" } }),
        ended("call-0001"),
        message("message-0002"),
        proposed("call-0002", { arguments: { why: "x" } }),
        approvalRequested("approval-0002", "call-0002", { expiresAt: now + 90 * DAY }),
      ],
    });
    await rests("c-1", 4);
    now += 2 * DAY;
    const job = retention({ traceDays: 1, resultDays: 1 });
    await job.run();
    expect([stripped.length > 0, readAgain.length > 0, wiped]).toEqual([true, true, 1]);
    stripped = [];
    readAgain = [];
    for (let hour = 0; hour < 3; hour += 1) await job.run();
    expect([stripped, readAgain, wiped]).toEqual([[], [], 1]);
    await rests("c-1");
    await job.run();
    expect(new Set(stripped)).toEqual(new Set(["c-1"]));
    expect((await store.readFrom("c-1", 5, 1))[0]).not.toHaveProperty("arguments");
  });

  test("what was sent of a conversation goes with its raw calls, and that of others stays", async () => {
    for (const id of ["c-1", "c-2"]) {
      await store.append({ conversationId: id, at: now, create: CREATE, events: [message(`message-${id}`)] });
      await rests(id);
      await store.notices.giveOut([], [delivery(`of-${id}`, id)]);
      now += 2 * DAY;
    }
    const answer = { at: now, durationMs: 1, status: 200 };
    await store.notices.attempted("of-c-1", { status: "delivered", answer });
    await retention({ traceDays: 3 }).run();
    expect(await store.notices.find("of-c-1")).toBeUndefined();
    expect(await store.notices.find("of-c-2")).toBeDefined();
    expect(await store.find("c-1")).toBeDefined();
  });

  /** Conversations of `shop`, which is deleted afterwards, and of `other`, which stays. */
  async function deletedShop(settings: RetentionSettings | undefined): Promise<void> {
    const shop = { key: "shop", ...(settings === undefined ? {} : { retention: settings }) };
    for (const assistant of ["shop", "other"]) {
      const id = `${assistant}-1`;
      await store.append({ conversationId: id, at: now, create: { assistant, customerId: "anna" }, events: [message(`message-${id}`)] });
      await rests(id);
    }
    await retention({}, { assistants: () => [shop, { key: "other" }] }).run();
  }
  const withoutShop = (server: RetentionPorts["server"] = {}) => retention({}, { assistants: () => [{ key: "other" }], server });
  const isThere = async (id: string) => (await store.find(id)) !== undefined;

  test("of an assistant that is gone goes on as the assistant said last", async () => {
    await deletedShop({ conversationDays: 30 });
    now += 29 * DAY;
    await withoutShop({ deletedAssistantDays: 1 }).run();
    expect(await isThere("shop-1")).toBe(true);
    now += 2 * DAY;
    await withoutShop().run();
    expect([await isThere("shop-1"), await isThere("other-1")]).toEqual([false, true]);
  });

  test("of an assistant that is gone and said nothing is the server's, from when it was gone", async () => {
    await deletedShop(undefined);
    now += 100 * DAY;
    await withoutShop({ deletedAssistantDays: 30 }).run();
    now += 29 * DAY;
    await withoutShop({ deletedAssistantDays: 30 }).run();
    await withoutShop().run();
    expect(await isThere("shop-1")).toBe(true);
    now += DAY;
    await withoutShop({ deletedAssistantDays: 30 }).run();
    expect([await isThere("shop-1"), await isThere("other-1")]).toEqual([false, true]);
  });

  test("an assistant that was only away, as with a wrong file, is as it was", async () => {
    await deletedShop(undefined);
    await withoutShop({ deletedAssistantDays: 30 }).run();
    now += 29 * DAY;
    await retention({}, { assistants: () => [{ key: "shop" }, { key: "other" }] }).run();
    now += 2 * DAY;
    await withoutShop({ deletedAssistantDays: 30 }).run();
    expect(await isThere("shop-1")).toBe(true);
  });

  test("nothing is sent of a conversation that was erased while it was being addressed", async () => {
    await store.append({ conversationId: "c-1", at: now, create: CREATE, events: [message("message-0001")] });
    await store.customerData.beginErasing(["c-1"], now);
    await store.notices.giveOut([], [delivery("during", "c-1")]);
    while (!(await store.customerData.eraseSome("c-1", 10)));
    await store.notices.giveOut([], [delivery("after", "c-1"), delivery("other")]);
    expect([await store.notices.find("during"), await store.notices.find("after")]).toEqual([undefined, undefined]);
    expect(await store.notices.find("other")).toBeDefined();
  });
});
