import { io as connect } from "socket.io-client";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { HelloFrame, RequestName } from "../../protocol/frames.ts";
import { ask, CONVERSATION, HELLO, type LineHarness, OTHER_ORIGIN, openLine, SHOP_ORIGIN } from "../live/line-harness.ts";
import { openRawPeer, type RawPeer } from "../widget/line/raw-peer.ts";

/**
 * socket.io's own client is the reference: against the same server, the widget's line has to hear, do and write the
 * same. A browser says where a page is from; Node has to be told, before the line's library keeps its classes.
 */
const page = vi.hoisted(() => {
  const of = { origin: "" };
  const { WebSocket: NodeWebSocket, fetch: nodeFetch } = globalThis;
  globalThis.WebSocket = class extends NodeWebSocket {
    constructor(url: string) {
      super(url, { headers: { origin: of.origin } } as never);
    }
  } as typeof WebSocket;
  globalThis.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("origin", of.origin);
    return nodeFetch(input, { ...init, headers });
  };
  return of;
});

const { openSocketLine } = await import("../../widget/line/socket-line.ts");

beforeEach(() => {
  page.origin = SHOP_ORIGIN;
});

type Heard = [name: string, frame: unknown];
interface Peer {
  readonly heard: Heard[];
  ask(name: RequestName, frame: object): Promise<unknown>;
  close(): void;
}
type Open = (url: string, hello?: HelloFrame) => Peer;
const FRAMES = ["events", "text", "more", "progress"] as const;

const openReference: Open = (url, hello = HELLO) => {
  const heard: Heard[] = [];
  const socket = connect(url, {
    path: "/line",
    transports: ["websocket", "polling"],
    forceNew: true,
    auth: { ...hello },
    extraHeaders: { Origin: page.origin },
  });
  onTestFinished(() => void socket.disconnect());
  for (const name of ["welcome", ...FRAMES]) socket.on(name, (frame: unknown) => void heard.push([name, frame]));
  socket.on("disconnect", () => void heard.push(["lost", undefined]));
  socket.on("connect_error", (error) => void heard.push(["refused", (error as { data?: unknown }).data]));
  return { heard, ask: (name, frame) => ask(socket, name, frame), close: () => void socket.disconnect() };
};

const openOurs: Open = (url, hello = HELLO) => {
  const heard: Heard[] = [];
  const hear = (name: string) => (frame?: unknown) => void heard.push([name, frame]);
  const line = openSocketLine({
    server: url,
    assistant: "shop",
    hello: () => hello,
    listener: {
      welcome: hear("welcome"),
      events: hear("events"),
      text: hear("text"),
      more: hear("more"),
      progress: hear("progress"),
      renew: hear("renew"),
      typing: hear("typing"),
      "page-call": hear("page-call"),
      lost: hear("lost"),
      refused: hear("refused"),
    },
  });
  onTestFinished(() => line.close());
  return { heard, ask: (name, frame) => line.request(name, frame as never), close: () => line.close() };
};

/** What both say without what is new for each: the tokens and ids of customers. */
const known = (heard: readonly Heard[]): unknown =>
  JSON.parse(JSON.stringify(heard).replaceAll(/"(token|customerId)":"[^"]*"/g, '"$1":"…"'));

async function both(run: (open: Open) => Promise<unknown>): Promise<void> {
  expect(await run(openOurs)).toEqual(await run(openReference));
}
const until = <T>(look: () => T) => expect.poll(look);

test("against the server, both hear the same and the desk is asked the same", async () => {
  await both(async (open) => {
    const server = await openLine();
    const peer = open(server.url, { ...HELLO, more: true });
    await until(() => peer.heard.length).toBe(1);
    const replies = [
      await peer.ask("conversation-open", { conversationId: CONVERSATION }),
      await peer.ask("message-send", { conversationId: CONVERSATION, messageId: "message-one", text: 'Grüße\u2028"1" \ud83d\ude00' }),
      await peer.ask("message-send", { conversationId: CONVERSATION }),
      ...(await Promise.all([1, 2, 3].map((before) => peer.ask("conversation-page", { conversationId: CONVERSATION, before })))),
    ];
    sendAll(server);
    await until(() => peer.heard.length).toBe(6);
    peer.close();
    await until(() => server.sockets()).toBe(0);
    const calls = JSON.parse(JSON.stringify(server.calls.map(([method, , ...asked]) => [method, ...asked]))) as unknown;
    return { heard: known(peer.heard.slice(0, 6)), replies, calls };
  });
});

function sendAll({ room }: LineHarness): void {
  const step = { conversationId: CONVERSATION, turnId: "turn-0001", step: 0, stream: 7 };
  room.text({ ...step, offset: 0, text: "Hel" });
  room.text({ ...step, offset: 3, text: "lo" });
  room.progress({ conversationId: CONVERSATION, callId: "call-0001", progress: 1, total: 2 });
  room.events(CONVERSATION, [{ type: "turn-started", turnId: "turn-0001", runId: "run-1", seq: 2, at: 42 }] as never);
  room.text({ ...step, offset: 5, text: "!" });
}

test("against the server, both are refused with the same words", async () => {
  page.origin = OTHER_ORIGIN;
  await both(async (open) => {
    const server = await openLine();
    const { heard } = open(server.url);
    await until(() => heard.length).toBe(1);
    return heard;
  });
});

test("both come back after the same ends, and write the same packets", async () => {
  await both(async (open) => {
    const peer: RawPeer = await openRawPeer();
    const client = open(peer.url);
    await until(() => client.heard.length).toBe(1);
    const lost = client.ask("conversation-leave", { conversationId: CONVERSATION }).catch(() => "lost");
    await until(() => peer.sessions[0]!.received.length).toBe(2);
    peer.sessions[0]!.send("2[not JSON");
    await until(() => client.heard.filter(([name]) => name === "welcome").length).toBe(2);
    peer.sessions[1]!.end();
    await until(() => client.heard.filter(([name]) => name === "welcome").length).toBe(3);
    client.close();
    await until(() => peer.sessions.some(({ isOpen }) => isOpen)).toBe(false);
    await until(() => peer.sessions[2]!.received.at(-1)).toBe("1");
    const names = client.heard.map(([name]) => name);
    return { lost: await lost, names: names.slice(0, 5), received: peer.sessions.map(({ received }) => received) };
  });
});
