import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JournalEvent } from "../../protocol/events.ts";
import { Erasures, type ErasuresPorts } from "../../server/customer-data/erasures.ts";
import { Listeners } from "../../server/customer-data/listeners.ts";
import { Retention } from "../../server/customer-data/retention.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { approvalRequested, message, proposed } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { ADMIN, writeTalk } from "./write-talk.ts";

const DAY = 24 * 60 * 60_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The search has tests of its own. */
const notSearched = { removeFromSearch: async () => undefined, readAgain: async () => undefined };

describe("what is kept of a customer", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Awaited<ReturnType<typeof openSqliteStore>>;
  let now = 1_000 * DAY;
  const clock = { now: () => now, id: () => `id-${(ids += 1)}`, after: () => () => undefined, random: () => 0.5 };
  let ids = 0;
  let sentAway: string[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = await openSqliteStore({ path: join(folder.path, "frontdesk.sqlite") });
    now = 1_000 * DAY;
    sentAway = [];
  });
  afterEach(async () => {
    await store.close();
    await folder.remove();
  });

  const talk = async (customerId: string, conversationId: string, words: string): Promise<void> => {
    await writeTalk(store, { at: now, customerId, conversationId, words });
    await rests(conversationId);
  };

  /** A run has looked at all of it, and nothing is open from `openSeq` on. */
  async function rests(conversationId: string, openSeq?: number): Promise<void> {
    const { lease, conversation } = (await store.acquireLease({ conversationId, holder: "here", now, untilMs: now + 1_000 }))!;
    const seenSeq = conversation.lastSeq;
    await store.releaseLease(lease, { seenSeq, openSeq: openSeq ?? seenSeq + 1, runnable: false });
  }

  const erasures = (more: Partial<ErasuresPorts> = {}) =>
    new Erasures({
      searched: notSearched,
      store: store.customerData,
      documents: store.documents,
      erasers: [],
      letGo: (customerId, conversationIds) => void sentAway.push(customerId, ...conversationIds),
      clock,
      log: silent,
      ...more,
    });

  /** The names of the files in the folder that have these bytes in them. */
  async function filesWith(words: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of await readdir(folder.path)) if ((await readFile(join(folder.path, name))).includes(words)) found.push(name);
    return found;
  }
  const events = (conversationId: string): Promise<readonly JournalEvent[]> => store.readFrom(conversationId, 1, 1_000);
  const whole = async (conversationId: string) =>
    JSON.stringify([await events(conversationId), await store.readResult(conversationId, `${conversationId}-call`)]);

  test("is gone from every file once the receipt says so, and other customers keep theirs to the byte", async () => {
    for (let index = 0; index < 30; index += 1) await talk("anna", `anna-${index}`, `Xylofonbär number ${index} wants her money`);
    await talk("bert", "bert-1", "Bert has nothing to do with it");
    const before = await whole("bert-1");
    expect(await filesWith("Xylofonbär")).not.toEqual([]);

    const all = erasures();
    const receipt = await all.request(ADMIN, "anna");
    expect(receipt.status).toBe("running");
    await all.idle();
    expect(await all.find(receipt.id)).toMatchObject({ status: "done", erased: { conversations: 30 }, requestedBy: ADMIN });
    expect((await all.find(receipt.id))?.customer).toBeUndefined();
    expect(sentAway).toContain("anna-0");
    for (const words of ["Xylofonb", "xylofonb", "wants her money", "anna-0-call"])
      expect([words, await filesWith(words)]).toEqual([words, []]);
    expect(await whole("bert-1")).toBe(before);

    const copy = join(folder.path, "copy.sqlite");
    await store.customerData.backup(copy);
    expect(await filesWith("Xylofonb")).toEqual([]);
    // The fact stays, without the content.
    const audit = await store.documents.listAudit({ limit: 100, filter: { targetId: "anna-3-approval" } });
    expect(audit).toMatchObject([{ action: "approval.decide", by: ADMIN }]);
    expect(audit[0]).not.toHaveProperty("after");
    expect(await store.documents.listAudit({ limit: 10, filter: { words: "xylofonbär" } })).toEqual([]);
    expect(await store.documents.listAudit({ limit: 10, filter: { words: "Bert" } })).toHaveLength(1);
  });

  test("a customer of whom nothing is kept gets no receipt", async () => {
    await expect(erasures().request(ADMIN, "nobody")).rejects.toMatchObject({ code: "not-found" });
    expect(await erasures().list({ limit: 10 })).toEqual([]);
  });

  test("what is being erased takes nothing more, and nobody finds it", async () => {
    await talk("anna", "anna-1", "words");
    const leased = await store.acquireLease({ conversationId: "anna-1", holder: "here", now, untilMs: now + 60_000 });
    await store.customerData.beginErasing(["anna-1"], now);
    expect(await store.find("anna-1")).toBeUndefined();
    const more = { conversationId: "anna-1", at: now, events: [message("late")] };
    await expect(store.append(more)).rejects.toMatchObject({ name: "ConversationMissingError" });
    await expect(store.append({ ...more, lease: leased!.lease })).rejects.toMatchObject({ name: "LeaseLostError" });
    await expect(store.append({ ...more, create: { assistant: "shop", customerId: "anna" } })).rejects.toMatchObject({
      name: "ConversationMissingError",
    });
    expect(await store.acquireLease({ conversationId: "anna-1", holder: "there", now, untilMs: now + 60_000 })).toBeUndefined();
    expect(await store.listDue(now + DAY, 10)).toEqual([]);
  });

  test("an erasure that a restart interrupted goes on", async () => {
    for (let index = 0; index < 5; index += 1) await talk("anna", `anna-${index}`, "words of hers");
    const first = erasures({
      erasers: [{ what: "others", knows: async () => true, erase: () => Promise.reject(new Error("not reached")) }],
    });
    const { id } = await first.request(ADMIN, "anna");
    await first.idle();
    expect(await first.find(id)).toMatchObject({ status: "running", customer: "anna" });
    const second = erasures();
    await second.resume();
    await second.idle();
    expect(await second.find(id)).toMatchObject({ status: "done" });
    expect(await filesWith("words of hers")).toEqual([]);
  });

  test("an erasure that failed is tried again while the server runs, once, and its receipt still counts what was gone before", async () => {
    for (let index = 0; index < 5; index += 1) await talk("anna", `anna-${index}`, "words of hers");
    let tries = 0;
    const erase = async (): Promise<number> => {
      tries += 1;
      if (tries === 1) throw new Error("not reached");
      return 2;
    };
    const all = erasures({ erasers: [{ what: "others", knows: async () => true, erase }] });
    const { id } = await all.request(ADMIN, "anna");
    await all.resume();
    await all.idle();
    expect(await all.find(id)).toMatchObject({ status: "running" });
    expect(tries).toBe(1);
    await all.resume();
    await all.idle();
    expect(await all.find(id)).toMatchObject({ status: "done", erased: { conversations: 5, others: 2 } });
    await all.resume();
    await all.idle();
    expect(tries).toBe(2);
  });

  test("goes in time: results first, then what was asked, then all of it, as each assistant says", async () => {
    const retention = { conversationDays: 90, traceDays: 30, resultDays: 7 };
    const job = new Retention({
      searched: notSearched,
      store: store.customerData,
      kept: { remember: async () => undefined, gone: async () => [] },
      assistants: () => [{ key: "shop", retention }, { key: "other" }],
      server: { callDays: 60, auditDays: 365 },
      letGo: () => undefined,
      clock,
      log: silent,
    });
    await talk("anna", "anna-1", "Quittengelee");
    now += 8 * DAY;
    await talk("anna", "anna-2", "Pflaumenmus");
    expect(await job.preview("shop", retention)).toMatchObject({ conversations: 0, traces: 0, results: 1 });
    await job.run();
    const stripped = await events("anna-1");
    expect(stripped.find(({ type }) => type === "tool-call-ended")).toMatchObject({
      keep: "none",
      text: "[The result is not kept any longer.]",
    });
    expect(await store.readResult("anna-1", "anna-1-call")).toBeUndefined();
    expect(stripped.find(({ type }) => type === "tool-call-proposed")).toMatchObject({ arguments: { why: "Quittengelee" } });
    expect(await store.readResult("anna-2", "anna-2-call")).toBeDefined();

    now += 23 * DAY;
    await job.run();
    expect((await events("anna-1")).find(({ type }) => type === "tool-call-proposed")).not.toHaveProperty("arguments");
    expect(JSON.stringify(await events("anna-1")).match(/Quittengelee/g)).toHaveLength(3);
    expect(JSON.stringify(await events("anna-2")).match(/Pflaumenmus/g)!.length).toBeGreaterThan(3);

    now += 30 * DAY;
    await job.run();
    expect((await store.calls.listCalls({ limit: 10, filter: {} })).map(({ callId }) => callId)).toEqual(["anna-2-call"]);
    now += 30 * DAY;
    await job.run();
    expect(await store.find("anna-1")).toBeUndefined();
    expect(await store.find("anna-2")).toBeDefined();
    expect(await filesWith("Quittengelee")).toEqual([]);
  });

  test("a recording goes with the raw calls, or with its conversation, and is gone from every file", async () => {
    const job = new Retention({
      searched: notSearched,
      store: store.customerData,
      kept: { remember: async () => undefined, gone: async () => [] },
      assistants: () => [{ key: "shop", retention: { traceDays: 30 } }],
      server: {},
      letGo: () => undefined,
      clock,
      log: silent,
    });
    const record = async (conversationId: string, words: string) => {
      const place = { conversationId, voiceCallId: "voice-call-1" };
      await store.recordings.begin(place, now);
      for (let from = 0; from < 5_000; from += 1_000)
        await store.recordings.append(place, [{ side: "customer", from, audio: Buffer.from(words.repeat(10)) }]);
      await store.recordings.end(place, now, 1_000);
    };
    await talk("anna", "anna-1", "words");
    await record("anna-1", "Zwetschgenröster");
    now += 29 * DAY;
    await job.run();
    expect(await store.recordings.listOf("anna-1")).toHaveLength(1);
    await talk("anna", "anna-2", "words");
    await record("anna-2", "Marillenknödel");
    now += 2 * DAY;
    await job.run();
    expect(await store.recordings.listOf("anna-1")).toEqual([]);
    expect(await filesWith("Zwetschgenröster")).toEqual([]);
    expect(await store.recordings.listOf("anna-2")).toHaveLength(1);
    const copy = join(folder.path, "copy.sqlite");
    await store.customerData.backup(copy);
    expect(await filesWith("Marillenknödel")).toContain("copy.sqlite");
    await rm(copy);
    await new Listeners({ documents: store.documents, clock }).note(ADMIN, { conversationId: "anna-2", voiceCallId: "Topfenstrudel" });
    expect(await filesWith("Topfenstrudel")).not.toEqual([]);

    const all = erasures();
    await all.request(ADMIN, "anna");
    await all.idle();
    expect(await filesWith("Marillenknödel")).toEqual([]);
    // Who listened stays, but not to what.
    expect(await filesWith("Topfenstrudel")).toEqual([]);
    const [noted] = await store.documents.listAudit({ limit: 1, filter: { action: "conversation.listen" } });
    expect(noted).toMatchObject({ by: { id: ADMIN.id }, target: { id: "anna-2" } });
  });

  test("loses nothing of a turn that still waits: what is approved later runs with its arguments", async () => {
    const job = new Retention({
      searched: notSearched,
      store: store.customerData,
      kept: { remember: async () => undefined, gone: async () => [] },
      assistants: () => [{ key: "shop", retention: { traceDays: 1, resultDays: 1 } }],
      server: {},
      letGo: () => undefined,
      clock,
      log: silent,
    });
    await talk("anna", "anna-1", "Quittengelee");
    const { lastSeq } = (await store.find("anna-1"))!;
    const call = "anna-1-second";
    await store.append({
      conversationId: "anna-1",
      at: now,
      events: [
        message("second-message"),
        proposed(call, { arguments: { order: "1042" } }),
        approvalRequested("second-approval", call, { expiresAt: now + 9 * DAY }),
      ],
    });
    await rests("anna-1", lastSeq + 1);
    now += 2 * DAY;
    await job.run();
    const proposals = (await events("anna-1")).filter(({ type }) => type === "tool-call-proposed");
    expect(proposals[0]).not.toHaveProperty("arguments");
    expect(proposals[1]).toMatchObject({ arguments: { order: "1042" } });
    await rests("anna-1");
    await job.run();
    expect((await events("anna-1")).filter(({ type }) => type === "tool-call-proposed")[1]).not.toHaveProperty("arguments");
  });
});
