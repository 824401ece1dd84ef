/** The law of `RealtimeSession` as one that answers and speaks. */
import { describe, expect, test } from "vitest";
import type { ModelPart, PromptMessage } from "../../server/conversation/ports/model.ts";
import type { RealtimeSession } from "../../server/speech/ports/realtime.ts";
import type { WrittenPiece } from "../../server/speech/ports/speaking.ts";
import { ask, collect } from "../model/collect.ts";
import { assistant, audioOf, listen, openStage, type RealtimeStage, sayTurn, user } from "../speech/realtime-stage.ts";
import { AUDIO_RATE, type ScriptedAnswer, toneOf } from "../support/realtime-answer.ts";
import { waitFor } from "../support/wait-for.ts";
import { say } from "./listening.ts";

const LOOKUP = { name: "orders__lookup_order", description: "Looks an order up.", inputSchema: { type: "object", properties: {} } };
const SYSTEM: PromptMessage = { role: "system", text: "You are the desk of a shop." };
const QUESTION = user("Where is my order?");
const prompt = (...messages: PromptMessage[]) => ask("", { messages: [SYSTEM, ...messages], tools: [LOOKUP] });
const says = (...texts: string[]): ScriptedAnswer => ({ pieces: texts.map((text) => ({ text })) });
const ms = ({ length }: Buffer): number => (length / 2 / AUDIO_RATE) * 1000;

/** What the provider remembers, in its order, in words. */
function remembered({ at }: RealtimeStage): string[] {
  return at().items.map(({ item, audioMs }) => {
    if (item.type === "function_call") return `calls ${item.name}`;
    if (item.type === "function_call_output") return `result: ${item.output}`;
    if (item.type !== "message") return item.type;
    const [content] = item.content;
    if (content?.type === "input_audio") return "user: (audio)";
    if (content?.type === "output_audio") return `assistant: ${content.transcript ?? "(no words)"} (${Math.round(audioMs)} ms)`;
    return `${item.role}: ${content?.text}`;
  });
}

const speak = (session: RealtimeSession, piece: WrittenPiece): Promise<Buffer> =>
  audioOf(session.speaking.speak(piece.written.trim(), { piece, signal: new AbortController().signal }));

