/** What somebody with an account could send to break things. */
import { describe, expect, it } from "vitest";
import { STAFF_LINE_PATH } from "../../../protocol/staff-frames.ts";
import { frame, openRaw } from "../raw-web-socket.ts";
import { ask, CONVERSATION, note, openStage, type StaffStage, welcomed } from "./staff-stage.ts";

const OPEN = { conversationId: CONVERSATION };
const BAD = { ok: false, error: { code: "bad-request" } };

async function support(stage: StaffStage) {
  const { cookie } = await stage.member("Sue", ["support"]);
  const socket = stage.socket({ cookie });
  await welcomed(socket);
  return socket;
}

describe("a member of the staff", () => {
  it("who sends what is no request is told so, and nothing happens", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const socket = await support(stage);
    for (const [name, ...values] of [
      ["conversation-delete", OPEN],
      ["constructor", OPEN],
      ["__proto__", OPEN],
      ["conversation-open"],
      ["conversation-open", OPEN, OPEN],
      ["conversation-open", null],
      ["conversation-open", CONVERSATION],
      ["conversation-open", { conversationId: "a'; drop table" }],
      ["conversation-open", { ...OPEN, after: -1 }],
      ["conversation-open", { ...OPEN, after: 1.5 }],
      ["conversation-open", { ...OPEN, after: "1" }],
      ["conversation-page", OPEN],
      ["presence", { ...OPEN, doing: "sleeping" }],
      ["typing", { ...OPEN, what: "message" }],
      ["inbox-watch", null],
      ["inbox-watch", 7],
    ] as const)
      expect([name, await ask(socket, name, ...values)]).toMatchObject([name, BAD]);
    expect(await ask(socket, "conversation-open", OPEN)).toMatchObject({ ok: true, people: [] });
  });

  it("who floods is refused with the time to wait, then cut off; others go on", async () => {
    const stage = await openStage({ configuration: { limits: { requestsPerMinute: 20 } } });
    await stage.write([note(0)]);
    const other = stage.socket({ cookie: (await stage.member("Ben", ["support"])).cookie });
    await welcomed(other);
    const socket = await support(stage);
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    for (let asked = 0; asked < 20; asked += 1) expect(await ask(socket, "inbox-watch", {})).toMatchObject({ ok: true });
    expect(await ask(socket, "inbox-watch", {})).toMatchObject({
      ok: false,
      error: { code: "rate-limited", retryAfterMs: expect.any(Number) },
    });
    for (let asked = 0; asked < 250; asked += 1) socket.emit("inbox-watch", {});
    await gone;
    expect(await ask(other, "conversation-open", OPEN)).toMatchObject({ ok: true });
  });

  it("who sends a frame that is too large is cut off", async () => {
    const stage = await openStage();
    const socket = await support(stage);
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    socket.emit("conversation-open", { ...OPEN, junk: "x".repeat(70_000) });
    await gone;
  });
});

it("whoever says no hello on the staff line is counted with their network, and cut off", async () => {
  const stage = await openStage({ configuration: { limits: { bytesPerMinutePerAddress: 20_000 } } });
  const raw = await openRaw(stage.url, { path: STAFF_LINE_PATH, origin: null });
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => frame("6")));
  for (let sent = 0; sent < 600_000 && !raw.isGone(); sent += many.length) await raw.write(many);
  await expect.poll(raw.isGone, { timeout: 20_000 }).toBe(true);
});
