import { describe, expect, it, vi } from "vitest";
import { RequestError } from "../../protocol/errors.ts";
import type { EventsFrame } from "../../protocol/frames.ts";
import { ask, CONVERSATION, EMPTY, HELLO, next, openLine, SHOP_ORIGIN, welcomed } from "./line-harness.ts";
import { assistant } from "../support/desk-assistant.ts";

const MESSAGE = { conversationId: CONVERSATION, messageId: "message-one", text: "Hello" };
const received = (seq: number, by: string) =>
  ({ type: "message-received", seq, at: 1, messageId: "message-one", text: "Hello", by: { kind: "customer", id: by } }) as const;
const started = (seq: number) => ({ type: "turn-started", seq, at: 1, turnId: "turn-0001", messageId: "message-one" }) as const;

describe("a request", () => {
  const DECISION = { conversationId: CONVERSATION, approvalId: "approval-one", decision: "approved", argumentsHash: "abc" };
  const OF_TURN = { conversationId: CONVERSATION, turnId: "turn-0001" };
  const OF_REQUEST = { conversationId: CONVERSATION, requestId: "request-one" };

  it.each([
    ["conversation-open", { conversationId: CONVERSATION, after: 3 }, "open", { ...EMPTY }],
    ["conversation-page", { conversationId: CONVERSATION, before: 9 }, "page", { events: [], more: false }],
    ["message-send", MESSAGE, "send", { seq: 1 }],
    ["turn-stop", OF_TURN, "stop", {}],
    ["turn-retry", OF_TURN, "retry", { seq: 3 }],
    ["connection-start", OF_REQUEST, "startConnection", { url: "https://sign-in.example/", proof: "proof" }],
    ["connection-look", OF_REQUEST, "lookAtConnection", { declined: true }],
    ["connections-list", {}, "listConnections", { connections: [] }],
    ["person-ask", { conversationId: CONVERSATION }, "askForPerson", { seq: 4 }],
    [
      "contact-leave",
      { conversationId: CONVERSATION, contactId: "contact-one", email: "anna@shop.example", text: "Call me." },
      "leaveContact",
      { seq: 5 },
    ],
    ["feedback-give", { ...OF_TURN, rating: "down", comment: "Too long" }, "giveFeedback", { seq: 4 }],
    ["call-read", { conversationId: CONVERSATION, callId: "call-0001" }, "readCall", { callId: "call-0001", content: [] }],
  ])("%s goes to the desk as the customer's, and its answer comes back", async (name, frame, method, reply) => {
    const line = await openLine();
    const socket = line.client();
    const { customerId } = await welcomed(socket);
    expect(await ask(socket, name, frame)).toEqual({ ok: true, ...reply });
    expect(line.calls).toContainEqual([method, customerId, frame]);
  });

  it.each([
    ["approval-decide", { ...DECISION, scope: "once" }],
    ["connection-decide", { ...OF_REQUEST, decision: "skipped" }],
    ["input-decide", { ...OF_REQUEST, action: "accept", content: { seats: 2, days: ["monday"] } }],
  ])("%s goes to the desk as the customer's decision of that name", async (name, frame) => {
    const line = await openLine();
    const socket = line.client();
    const { customerId } = await welcomed(socket);
    expect(await ask(socket, name, frame)).toEqual({ ok: true, seq: 2 });
    expect(line.calls).toContainEqual(["decide", customerId, name, frame]);
  });

  it("gets defaults filled in, and what the schema does not know is not passed on", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    await ask(socket, "approval-decide", { ...DECISION, by: { kind: "staff", id: "boss" } });
    expect(line.calls.at(-1)?.at(-1)).toEqual({ ...DECISION, scope: "once" });
  });

  it("connection-remove goes to the desk as the customer's, by the connection's id alone", async () => {
    const line = await openLine();
    const socket = line.client();
    const { customerId } = await welcomed(socket);
    expect(await ask(socket, "connection-remove", { connectionId: "connection-one" })).toEqual({ ok: true });
    expect(line.calls).toContainEqual(["removeConnection", customerId, "connection-one"]);
  });

  it.each(["connection-start", "connection-remove"])("%s counts as a message, since it makes us ask others", async (name) => {
    const limits = { ...assistant().limits, messagesPerMinute: 2 };
    const line = await openLine({ assistants: [assistant({ allowedOrigins: [SHOP_ORIGIN], limits })] });
    const socket = line.client();
    await welcomed(socket);
    const frame = name === "connection-start" ? OF_REQUEST : { connectionId: "connection-one" };
    for (const ok of [true, true, false]) expect(await ask(socket, name, frame)).toMatchObject({ ok });
    expect(line.calls).toHaveLength(2);
  });

  it("that the desk refuses gets its code, detail and time to wait", async () => {
    const line = await openLine();
    line.script({ decide: () => Promise.reject(new RequestError("already-decided", { detail: "By Ben.", retryAfterMs: 5 })) });
    const socket = line.client();
    await welcomed(socket);
    expect(await ask(socket, "approval-decide", DECISION)).toEqual({
      ok: false,
      error: { code: "already-decided", message: "This was already decided.", detail: "By Ben.", retryAfterMs: 5 },
    });
  });

  it("that breaks something inside says only `internal`; the cause is in the log, the text is not", async () => {
    const line = await openLine();
    line.script({ send: () => Promise.reject(new Error("disk on fire")) });
    const socket = line.client();
    await welcomed(socket);
    expect(await ask(socket, "message-send", { ...MESSAGE, text: "my secret wish" })).toEqual({
      ok: false,
      error: { code: "internal", message: "Something went wrong on the server." },
    });
    expect(line.logged.join()).toContain(CONVERSATION);
    expect(line.logged.join()).not.toContain("my secret wish");
  });

  it.each([
    ["an unknown name", ["message-delete", MESSAGE]],
    ["a name of Object's", ["constructor", MESSAGE]],
    ["no frame", ["message-send"]],
    ["two frames", ["message-send", MESSAGE, MESSAGE]],
    ["a text for a frame", ["message-send", "Hello"]],
    ["null", ["message-send", null]],
    ["an empty message", ["message-send", { ...MESSAGE, text: "" }]],
    ["a number for a text", ["message-send", { ...MESSAGE, text: 7 }]],
    ["an id with a quote", ["message-send", { ...MESSAGE, messageId: "a'; drop table" }]],
    ["a negative place", ["conversation-open", { conversationId: CONVERSATION, after: -1 }]],
    ["an action that there is not", ["input-decide", { ...OF_REQUEST, action: "expired" }]],
    ["an object in a form", ["input-decide", { ...OF_REQUEST, action: "accept", content: { seats: { $gt: 1 } } }]],
    ["a rating that there is not", ["feedback-give", { ...OF_TURN, rating: "five" }]],
    ["a sign-in of nothing", ["connection-start", { conversationId: CONVERSATION }]],
    ["a look at nothing", ["connection-look", { conversationId: CONVERSATION }]],
    ["bytes", ["message-send", Buffer.from("Hello")]],
  ] as const)("with %s is a bad-request, and nothing happens", async (_what, [name, ...values]) => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    expect(await ask(socket, name, ...values)).toMatchObject({ ok: false, error: { code: "bad-request", detail: expect.any(String) } });
    expect(line.calls).toEqual([]);
  });

  it("that nobody could be told about is not carried out, and the line goes on", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    socket.emit("message-send", MESSAGE);
    socket.emit("message-send", MESSAGE, "no function");
    socket.emit("error", MESSAGE);
    socket.emit("message-send");
    expect(await ask(socket, "turn-stop", OF_TURN)).toEqual({ ok: true });
    expect(line.calls.map(([method]) => method)).toEqual(["stop"]);
  });

  it("larger than any honest one ends the connection and not the server", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    const gone = next(socket, "disconnect");
    socket.emit("message-send", { ...MESSAGE, text: "x".repeat(200_000) }, () => undefined);
    await gone;
    expect(line.calls).toEqual([]);
    await welcomed(line.client());
  });

  it("too many in a minute is rate-limited, and says for how long", async () => {
    const line = await openLine({ limits: { requestsPerMinute: 2 } });
    const socket = line.client();
    await welcomed(socket);
    await ask(socket, "turn-stop", OF_TURN);
    await ask(socket, "turn-stop", OF_TURN);
    const reply = await ask(socket, "turn-stop", OF_TURN);
    expect(reply).toMatchObject({ ok: false, error: { code: "rate-limited", retryAfterMs: expect.any(Number) } });
    expect(line.calls).toHaveLength(2);
  });

  it("with one message too many for the assistant is rate-limited before the desk hears of it", async () => {
    const shop = assistant({ allowedOrigins: [SHOP_ORIGIN], limits: { ...assistant().limits, messagesPerMinute: 1 } });
    const line = await openLine({ assistants: [shop] });
    const socket = line.client();
    await welcomed(socket);
    expect(await ask(socket, "message-send", MESSAGE)).toEqual({ ok: true, seq: 1 });
    const reply = await ask(socket, "message-send", { ...MESSAGE, messageId: "message-two" });
    expect(reply).toMatchObject({ ok: false, error: { code: "rate-limited", retryAfterMs: expect.any(Number) } });
    expect(line.calls).toHaveLength(1);
  });

  it("while the server stops is answered `stopping`", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    line.stop();
    expect(await ask(socket, "message-send", MESSAGE)).toMatchObject({ ok: false, error: { code: "stopping" } });
    expect(line.calls).toEqual([]);
  });
});

