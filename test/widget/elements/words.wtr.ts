import { durationText } from "../../../widget/elements/calls/outcome-text.ts";
import { callWords } from "../../../widget/words/call-words.ts";
import { connectWords } from "../../../widget/words/connect-words.ts";
import { englishCalls } from "../../../widget/words/english/calls.ts";
import { english } from "../../../widget/words/english/words.ts";
import { Formats } from "../../../widget/words/formats.ts";
import { questionWords } from "../../../widget/words/question-words.ts";
import { LANGUAGES } from "../../../widget/words/languages.ts";
import { voiceWords } from "../../../widget/words/voice-words.ts";
import type { Words } from "../../../widget/words/types/words.ts";
import { wordsFor } from "../../../widget/words/words-for.ts";
import { type ERRORS, TURN_ERRORS } from "../../../protocol/errors.ts";
import { same } from "./same.ts";

/** What a server may say to a chat; callers of the REST API, who meet the others, read English. */
const IN_THE_CHAT: readonly (keyof typeof ERRORS)[] = [
  "already-decided",
  "approval-changed",
  "approval-expired",
  "bad-request",
  "busy",
  "call-elsewhere",
  "call-over",
  "identity-expired",
  "identity-refused",
  "identity-required",
  "internal",
  "no-voice",
  "not-approver",
  "not-shown",
  "not-signed-in",
  "origin-refused",
  "rate-limited",
  "request-over",
  "scope-refused",
  "sign-in-unavailable",
  "stopping",
  "too-long",
  "too-many-calls",
  "unfit-answer",
  "unknown-approval",
  "unknown-assistant",
  "unknown-call",
  "unknown-connection",
  "unknown-conversation",
  "unknown-request",
  "unknown-turn",
  "unsupported-version",
];

describe("words", () => {
  it("are English for a language nobody has written yet", () => {
    same(wordsFor("xx-YY") === english, true);
    same(wordsFor("") === english, true);
  });

  it("are the page's language, whatever its region", async () => {
    same((await wordsFor("de-AT")).send, "Senden");
  });

  for (const tag of Object.keys(LANGUAGES)) {
    it(`say in "${tag}" all that they say in English, and every error by name`, async () => {
      const words: Words = await wordsFor(tag);
      same(words.language, tag);
      const said = (all: Words): readonly string[] =>
        Object.keys(callWords(all))
          .filter((name) => name !== "calls" && name !== "late")
          .toSorted();
      same(said(words), said(english));
      same(Object.keys(words.calls ?? {}).toSorted(), Object.keys(englishCalls).toSorted());
      for (const late of [connectWords, questionWords, voiceWords]) await late.load(words);
      const cards = [connectWords, questionWords, voiceWords].map((late) => [late.in(words), late.in(english)] as const);
      for (const [own, inEnglish] of cards)
        same([own === inEnglish, Object.keys(own).toSorted()], [false, Object.keys(inEnglish).toSorted()]);
      const errors = new Set([words, ...cards.map(([own]) => own)].flatMap((own) => Object.keys(own.errors)));
      same(Array.from(errors).toSorted(), IN_THE_CHAT);
      same(Object.keys(words.turnErrors).toSorted(), Object.keys(TURN_ERRORS).toSorted());
    });
  }

  it("use no exclamation marks and never say Oops", async () => {
    const others = await Promise.all(Object.keys(LANGUAGES).map(async (tag) => wordsFor(tag)));
    for (const words of others) for (const late of [connectWords, questionWords, voiceWords]) await late.load(words);
    const late = [english, ...others].flatMap((words) => [connectWords.in(words), questionWords.in(words), voiceWords.in(words)]);
    for (const words of [english, englishCalls, ...others, ...late]) {
      const all = JSON.stringify(words, (_, value: unknown) => (typeof value === "function" ? String(value) : value));
      same(/!(?!=)|oops/i.exec(all.replace(/=== ?1/g, "")), null);
    }
  });
});

describe("formats", () => {
  const formats = new Formats("en");

  it("say durations in one unit", () => {
    same(
      [4, 412, 4210, 12_400, 61_000, 3_600_000].map((ms) => durationText(ms, formats)),
      ["0 sec", "0.4 sec", "4.2 sec", "12 sec", "1 min", "60 min"],
    );
  });

  it("round what is left up", () => {
    same(
      [100, 59_100, 60_000, 60_001, 14 * 60_000, 7_200_000, 7_200_001, 7 * 86_400_000].map((ms) => formats.left(ms)),
      ["1 sec", "60 sec", "60 sec", "2 min", "14 min", "120 min", "3 hr", "7 days"],
    );
  });
});
