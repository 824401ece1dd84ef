import { describe, expect, test } from "vitest";
import { alwaysAllow } from "../support/desk-assistant.ts";
import { CONVERSATION, openDesk } from "../support/desk-harness.ts";
import { say, textResult } from "../support/desk-scripts.ts";
import { code, send, written } from "../support/desk-waits.ts";
import { ANNA, BEN, HERE, join, reply, handBack, types, read } from "./take-over-stage.ts";

describe("who answers", () => {
  test("two who press Join at once: one has it, the other hears who", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    const settled = await Promise.allSettled([join(desk, ANNA), join(desk, BEN)]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const [joined] = await written(desk, "person-joined");
    const refused = settled.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(refused.reason).toEqual(code("person-answers", joined!.by.name));
    expect(await written(desk, "person-joined")).toHaveLength(1);
  });

  test("whoever takes over from a colleague says from whom, and the colleague can reply no more", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await join(desk, ANNA);
    await expect(join(desk, BEN)).rejects.toEqual(code("person-answers", "Anna"));
    await join(desk, BEN, { insteadOf: "anna" });
    await expect(reply(desk, "Mine")).rejects.toEqual(code("person-answers", "Ben"));
    await expect(join(desk, ANNA, { insteadOf: "carl" })).rejects.toEqual(code("person-answers", "Ben"));
  });

  test("nobody replies, hands back or cancels who has not joined, and joining twice is once", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await expect(reply(desk, "Hello")).rejects.toEqual(code("not-joined"));
    await expect(handBack(desk)).rejects.toEqual(code("not-joined"));
    await join(desk);
    await join(desk);
    expect(await written(desk, "person-joined")).toHaveLength(1);
  });

  test("a reply that is sent again is written once", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await join(desk);
    const [one, two] = [await reply(desk, "Hello", "reply-one"), await reply(desk, "Hello", "reply-one")];
    expect(two).toEqual(one);
    expect(await written(desk, "reply-sent")).toHaveLength(1);
  });

  test("a conversation that its person closes is handed back, and the next message is the assistant's", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await join(desk);
    await expect(desk.people.close(BEN, HERE)).rejects.toEqual(code("person-answers", "Anna"));
    await desk.people.close(ANNA, HERE);
    expect(await desk.store.find(CONVERSATION)).toMatchObject({ closedAt: expect.any(Number) });
    await desk.ask("One more thing");
    expect(await desk.store.find(CONVERSATION)).not.toHaveProperty("closedAt");
    expect(desk.requests).toHaveLength(2);
    expect(types(await desk.journal())).toEqual(expect.arrayContaining(["person-joined", "handed-back", "conversation-closed"]));
  });

  test("notes are read by no model", async () => {
    const desk = await openDesk({ script: () => say("Hello.") });
    await desk.ask("Hi");
    await desk.people.note(BEN, { ...HERE, text: "A difficult one" });
    await desk.ask("Hi again");
    expect(JSON.stringify(desk.requests)).not.toContain("difficult");
  });
});

describe("a draft", () => {
  test("is what the model says to all that was said, without tools, and nothing of it is kept", async () => {
    const desk = await openDesk({
      script: () => say("Your order is on its way."),
      tools: [{ tool: "refund", run: () => textResult("no") }],
      permissions: { refund: alwaysAllow },
    });
    await desk.ask("Hi");
    await join(desk);
    await send(desk, "Where is it?", "message-two");
    const before = await desk.journal();
    const draft = await desk.people.draftReply(ANNA, { ...HERE, signal: new AbortController().signal });
    expect(draft).toEqual({ text: "Your order is on its way." });
    expect(desk.requests.at(-1)).toMatchObject({ tools: [], toolChoice: "none" });
    expect(read(desk.requests.at(-1)).slice(-2)).toEqual(["user: Where is it?", expect.stringContaining("for Anna")]);
    expect(await desk.journal()).toEqual(before);
  });
});