describe("listening", () => {
  it("begins before the journal is read, so nothing falls between", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    line.script({
      open: async () => {
        line.room.events(CONVERSATION, [started(2)]);
        return EMPTY;
      },
    });
    const events = next<EventsFrame>(socket, "events");
    await ask(socket, "conversation-open", { conversationId: CONVERSATION });
    expect((await events).events).toMatchObject([{ seq: 2, type: "turn-started" }]);
  });

  it("reaches every tab, and ends with conversation-leave", async () => {
    const line = await openLine();
    const one = line.client();
    const { token } = await welcomed(one);
    const two = line.client({ hello: { ...HELLO, token } });
    await welcomed(two);
    await ask(one, "conversation-open", { conversationId: CONVERSATION });
    await ask(two, "conversation-open", { conversationId: CONVERSATION });
    await ask(one, "conversation-leave", { conversationId: CONVERSATION });
    const heard = vi.fn();
    one.on("text", heard);
    const frame = { conversationId: CONVERSATION, turnId: "turn-0001", step: 0, stream: 1, offset: 0, text: "Hi" };
    const text = next(two, "text");
    line.room.text(frame);
    expect(await text).toEqual(frame);
    await ask(one, "turn-stop", { conversationId: CONVERSATION, turnId: "turn-0001" });
    expect(heard).not.toHaveBeenCalled();
  });

  it("is refused for somebody else's conversation", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    const heard = vi.fn();
    socket.on("events", heard);
    line.script({ canListen: async () => false });
    expect(await ask(socket, "conversation-open", { conversationId: CONVERSATION })).toMatchObject({
      ok: false,
      error: { code: "unknown-conversation" },
    });
    line.script({ open: () => Promise.reject(new RequestError("unknown-conversation")) });
    expect(await ask(socket, "conversation-open", { conversationId: CONVERSATION })).toMatchObject({
      ok: false,
      error: { code: "unknown-conversation" },
    });
    line.room.events(CONVERSATION, [started(2)]);
    await ask(socket, "conversation-leave", { conversationId: CONVERSATION });
    expect(heard).not.toHaveBeenCalled();
  });

  it("under an id that becomes somebody else's ends before the first event", async () => {
    const line = await openLine();
    const owner = line.client();
    const stranger = line.client();
    const { customerId } = await welcomed(owner);
    await welcomed(stranger);
    const heard = vi.fn();
    stranger.on("events", heard);
    await ask(stranger, "conversation-open", { conversationId: CONVERSATION });
    await ask(owner, "conversation-open", { conversationId: CONVERSATION });
    const first = next<EventsFrame>(owner, "events");
    line.room.events(CONVERSATION, [received(1, customerId)]);
    await first;
    line.room.events(CONVERSATION, [started(2)]);
    await ask(stranger, "conversation-leave", { conversationId: CONVERSATION });
    expect(heard).not.toHaveBeenCalled();
  });

  it("to more conversations than any page has is refused", async () => {
    const line = await openLine();
    const socket = line.client();
    await welcomed(socket);
    for (let index = 0; index < 20; index += 1)
      expect(await ask(socket, "conversation-open", { conversationId: `conversation-${index}` })).toMatchObject({ ok: true });
    expect(await ask(socket, "conversation-open", { conversationId: "conversation-x" })).toMatchObject({
      ok: false,
      error: { code: "rate-limited" },
    });
  });
});
