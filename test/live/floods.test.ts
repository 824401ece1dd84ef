import { describe, expect, it } from "vitest";
import { LINE_PATH } from "../../protocol/frames.ts";
import { ask, CONVERSATION, HELLO, type LineHarness, openLine, SHOP_ORIGIN, welcomed } from "./line-harness.ts";
import { frame, hello, openRaw, type RawWebSocket } from "./raw-web-socket.ts";

/** However slow the machine is. */
const SOON = { timeout: 20_000 };
const OPEN = { conversationId: CONVERSATION };
const KILOBYTES = "x".repeat(20_000);
const PING = 9;
const PONG = 10;
const CONTINUATION = 0;
const ATTACHMENT = frame(Buffer.alloc(20_000, 4), { opcode: 2 });

/** What is sent before the flood, and what the flood consists of. */
type Flood = readonly [what: string, piece: Buffer, before: Buffer];

const NOTHING = Buffer.alloc(0);

const FLOODS: readonly Flood[] = [
  ["acknowledgements that nobody asked for", frame(`431${JSON.stringify([KILOBYTES])}`), NOTHING],
  ["empty acknowledgements", frame("431[]"), NOTHING],
  ["pongs of engine.io", frame("3"), NOTHING],
  ["packets that mean nothing", frame("6"), NOTHING],
  ["pings", frame("", { opcode: PING }), NOTHING],
  ["pings with words", frame("x".repeat(125), { opcode: PING }), NOTHING],
  ["pongs", frame("", { opcode: PONG }), NOTHING],
  ["pieces of a message that never ends", frame("", { opcode: CONTINUATION, fin: false }), frame("2", { fin: false })],
  ["bytes that belong to an event", Buffer.concat([frame(`451-["x",{"_placeholder":true,"num":0}]`), ATTACHMENT]), NOTHING],
  ["events that want no answer", frame(`42["conversation-open",${JSON.stringify({ ...OPEN, junk: KILOBYTES })}]`), NOTHING],
];

/** Sends the piece so often that it is 600 kB, or until it is cut off. */
async function flood(raw: RawWebSocket, piece: Buffer): Promise<void> {
  const many = Buffer.concat(Array.from({ length: Math.ceil(8_000 / piece.length) }, () => piece));
  for (let sent = 0; sent < 600_000 && !raw.isGone(); sent += many.length) await raw.write(many);
}

describe("a flood", () => {
  it.each(FLOODS)("of %s is cut off, and harms nobody else", async (_what, piece, before) => {
    const line = await openLine({ limits: { bytesPerMinute: 20_000, requestsPerMinute: 1_000_000 } });
    const raw = await openRaw(line.url);
    await raw.write(hello());
    await expect.poll(raw.received).toContain("welcome");
    await raw.write(before);
    await flood(raw, piece);
    await expect.poll(raw.isGone, SOON).toBe(true);
    await expect.poll(line.sockets).toBe(0);
    const socket = line.client();
    await welcomed(socket);
    expect(await ask(socket, "conversation-open", OPEN)).toMatchObject({ ok: true });
  });

  it.each(FLOODS.filter(([what]) => !what.startsWith("events")))("of %s before the hello is cut off too", async (_what, piece, before) => {
    const line = await openLine({ limits: { bytesPerMinutePerAddress: 20_000 } });
    const raw = await openRaw(line.url);
    await raw.write(before);
    await flood(raw, piece);
    await expect.poll(raw.isGone, SOON).toBe(true);
  });

  it("from a network that has sent too much comes in no more, and others do", async () => {
    const line = await openLine({ limits: { bytesPerMinutePerAddress: 20_000 }, trustedProxies: 1 });
    const from = (address: string) => line.client({ headers: { "X-Forwarded-For": address } });
    const socket = from("192.0.2.1");
    await welcomed(socket);
    expect(await ask(socket, "conversation-open", { ...OPEN, junk: KILOBYTES })).toMatchObject({
      ok: false,
      error: { code: "rate-limited" },
    });
    await expect(welcomed(from("192.0.2.1"))).rejects.toThrow();
    await welcomed(from("198.51.100.9"));
  });

  it("of bytes is refused with the time to wait, as long as it stops then", async () => {
    const line = await openLine({ limits: { bytesPerMinute: 4_000 } });
    const socket = line.client();
    await welcomed(socket);
    const reply = await ask(socket, "conversation-open", { ...OPEN, junk: "x".repeat(5_000) });
    expect(reply).toMatchObject({ ok: false, error: { code: "rate-limited", retryAfterMs: expect.any(Number) } });
    expect(await ask(socket, "conversation-open", OPEN)).toMatchObject({ ok: false, error: { code: "rate-limited" } });
    expect(socket.connected).toBe(true);
    expect(line.calls).toEqual([]);
  });

  it("of requests by many customers of one network is refused", async () => {
    const line = await openLine({ limits: { requestsPerMinutePerAddress: 3 } });
    const answers = [];
    for (let customer = 0; customer < 4; customer += 1) {
      const socket = line.client();
      await welcomed(socket);
      answers.push((await ask(socket, "conversation-open", OPEN)).ok);
    }
    expect(answers).toEqual([true, true, true, false]);
  });
});

/** A session that polls, after its hello. */
async function polling({ url }: LineHarness): Promise<{ sid: string; post(body: string): Promise<number> }> {
  const headers = { Origin: SHOP_ORIGIN };
  const at = `${url}${LINE_PATH}/?EIO=4&transport=polling`;
  const opened = await (await fetch(at, { headers })).text();
  const { sid } = JSON.parse(opened.slice(1)) as { sid: string };
  const post = async (body: string): Promise<number> =>
    (await fetch(`${at}&sid=${sid}`, { method: "POST", body, headers }).catch(() => ({ status: 0 }))).status;
  expect(await post(`40${JSON.stringify(HELLO)}`)).toBe(200);
  return { sid, post };
}

describe("a flood by polling", () => {
  it.each([
    ["pongs", "3"],
    ["many pongs at once", Array.from({ length: 1_000 }, () => "3").join("\u001e")],
    ["acknowledgements", `431${JSON.stringify([KILOBYTES])}`],
    ["bytes", `451-["x",{"_placeholder":true,"num":0}]\u001eb${"A".repeat(20_000)}`],
    ["nothing that means anything", "6"],
  ])("of %s is cut off", async (_what, body) => {
    const line = await openLine({ limits: { bytesPerMinute: 20_000 } });
    const { post } = await polling(line);
    let posts = 0;
    while (posts < 1_000 && (await post(body)) === 200) posts += 1;
    expect(posts).toBeLessThan(600);
    await expect.poll(line.sockets).toBe(0);
  });

  it("of attempts to move to a WebSocket is cut off, and keeps no connection", async () => {
    const line = await openLine({ limits: { bytesPerMinute: 20_000 } });
    const { sid } = await polling(line);
    let attempts = 0;
    for (; attempts < 300; attempts += 1) {
      const raw = await openRaw(line.url, { sid });
      const taken = raw.received().includes("101 Switching");
      await raw.write(frame("9"));
      await expect.poll(raw.isGone, SOON).toBe(true);
      if (!taken) break;
    }
    expect(attempts).toBeLessThan(100);
  });
});
