import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportCustomer } from "../../server/customer-data/customer-export.ts";
import { exportFileName, exportJson } from "../../server/customer-data/export-files.ts";
import { exportPage } from "../../server/customer-data/export-page.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { proposed } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { writeTalk } from "./write-talk.ts";

describe("what is kept of a customer", () => {
  const now = Date.UTC(2026, 10, 30, 5, 47);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Awaited<ReturnType<typeof openSqliteStore>>;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = await openSqliteStore({ path: join(folder.path, "frontdesk.sqlite") });
  });
  afterEach(async () => {
    await store.close();
    await folder.remove();
  });

  /** Of whoever the conversation is named after. */
  const talk = (conversationId: string, words: string) =>
    writeTalk(store, { at: now, customerId: conversationId.slice(0, 4), conversationId, words });

  const text = async (pieces: AsyncIterable<string>) => {
    let whole = "";
    for await (const piece of pieces) whole += piece;
    return whole;
  };

  test("is a page that people can read: who said what and when, what tools did, ratings and notes", async () => {
    await talk("anna-1", "Quittengelee");
    await store.append({
      conversationId: "anna-1",
      at: now + 60_000,
      events: [
        { type: "step-ended", turnId: "turn-0001", step: 1, text: "It is on its way." },
        { type: "feedback-given", turnId: "turn-0001", rating: "up", comment: "Quick.", by: { kind: "customer", id: "anna" } },
        { type: "reply-sent", messageId: "reply-0001", text: "Good morning.", by: { kind: "staff", id: "kim", name: "Kim Lee" } },
        { type: "voice-call-started", voiceCallId: "call-0001", by: { kind: "customer", id: "anna" }, via: "page", recorded: true },
        {
          type: "message-received",
          messageId: "message-0009",
          text: "Is it red?",
          by: { kind: "customer", id: "anna" },
          spoken: { voiceCallId: "call-0001" },
        },
        { type: "speech-cut", voiceCallId: "call-0001", kind: "answer", text: "It is red,", unheard: " I think.", cutBy: "speech" },
        { type: "voice-call-ended", voiceCallId: "call-0001", reason: "hung-up", durationMs: 42_300 },
        proposed("never-ended", { arguments: { order: "1043", lines: [{ sku: "mug" }] } }),
      ],
    });
    const websiteSays = { subject: "42", name: "Anna Bérg", attributes: { tier: "gold" } };
    const others = { connections: async () => [{ server: "club", connectedAt: now }], websiteSays: async () => websiteSays };
    const ports = { store: store.customerData, journal: store, recordings: store.recordings, others, now: () => now };
    const page = await text(exportPage(exportCustomer(ports, "anna")));
    const read = page
      .replaceAll(/<(style|details)>.*?<\/\1>/gs, " ")
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll(/\s+/g, " ");
    for (const words of [
      "What is kept about Anna Bérg Customer anna, as of 30 Nov 2026, 05:47 UTC",
      "Sign-ins at other services server club connectedAt 30 Nov 2026, 05:47 UTC",
      "tier gold",
      "The customer, 30 Nov 2026, 05:47 UTC Quittengelee",
      "Refund an order: Done Orders · 30 Nov 2026, 05:47 UTC approved by Ada, 30 Nov 2026, 05:47 UTC Quittengelee why Quittengelee",
      "Note of Ada, for the team alone, 30 Nov 2026, 05:47 UTC Quittengelee",
      "The assistant, 30 Nov 2026, 05:48 UTC It is on its way.",
      "The customer found the answer good, 30 Nov 2026, 05:48 UTC Quick.",
      "Kim Lee, 30 Nov 2026, 05:48 UTC Good morning.",
      "The customer called, and was told that the call is recorded, 30 Nov 2026, 05:48 UTC",
      "The customer, aloud, 30 Nov 2026, 05:48 UTC Is it red?",
      "The customer heard only, 30 Nov 2026, 05:48 UTC It is red,",
      "The call ended after 42 s, 30 Nov 2026, 05:48 UTC",
      "Refund an order: Did not end Orders · 30 Nov 2026, 05:48 UTC order 1043 lines sku mug",
    ])
      expect(read).toContain(words);
    expect(read).not.toMatch(/[{}]|\d{4}-\d\d-\d\dT/);
  });

  test("says where the recordings of calls are", async () => {
    await talk("anna-1", "Quittengelee");
    const place = { conversationId: "anna-1", voiceCallId: "voice-call-1" };
    await store.recordings.begin(place, now);
    await store.recordings.end(place, now, 61_000);
    const ports = { store: store.customerData, journal: store, recordings: store.recordings, others: {}, now: () => now };
    const file = "/api/v1/conversations/anna-1/recordings/voice-call-1.wav";
    expect(await text(exportPage(exportCustomer(ports, "anna")))).toContain(`61 s: ${file} of this server`);
    expect(JSON.parse(await text(exportJson(exportCustomer(ports, "anna"))))).toMatchObject({
      conversations: [{ id: "anna-1", recordings: [{ voiceCallId: "voice-call-1", startedAt: now, durationMs: 61_000, file }] }],
    });
  });

  test("is handed out in a file that is named after the customer and the day", () => {
    const of = (id: string, name?: string) =>
      exportFileName(
        { kind: "customer", id, exportedAt: Date.UTC(2026, 10, 30), others: name === undefined ? {} : { websiteSays: { name } } },
        "html",
      );
    expect(of("shop:42", "Anna Bérg")).toBe("Anna-Berg-2026-11-30.html");
    expect(of("shop:42", '../"\r\n李')).toBe("shop-42-2026-11-30.html");
    expect(of("a".repeat(200))).toBe(`${"a".repeat(60)}-2026-11-30.html`);
    expect(of("李")).toBe("customer-2026-11-30.html");
  });

  test("is handed out whole, as JSON and as a page, which no text of theirs can leave", async () => {
    await talk("anna-1", "<script>alert(1)</script> & more");
    await talk("anna-2", "second");
    await talk("bert-1", "Bert's");
    const ports = {
      store: store.customerData,
      journal: store,
      recordings: store.recordings,
      others: { connections: async () => [{ server: "club" }] },
      now: () => now,
    };
    const json = JSON.parse(await text(exportJson(exportCustomer(ports, "anna")))) as {
      conversations: { id: string; events: unknown[] }[];
    };
    expect(json).toMatchObject({
      customer: "anna",
      connections: [{ server: "club" }],
      conversations: [{ id: "anna-1" }, { id: "anna-2" }],
    });
    expect(json.conversations[0]!.events).toHaveLength(9);
    expect(JSON.stringify(json)).not.toContain("Bert");
    const page = await text(exportPage(exportCustomer(ports, "anna")));
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more");
    expect(page).not.toContain("<script>");
    // Whatever is kept is on the page: what people do not read stands below as JSON.
    expect(page.match(/Everything that is kept \(JSON\)/g)).toHaveLength(2);
    for (const { events: all } of json.conversations)
      for (const { seq, result, ...event } of all as { seq: number; type: string; result?: unknown }[]) {
        expect(page).toContain(`&quot;type&quot;:&quot;${event.type}&quot;`);
        expect(result === undefined || page.includes("<summary>Result</summary>")).toBe(true);
        expect(seq).toBeGreaterThan(0);
      }
    const nobody = { ...ports, others: {} };
    await expect(text(exportJson(exportCustomer(nobody, "nobody")))).rejects.toMatchObject({ code: "not-found" });
  });
});
