/** What is OpenAI's own way: sessions that end, lines that break, errors in the middle. */
import { describe, expect, test } from "vitest";
import { ModelError } from "../../../server/conversation/ports/model.ts";
import { FRAMES, say } from "../../contract/listening.ts";
import { ask, collect } from "../../model/collect.ts";
import { waitFor } from "../../support/wait-for.ts";
import { assistant, listen, openStage, sayTurn, user } from "../realtime-stage.ts";

const MINUTE_MS = 60_000;
const prompt = (...texts: string[]) => ask("", { messages: texts.map((text, index) => (index % 2 === 0 ? user(text) : assistant(text))) });

describe("a session that ends", () => {
  test("is left for a new one before its hour is over, between two answers, with all that was said", async () => {
    const stage = await openStage();
    const session = stage.open();
    const listening = listen(session);
    await sayTurn(session, listening);
    await collect(session.model, prompt("One?"));
    for (let minutes = 0; minutes < 56; minutes += 1) {
      for (let pings = 0; pings < 3; pings += 1) {
        stage.clock.forward(MINUTE_MS / 3);
        await stage.provider.settled();
      }
    }
    expect(stage.provider.sessions).toHaveLength(1);
    await collect(session.model, prompt("One?", "Yes.", "Two?"));
    expect(stage.provider.sessions).toHaveLength(2);
    expect(stage.at().items.map(({ item }) => item.type === "message" && item.role)).toEqual(["user", "assistant", "user", "assistant"]);
    await waitFor(() => stage.provider.open === 1);
    expect(await sayTurn(session, listening)).not.toBe("");
  });

  test("is left before the time that the provider itself tells", async () => {
    const stage = await openStage();
    stage.provider.created = { expires_at: Math.floor((stage.clock.now() + 5 * MINUTE_MS) / 1000) };
    const session = stage.open();
    await collect(session.model, prompt("One?"));
    for (let times = 0; times < 14; times += 1) {
      stage.clock.forward(MINUTE_MS / 3);
      await stage.provider.settled();
    }
    await collect(session.model, prompt("One?", "Yes.", "Two?"));
    expect(stage.provider.sessions).toHaveLength(2);
  });

  test("while the customer speaks: what they said goes to the next one, and is understood once", async () => {
    const stage = await openStage();
    const session = stage.open();
    const listening = listen(session);
    await sayTurn(session, listening);
    const heard: Buffer[] = [];
    stage.provider.understand = (pcm) => `whole ${heard.push(pcm)}`;
    say(session, FRAMES.slice(0, 6));
    await stage.provider.settled();
    stage.provider.expire();
    await waitFor(() => stage.provider.sessions.length === 2);
    say(session, FRAMES.slice(6));
    session.endTurn();
    await waitFor(() => listening.finals().length === 2);
    expect(listening.finals()[1]?.text).toBe("whole 1");
    expect(Math.abs((heard[0]?.length ?? 0) - 12 * 640 * 1.5)).toBeLessThanOrEqual(4);
  });
});

describe("a line that breaks", () => {
  test("in the middle of an answer: it broke off, and the next is asked on another line", async () => {
    const stage = await openStage();
    stage.provider.answer = () => ({ pieces: [{ text: "One " }, { text: "two " }], stalls: true });
    const session = stage.open();
    const answer = collect(session.model, prompt("One?"));
    await waitFor(() => stage.provider.sessions.length === 1);
    await waitFor(() => stage.at().items.some(({ audioMs }) => audioMs > 0));
    await stage.provider.settled();
    stage.provider.cut();
    const { error, text } = await answer;
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ kind: "broken" });
    expect(text).toContain("One");
    stage.provider.answer = () => ({ pieces: [{ text: "Again." }] });
    expect((await collect(session.model, prompt("One?"))).text).toBe("Again.");
    expect(stage.provider.sessions).toHaveLength(2);
  });

  test("twice in one turn: what the customer said is lost, and so is the session", async () => {
    const stage = await openStage();
    const session = stage.open();
    const listening = listen(session);
    await sayTurn(session, listening);
    say(session);
    for (const sessions of [1, 2]) {
      await waitFor(() => stage.provider.sessions.length === sessions);
      await stage.provider.settled();
      stage.provider.cut();
    }
    expect(await listening.outcome).toMatchObject({ kind: "broken" });
    await expect(collect(session.model)).resolves.toMatchObject({ error: { kind: "broken" } });
  });
});

describe("an error in the middle", () => {
  test("a transcription that fails is a turn of which nothing was understood; a second one ends the session", async () => {
    const stage = await openStage();
    const session = stage.open();
    const listening = listen(session);
    stage.provider.understand = () => new Error("No ears.");
    expect(await sayTurn(session, listening)).toBe("");
    say(session);
    session.endTurn();
    expect(await listening.outcome).toMatchObject({ kind: "broken" });
    expect(String(await listening.outcome)).toContain("No ears.");
  });

  test("an item that is not taken fails the answer that needs it, and not the next", async () => {
    const stage = await openStage();
    const session = stage.open();
    await collect(session.model, prompt("One?"));
    const refused = stage.at();
    const { take } = refused;
    refused.take = (event) => {
      if (event.type !== "conversation.item.create") return take.call(refused, event);
      refused.take = take;
      refused.said.push(event);
      refused.refuse("invalid_value", "Not this item.", event.event_id);
    };
    const { error, parts } = await collect(session.model, prompt("One?", "Yes.", "Two?"));
    expect(error).toMatchObject({ kind: "misconfigured" });
    expect(String(error)).toContain("Not this item.");
    expect(parts).toEqual([]);
    expect((await collect(session.model, prompt("One?", "Yes.", "Two?"))).text).toBe("Yes.");
    expect(stage.at().items.map(({ item }) => item.type === "message" && item.role)).toEqual(["user", "assistant", "user", "assistant"]);
  });

  test("one that nobody asked for ends the answer that is being made", async () => {
    const stage = await openStage();
    stage.provider.answer = () => ({ pieces: [{ text: "One " }], stalls: true });
    const session = stage.open();
    const answer = collect(session.model, prompt("One?"));
    await waitFor(() => stage.provider.sessions.length === 1);
    await waitFor(() => stage.at().items.some(({ audioMs }) => audioMs > 0));
    stage.at().refuse("server_error", "The server had an error.", undefined, "server_error");
    expect((await answer).error).toMatchObject({ kind: "overloaded" });
    stage.provider.answer = () => ({ pieces: [{ text: "Again." }] });
    expect((await collect(session.model, prompt("One?"))).text).toBe("Again.");
  });

  test("an answer of which nothing comes is given up", async () => {
    const stage = await openStage();
    stage.provider.answer = () => ({ stalls: true });
    const session = stage.open();
    const answer = collect(session.model, prompt("One?"));
    await waitFor(() => stage.said("response.create").length === 1);
    await stage.provider.settled();
    stage.clock.forward(15_000);
    expect((await answer).error).toMatchObject({ kind: "unreachable" });
    await waitFor(() => stage.said("response.cancel").length === 1);
  });

  test.each([
    ["rate_limit_exceeded", "rate-limited"],
    ["insufficient_quota", "misconfigured"],
    ["server_error", "overloaded"],
  ])("a response that failed with %s is told as %s", async (code, kind) => {
    const stage = await openStage();
    stage.provider.answer = () => ({ ends: "failed", error: { type: code, code, message: "Said by the provider." } });
    const { error } = await collect(stage.open().model, prompt("One?"));
    expect(error).toMatchObject({ kind });
    expect(String(error)).toContain("Said by the provider.");
  });
});
