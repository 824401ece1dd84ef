import { describe, expect, it } from "vitest";
import type { TypingFrame } from "../../../protocol/frames.ts";
import type { PresenceFrame, StaffTypingFrame } from "../../../protocol/staff-frames.ts";
import { ask, CONVERSATION, hear, joined, type Member, note, openStage, type StaffStage, welcomed } from "./staff-stage.ts";

const OPEN = { conversationId: CONVERSATION };

async function looks(stage: StaffStage, { cookie }: Member) {
  const socket = stage.socket({ cookie });
  await welcomed(socket);
  expect(await ask(socket, "conversation-open", OPEN)).toMatchObject({ ok: true });
  return { socket, presence: hear<PresenceFrame>(socket, "presence"), typing: hear<StaffTypingFrame>(socket, "typing") };
}

describe("who is in a conversation", () => {
  it("is told to those who watch it, and to whoever comes later", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const [sue, ben] = [await stage.member("Sue", ["support"]), await stage.member("Ben", ["support"])];
    const [one, two] = [await looks(stage, sue), await looks(stage, ben)];
    await ask(one.socket, "presence", { ...OPEN, doing: "looking" });
    await ask(two.socket, "presence", { ...OPEN, doing: "writing" });
    const people = [
      { id: ben.id, name: "Ben", doing: "writing" },
      { id: sue.id, name: "Sue", doing: "looking" },
    ];
    await expect.poll(() => one.presence.at(-1)).toEqual({ ...OPEN, people });
    const later = stage.socket({ cookie: sue.cookie });
    await welcomed(later);
    expect(await ask(later, "conversation-open", OPEN)).toMatchObject({ people });
    await ask(two.socket, "presence", { ...OPEN, doing: "nothing" });
    await expect.poll(() => one.presence.at(-1)?.people).toEqual([people[1]]);
  });

  it("is nobody whose tab was closed; a second tab of theirs keeps them there", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const [sue, ben] = [await stage.member("Sue", ["support"]), await stage.member("Ben", ["support"])];
    const watcher = await looks(stage, ben);
    const tabs = [await looks(stage, sue), await looks(stage, sue)];
    await ask(tabs[0]!.socket, "presence", { ...OPEN, doing: "writing" });
    await ask(tabs[1]!.socket, "presence", { ...OPEN, doing: "looking" });
    const doing = () => watcher.presence.at(-1)?.people.map(({ name, doing: does }) => `${name} ${does}`);
    await expect.poll(doing).toEqual(["Sue writing"]);
    tabs[0]!.socket.disconnect();
    await expect.poll(doing).toEqual(["Sue looking"]);
    tabs[1]!.socket.disconnect();
    await expect.poll(doing).toEqual([]);
  });

  it("leaves with conversation-leave", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const watcher = await looks(stage, await stage.member("Ben", ["support"]));
    const { socket } = await looks(stage, await stage.member("Sue", ["support"]));
    await ask(socket, "presence", { ...OPEN, doing: "looking" });
    await ask(socket, "conversation-leave", OPEN);
    await expect.poll(() => watcher.presence.map(({ people }) => people.length)).toEqual([1, 0]);
  });

  it("is nobody who does not watch it", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const { cookie } = await stage.member("Sue", ["support"]);
    const socket = stage.socket({ cookie });
    await welcomed(socket);
    expect(await ask(socket, "presence", { ...OPEN, doing: "looking" })).toMatchObject({ ok: false, error: { code: "bad-request" } });
    expect(await ask(socket, "typing", { ...OPEN, what: "reply" })).toMatchObject({ ok: false, error: { code: "bad-request" } });
  });
});

describe("who is writing", () => {
  it("goes both ways while a person answers: to the customer of replies only, by name", async () => {
    const stage = await openStage();
    const sue = await stage.member("Sue", ["support"]);
    const ben = await stage.member("Ben", ["support"]);
    const customer = await stage.customer();
    await stage.write([note(0)], CONVERSATION, customer.id);
    const [one, two] = [await looks(stage, sue), await looks(stage, ben)];
    expect(await ask(customer.socket, "conversation-open", OPEN)).toMatchObject({ ok: true });
    const told = hear<TypingFrame>(customer.socket, "typing");

    // While the assistant answers, nobody is told of the customer's typing, and they are told of nobody's.
    expect(await ask(customer.socket, "typing", OPEN)).toEqual({ ok: true });
    await ask(one.socket, "typing", { ...OPEN, what: "reply" });
    await expect.poll(() => two.typing).toHaveLength(1);

    await stage.write([joined(sue)], CONVERSATION, customer.id);
    await ask(customer.socket, "typing", OPEN);
    await expect.poll(() => one.typing.at(-1)).toEqual({ ...OPEN, by: { kind: "customer", id: customer.id }, what: "message" });

    await ask(one.socket, "typing", { ...OPEN, what: "note" });
    await ask(two.socket, "typing", { ...OPEN, what: "reply" });
    await expect
      .poll(() => two.typing.map(({ by, what }) => `${by.name ?? by.kind} ${what}`))
      .toEqual(["Sue reply", "customer message", "Sue note", "Ben reply"]);
    expect(told).toEqual([]);
    await expect
      .poll(async () => {
        await ask(one.socket, "typing", { ...OPEN, what: "reply" });
        return told;
      })
      .toEqual([{ ...OPEN, name: "Sue" }]);
  });

  it("is told once a second at most, whoever says it how often", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const [one, two] = [
      await looks(stage, await stage.member("Sue", ["support"])),
      await looks(stage, await stage.member("Ben", ["support"])),
    ];
    const before = Date.now();
    for (let said = 0; said < 50; said += 1) await ask(one.socket, "typing", { ...OPEN, what: "reply" });
    const seconds = Math.floor((Date.now() - before) / 1_000);
    await ask(two.socket, "conversation-open", OPEN);
    expect(two.typing.length).toBeGreaterThan(0);
    expect(two.typing.length).toBeLessThanOrEqual(seconds + 1);
  });

  it("somebody else's customer cannot say that they write", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const { socket } = await stage.customer();
    expect(await ask(socket, "typing", OPEN)).toMatchObject({ ok: false, error: { code: "unknown-conversation" } });
  });
});
