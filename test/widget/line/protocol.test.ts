import { beforeEach, expect, test, vi } from "vitest";
import { LineLostError } from "../../../widget/line/line.ts";
import { becomes, hearLine, stopClock } from "./heard-line.ts";
import { openRawPeer, WELCOMED } from "./raw-peer.ts";

const LEAVE = { conversationId: "conversation-1" };

beforeEach(stopClock);

test("a request has an id, and its reply may come in any order, once", async () => {
  const peer = await openRawPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const replies = Promise.all([line.request("conversation-leave", LEAVE), line.request("conversation-leave", LEAVE)]);
  const [session] = peer.sessions;
  await becomes(
    () => session!.received.slice(1),
    ['20["conversation-leave",{"conversationId":"conversation-1"}]', '21["conversation-leave",{"conversationId":"conversation-1"}]'],
  );
  for (const ack of ['31[{"ok":true,"seq":1}]', '31[{"ok":false}]', '37[{"ok":false}]', "3[]", '30[{"ok":true,"seq":0}]'])
    session!.send(ack);
  expect(await replies).toEqual([
    { ok: true, seq: 0 },
    { ok: true, seq: 1 },
  ]);
  expect(heard).toEqual(["welcome"]);
});

test.for([
  "",
  "9",
  "hello",
  "2",
  "2{}",
  '2["text"',
  '2/admin,["text"]',
  '0/admin,{"sid":"1"}',
  '51-["text",{"_placeholder":true}]',
  "3",
  "30",
  '30{"ok":true}',
])("a packet that is none ends the connection, and the line comes back: %j", async (packet) => {
  const peer = await openRawPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const request = expect(line.request("conversation-leave", LEAVE)).rejects.toBeInstanceOf(LineLostError);
  peer.sessions[0]!.send(packet);
  await becomes(() => heard, ["welcome", "lost"]);
  await request;
  await becomes(() => peer.sessions[0]!.isOpen, false);
  vi.advanceTimersByTime(500);
  await becomes(() => heard, ["welcome", "lost", "welcome"]);
});

test("what a newer server may say is left alone", async () => {
  const peer = await openRawPeer();
  const { heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const [session] = peer.sessions;
  for (const name of ["news", "lost", "refused", "constructor", "__proto__", ""]) session!.send(`2${JSON.stringify([name, {}])}`);
  session!.send("2[]");
  session!.send('24["text",{"text":"with an id"}]');
  session!.send('0{"sid":"again"}');
  session!.send('2["more",[1,2,"end"]]');
  await becomes(() => heard.at(-1), "more 1 2 end");
  expect(heard).toEqual(["welcome", "text with an id", "more 1 2 end"]);
  // The line acknowledges nothing: no frame of ours asks for it.
  expect(session!.received).toHaveLength(1);
});

test("a request without a reply is lost after 15 s, and the line connects anew; the reply that comes too late is nobody's", async () => {
  const peer = await openRawPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const requests = [1, 2].map(() => expect(line.request("conversation-leave", LEAVE)).rejects.toBeInstanceOf(LineLostError));
  await becomes(() => peer.sessions[0]!.received.length, 3);
  vi.advanceTimersByTime(14_999);
  expect(heard).toEqual(["welcome"]);
  vi.advanceTimersByTime(1);
  await Promise.all(requests);
  peer.sessions[0]!.send('30[{"ok":true}]');
  await becomes(() => heard, ["welcome", "lost", "welcome"]);
  expect(peer.sessions).toHaveLength(2);
  await becomes(() => peer.sessions[0]!.received.at(-1), "1");
  const request = line.request("conversation-leave", LEAVE);
  await becomes(() => peer.sessions[1]!.received.length, 2);
  peer.sessions[1]!.send('30[{"ok":false}]');
  peer.sessions[1]!.send('32[{"ok":true}]');
  expect(await request).toEqual({ ok: true });
});

test("the patience with a request ends with its reply, and with its connection", async () => {
  const peer = await openRawPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const answered = line.request("conversation-leave", LEAVE);
  await becomes(() => peer.sessions[0]!.received.length, 2);
  peer.sessions[0]!.send('30[{"ok":true}]');
  await answered;
  const lost = expect(line.request("conversation-leave", LEAVE)).rejects.toBeInstanceOf(LineLostError);
  vi.advanceTimersByTime(14_000);
  peer.sessions[0]!.end();
  await lost;
  vi.advanceTimersByTime(500);
  await becomes(() => heard, ["welcome", "lost", "welcome"]);
  vi.advanceTimersByTime(20_000);
  expect(heard).toEqual(["welcome", "lost", "welcome"]);
});

test("a refusal that time heals is tried again after the time that it names, or after ten seconds", async () => {
  const peer = await openRawPeer();
  peer.answer = ['4{"message":"busy","data":{"code":"busy","message":"Many people are writing.","retryAfterMs":70}}'];
  const { heard } = hearLine(peer.url);
  await becomes(() => heard, ["lost"]);
  peer.answer = ['4{"message":"internal","data":{"code":"internal","message":"Something went wrong."}}'];
  vi.advanceTimersByTime(69);
  expect(peer.sessions).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await becomes(() => heard, ["lost", "lost"]);
  peer.answer = WELCOMED;
  vi.advanceTimersByTime(9_999);
  expect(peer.sessions).toHaveLength(2);
  vi.advanceTimersByTime(1);
  await becomes(() => heard, ["lost", "lost", "welcome"]);
});

test.for(["4", '4{"message":"no"}', '4{"message":"no","data":{}}', '4{"message":"no","data":null}', "4null"])(
  "a refusal without a reason of ours is tried again after ten seconds: %s",
  async (refusal) => {
    const peer = await openRawPeer();
    peer.answer = [refusal];
    const { heard } = hearLine(peer.url);
    await becomes(() => heard, ["lost"]);
    peer.answer = WELCOMED;
    vi.advanceTimersByTime(9_999);
    expect(peer.sessions).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await becomes(() => heard, ["lost", "welcome"]);
  },
);

test("a refusal that time does not heal is told once, and nothing is tried", async () => {
  const peer = await openRawPeer();
  peer.answer = ['4{"message":"no","data":{"code":"unknown-assistant","message":"There is no such assistant."}}'];
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["refused unknown-assistant"]);
  await becomes(() => peer.sessions[0]!.isOpen, false);
  vi.advanceTimersByTime(3_600_000);
  expect(peer.sessions).toHaveLength(1);
  peer.answer = WELCOMED;
  line.reconnect();
  await becomes(() => heard, ["refused unknown-assistant", "welcome"]);
});

test.for(["says good-bye", "breaks"])("a request in whose middle the connection %s is lost, and is told once", async (how) => {
  const peer = await openRawPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const request = expect(line.request("conversation-leave", LEAVE)).rejects.toBeInstanceOf(LineLostError);
  const [session] = peer.sessions;
  await becomes(() => session!.received.length, 2);
  if (how === "breaks") session!.end();
  else session!.send("1");
  await request;
  expect(heard).toEqual(["welcome", "lost"]);
  await becomes(() => session!.isOpen, false);
  vi.advanceTimersByTime(500);
  await becomes(() => heard, ["welcome", "lost", "welcome"]);
  expect(session!.received).toHaveLength(2);
});
