/** The law of `RealtimeSession`: an interruption. */
import { describe, expect, test } from "vitest";
import type { PromptMessage } from "../../server/conversation/ports/model.ts";
import type { RealtimeSession } from "../../server/speech/ports/realtime.ts";
import { ask, collect } from "../model/collect.ts";
import { assistant, audioOf, openStage, type RealtimeStage, user } from "../speech/realtime-stage.ts";
import { toneOf } from "../support/realtime-answer.ts";
import { waitFor } from "../support/wait-for.ts";

const FIRST = { written: "Your order is on its way. " };
const SECOND = { written: "It comes tomorrow. " };
const THIRD = { written: "Goodbye." };
const WHOLE = [FIRST, SECOND, THIRD].map(({ written }) => written).join("");
const QUESTION = user("Where is my order?");
const NOTE = user("(The customer interrupted you here.)");
const prompt = (...messages: PromptMessage[]) => ask("", { messages });
const lengthMs = (text: string): number => toneOf(text).length / 48;

/** An answer of three sentences, whole, of which the first two were said. */
async function answered(): Promise<{ stage: RealtimeStage; session: RealtimeSession }> {
  const stage = await openStage();
  stage.provider.answer = () => ({ pieces: [FIRST, SECOND, THIRD].map(({ written: text }) => ({ text })) });
  const session = stage.open();
  await collect(session.model, prompt(QUESTION));
  for (const piece of [FIRST, SECOND]) await audioOf(session.speaking.speak(piece.written, { piece, signal: stage.abort.signal }));
  stage.provider.answer = () => ({ pieces: [{ text: "Yes." }] });
  return { stage, session };
}

