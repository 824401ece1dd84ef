import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ToolContent } from "../../protocol/content.ts";
import type { Trace } from "../../protocol/frames.ts";
import { readCallDetails } from "../../server/conversation/call-details.ts";
import type { StoredResult } from "../../server/conversation/ports/store.ts";
import { openSqliteStore } from "../../server/store/sqlite/sqlite-store.ts";
import { begin, CONVERSATION, ended, proposed, summary } from "../contract/store-drafts.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { watchStore, type WatchedStore } from "../support/watched-store.ts";

const READ = { conversationId: CONVERSATION, callId: "call-0001" };
const MEGABYTES = 4_000_000;
const LONG = "3 chairs, sent. ".repeat(MEGABYTES / 16);
const IMAGE: ToolContent = { kind: "image", mimeType: "image/png", data: "A".repeat(40_000) };

async function keep(result: StoredResult): Promise<WatchedStore> {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.db") });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await begin(store);
  const argument = { note: "n".repeat(100_000) };
  const events = [proposed("call-0001", { arguments: argument }), ended("call-0001")];
  await store.append({ conversationId: CONVERSATION, at: 2, events, results: { "call-0001": result } });
  return watchStore(store);
}

describe("reading a result", () => {
  const texts = (...all: string[]): ToolContent[] => all.map((text) => ({ kind: "text", text }));

  test.each<[string, Trace, StoredResult]>([
    ["a long text", "full", { content: texts(LONG) }],
    ["a long text", "summary", { content: texts(LONG) }],
    ["a long text", "hidden", { content: texts(LONG) }],
    ["exact data", "full", { content: [], structured: { list: [LONG] } }],
    ["exact data", "summary", { content: texts("See there."), structured: { list: [LONG] } }],
    ["a file's text", "full", { content: [{ kind: "resource", uri: "file:///a", text: LONG }] }],
    ["a file's bytes", "full", { content: [{ kind: "resource", uri: "file:///a", blob: LONG }] }],
    ["a picture after a long text", "summary", { content: [...texts(LONG), IMAGE] }],
    ["a picture before a long text", "full", { content: [IMAGE, ...texts(LONG)] }],
    ["a hundred thousand empty pieces", "summary", { content: texts(...Array.from({ length: 100_000 }, () => "")) }],
  ])("of %s costs what it answers, from the second time on (trace %s)", async (_what, trace, result) => {
    const { store, bytes, wholes } = await keep(result);
    const first = await readCallDetails(store, READ, trace);
    const answer = JSON.stringify(first).length;
    const before = bytes();
    for (let time = 0; time < 30; time += 1) expect(JSON.stringify(await readCallDetails(store, READ, trace))).toHaveLength(answer);
    expect(wholes()).toBe(1);
    expect(bytes() - before).toBeLessThanOrEqual(30 * (answer + 1_000));
  });

  test.each<[string, Trace, StoredResult]>([
    ["pictures alone", "summary", { content: [{ ...IMAGE, data: "A".repeat(MEGABYTES) }] }],
    ["many texts that are not cut", "full", { content: texts(...Array.from({ length: 60 }, () => "x".repeat(60_000))) }],
    ["something small", "full", { content: texts("42") }],
    ["something small", "summary", { content: texts("42") }],
  ])("of %s keeps no second copy (trace %s)", async (_what, trace, result) => {
    const { store } = await keep(result);
    await readCallDetails(store, READ, trace);
    for (const view of ["details", "media"] as const) expect(await store.readResultView(CONVERSATION, "call-0001", view)).toBeUndefined();
  });

  test("goes on while the view of it cannot be kept", async () => {
    const { store } = await keep({ content: texts(LONG) });
    const full = { ...store, keepResultView: () => Promise.reject(new Error("disk full")) };
    const { readResult, readResultView, findCall, findEdit } = store;
    const details = await readCallDetails({ ...full, readResult, readResultView, findCall, findEdit }, READ, "full");
    expect(details.cutToBytes).toBe(65_536);
  });

  test("that was not kept, or of a call that is not there, costs nothing", async () => {
    const { store } = await keep({ content: texts("42") });
    await expect(readCallDetails(store, { ...READ, callId: "call-0009" }, "summary")).rejects.toMatchObject({ code: "unknown-call" });
    await expect(readCallDetails(store, { ...READ, callId: "call-0009" }, "full")).rejects.toMatchObject({ code: "unknown-call" });
    await store.append({ conversationId: CONVERSATION, at: 3, events: [summary(1)], forgetResults: ["call-0001"] });
    expect(await readCallDetails(store, READ, "summary")).toEqual({ callId: "call-0001", content: [] });
    expect(await readCallDetails(store, READ, "full")).toMatchObject({ callId: "call-0001", content: [], arguments: {} });
  });
});
