/**
 * What an event costs the server while 200 of the staff watch its conversation, over real sockets. The floor is what
 * socket.io itself takes to send the same frame to the same room. Run alone: `npm run bench -- --only staff-line`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io as connect } from "socket.io-client";
import type { JournalEvent } from "../../protocol/events.ts";
import { STAFF_LINE_PATH } from "../../protocol/staff-frames.ts";
import { DEFAULT_LINE_LIMITS, Limits } from "../../server/guard/limits/limits.ts";
import { createMemoryLimiters } from "../../server/guard/limits/memory-limiters.ts";
import { openStaffLine, type StaffLine, watchersOf } from "../../server/live/staff/staff-line.ts";
import { staffListener } from "../../server/live/staff/staff-listener.ts";
import { Upgrades } from "../../server/live/upgrades.ts";
import type { Bench, Figure } from "./figure.ts";
import { bestMedian } from "./samples.ts";

const WATCHERS = 200;
const EVENTS = 20;
const ROUNDS = 5;
const CONVERSATION = "conversation-one";
/** A result as tools give them. */
const TEXT = "An order with its lines, its address and its state. ".repeat(80);

export const benchStaffLine: Bench = async ({ fast }) => {
  const { io, url, close } = await openLine();
  const clients = await watchers(url, io);
  try {
    const listener = staffListener({ io, showsThoughts: () => false });
    let renderings = 0;
    const event = (seq: number): JournalEvent => {
      const text = { toJSON: () => ((renderings += 1), TEXT) } as unknown as string;
      return { type: "tool-call-ended", seq, at: 1, turnId: "turn-0001", callId: "call-0001", outcome: "ok", text };
    };
    const ours: number[][] = [];
    const floors: number[][] = [];
    const send = (seq: number): void => listener.events(CONVERSATION, [listener.view(event(seq), CONVERSATION)]);
    for (let round = 0; round < (fast ? 1 : ROUNDS); round += 1) {
      ours.push(await timed(clients, send));
      floors.push(
        await timed(
          clients,
          (seq) => void io.to(watchersOf(CONVERSATION)).emit("events", { conversationId: CONVERSATION, events: [event(seq)] }),
        ),
      );
    }
    renderings = 0;
    await timed(clients, send);
    const figures: Figure[] = [
      { name: `an event of 4 kB to ${WATCHERS} staff, on the server`, value: bestMedian(ours), unit: "ms", floor: bestMedian(floors) },
      { name: `renderings of an event that ${WATCHERS} staff watch`, value: renderings / EVENTS, unit: "", budget: 1 },
    ];
    return figures;
  } finally {
    for (const { socket } of clients) socket.disconnect();
    await close();
  }
};

async function openLine() {
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const limits = new Limits({
    limiters: createMemoryLimiters(),
    limits: { ...DEFAULT_LINE_LIMITS, connectionsPerAddress: 10_000, connectionsPerMinutePerAddress: 10_000 },
  });
  const httpServer = createServer();
  const upgrades = new Upgrades({ limits, trustedProxies: 0, isStopping: () => false, clock: { now: () => Date.now() }, log: quiet });
  upgrades.attach(httpServer);
  const io = openStaffLine({ upgrades, origins: () => [], limits, trustedProxies: 0 });
  io.on("connection", (socket) => {
    socket.data.session?.greeted("bench");
    void socket.join(watchersOf(CONVERSATION));
  });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    await io.close();
    httpServer.close();
  };
  return { io, url: `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`, close };
}

async function watchers(url: string, io: StaffLine) {
  const clients = Array.from({ length: WATCHERS }, () => {
    const socket = connect(url, { path: STAFF_LINE_PATH, transports: ["websocket"], forceNew: true, reconnection: false });
    const client = { socket, heard: 0 };
    socket.on("events", () => (client.heard += 1));
    return client;
  });
  await Promise.all(clients.map(({ socket }) => new Promise((resolve) => socket.once("connect", () => resolve(undefined)))));
  while ((io.of("/").adapter.rooms.get(watchersOf(CONVERSATION))?.size ?? 0) < WATCHERS) await turn();
  return clients;
}

/** How long the server itself is busy with each event; the clients, which are in this process too, hear it afterwards. */
async function timed(clients: readonly { heard: number }[], send: (seq: number) => void): Promise<number[]> {
  const samples: number[] = [];
  for (let seq = 1; seq <= EVENTS; seq += 1) {
    const before = clients.map(({ heard }) => heard);
    const begun = performance.now();
    send(seq);
    samples.push(performance.now() - begun);
    while (clients.some(({ heard }, index) => heard === before[index])) await turn();
  }
  return samples;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
