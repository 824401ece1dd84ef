import fc from "fast-check";
import { expect, test } from "vitest";
import { SentenceCutter, sentencesOf, type SpokenPiece } from "../../server/speech/text/sentences.ts";

/** In pieces of some characters, as a model writes. */
function cut(text: string, language?: string, size = 4): readonly SpokenPiece[] {
  const cutter = new SentenceCutter(language);
  const pieces: SpokenPiece[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(...cutter.push(text.slice(at, at + size)));
  return [...pieces, ...cutter.flush()];
}

/** Without the first clause, which is cut for another reason. */
const spoken = (text: string, language?: string): string[] => {
  const [, ...rest] = cut(`Yes!\n\n${text}`, language);
  return rest.map((piece) => piece.spoken).filter((one) => one !== "");
};

test.each<[string, string, string[]]>([
  [
    "en",
    'Dr. Smith pays $3.50 for e.g. tea. She left! "Really?" he asked.',
    ["Dr. Smith pays $3.50 for e.g. tea.", "She left!", '"Really?" he asked.'],
  ],
  [
    "en",
    "It weighs 1.5 kg, i.e. 3 lbs. J. R. Hartley wrote it. See p. 12.",
    ["It weighs 1.5 kg, i.e. 3 lbs.", "J. R. Hartley wrote it.", "See p. 12."],
  ],
  [
    "de",
    "Es kommt am 3. Mai. Es kostet 12,50 € inkl. MwSt. und z. B. Porto.",
    ["Es kommt am 3. Mai.", "Es kostet 12,50 € inkl. MwSt. und z. B. Porto."],
  ],
  ["fr", "Bonjour ! Où est M. Dupont ? Il arrive.", ["Bonjour !", "Où est M. Dupont ?", "Il arrive."]],
  ["es", "¿Dónde está la Sra. López? ¡Ya viene!", ["¿Dónde está la Sra. López?", "¡Ya viene!"]],
  ["ru", "Где мой заказ? Он в пути, т.е. скоро будет. Спасибо!", ["Где мой заказ?", "Он в пути, т.е. скоро будет.", "Спасибо!"]],
  ["zh", "您的订单已发货。请问还有问题吗？谢谢！", ["您的订单已发货。", "请问还有问题吗？", "谢谢！"]],
  ["ja", "注文は発送済みです。「はい。」と言いました。", ["注文は発送済みです。「はい。」", "と言いました。"]],
  ["ar", "هل وصل طلبك؟ نعم. شكرا لك.", ["هل وصل طلبك؟", "نعم.", "شكرا لك."]],
  ["hi", "आपका ऑर्डर भेज दिया गया है। धन्यवाद।", ["आपका ऑर्डर भेज दिया गया है।", "धन्यवाद।"]],
  ["ko", "주문이 발송되었습니다. 감사합니다!", ["주문이 발송되었습니다.", "감사합니다!"]],
  ["th", "คำสั่งซื้อของคุณจัดส่งแล้ว", ["คำสั่งซื้อของคุณจัดส่งแล้ว"]],
])("%s is cut where its sentences end", (language, text, sentences) => {
  expect(spoken(text, language)).toEqual(sentences);
});

test.each<[string, string[]]>([
  ["**Two** _teapots_ ~~three~~ are `here`.", ["Two teapots three are here."]],
  ["## Prices\n\nThey are low.", ["Prices", "They are low."]],
  ['- [The blue one. Small](https://shop.example/a?b=1 "t"): 40 €\n- *Green*', ["The blue one. Small: 40 €", "Green"]],
  ["See https://www.shop.example/orders?id=1&x=2. Or <https://help.example/>!", ["See shop.example.", "Or help.example!"]],
  ["![A teapot](https://shop.example/t.png) It is blue.[^1] So it is [2].", ["A teapot It is blue. So it is."]],
  ["```js\nconst a = 1. \nfoo();\n```\nThat is the code.", ["That is the code."]],
  ["| Pot | Price |\n|:---|---:|\n| Blue | 40 € |\n\nThat is all.", ["Pot, Price", "Blue, 40 €", "That is all."]],
  ["1. Open it.\n2. Press the button.\n", ["1. Open it.", "2. Press the button."]],
  ["- [x] Paid\n- [ ] Sent\n", ["Paid", "Sent"]],
  ["> He said so.\n\n---\n\nAnd left.", ["He said so.", "And left."]],
  ["2 * 3 * 4 is 24, and snake_case stays. \\*Really\\*. AT&amp;T.", ["2 * 3 * 4 is 24, and snake_case stays.", "*Really*.", "AT&T."]],
  ["Great 🎉👍🏽 news<br>today ™.", ["Great news today ™."]],
  ["This line\nwas wrapped by hand. So\nwas this.", ["This line was wrapped by hand.", "So was this."]],
  ["Write to ada@shop.example. She answers.", ["Write to ada@shop.example.", "She answers."]],
])("%j is said as a person would", (text, sentences) => {
  expect(spoken(text, "en")).toEqual(sentences);
});

test("the first piece is a clause, so that sound begins soon", () => {
  const cutter = new SentenceCutter("en");
  expect(cutter.push("Your order 1042 left our workshop, a").map((one) => one.spoken)).toEqual(["Your order 1042 left our workshop,"]);
  expect(cutter.push("nd it comes, they say, on Thursday. It").map((one) => one.spoken)).toEqual(["and it comes, they say, on Thursday."]);
  expect(cut("Yes, it is.", "en")[0]?.spoken).toBe("Yes, it is.");
  expect(cut("We sell 1,200 pots for 3,50 € in all", "en")[0]?.spoken).toBe("We sell 1,200 pots for 3,50 € in all");
  expect(cut("您的订单已经发货了，预计周四送达。", "zh")[0]?.spoken).toBe("您的订单已经发货了，");
});

test("a sentence without an end is cut at a clause or a word, and a word without an end anywhere", () => {
  for (const text of ["the pot, ".repeat(80), "the pot ".repeat(80), "pot".repeat(400), "😀".repeat(600), `[${"x".repeat(900)}`]) {
    const pieces = cut(text, "en");
    expect(pieces.map(({ written }) => written).join("")).toBe(text);
    expect(Math.max(...pieces.map(({ written }) => written.length))).toBeLessThanOrEqual(480);
    expect(pieces.every(({ written }) => written.isWellFormed())).toBe(true);
  }
});

test("what came before a pause is said, and the text goes on behind it", async () => {
  const cutter = new SentenceCutter("en");
  expect(cutter.push("Let me look.")).toEqual([]);
  expect(cutter.flush()).toEqual([{ written: "Let me look.", spoken: "Let me look." }]);
  expect(cutter.flush()).toEqual([]);
  const stream = async function* (): AsyncGenerator<string, void> {
    yield* ["Here it is. It", " is blue", "."];
  };
  const pieces = [];
  for await (const piece of sentencesOf(stream(), "not a language")) pieces.push(piece.spoken);
  expect(pieces).toEqual(["Here it is.", "It is blue."]);
});

const bits = fc.constantFrom(
  ..."a|é|你|。|، |؟ |. |! |? |, |\n|\n\n|```\n|`|[|](|)|<|https://a.example/?x=1|**|_|- |1. |Dr. |3,5|😀|\u{1F468}\u200D\u{1F469}|\\|#| |word|\t|>".split(
    "|",
  ),
  "|",
);

test("nothing is lost or doubled, however the text is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(bits, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 80 }),
      fc.constantFrom("en", "de", "zh", undefined),
      (chunks, language) => {
        const cutter = new SentenceCutter(language);
        const pieces = [...chunks.flatMap((chunk) => cutter.push(chunk)), ...cutter.flush()];
        expect(pieces.map(({ written }) => written).join("")).toBe(chunks.join(""));
        expect(pieces.every(({ written }) => written !== "")).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test("every word of plain text is said once, in its order", () => {
  const word = fc.stringMatching(/^[a-zäöüß]{2,9}$/);
  const mark = fc.constantFrom(" ", ". ", ", ", "? ", "! ", ": ", "; ", "\n", "\n\n");
  fc.assert(
    fc.property(fc.array(fc.tuple(word, mark), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const text = parts.map(([one, sign]) => one + sign).join("");
      const said = cut(text, "de", size)
        .map((piece) => piece.spoken)
        .join(" ");
      expect(said.match(/[a-zäöüß]+/g) ?? []).toEqual(parts.map(([one]) => one));
    }),
    { numRuns: 100 },
  );
});
