import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Listeners } from "../../../server/customer-data/listeners.ts";
import { recordingsRoutes } from "../../../server/http/api/routes/recordings-routes.ts";
import { openSqliteStore } from "../../../server/store/sqlite/sqlite-store.ts";
import { begin, CONVERSATION } from "../../contract/store-drafts.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { standingClock, startApi } from "./api-harness.ts";

const support = { Authorization: "Bearer support" };
const PLACE = { conversationId: CONVERSATION, voiceCallId: "voice-call-1" } as const;
const LENGTH_MS = 7_000;
const HEADER = 58;
const SILENCE = 0xff;

/** A call of seven seconds: the customer speaks in the first two, the assistant from the sixth on. */
async function recorded() {
  const folder = await temporaryFolder();
  const store = await openSqliteStore({ path: join(folder.path, "frontdesk.sqlite") });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await begin(store);
  const bytes = (count: number, value: number) => Uint8Array.from({ length: count }, (_, index) => value + (index % 50));
  await store.recordings.begin(PLACE, 1_000);
  await store.recordings.append(PLACE, [
    { side: "customer", from: 0, audio: bytes(32_000, 0) },
    { side: "assistant", from: 80_001, audio: bytes(16_000, 100) },
  ]);
  await store.recordings.end(PLACE, 8_000, LENGTH_MS);
  const clock = standingClock();
  const listeners = new Listeners({ documents: store.documents, clock });
  const api = await startApi(recordingsRoutes({ recordings: store.recordings, journal: store, listeners }));
  const log = async () => (await store.documents.listAudit({ limit: 100, filter: {} })).toReversed();
  const file = (headers: Readonly<Record<string, string>> = {}, method = "GET") =>
    fetch(`${api.url}/conversations/${CONVERSATION}/recordings/voice-call-1.wav`, { method, headers: { ...support, ...headers } });
  const whole = new Uint8Array(await (await file()).arrayBuffer());
  return { api, file, whole, store, clock, log };
}

test("a call's recording is a stereo file: the customer on the left, the assistant on the right, silence between", async () => {
  const { api, file, whole } = await recorded();
  const { json } = await api.fetch("GET", `/conversations/${CONVERSATION}/recordings`, { headers: support });
  const samples = 16 * LENGTH_MS;
  const bytes = HEADER + 2 * samples;
  expect(json).toEqual({ items: [{ voiceCallId: "voice-call-1", startedAt: 1_000, durationMs: LENGTH_MS, endedAt: 8_000, bytes }] });
  const answer = await file({}, "HEAD");
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "audio/wav",
    "content-length": String(bytes),
    "accept-ranges": "bytes",
    "cache-control": "no-store",
  });
  expect(whole.length).toBe(bytes);
  const view = new DataView(whole.buffer);
  const word = (at: number) => String.fromCharCode(...whole.subarray(at, at + 4));
  expect([word(0), word(8), word(12), word(38), word(50)]).toEqual(["RIFF", "WAVE", "fmt ", "fact", "data"]);
  expect([view.getUint32(4, true), view.getUint32(46, true), view.getUint32(54, true)]).toEqual([bytes - 8, samples, 2 * samples]);
  // µ-law, two channels, 16 kHz, two bytes for both.
  expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true), view.getUint16(32, true)]).toEqual([
    7, 2, 16_000, 2,
  ]);
  const at = (sample: number) => [...whole.subarray(HEADER + 2 * sample, HEADER + 2 * sample + 2)];
  expect([0, 31_999, 32_000, 80_000, 80_001, 96_000, 96_001].map(at)).toEqual([
    [0, SILENCE],
    [31_999 % 50, SILENCE],
    [SILENCE, SILENCE],
    [SILENCE, SILENCE],
    [SILENCE, 100],
    [SILENCE, 100 + (15_999 % 50)],
    [SILENCE, SILENCE],
  ]);
});