export function realtimeCutsLaw(): void {
  describe("a Realtime session that is interrupted", () => {
    test("remembers its answer as far as the prompt says that it was heard", async () => {
      const { stage, session } = await answered();
      session.speaking.cut?.(SECOND, 300);
      await collect(session.model, prompt(QUESTION, assistant(`${FIRST.written}It comes`), NOTE, user("Stop")));
      const [truncate, ...more] = stage.said("conversation.item.truncate");
      expect(more).toEqual([]);
      expect(truncate).toMatchObject({ content_index: 0 });
      // The first sentence, wherever it was found to end, and 300 ms.
      expect(Math.abs((truncate?.audio_end_ms ?? 0) - lengthMs(FIRST.written) - 300)).toBeLessThan(250);
      expect(stage.at().errors).toEqual([]);
      expect(stage.said("conversation.item.delete")).toEqual([]);
      // And in the next prompts it is the same.
      await collect(
        session.model,
        prompt(QUESTION, assistant(`${FIRST.written}It comes`), NOTE, user("Stop"), assistant("Yes."), user("Well?")),
      );
      expect(stage.said("conversation.item.truncate")).toHaveLength(1);
    });

    test("forgets an answer of which nothing was heard, without cutting it", async () => {
      const { stage, session } = await answered();
      session.speaking.cut?.(FIRST, 0);
      await collect(session.model, prompt(QUESTION, user("(The customer interrupted you before they heard anything.)"), user("Stop")));
      expect(stage.said("conversation.item.truncate")).toEqual([]);
      expect(stage.said("conversation.item.delete")).toHaveLength(1);
      expect(stage.at().errors).toEqual([]);
    });

    test("never cuts beyond what came", async () => {
      const { stage, session } = await answered();
      session.speaking.cut?.(SECOND, 3_600_000);
      await collect(session.model, prompt(QUESTION, assistant(`${FIRST.written}${SECOND.written}`), NOTE, user("Stop")));
      const [truncate] = stage.said("conversation.item.truncate");
      expect(truncate?.audio_end_ms).toBeLessThan(lengthMs(WHOLE));
      expect(stage.at().errors).toEqual([]);
    });

    test("makes on an answer that is cut, until the model is stopped, and says nothing more of it", async () => {
      const stage = await openStage();
      stage.provider.answer = () => ({ pieces: [{ text: FIRST.written }, { text: SECOND.written }], stalls: true });
      const session = stage.open();
      const stop = new AbortController();
      const answer = collect(session.model, prompt(QUESTION), stop.signal);
      await waitFor(() => stage.provider.sessions.length === 1);
      await waitFor(() => stage.at().items.some(({ audioMs }) => audioMs >= lengthMs(FIRST.written)));
      const audio = session.speaking.speak(FIRST.written, { piece: FIRST, signal: stage.abort.signal })[Symbol.asyncIterator]();
      await audio.next();
      session.speaking.cut?.(FIRST, 200);
      while ((await audio.next()).done !== true);
      expect(stage.said("response.cancel")).toEqual([]);
      stop.abort(new Error("The customer spoke."));
      expect((await answer).error).toMatchObject({ message: "The customer spoke." });
      await waitFor(() => stage.said("response.cancel").length === 1);
      expect(stage.otherwise).toEqual([]);
      stage.provider.answer = () => ({ pieces: [{ text: "Yes." }] });
      await collect(session.model, prompt(QUESTION, assistant("Your"), NOTE, user("Stop")));
      expect(stage.said("conversation.item.truncate")).toMatchObject([{ audio_end_ms: 200 }]);
      expect(stage.at().errors).toEqual([]);
    });

    test("says nothing in another voice of what was cut before its audio came", async () => {
      const stage = await openStage();
      const never = new Promise<void>(() => undefined);
      stage.provider.answer = () => ({ pieces: [{ text: FIRST.written, audioAfter: never }] });
      const session = stage.open();
      const stop = new AbortController();
      const answer = collect(session.model, prompt(QUESTION), stop.signal);
      await waitFor(() => stage.said("response.create").length === 1);
      await stage.provider.settled();
      const audio = session.speaking.speak(FIRST.written, { piece: FIRST, signal: stage.abort.signal })[Symbol.asyncIterator]();
      const first = audio.next();
      session.speaking.cut?.(FIRST, 0);
      expect((await first).done).toBe(true);
      expect(stage.otherwise).toEqual([]);
      stop.abort(new Error("The customer spoke."));
      expect((await answer).error).toMatchObject({ message: "The customer spoke." });
    });

    test("goes on in its own voice where it was interrupted for nothing, and is not cut then", async () => {
      const { stage, session } = await answered();
      session.speaking.cut?.(SECOND, 300);
      const [again, last] = [{ ...SECOND }, { ...THIRD }];
      const audio = [];
      for (const piece of [again, last])
        audio.push(await audioOf(session.speaking.speak(piece.written, { piece, signal: stage.abort.signal })));
      expect(stage.otherwise).toEqual([]);
      expect(Math.abs(Buffer.concat(audio).length / 48 - lengthMs(SECOND.written) - lengthMs(THIRD.written))).toBeLessThan(250);
      await collect(session.model, prompt(QUESTION, assistant(WHOLE), user("Good")));
      expect(stage.said("conversation.item.truncate")).toEqual([]);
      expect(stage.said("conversation.item.delete")).toEqual([]);
    });

    test("is told in words what was heard where the provider does not cut it", async () => {
      const { stage, session } = await answered();
      session.speaking.cut?.(SECOND, 300);
      const refused = stage.at();
      const { take } = refused;
      refused.take = (event) => {
        if (event.type === "conversation.item.truncate") refused.refuse("invalid_value", "No.", event.event_id);
        else take.call(refused, event);
      };
      const heard = [QUESTION, assistant("Your order is on its way."), NOTE, user("Stop")];
      await collect(session.model, prompt(...heard));
      await collect(session.model, prompt(...heard, assistant("Yes."), user("Well?")));
      const told = stage.said("conversation.item.create").map(({ item }) => JSON.stringify(item));
      expect(told.filter((item) => item.includes('"output_text"') && item.includes("Your order is on its way."))).toHaveLength(1);
    });
  });
}
