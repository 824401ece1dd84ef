import { describe, expect, it } from "vitest";
import { refused, welcomed, ask, CONVERSATION, note, openStage } from "./staff-stage.ts";

const OPEN = { conversationId: CONVERSATION };
const FORBIDDEN = { ok: false, error: { code: "forbidden" } };

describe("on the staff line", () => {
  it.each(["websocket", "polling"] as const)("a person comes in with the session of the console, over %s", async (transport) => {
    const stage = await openStage();
    const { id, cookie } = await stage.member("Sue", ["support"]);
    const welcome = await welcomed(stage.socket({ cookie, transport, origin: stage.url }));
    expect(welcome).toMatchObject({ version: 1, staff: { kind: "person", id, name: "Sue" }, now: expect.any(Number) });
    expect(welcome.may).toContain("conversation-open");
  });

  it.each(["hello", "header"] as const)("a program comes in with its key in the %s", async (place) => {
    const stage = await openStage();
    const { key, id } = await stage.apiKey("Watcher", ["support"], ["conversations.read"]);
    const socket = stage.socket(place === "hello" ? { key } : { headers: { Authorization: `Bearer ${key}` } });
    expect(await welcomed(socket)).toMatchObject({ staff: { kind: "key", id, name: "Watcher" } });
  });

  it("nobody comes in without a session or a key, with a wrong one, or in another version", async () => {
    const stage = await openStage();
    const { cookie } = await stage.member("Sue", ["support"]);
    expect(await refused(stage.socket())).toMatchObject({ code: "unauthenticated" });
    expect(await refused(stage.socket({ cookie: "frontdesk.session_token=made.up" }))).toMatchObject({ code: "unauthenticated" });
    expect(await refused(stage.socket({ key: `fd_${"x".repeat(43)}` }))).toMatchObject({ code: "unauthenticated" });
    // A key that is wrong is not helped by a cookie that is right.
    expect(await refused(stage.socket({ key: `fd_${"x".repeat(43)}`, cookie }))).toMatchObject({ code: "unauthenticated" });
    expect(await refused(stage.socket({ cookie, auth: { version: 99 } }))).toMatchObject({ code: "unsupported-version" });
    for (const auth of [{}, { version: "1" }, { version: 1, key: 7 }, { version: 1, key: "x".repeat(201) }])
      expect(await refused(stage.socket({ cookie, auth }))).toMatchObject({ code: "bad-request" });
  });

  it("too many wrong keys are refused, as at the API", async () => {
    const stage = await openStage();
    const codes: string[] = [];
    for (let tried = 0; tried < 11; tried += 1) codes.push((await refused(stage.socket({ key: `fd_${"x".repeat(43)}` }))).code);
    expect(codes.at(-1)).toBe("too-many-attempts");
  });

  it.each(["https://shop.example", "https://evil.example", "null"])("a page of %s cannot use the cookie of the console", async (origin) => {
    const stage = await openStage();
    const { cookie } = await stage.member("Sue", ["support"]);
    for (const transport of ["websocket", "polling"] as const) {
      const socket = stage.socket({ cookie, origin, transport });
      const failed = await new Promise<Error>((resolve, reject) => {
        socket.once("connect_error", resolve);
        socket.once("welcome", () => reject(new Error("It was let in.")));
      });
      // Turned away at the door: no hello was heard.
      expect(failed).not.toHaveProperty("data");
    }
    expect(stage.logged.join()).toContain("origin-refused");
  });

  it("an owner is on the line, and gets no conversation", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const { cookie } = await stage.member("Olga", ["owner"]);
    const socket = stage.socket({ cookie });
    expect(await welcomed(socket)).toMatchObject({ may: [] });
    for (const [name, frame] of [
      ["conversation-open", OPEN],
      ["conversation-page", { ...OPEN, before: 2 }],
      ["inbox-watch", {}],
      ["presence", { ...OPEN, doing: "looking" }],
      ["typing", { ...OPEN, what: "reply" }],
    ] as const)
      expect(await ask(socket, name, frame)).toMatchObject(FORBIDDEN);
  });

  it("a key does what its scopes include", async () => {
    const stage = await openStage();
    await stage.write([note(0)]);
    const reads = stage.socket({ key: (await stage.apiKey("Reads", ["support"], ["conversations.read"])).key });
    expect((await welcomed(reads)).may).not.toContain("typing");
    expect(await ask(reads, "conversation-open", OPEN)).toMatchObject({ ok: true });
    expect(await ask(reads, "typing", { ...OPEN, what: "reply" })).toMatchObject(FORBIDDEN);
    const decides = stage.socket({ key: (await stage.apiKey("Decides", ["support"], ["approvals.decide"])).key });
    await welcomed(decides);
    expect(await ask(decides, "conversation-open", OPEN)).toMatchObject(FORBIDDEN);
    expect(await ask(decides, "inbox-watch", {})).toMatchObject(FORBIDDEN);
  });

  it("a stopping server takes nobody in", async () => {
    const stage = await openStage();
    const { cookie } = await stage.member("Sue", ["support"]);
    const socket = stage.socket({ cookie });
    await welcomed(socket);
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    await stage.close();
    await gone;
  });
});