export function realtimeAnswersLaw(): void {
  describe("a Realtime session is in step with the prompt:", () => {
    test("what the model heard and said itself stays, and only what is new is told", async () => {
      const stage = await openStage();
      stage.provider.understand = () => "Where is my order?";
      stage.provider.answer = () => says("It is on its way.");
      const session = stage.open();
      const listening = listen(session);
      await sayTurn(session, listening);
      await collect(session.model, prompt(QUESTION));
      stage.provider.understand = () => "When does it come?";
      await sayTurn(session, listening);
      stage.provider.answer = () => says("Tomorrow.");
      expect((await collect(session.model, prompt(QUESTION, assistant("It is on its way."), user("When does it come?")))).text).toBe(
        "Tomorrow.",
      );
      expect(stage.said("conversation.item.create")).toEqual([]);
      expect(stage.said("conversation.item.delete")).toEqual([]);
      expect(stage.said("session.update").filter(({ session: told }) => "instructions" in told)).toHaveLength(1);
      expect(remembered(stage)).toEqual([
        "user: (audio)",
        expect.stringMatching(/^assistant: It is/),
        "user: (audio)",
        expect.stringMatching(/^assistant: Tomorrow/),
      ]);
      expect(stage.at().errors).toEqual([]);
    });

    test("what is in the prompt and was never said aloud is told as text, with calls and results", async () => {
      const stage = await openStage();
      const session = stage.open();
      const call = { modelCallId: "toolu_with_an_id_that_is_far_too_long_for_it", name: LOOKUP.name, argumentsText: '{"order":"1042"}' };
      const again = { ...call, argumentsText: "{}" };
      const result = (text: string, failed: boolean): PromptMessage => ({
        role: "tool",
        modelCallId: call.modelCallId,
        name: call.name,
        text,
        failed,
      });
      const messages: PromptMessage[] = [
        user("typed"),
        { role: "assistant", text: "", toolCalls: [call] },
        result("sent", false),
        { role: "assistant", text: "Once more.", toolCalls: [again] },
        result("gone", true),
      ];
      await collect(session.model, prompt(...messages));
      expect(remembered(stage)).toEqual([
        "user: typed",
        "calls orders__lookup_order",
        "result: sent",
        "assistant: Once more.",
        "calls orders__lookup_order",
        "result: [This call did not succeed.]\ngone",
        expect.stringMatching(/^assistant: Yes/),
      ]);
      // Each result belongs to the call before it.
      const callIds = stage.at().items.flatMap(({ item }) => ("call_id" in item ? [item.call_id] : []));
      expect(callIds).toEqual([callIds[0], callIds[0], callIds[2], callIds[2]]);
      expect(callIds[0]).not.toBe(callIds[2]);
      expect(stage.at().errors).toEqual([]);
      expect(stage.at().session).toMatchObject({
        instructions: "You are the desk of a shop.",
        tools: [{ type: "function", name: LOOKUP.name }],
      });
    });

    test("what is not in the prompt is forgotten: a spoken approval, an answer that was void, what a summary stands for", async () => {
      const stage = await openStage();
      const session = stage.open();
      const listening = listen(session);
      stage.provider.understand = () => "yes approve it";
      await sayTurn(session, listening);
      stage.provider.answer = () => says("Void.");
      await collect(session.model, prompt(user("Refund my")));
      stage.provider.answer = () => says("Done.");
      await collect(session.model, prompt(user("Refund my order")));
      expect(remembered(stage)).toEqual(["user: Refund my order", expect.stringMatching(/^assistant: Done/)]);
      await collect(session.model, ask("", { messages: [SYSTEM, { role: "system", text: "Summary." }, user("Thanks")], tools: [] }));
      expect(remembered(stage)).toEqual(["user: Thanks", expect.stringMatching(/^assistant/)]);
      expect(stage.at().session).toMatchObject({ instructions: "You are the desk of a shop.\n\nSummary.", tools: [] });
      expect(stage.at().errors).toEqual([]);
    });

    test("what is said while a tool runs is not answered before its words are in the prompt", async () => {
      const stage = await openStage();
      const session = stage.open();
      const listening = listen(session);
      stage.provider.answer = () => ({ calls: [{ name: LOOKUP.name, argumentsText: "{}" }] });
      const { calls } = await collect(session.model, prompt(QUESTION));
      const words = Promise.withResolvers<string>();
      stage.provider.understand = () => words.promise;
      say(session);
      session.endTurn();
      await waitFor(() => stage.at().items.length === 3);
      const asked: number[] = [];
      stage.provider.answer = ({ items }) => {
        asked.push(items.length);
        return says("Sent.");
      };
      const result: PromptMessage = {
        role: "tool",
        modelCallId: calls[0]?.modelCallId ?? "",
        name: LOOKUP.name,
        text: "sent",
        failed: false,
      };
      const before = [QUESTION, { role: "assistant", text: "", toolCalls: calls } as PromptMessage, result];
      await collect(session.model, prompt(...before));
      words.resolve("And the other one?");
      await waitFor(() => listening.finals().length === 1);
      await collect(session.model, prompt(...before, assistant("Sent."), user("And the other one?")));
      expect(asked).toEqual([3, 5]);
      expect(stage.at().errors).toEqual([]);
      // It was said before the answer, and is asked after it: told again, as text.
      expect(remembered(stage).slice(3)).toEqual([
        expect.stringMatching(/^assistant: Sent/),
        "user: And the other one?",
        expect.stringMatching(/^assistant: Sent/),
      ]);
    });

    test("an answer that was stopped makes room for the next, which is asked once it is over", async () => {
      const stage = await openStage();
      const session = stage.open();
      stage.provider.answer = () => ({ ...says("A long ", "story. "), stalls: true });
      const stop = new AbortController();
      const parts: ModelPart[] = [];
      const first = (async () => {
        for await (const part of session.model.stream(prompt(QUESTION), stop.signal)) parts.push(part);
      })();
      await waitFor(() => parts.length > 1);
      stop.abort("stop");
      await expect(first).rejects.toBe("stop");
      stage.provider.answer = () => says("Short.");
      expect((await collect(session.model, prompt(user("Shorter.")))).text).toBe("Short.");
      expect(stage.said("response.cancel")).toHaveLength(1);
      expect(stage.at().errors).toEqual([]);
      expect(remembered(stage)).toEqual(["user: Shorter.", expect.stringMatching(/^assistant: Short/)]);
    });

    test("a call of an answer that did not come to its end is none", async () => {
      const stage = await openStage();
      const session = stage.open();
      stage.provider.answer = () => ({ calls: [{ name: LOOKUP.name, argumentsText: "{}" }], ends: "length" });
      const { calls, finish } = await collect(session.model, prompt(QUESTION));
      expect(calls).toEqual([]);
      expect(finish?.reason).toBe("length");
    });
  });

  describe("a Realtime session speaks:", () => {
    test("each piece of its answer in its own voice, all of the audio once, cut where it pauses", async () => {
      const stage = await openStage();
      stage.provider.answer = () => says("Your order is on its way. ", "It comes tomorrow, ", "before noon.");
      const session = stage.open();
      await collect(session.model, prompt(QUESTION));
      const pieces = ["Your order is on its way. ", "It comes tomorrow, ", "before noon."].map((written) => ({ written }));
      const audio = await Promise.all(pieces.map((piece) => speak(session, piece)));
      expect(Buffer.concat(audio).equals(Buffer.concat(pieces.map(({ written }) => toneOf(written))))).toBe(true);
      for (const [index, { written }] of pieces.entries())
        expect(Math.abs(ms(audio[index] ?? Buffer.alloc(0)) - ms(toneOf(written)))).toBeLessThan(250);
      expect(stage.otherwise).toEqual([]);
    });

    test("the first audio comes before the answer is whole", async () => {
      const stage = await openStage();
      const more = Promise.withResolvers<void>();
      const sentence = "Your order left our house yesterday evening. ";
      stage.provider.answer = () => ({ pieces: [{ text: sentence }, { text: "Goodbye.", after: more.promise }] });
      const session = stage.open();
      const answered = collect(session.model, prompt(QUESTION));
      await waitFor(() => stage.said("response.create").length === 1);
      // Asked for as soon as it was written.
      await waitFor(() => stage.at().items.some(({ audioMs }) => audioMs > 500));
      const piece = { written: sentence };
      const audio = session.speaking.speak(sentence, { piece, signal: new AbortController().signal })[Symbol.asyncIterator]();
      expect((await audio.next()).done).toBe(false);
      more.resolve();
      await answered;
      while ((await audio.next()).done !== true);
    });

    test("any other text in another voice: ours, that of another model, and what it wrote without saying it", async () => {
      const stage = await openStage();
      stage.provider.answer = () => ({ pieces: [{ text: "Only written.", audio: null }] });
      const session = stage.open();
      await collect(session.model, prompt(QUESTION));
      await audioOf(session.speaking.speak("One moment.", { signal: stage.abort.signal }));
      await speak(session, { written: "From another model." });
      await speak(session, { written: "Only written." });
      expect(stage.otherwise).toEqual(["One moment.", "From another model.", "Only written."]);
    });

    test("a question of ours is never said in its voice, even where it said the same", async () => {
      const stage = await openStage();
      stage.provider.answer = () => says("Shall I refund order 1042?");
      const session = stage.open();
      await collect(session.model, prompt(QUESTION));
      await audioOf(session.speaking.speak("Shall I refund order 1042?", { signal: stage.abort.signal }));
      expect(stage.otherwise).toEqual(["Shall I refund order 1042?"]);
    });
  });
}
