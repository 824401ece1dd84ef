import { plainText } from "../../../widget/elements/announcer.ts";
import { durationText } from "../../../widget/elements/outcome-text.ts";
import { callWords } from "../../../widget/words/call-words.ts";
import { englishCalls } from "../../../widget/words/english-calls.ts";
import { english } from "../../../widget/words/english.ts";
import { Formats } from "../../../widget/words/formats.ts";
import { wordsFor, type Words } from "../../../widget/words/words.ts";
import { ERRORS, TURN_ERRORS } from "../../../protocol/errors.ts";
import { same } from "./same.ts";

describe("words", () => {
  it("are English for a language nobody has written yet", () => {
    same(wordsFor("xx-YY") === english, true);
    same(wordsFor("") === english, true);
  });

  it("say in German all that they say in English, and every error by name", async () => {
    const german: Words = await wordsFor("de-AT");
    same(german.send, "Senden");
    const said = (words: Words): readonly string[] =>
      Object.keys(callWords(words))
        .filter((name) => name !== "calls")
        .toSorted();
    same(said(german), said(english));
    same(Object.keys(german.calls ?? {}).toSorted(), Object.keys(englishCalls).toSorted());
    same(Object.keys(german.errors).toSorted(), Object.keys(ERRORS).toSorted());
    same(Object.keys(german.turnErrors).toSorted(), Object.keys(TURN_ERRORS).toSorted());
  });

  it("use no exclamation marks and never say Oops", async () => {
    for (const words of [english, englishCalls, await wordsFor("de")]) {
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
      [100, 59_100, 60_000, 60_001, 14 * 60_000].map((ms) => formats.left(ms)),
      ["1 sec", "60 sec", "60 sec", "2 min", "14 min"],
    );
  });
});

describe("plain text for the ear", () => {
  it("leaves out what marks up", () => {
    same(
      plainText("## Title\n\n- **one** [link](https://x.example)\n- `two`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\ncode\n```"),
      "Title one link two a b 1 2 code",
    );
  });
});
