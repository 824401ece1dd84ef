/** One socket of the voice line, whose time the test moves. */
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { VoiceServerMessage } from "../../../protocol/voice-frames.ts";
import { VoiceSocket, type VoiceSocketPorts } from "../../../server/live/voice/voice-socket.ts";
import { encodeVoiceFrame, FRAME_OPUS } from "../../../protocol/voice-frame.ts";
import { waitFor } from "../../support/wait-for.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { TONE } from "./opus-tone.ts";

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: (VoiceServerMessage | "frame")[] = [];
  closedWith: readonly [number, string] | undefined;
  isTerminated = false;
  pings = 0;
  send(data: string | Uint8Array): void {
    this.sent.push(typeof data === "string" ? (JSON.parse(data) as VoiceServerMessage) : "frame");
  }
  ping(): void {
    this.pings += 1;
  }
  close(code: number, reason: string): void {
    this.closedWith = [code, reason];
    this.readyState = 2;
  }
  terminate(): void {
    this.isTerminated = true;
    this.readyState = 3;
    this.emit("close");
  }
}

function open(ports: Partial<VoiceSocketPorts> = {}) {
  const clock = new ManualClock();
  const socket = new FakeSocket();
  const told: string[] = [];
  const call = {
    frame: () => void told.push("frame"),
    take: ({ type }: { type: string }) => void told.push(type),
    detach: () => void told.push("gone"),
  };
  const logged: string[] = [];
  const write = (_fields: object, message: string): void => void logged.push(message);
  const log = { info: write, warn: write, error: write };
  const line = new VoiceSocket(socket as never, { open: async () => call as never, clock, log, ...ports });
  const say = async (message: object): Promise<void> => {
    socket.emit("message", Buffer.from(JSON.stringify(message)), false);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, socket, line, told, say, logged };
}

test("whoever says nothing for five seconds is gone, and their connection with them", () => {
  const { clock, socket } = open();
  clock.forward(4_999);
  expect(socket.closedWith).toBeUndefined();
  clock.forward(1);
  expect(socket.closedWith).toEqual([1008, "Say which call you want: call-open is the first message."]);
  clock.forward(2_000);
  expect(socket.isTerminated).toBe(true);
});

test("a page that answers no ping is gone", async () => {
  const { clock, socket, say, told } = open();
  await say({ type: "call-open", token: "token" });
  expect(socket.pings).toBe(1);
  const alive = (): number => socket.sent.filter((one) => one !== "frame" && one.type === "alive").length;
  expect(alive()).toBe(1);
  for (let times = 0; times < 10; times++) {
    socket.emit("pong");
    clock.forward(15_000);
  }
  expect(socket).toMatchObject({ pings: 11, isTerminated: false });
  // A page is told nothing of pings, and has to know as well.
  expect(alive()).toBe(11);
  clock.forward(15_000);
  expect(socket.isTerminated).toBe(true);
  expect(told).toEqual(["gone"]);
});

test("a page that reads nothing is cut off before what it is told has grown", () => {
  const { socket, line } = open();
  socket.bufferedAmount = 4 * 1024 * 1024;
  line.say({ type: "hush" });
  expect(socket.sent).toEqual([{ type: "hush" }]);
  socket.bufferedAmount += 1;
  line.say({ type: "hush" });
  expect(socket.sent).toHaveLength(1);
  expect(socket.isTerminated).toBe(true);
});

test("a page that is gone while its call is opened leaves it at once", async () => {
  const opening = Promise.withResolvers<never>();
  const { socket, say, told } = open({ open: () => opening.promise });
  await say({ type: "call-open", token: "token" });
  socket.terminate();
  opening.resolve({ detach: () => void told.push("gone") } as never);
  await opening.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(["gone"]);
});

test("a page that hangs up while its call is opened has ended it", async () => {
  const opening = Promise.withResolvers<never>();
  const { socket, say, told } = open({ open: () => opening.promise });
  await say({ type: "call-open", token: "token" });
  await say({ type: "call-end" });
  expect(socket.closedWith).toEqual([1000, ""]);
  opening.resolve({ take: ({ type }: { type: string }) => void told.push(type), detach: () => void told.push("gone") } as never);
  await opening.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(told[0]).toBe("call-end");
});

test("a call that fails to open says so in words for customers, and staff read why", async () => {
  const { socket, say, logged } = open({ open: () => Promise.reject(new Error("disk gone")) });
  await say({ type: "call-open", token: "token" });
  expect(socket.sent).toMatchObject([{ type: "refused", error: { code: "internal" } }]);
  expect(JSON.stringify(socket.sent)).not.toContain("disk");
  expect(socket.closedWith).toEqual([1000, ""]);
  expect(logged).toEqual(["A voice call could not be opened."]);
});

test("so much may be sent as a voice sends, and a burst now and then", async () => {
  const { clock, socket, say, told } = open();
  // As older pages say it.
  await say({ type: "call-open", token: "token", codecs: [] });
  const frame = Buffer.alloc(652);
  frame.writeUInt8(1, 0);
  frame.writeUInt8(1, 1);
  const send = (frames: number): void => {
    for (let times = 0; times < frames; times++) socket.emit("message", frame, true);
  };
  for (let second = 0; second < 120; second++) {
    send(50);
    clock.forward(1_000);
    socket.emit("pong");
  }
  send(700);
  expect(socket.closedWith).toBeUndefined();
  expect(told).toHaveLength(120 * 50 + 700);
  send(100);
  expect(socket.closedWith).toEqual([1008, "This is more than a voice sends."]);
});

const packet = encodeVoiceFrame({ type: FRAME_OPUS, flags: 0, seq: 0, timeMs: 0, audio: TONE[0]! });

test("Opus is for who offered it; it counts as what it becomes, and what is none ends the call", async () => {
  const offered = { type: "call-open", token: "token", codecs: ["opus"] };
  const page = open();
  await page.say(offered);
  await waitFor(() => page.socket.pings === 1);
  expect(page.line.codec).toBe("opus");
  // As many as of PCM: a page whose line was lost says all at once what it kept, 12 s at most.
  for (let times = 0; times < 700; times++) page.socket.emit("message", packet, true);
  expect(page.socket.closedWith).toBeUndefined();
  expect(page.told).toHaveLength(700);
  for (let times = 0; times < 100; times++) page.socket.emit("message", packet, true);
  expect(page.socket.closedWith).toEqual([1008, "This is more than a voice sends."]);

  const broken = open();
  await broken.say(offered);
  await waitFor(() => broken.socket.pings === 1);
  broken.socket.emit(
    "message",
    encodeVoiceFrame({ type: FRAME_OPUS, flags: 0, seq: 0, timeMs: 0, audio: new Uint8Array(4).fill(255) }),
    true,
  );
  expect(broken.socket.closedWith).toEqual([1008, "The frame is not a packet of Opus."]);

  const unasked = open();
  await unasked.say({ type: "call-open", token: "token" });
  expect(unasked.line.codec).toBe("pcm");
  unasked.socket.emit("message", packet, true);
  expect(unasked.socket.closedWith).toEqual([1008, "Opus is for calls whose call-ready says so."]);
});

test("a page that is gone while the decoder is loaded opens no call that stays", async () => {
  const { socket, say, told } = open();
  await say({ type: "call-open", token: "token", codecs: ["opus"] });
  socket.terminate();
  await waitFor(() => told.length > 0);
  expect(told).toEqual(["gone"]);
});
