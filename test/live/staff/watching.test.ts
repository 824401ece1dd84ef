import { describe, expect, it } from "vitest";
import type { InboxFrame, StaffConversation, StaffEventsFrame } from "../../../protocol/staff-frames.ts";
import type { EventDraft } from "../../../protocol/events.ts";
import { ask, CONVERSATION, CUSTOMER, hear, next, note, openStage, type StaffStage, welcomed } from "./staff-stage.ts";

const TURN = "turn-0001";
const OPEN = { conversationId: CONVERSATION };
const THOUGHTS = { of: "x", value: { members: { reasoning_content: "hm, a refund" }, signature: "sealed" } };
const started: EventDraft = { type: "turn-started", turnId: TURN, messageId: "message-Hello-0001" };
const said: EventDraft = {
  type: "step-ended",
  turnId: TURN,
  step: 0,
  text: "Hi!",
  thoughts: THOUGHTS,
  model: "small",
  usage: { inputTokens: 3 },
};

async function watching(stage: StaffStage, after?: number) {
  const { cookie } = await stage.member("Sue", ["support"]);
  const socket = stage.socket({ cookie });
  await welcomed(socket);
  const opened = await ask(socket, "conversation-open", { ...OPEN, ...(after === undefined ? {} : { after }) });
  return { socket, opened: opened as unknown as StaffConversation & { ok: boolean } };
}

describe("who watches a conversation", () => {
  it("gets its journal whole, but for what the model thought", async () => {
    const stage = await openStage();
    await stage.write([note(0), started, said, note(1)]);
    const { opened } = await watching(stage);
    expect(opened).toMatchObject({ ok: true, lastSeq: 4, reset: false, more: false, assistant: "shop", customer: CUSTOMER, people: [] });
    expect(opened.events.map(({ type }) => type)).toEqual(["note-written", "turn-started", "step-ended", "note-written"]);
    expect(opened.events[2]).toMatchObject({ model: "small", usage: { inputTokens: 3 } });
    expect(JSON.stringify(opened)).not.toContain("hm, a refund");
  });

  it("gets what happens while it happens, in the same view", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const { socket } = await watching(stage);
    const events = next<StaffEventsFrame>(socket, "events");
    await stage.write([started, said]);
    expect(await events).toMatchObject({ conversationId: CONVERSATION, events: [{ seq: 2 }, { seq: 3, model: "small" }] });
    expect(JSON.stringify(await events)).not.toContain("sealed");
    const text = next(socket, "text");
    const progress = next(socket, "progress");
    const frame = { conversationId: CONVERSATION, turnId: TURN, step: 1, stream: 1, offset: 0, text: "On " };
    stage.room.text(frame);
    stage.room.progress({ conversationId: CONVERSATION, callId: "call-0001", progress: 1 });
    expect(await text).toEqual(frame);
    expect(await progress).toMatchObject({ progress: 1 });
  });

  it("reads the words of the thoughts where the owner lets staff read them, then as now", async () => {
    const shop = { name: "Shop", prompt: "Help.", allowedOrigins: ["https://shop.example"] };
    const model = {
      provider: "openai-compatible",
      model: "small",
      baseUrl: "http://127.0.0.1:9/v1",
      apiKey: "${MODEL_KEY}",
      showThoughts: "staff",
    };
    const stage = await openStage({ configuration: { assistants: { shop: { ...shop, model } } } });
    await stage.write([note(0), started, said]);
    const { socket, opened } = await watching(stage);
    expect(opened.events[2]).toMatchObject({ thoughtsText: expect.stringContaining("hm, a refund") });
    const events = next<StaffEventsFrame>(socket, "events");
    await stage.write([{ ...said, step: 1 } as EventDraft]);
    expect((await events).events[0]).toMatchObject({ thoughtsText: expect.stringContaining("hm, a refund") });
    expect(JSON.stringify([opened, await events])).not.toContain("sealed");
  });

  it("catches up by number after a gap, however long it was", async () => {
    const stage = await openStage();
    await stage.write([note(0), note(1), note(2)]);
    const { socket } = await watching(stage);
    socket.disconnect();
    await stage.write([note(3), note(4)]);
    const back = stage.socket({ cookie: await stage.signIn("sue@desk.example") });
    await welcomed(back);
    const missed = await ask(back, "conversation-open", { ...OPEN, after: 3 });
    expect(missed).toMatchObject({ reset: false, lastSeq: 5, events: [{ seq: 4 }, { seq: 5 }] });
    await stage.write(Array.from({ length: 150 }, (_, index) => note(10 + index)));
    const anew = (await ask(back, "conversation-open", { ...OPEN, after: 5 })) as unknown as StaffConversation;
    expect([anew.reset, anew.more, anew.lastSeq, anew.events.at(-1)?.seq, anew.events.length]).toEqual([true, true, 155, 155, 100]);
    const older = await ask(back, "conversation-page", { ...OPEN, before: 56 });
    expect(older).toMatchObject({ ok: true, more: false });
    expect((older as unknown as StaffConversation).events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 55 }, (_, index) => index + 1),
    );
  });

  it("hears nothing more after conversation-leave, and nothing of conversations that it did not open", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    await stage.write([note(0)], "conversation-two");
    const { socket } = await watching(stage);
    const heard = hear<StaffEventsFrame>(socket, "events");
    await stage.write([note(1)], "conversation-two");
    await ask(socket, "conversation-leave", OPEN);
    await stage.write([note(2)]);
    await ask(socket, "conversation-open", { conversationId: "conversation-two" });
    expect(heard).toEqual([]);
  });

  it("is told that there is no such conversation, and hears nothing when there is one later", async () => {
    const stage = await openStage();
    const { socket, opened } = await watching(stage);
    expect(opened).toMatchObject({ ok: false, error: { code: "unknown-conversation" } });
    const heard = hear<StaffEventsFrame>(socket, "events");
    await stage.write([note(0)]);
    await ask(socket, "conversation-leave", OPEN);
    expect(heard).toEqual([]);
  });

  it("may watch many at once, but not any number", async () => {
    const stage = await openStage();
    const { socket } = await watching(stage);
    for (let index = 0; index <= 50; index += 1) {
      const conversationId = `conversation-${index}-many`;
      await stage.write([note(0)], conversationId);
      expect(await ask(socket, "conversation-open", { conversationId })).toMatchObject(
        index < 50 ? { ok: true } : { ok: false, error: { code: "rate-limited" } },
      );
    }
  });
});

