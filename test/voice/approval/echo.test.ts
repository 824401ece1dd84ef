import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBack } from "../../../server/voice/approval/read-back.ts";
import { CallStage, PHRASE, proposed, requested } from "./call-stage.ts";

describe("what may be our own voice", () => {
  test("the phrase counts for nothing before the question was heard to its end", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    stage.voice.begin();
    expect(await stage.says(PHRASE)).toBe(true);
    await stage.hearsAll();
    expect(stage.decided).toEqual([]);
    expect(stage.voice.said).toHaveLength(1);
  });

  test("nor right after it, nor while anything of ours can be heard", async () => {
    const stage = new CallStage();
    await stage.asked();
    const end = stage.clock.now();
    expect(await stage.says(PHRASE, { beganAt: end + 299 })).toBe(true);
    expect(await stage.says(PHRASE, { overVoice: true })).toBe(true);
    expect(stage.decided).toEqual([]);
    expect(await stage.says(PHRASE, { beganAt: end + 300 })).toBe(true);
    expect(stage.decisions).toEqual(["approved"]);
  });

  test("a refusal that may be the question's own “no” refuses nothing", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    stage.voice.begin();
    await stage.says("or no please");
    await stage.hearsAll();
    await stage.says("no please", { beganAt: stage.clock.now() });
    expect(stage.decided).toEqual([]);
  });

  test("a reading that was cut is read again, whole: nothing approves what was not read to its end", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    const whole = stage.voice.last?.pieces;
    for (let times = 0; times < 2; times++) {
      stage.voice.begin();
      stage.approvals.speechBegan();
      await stage.voice.end(undefined);
      expect(await stage.says(times === 0 ? "" : "yes")).toBe(true);
      expect(stage.voice.said).toHaveLength(times + 2);
      expect(stage.voice.last?.pieces).toEqual(whole);
    }
    await stage.hearsAll();
    await stage.says(PHRASE);
    expect(stage.decisions).toEqual(["approved"]);
  });

  test("a reading that is cut three times waits for the button", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    for (let times = 0; times < 3; times++) {
      stage.voice.begin();
      stage.approvals.speechBegan();
      await stage.voice.end(undefined);
      await stage.says("");
    }
    expect(stage.voice.last?.pieces).toEqual(["Then approve or reject it on the screen, please."]);
    await stage.hearsAll();
    await stage.says(PHRASE);
    expect(stage.decided).toEqual([]);
  });

  test("a short question that was cut is asked once more", async () => {
    const stage = new CallStage();
    await stage.asked();
    await stage.says("yes");
    stage.voice.begin();
    stage.approvals.speechBegan();
    await stage.voice.end(undefined);
    await stage.says("");
    expect(stage.voice.last?.pieces[0]).toBe("Once more, about Refund order.");
    await stage.hearsAll();
    await stage.says(PHRASE);
    expect(stage.decisions).toEqual(["approved"]);
  });

  test("a question that was interrupted is asked once more, and approves nothing before", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    stage.voice.begin();
    stage.approvals.speechBegan();
    await stage.voice.end(undefined);
    expect(await stage.says(PHRASE)).toBe(true);
    expect(stage.decided).toEqual([]);
    expect(stage.voice.said).toHaveLength(2);
    await stage.hearsAll();
    await stage.says(PHRASE);
    expect(stage.decisions).toEqual(["approved"]);
  });

  test("what was said before anything of it could be heard is a message; then it is asked in full", async () => {
    const stage = new CallStage();
    await stage.happens(requested());
    await stage.voice.end(undefined);
    expect(await stage.says(PHRASE)).toBe(false);
    expect(await stage.says("No, something else.")).toBe(false);
    stage.clock.forward(8_000);
    expect(stage.voice.last?.pieces).toEqual(stage.voice.said[0]?.pieces);
    await stage.hearsAll();
    await stage.says("yes");
    expect(stage.voice.said).toHaveLength(3);
    expect(stage.voice.last?.pieces[0]).toBe("Once more, about Refund order.");
    expect(stage.decided).toEqual([]);
  });
});

const said = readBack({ tool: proposed("x").tool, fields: requested().fields }, "phrase", "en");
const words = said.pieces.join(" ").split(" ");
const cut = fc
  .tuple(fc.nat(words.length), fc.nat(words.length))
  .map(([one, other]) => words.slice(Math.min(one, other), Math.max(one, other) + 1).join(" "));
/** What a microphone hears of it, and when: while it is said, or until its echo is over. */
const echo = fc.record({
  text: fc.oneof(cut, fc.constantFrom(PHRASE, "yes approve it", said.pieces.join(" ")), fc.constantFrom(...said.pieces)),
  begins: fc.integer({ min: -5_000, max: 299 }),
  overVoice: fc.boolean(),
  confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  isLate: fc.boolean(),
});

test("the read-back's own words, whole and in every piece, never decide anything", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(echo, { minLength: 1, maxLength: 4 }), async (echoes) => {
      const stage = new CallStage();
      await stage.happens(requested());
      stage.voice.begin();
      stage.clock.forward(6_000);
      const end = stage.clock.now();
      const answer = ({ text, begins, overVoice, confidence }: (typeof echoes)[number]): boolean =>
        stage.approvals.answer({ text, beganAt: end + begins, overVoice, ...(confidence === undefined ? {} : { confidence }) });
      // An engine may need longer than the question takes.
      for (const one of echoes.filter(({ isLate }) => !isLate)) expect(answer(one)).toBe(true);
      await stage.voice.end(end);
      for (const one of echoes.filter(({ isLate }) => isLate)) expect(answer(one)).toBe(true);
      expect(stage.decided).toEqual([]);
      expect(stage.voice.said).toHaveLength(1);
    }),
  );
});

test("what is heard over our voice never decides anything, however late it begins", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(PHRASE, "no", "yes approve it"), fc.nat(60_000), async (text, begins) => {
      const stage = new CallStage();
      await stage.asked();
      stage.approvals.answer({ text, beganAt: stage.clock.now() + begins, overVoice: true });
      expect(stage.decided).toEqual([]);
    }),
  );
});
