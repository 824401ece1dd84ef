import { beforeEach, expect, test, vi } from "vitest";
import { LineLostError } from "../../../widget/line/line.ts";
import { becomes, hearLine, nothingMore, stopClock } from "./heard-line.ts";
import { openRawPeer, type RawPeer } from "./raw-peer.ts";

const LEAVE = { conversationId: "conversation-1" };

beforeEach(stopClock);

test("of two reconnects in a row the second counts, with its own hello", async () => {
  const peer = await openRawPeer();
  let token = 0;
  const { line, heard } = hearLine(peer.url, undefined, () => ({
    version: 1,
    assistant: "shop",
    sessionId: "session-1",
    token: `${token}`,
  }));
  await becomes(() => heard, ["welcome"]);
  token++;
  line.reconnect();
  token++;
  line.reconnect();
  expect(heard).toEqual(["welcome", "lost"]);
  await becomes(() => heard, ["welcome", "lost", "welcome"]);
  expect(peer.sessions.at(-1)!.received[0]).toContain('"token":"2"');
  await becomes(() => peer.sessions.filter(({ isOpen }) => isOpen).length, 1);
});

test("a reconnect from within the welcome says hello again", async () => {
  const peer = await openRawPeer();
  let welcomes = 0;
  const { heard } = hearLine(peer.url, (line) => ({
    welcome: () => {
      if (++welcomes === 1) line().reconnect();
    },
  }));
  await becomes(() => welcomes, 2);
  expect(heard).toEqual(["lost"]);
  await becomes(() => peer.sessions.map(({ isOpen }) => isOpen), [false, true]);
});

test("closed while it connects, a line says nothing and leaves nothing behind", async () => {
  const peer = await openRawPeer();
  const swallowed: { destroyed: boolean }[] = [];
  peer.http.removeAllListeners("upgrade").on("upgrade", (_request, socket) => {
    swallowed.push(socket);
    socket.on("end", () => socket.destroy()).resume();
  });
  const { line, heard } = hearLine(peer.url);
  await becomes(() => swallowed.length, 1);
  line.close();
  await becomes(() => swallowed[0]!.destroyed, true);
  line.reconnect();
  vi.advanceTimersByTime(60_000);
  await nothingMore(() => swallowed.length);
  expect(heard).toEqual([]);
});

test("closed while the reason for turning it away is read, a line says nothing", async () => {
  const read = vi.spyOn(Response.prototype, "json");
  const { peer, tellReason } = await slowlyRefusingPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["lost"]);
  line.close();
  tellReason();
  expect(await read.mock.results[0]!.value).toMatchObject({ error: { code: "origin-refused" } });
  await new Promise((resolve) => setImmediate(resolve));
  read.mockRestore();
  expect(heard).toEqual(["lost"]);
});

test("why an earlier try was turned away says nothing of the present one", async () => {
  const { peer, tellReason, letIn } = await slowlyRefusingPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["lost"]);
  letIn();
  line.reconnect();
  tellReason();
  await becomes(() => heard, ["lost", "welcome"]);
});

/** Turns the first poll away, and says the reason when it is told to. Polls that come after `letIn` are welcome. */
async function slowlyRefusingPeer(): Promise<{ readonly peer: RawPeer; tellReason(): void; letIn(): void }> {
  const peer = await openRawPeer(["polling"]);
  const welcoming = peer.http.listeners("request");
  let tellReason = (): void => {};
  peer.http.removeAllListeners("request").on("request", (_request, response) => {
    response.writeHead(403).write('{"error":');
    tellReason = () => response.end('{"code":"origin-refused","message":"Not allowed."}}');
  });
  return {
    peer,
    tellReason: () => tellReason(),
    letIn: () => {
      peer.http.removeAllListeners("request");
      for (const listener of welcoming) peer.http.on("request", listener as () => void);
    },
  };
}

test("after a sleep in which the heartbeat went missing, a request is lost at once, and the line comes back", async () => {
  const peer = await openRawPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  vi.setSystemTime(Date.now() + 3_600_000);
  await expect(line.request("conversation-leave", LEAVE)).rejects.toBeInstanceOf(LineLostError);
  await becomes(() => heard, ["welcome", "lost"]);
  expect(peer.sessions[0]!.received).toHaveLength(1);
  vi.advanceTimersByTime(500);
  await becomes(() => heard, ["welcome", "lost", "welcome"]);
});

test("a server that falls silent is left when its heartbeat is due", async () => {
  const peer = await openRawPeer();
  const { heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  // Whatever the server sends meanwhile arrives too late: time moves at once.
  vi.advanceTimersByTime(44_000);
  expect(heard).toEqual(["welcome"]);
  vi.advanceTimersByTime(1_000);
  expect(heard).toEqual(["welcome", "lost"]);
});

test("what a view asks may wait for a person: the line is not taken for stuck", async () => {
  const peer = await openRawPeer();
  const { line, heard } = hearLine(peer.url);
  await becomes(() => heard, ["welcome"]);
  const reply = line.request("view-call", { conversationId: "conversation-1", callId: "call-1", requestId: "request-1", name: "save" });
  await vi.advanceTimersByTimeAsync(16_000);
  expect(heard).toEqual(["welcome"]);
  peer.sessions[0]!.send('30[{"ok":true,"result":{"content":[]}}]');
  expect(await reply).toEqual({ ok: true, result: { content: [] } });
});