describe("who watches the inbox", () => {
  it("hears which conversations changed and how, gathered", async () => {
    const stage = await openStage();
    const { cookie } = await stage.member("Sue", ["support"]);
    const socket = stage.socket({ cookie });
    await welcomed(socket);
    expect(await ask(socket, "inbox-watch", {})).toEqual({ ok: true });
    const frames = hear<InboxFrame>(socket, "inbox");
    await stage.write([note(0)]);
    await stage.write([started, said]);
    await stage.write([note(0)], "conversation-two");
    await expect.poll(() => frames).not.toHaveLength(0);
    expect(frames).toEqual([
      {
        changes: [
          {
            conversationId: CONVERSATION,
            assistant: "shop",
            seq: 3,
            at: expect.any(Number),
            what: ["note-written", "turn-started", "step-ended"],
          },
          { conversationId: "conversation-two", assistant: "shop", seq: 1, at: expect.any(Number), what: ["note-written"] },
        ],
      },
    ]);
    // Texts are read where the role is looked at again.
    expect(JSON.stringify(frames)).not.toContain("Hi!");
  });

  it("is told to read anew when very much changed at once", async () => {
    const stage = await openStage();
    const { cookie } = await stage.member("Sue", ["support"]);
    const socket = stage.socket({ cookie });
    await welcomed(socket);
    await ask(socket, "inbox-watch", {});
    const frames = hear<InboxFrame>(socket, "inbox");
    for (let index = 0; index < 300; index += 1) stage.room.events(`conversation-${index}`, [{ ...note(1), seq: 1, at: 1 } as never]);
    await expect.poll(() => frames).toEqual([{ all: true }]);
  });

  it("is told to read anew when a conversation is erased: what was said in it stands in no list any longer", async () => {
    const stage = await openStage();
    const { cookie } = await stage.member("Sue", ["support"]);
    const socket = stage.socket({ cookie });
    await welcomed(socket);
    await stage.write([note(0)]);
    await ask(socket, "inbox-watch", {});
    const frames = hear<InboxFrame>(socket, "inbox");
    expect((await stage.admin("POST", `/customers/${CUSTOMER}/erasure`)).status).toBe(202);
    await expect.poll(() => frames).toContainEqual({ all: true });
  });

  it("hears nothing after inbox-leave", async () => {
    const stage = await openStage();
    const { cookie } = await stage.member("Sue", ["support"]);
    const [one, two] = [stage.socket({ cookie }), stage.socket({ cookie })];
    await Promise.all([welcomed(one), welcomed(two)]);
    await ask(one, "inbox-watch", {});
    await ask(two, "inbox-watch", {});
    await ask(one, "inbox-leave", {});
    const heard = hear<InboxFrame>(one, "inbox");
    const other = next(two, "inbox");
    await stage.write([note(0)]);
    await other;
    await ask(one, "inbox-leave", {});
    expect(heard).toEqual([]);
  });
});
