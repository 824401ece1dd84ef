import { EventEmitter } from "node:events";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { LineSession } from "../../server/live/line/line-session.ts";
import { HELLO, type LineHarness, next, openLine, SHOP_ORIGIN, welcomed } from "./line-harness.ts";
import { frame, hello, openRaw } from "./raw-web-socket.ts";

const SOON = { timeout: 20_000 };
const QUICK = { helloMs: 100, probeMs: 100 };
const CLOSE = 8;

async function poll({ url }: LineHarness): Promise<string> {
  const opened = await fetch(`${url}${LINE_PATH}/?EIO=4&transport=polling`, { headers: { Origin: SHOP_ORIGIN, Connection: "close" } });
  return (JSON.parse((await opened.text()).slice(1)) as { sid: string }).sid;
}

describe("whoever does not say hello is gone after the time for it, however little they close themselves", () => {
  it.each([
    ["nothing", []],
    ["pongs alone", [frame("3")]],
    ["half a message", [frame("40{", { fin: false })]],
    ["half a frame", [Buffer.from([0x81])]],
    ["a hello to an assistant that is not there", [hello({ ...HELLO, assistant: "nobody" })]],
    ["a hello to another room of the line", [frame("40/admin,{}")]],
  ])("after %s", async (_what, frames) => {
    const line = await openLine(QUICK);
    const raw = await openRaw(line.url);
    for (const one of frames) await raw.write(one);
    await expect.poll(raw.isGone, SOON).toBe(true);
    await expect.poll(line.connections, SOON).toBe(0);
  });

  it("while they poll, their place is free again", async () => {
    const limits = { connectionsPerAddress: 1 };
    const [patient, quick] = [await openLine({ helloMs: 60_000, limits }), await openLine({ helloMs: 1_000, limits })];
    const comesIn = (line: LineHarness): Promise<boolean> => {
      const socket = line.client();
      // On a slow machine, its own time for the hello may be over.
      const cut = next(socket, "disconnect").then(() => Promise.reject(new Error("Cut off.")));
      return Promise.race([welcomed(socket), cut]).then(
        () => true,
        () => false,
      );
    };
    await Promise.all([poll(patient), poll(quick)]);
    expect(await comesIn(patient)).toBe(false);
    await expect.poll(() => comesIn(quick), SOON).toBe(true);
  });

  it.each([
    ["nothing", []],
    ["what no move begins with", [frame("4hello")]],
    ["half of a move", [frame("2probe")]],
  ])("a WebSocket that a session tries out and tells %s is gone", async (_what, frames) => {
    const line = await openLine({ ...QUICK, helloMs: 60_000 });
    const raw = await openRaw(line.url, { sid: await poll(line) });
    expect(raw.received()).toContain("101 Switching");
    for (const one of frames) await raw.write(one);
    await expect.poll(raw.isGone, SOON).toBe(true);
  });

  it.each(["EIO=4&transport=polling", "EIO=3&transport=websocket", "EIO=4&transport=none"])(
    "a WebSocket that was never wanted is gone at once (%s)",
    async (query) => {
      const line = await openLine({ helloMs: 60_000, probeMs: 60_000 });
      const raw = await openRaw(line.url, { query });
      await expect.poll(raw.isGone, SOON).toBe(true);
      await expect.poll(line.connections, SOON).toBe(0);
    },
  );

  it("a second WebSocket beside the one that a session tries out is gone at once", async () => {
    const line = await openLine({ helloMs: 60_000, probeMs: 60_000 });
    const sid = await poll(line);
    const first = await openRaw(line.url, { sid });
    const second = await openRaw(line.url, { sid });
    await expect.poll(second.isGone, SOON).toBe(true);
    expect(first.isGone()).toBe(false);
  });
});

describe("whoever said hello", () => {
  it("stays for as long as they want", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const ended: string[] = [];
    const open = (name: string): LineSession => {
      const session = new LineSession({ ...QUICK, address: "192.0.2.1", unreadOfNetwork: () => 0, limits: { bytes: async () => {} } });
      session.opened(Object.assign(new EventEmitter(), { transport: { name: "polling" }, close: () => ended.push(name) }));
      return session;
    };
    open("silent");
    open("greeted").greeted("customer-one");
    vi.advanceTimersByTime(QUICK.helloMs);
    expect(ended).toEqual(["silent"]);
    vi.advanceTimersByTime(24 * 60 * 60_000);
    expect(ended).toEqual(["silent"]);
  });

  it("and breaks the rules of the line later is gone, and not asked to go", async () => {
    const line = await openLine();
    const raw = await openRaw(line.url);
    await raw.write(hello());
    await expect.poll(raw.received, SOON).toContain("welcome");
    await raw.write(frame("not a packet"));
    await expect.poll(raw.isGone, SOON).toBe(true);
  });

  it("and closes as they should hears that it is closed", async () => {
    const line = await openLine();
    const raw = await openRaw(line.url);
    await raw.write(hello());
    await expect.poll(raw.received, SOON).toContain("welcome");
    await raw.write(frame(Buffer.from([0x03, 0xe8]), { opcode: CLOSE }));
    await expect.poll(raw.isGone, SOON).toBe(true);
    expect(raw.received().endsWith("\x88\x02\x03\xe8")).toBe(true);
  });
});
