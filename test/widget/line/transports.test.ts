import type { Socket } from "node:net";
import { beforeEach, expect, test, vi } from "vitest";
import { becomes, hearLine, nothingMore, stopClock } from "./heard-line.ts";
import { openRawPeer, type RawPeer } from "./raw-peer.ts";

const LEAVE = { conversationId: "conversation-1" };

beforeEach(stopClock);

/** WebSockets are neither opened nor refused, as by some proxies. Gives those that wait. */
function swallowWebSockets(peer: RawPeer): Socket[] {
  const swallowed: Socket[] = [];
  peer.http.removeAllListeners("upgrade").on("upgrade", (_request, socket: Socket) => void swallowed.push(socket.resume()));
  return swallowed;
}

test("a WebSocket comes first", async () => {
  const peer = await openRawPeer();
  const { heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  expect(peer.sessions.map(({ transport }) => transport)).toEqual(["websocket"]);
});

test("where WebSockets are refused the line polls, within the same try, and frames keep their order", async () => {
  const peer = await openRawPeer(["polling"]);
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const [session] = peer.sessions;
  expect(session!.transport).toBe("polling");
  const reply = line.request("conversation-leave", LEAVE);
  await becomes(() => session!.received.length, 2);
  for (const text of ["a", "b", "c"]) session!.send(`2["text",{"text":"${text}"}]`);
  session!.send('30[{"ok":true}]');
  expect(await reply).toEqual({ ok: true });
  expect(heard).toEqual(["welcome", "text a", "text b", "text c"]);
  line.close();
  await becomes(() => session!.isOpen, false);
  expect(session!.received.at(-1)).toBe("1");
});

test("where WebSockets are swallowed the next try polls", async () => {
  const peer = await openRawPeer();
  const swallowed = swallowWebSockets(peer);
  const { line, heard } = hearLine(peer.url);
  await becomes(() => swallowed.length, 1);
  vi.advanceTimersByTime(9_999);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(heard).toEqual(["lost"]);
  vi.advanceTimersByTime(500);
  await becomes(() => heard, ["lost", "welcome"]);
  expect(peer.sessions.map(({ transport }) => transport)).toEqual(["polling"]);
  // It tries to get a WebSocket meanwhile, which is swallowed too.
  await becomes(() => swallowed.length, 2);
  const reply = line.request("conversation-leave", LEAVE);
  await becomes(() => peer.sessions[0]!.received.length, 2);
  peer.sessions[0]!.send('30[{"ok":true}]');
  expect(await reply).toEqual({ ok: true });
});

test("a line that polls takes a WebSocket when it gets one", async () => {
  const peer = await openRawPeer();
  const upgrade = peer.http.listeners("upgrade");
  const swallowed = swallowWebSockets(peer);
  const { heard } = hearLine(peer.url);
  await becomes(() => swallowed.length, 1);
  vi.advanceTimersByTime(10_000);
  peer.http.removeAllListeners("upgrade");
  for (const listener of upgrade) peer.http.on("upgrade", listener as () => void);
  vi.advanceTimersByTime(500);
  await becomes(() => peer.sessions[0]?.transport, "websocket");
  peer.sessions[0]!.send('2["more",[1,2,"end"]]');
  await becomes(() => heard, ["lost", "welcome", "more 1 2 end"]);
});

test("why a page is turned away is heard where WebSockets are swallowed, too", async () => {
  const peer = await openRawPeer();
  const swallowed = swallowWebSockets(peer);
  peer.http.removeAllListeners("request").on("request", (_request, response) => {
    response.writeHead(403).end('{"error":{"code":"origin-refused","message":"This website is not allowed."}}');
  });
  const { heard } = hearLine(peer.url);
  await becomes(() => swallowed.length, 1);
  vi.advanceTimersByTime(10_000);
  vi.advanceTimersByTime(500);
  await becomes(() => heard, ["lost", "lost", "refused origin-refused"]);
  vi.advanceTimersByTime(60_000);
  await nothingMore(() => swallowed.length);
});

test.for(["", "[]", "null", '{"error":null}', '{"error":{"code":1,"message":"Session ID unknown"}}', '{"code":1,"message":"no"}', "<p>No"])(
  "an answer at the door that says nothing of ours is a failed try: %s",
  async (body) => {
    const peer = await openRawPeer(["polling"]);
    const answer = peer.http.listeners("request");
    peer.http.removeAllListeners("request").on("request", (_request, response) => response.writeHead(403).end(body));
    const { heard } = hearLine(peer.url);
    await becomes(() => heard, ["lost"]);
    peer.http.removeAllListeners("request");
    for (const listener of answer) peer.http.on("request", listener as () => void);
    vi.advanceTimersByTime(500);
    await becomes(() => heard, ["lost", "welcome"]);
  },
);

test.for(["websocket", "polling"] as const)("an owner that throws does not stop what comes after (%s)", async (transport) => {
  const faults: unknown[] = [];
  const keep = (fault: unknown): void => void faults.push(fault);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", keep);
  const peer = await openRawPeer([transport]);
  const { heard } = hearLine(peer.url, () => ({
    progress() {
      throw new Error("The owner is at fault.");
    },
  }));
  await becomes(() => heard, ["welcome"]);
  peer.sessions[0]!.send('2["progress",{"progress":1}]');
  await becomes(() => faults.map(String), ["Error: The owner is at fault."]);
  peer.sessions[0]!.send('2["text",{"text":"after it"}]');
  await becomes(() => heard, ["welcome", "text after it"]);
  process.removeAllListeners("unhandledRejection");
  for (const listener of others) process.on("unhandledRejection", listener);
});

test("a server's address may be of IPv6", async ({ skip }) => {
  const peer = await openRawPeer(["websocket", "polling"], "::1").catch(() => skip("This machine has no IPv6."));
  const { heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
});