test("a player gets the part that it asks for, to the byte", async () => {
  const { file, whole } = await recorded();
  const last = whole.length - 1;
  for (const [range, from, to] of [
    ["bytes=0-0", 0, 0],
    ["bytes=0-", 0, last],
    ["bytes=57-60", 57, 60],
    ["bytes=59-59", 59, 59],
    // Over the places where pieces are read anew.
    ["bytes=64057-64060", 64_057, 64_060],
    ["bytes=160000-200001", 160_000, 200_001],
    [`bytes=${last}-`, last, last],
    ["bytes=-3", last - 2, last],
    [`bytes=1-${last + 1_000}`, 1, last],
  ] as const) {
    const answer = await file({ Range: range });
    expect([range, answer.status, answer.headers.get("content-range")]).toEqual([range, 206, `bytes ${from}-${to}/${whole.length}`]);
    const part = new Uint8Array(await answer.arrayBuffer());
    expect([range, Buffer.compare(part, whole.subarray(from, to + 1))]).toEqual([range, 0]);
  }
  for (const range of ["bytes=0-1,5-6", "lines=1-2", "bytes=x"]) {
    const answer = await file({ Range: range });
    expect([range, answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([range, 200, whole.length]);
  }
  const beyond = await file({ Range: `bytes=${whole.length}-` });
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${whole.length}`]);
});

test("what is not recorded is not found, and whoever may not read conversations hears nothing", async () => {
  const { api } = await recorded();
  const status = async (path: string, role = "support") =>
    (await api.fetch("GET", `/conversations/${path}`, { headers: { Authorization: `Bearer ${role}` } })).status;
  expect(await status(`${CONVERSATION}/recordings/voice-call-2.wav`)).toBe(404);
  expect(await status(`${CONVERSATION}/recordings/voice-call-1`)).toBe(404);
  expect(await status(`${CONVERSATION}/recordings/.wav`)).toBe(404);
  expect(await status("nowhere/recordings")).toBe(404);
  expect(await status(`${CONVERSATION}/recordings/voice-call-1.wav`, "owner")).toBe(403);
  expect(await status(`${CONVERSATION}/recordings`, "owner")).toBe(403);
});

test("who listens is in the audit log: once in an hour for each recording, however often a player asks", async () => {
  const { file, store, clock, log } = await recorded();
  const by = { kind: "key", id: "support", name: "support" };
  const entry = (at: number, who: object = by, voiceCallId = "voice-call-1") => ({
    id: expect.any(Number),
    at,
    by: who,
    action: "conversation.listen",
    target: { kind: "conversation", id: CONVERSATION },
    after: { voiceCallId },
  });
  const begun = clock.now();
  // `recorded` has read all of it; a player asks for several parts at once.
  expect(await log()).toEqual([entry(begun)]);
  clock.move(3_599_999);
  await Promise.all(["bytes=0-", "bytes=100-200", "bytes=9-"].map((Range) => file({ Range })));
  expect(await log()).toEqual([entry(begun)]);
  clock.move(1);
  await Promise.all(["bytes=0-", "bytes=100-200", "bytes=9-"].map((Range) => file({ Range })));
  const again = entry(begun + 3_600_000);
  expect(await log()).toEqual([entry(begun), again]);
  // Somebody else, and another recording.
  await file({ Authorization: "Bearer admin" });
  await store.recordings.begin({ ...PLACE, voiceCallId: "voice-call-2" }, 9_000);
  const { url } = await file();
  await fetch(url.replace("voice-call-1", "voice-call-2"), { headers: support });
  expect(await log()).toEqual([
    entry(begun),
    again,
    entry(clock.now(), { kind: "key", id: "admin", name: "admin" }),
    entry(clock.now(), by, "voice-call-2"),
  ]);
});

test("nobody listens who could not be noted; a list, and what is refused, are no listening", async () => {
  const { api, file, clock, store, log } = await recorded();
  await api.fetch("GET", `/conversations/${CONVERSATION}/recordings`, { headers: { Authorization: "Bearer admin" } });
  await file({ Authorization: "Bearer owner" });
  expect(await log()).toHaveLength(1);
  clock.move(3_600_000);
  vi.spyOn(store.documents, "write").mockRejectedValue(new Error("The disk is full."));
  const answer = await file();
  expect([answer.status, answer.headers.get("content-type")]).toEqual([500, expect.stringContaining("problem+json")]);
});
