import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { approvalWords } from "../../../server/voice/approval/approval-words.ts";
import { judge } from "../../../server/voice/approval/judge.ts";
import { plainWords } from "../../../server/voice/approval/plain-words.ts";

const { phrase } = approvalWords("en");
const german = approvalWords("de-AT").phrase;

describe("what approves", () => {
  test.each([
    "yes, approve it",
    "Yes, approve it.",
    "YES APPROVE IT",
    "  yes –  approve   it! ",
    "“Yes, approve it.”",
    "yés, approve ít",
    "Yes. Approve it.",
  ])("%s", (text) => expect(judge({ text }, phrase)).toBe("approve"));

  test.each(["ja, freigeben", "Ja, freigeben.", "JA FREIGEBEN"])("in German: %s", (text) =>
    expect(judge({ text }, german)).toBe("approve"),
  );
});

describe("what does not", () => {
  test.each([
    ["do not approve it", "refuse"],
    ["yes but not now", "refuse"],
    ["yes, approve it, no", "refuse"],
    ["no, yes approve it", "refuse"],
    ["don't approve it", "refuse"],
    ["dont approve it", "refuse"],
    ["don’t", "refuse"],
    ["cancel", "refuse"],
    ["wait", "refuse"],
    ["stop stop", "refuse"],
    ["never mind", "refuse"],
    ["yes", "unclear"],
    ["approve it", "unclear"],
    ["yes approve", "unclear"],
    ["yes approve it please", "unclear"],
    ["please yes approve it", "unclear"],
    ["yes yes approve it", "unclear"],
    ["yes approve it yes approve it", "unclear"],
    ["yes, I approve it", "unclear"],
    ["say yes approve it", "unclear"],
    ["yes, approve it?", "unclear"],
    ["okay", "unclear"],
    ["yesapprove it", "unclear"],
    ["", "nothing"],
    [" … ", "nothing"],
  ] as const)("“%s” is %s", (text, verdict) => expect(judge({ text }, phrase)).toBe(verdict));

  test.each([
    ["nein", "refuse"],
    ["bitte nicht freigeben", "refuse"],
    ["ja, aber nicht jetzt", "refuse"],
    ["keinesfalls", "refuse"],
    ["abbrechen", "refuse"],
    ["warte mal", "refuse"],
    ["ja", "unclear"],
    ["ja, bitte freigeben", "unclear"],
    ["freigeben", "unclear"],
    ["ja, erlauben", "unclear"],
  ] as const)("in German: “%s” is %s", (text, verdict) => expect(judge({ text }, german)).toBe(verdict));

  test("the phrase of another language approves nothing", () => {
    expect(judge({ text: phrase }, german)).toBe("unclear");
    expect(judge({ text: german }, phrase)).toBe("unclear");
  });

  test("an engine that is not sure has not heard the phrase, and a refusal all the same", () => {
    expect(judge({ text: phrase, confidence: 0.69 }, phrase)).toBe("unclear");
    expect(judge({ text: phrase, confidence: 0.7 }, phrase)).toBe("approve");
    expect(judge({ text: "no", confidence: 0 }, phrase)).toBe("refuse");
  });

  test("without a phrase nothing approves", () => {
    expect(judge({ text: phrase }, undefined)).toBe("unclear");
    expect(judge({ text: "no" }, undefined)).toBe("refuse");
  });
});

const refusal = fc.constantFrom(
  "no",
  "not",
  "don't",
  "don’t",
  "stop",
  "cancel",
  "never",
  "wait",
  "nein",
  "nicht",
  "kein",
  "stopp",
  "warte",
  "NO!",
  "Nö",
);
const words = fc.array(fc.oneof(fc.constantFrom("yes", "approve", "it", "ja", "freigeben", "please"), fc.string()), { maxLength: 8 });

test("a text with a word of refusal is never an approval, wherever the word is", () => {
  fc.assert(
    fc.property(words, refusal, words, fc.constantFrom(phrase, german), (before, no, after, asked) => {
      const text = [...before, no, ...after].join(" ");
      expect(judge({ text }, asked)).toBe("refuse");
    }),
  );
});

test("whatever approves has the words of the phrase, and no others", () => {
  const pieces = fc.constantFrom("yes", "Yes,", "approve", "it", "it.", "approve it", "yes approve it", "please", "uh", "not", "!", "…");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 5 }), (said) => {
      const text = said.join(" ");
      if (judge({ text }, phrase) === "approve") expect(plainWords(text)).toEqual(["yes", "approve", "it"]);
    }),
    { numRuns: 2000 },
  );
});

test("any other text approves nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), (text) => {
      fc.pre(plainWords(text).join(" ") !== "yes approve it");
      expect(judge({ text }, phrase)).not.toBe("approve");
    }),
  );
});
